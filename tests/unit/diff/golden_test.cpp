#include "ops/diff_report.hpp"
#include "state_cases.hpp"
#include "support/golden.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::string kinds_of(const ops::DiffReport& report) {
    std::string text;
    for (const codec::AssessedChange& change : report.changes) {
        text += std::string(to_string(change.change.kind)) + " " + full_name(change.change.subject) + " [" +
                std::string(to_string(change.assessment.reach)) + "]\n";
    }
    return text;
}

bool has_kind(const ops::DiffReport& report, const std::string& kind) {
    return std::any_of(
        report.changes.begin(), report.changes.end(),
        [&](const codec::AssessedChange& change) { return to_string(change.change.kind) == kind; });
}

} // namespace

TEST_CASE("two states differ as their golden cases say") {
    for (const auto& input : golden_inputs("diff")) {
        if (input.extension() != ".states") {
            continue;
        }
        DYNAMIC_SECTION(input.filename().string()) {
            std::string actual;
            for (const StateCase& one : read_state_cases(input)) {
                const ops::DiffReport report = diff_of(one);
                actual += "== " + one.title + " ==\n" + kinds_of(report) + "\n" + render_text(report) + "\n";
            }
            check_golden(input, actual);
        }
    }
}

TEST_CASE("every golden case shows the kind that it is named after, and every kind has one") {
    std::set<std::string> seen;
    for (const auto& input : golden_inputs("diff")) {
        if (input.extension() != ".states") {
            continue;
        }
        for (const StateCase& one : read_state_cases(input)) {
            INFO(one.title);
            const ops::DiffReport report = diff_of(one);
            CHECK(has_kind(report, one.kind) == (one.kind != "none"));
            CHECK(report.changes.empty() == (one.kind == "none"));
            seen.insert(one.kind);
        }
    }
    // What the engine alone can tell of two contracts is shown, kind by kind, where contracts are checked.
    for (const auto& input : golden_inputs("contracts")) {
        for (const StateCase& one : read_state_cases(input)) {
            seen.insert(one.kind);
        }
    }
    for (const model::ChangeKind kind : model::all_change_kinds()) {
        INFO(to_string(kind));
        CHECK(seen.contains(std::string(to_string(kind))));
    }
}

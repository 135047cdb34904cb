// tests/golden/contracts: projects with a recorded contract, and what `check` says of them, with the engine
// and by the text alone.
#include "ops/check.hpp"
#include "ops/contract_check.hpp"
#include "state_cases.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "unit/engine_check/checked_project.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

Date today() { return *parse_date("2027-01-01"); }

std::vector<model::Change> changes_of(const ops::OpenProject& open, target::TargetOpener& engine) {
    Diagnostics problems;
    const Result<ops::EngineCheck> checked =
        ops::check_on_engine(open.project, open.sources, engine, problems);
    REQUIRE(checked.ok());
    std::vector<model::Change> changes;
    for (const model::Contract& recorded : open.contracts) {
        if (const model::Pipe* pipe = ops::find_endpoint(open.project, recorded.version)) {
            const std::vector<model::Change> more =
                ops::changes_since(recorded, ops::present_contract(*pipe, checked->endpoints), pipe->name);
            changes.insert(changes.end(), more.begin(), more.end());
        }
    }
    return changes;
}

std::string line_of(const model::Change& change) {
    const model::Assessment assessed = model::assess(change);
    std::string line = std::string(to_string(change.kind)) + " " + full_name(change.subject) + " [" +
                       std::string(ops::category_of(assessed.reach)) +
                       (assessed.breaking ? ", a break]" : "]");
    return line + "\n";
}

std::string problems_of(const ops::OpenProject& open, target::TargetOpener* engine) {
    const std::string text = render_text(ops::check_project(open, engine, today()).problems, open.sources);
    return text.empty() ? "no problems\n" : text;
}

std::string outcome_of(const StateCase& one, target::TargetOpener& engine) {
    const TemporaryFolder folder;
    for (const auto& [path, content] : one.files) {
        folder.write(path, content);
    }
    const ops::OpenProject open = ops::open_project(folder.path());
    REQUIRE(open.usable());
    const std::vector<model::Change> changes = changes_of(open, engine);
    std::string text;
    for (const model::Change& change : changes) {
        text += line_of(change);
    }
    const bool is_shown = std::any_of(changes.begin(), changes.end(), [&](const model::Change& change) {
        return to_string(change.kind) == one.kind;
    });
    INFO(one.title << "\n" << text);
    CHECK((is_shown || one.kind == "gone" || (one.kind == "none" && changes.empty())));
    const std::string by_engine = problems_of(open, &engine);
    const std::string by_text = problems_of(open, nullptr);
    return text + "\n" + by_engine + (by_text == by_engine ? "" : "-- by the text alone --\n" + by_text);
}

} // namespace

TEST_CASE("a recorded contract is held against the pipe as its golden cases say") {
    REQUIRE_ENGINE(library);
    ScratchOpener engine(library);
    for (const auto& input : golden_inputs("contracts")) {
        DYNAMIC_SECTION(input.filename().string()) {
            std::string actual;
            for (const StateCase& one : read_state_cases(input)) {
                actual += "== " + one.title + " ==\n" + outcome_of(one, engine) + "\n";
            }
            check_golden(input, actual);
        }
    }
}

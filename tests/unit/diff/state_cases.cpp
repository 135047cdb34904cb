#include "state_cases.hpp"

#include "base/text.hpp"
#include "quiet_session.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

// What stands between `open` and `close` when the line is nothing else.
std::string between(std::string_view line, std::string_view open, std::string_view close) {
    const bool is_mark =
        line.size() > open.size() + close.size() && line.starts_with(open) && line.ends_with(close);
    return is_mark ? std::string(line.substr(open.size(), line.size() - open.size() - close.size())) : "";
}

} // namespace

std::vector<StateCase> read_state_cases(const std::filesystem::path& file) {
    std::vector<StateCase> cases;
    const std::string text = read_text(file);
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::string title = between(line, "== ", " ==");
        const std::string path = between(line, "-- ", " --");
        if (!title.empty()) {
            cases.push_back({title, title.substr(0, title.find(':')), {}});
        } else if (!path.empty()) {
            cases.back().files.emplace_back(path, "");
        } else {
            cases.back().files.back().second += std::string(line) + "\n";
        }
    }
    return cases;
}

ops::DiffReport diff_of(const StateCase& wanted) {
    const TemporaryFolder folder;
    for (const auto& [path, content] : wanted.files) {
        folder.write(path, content);
    }
    QuietSession session("", folder.path());
    Result<ops::DiffReport> report = ops::diff_states(
        {(folder.path() / "before").string(), (folder.path() / "after").string(), false}, session.get());
    INFO(wanted.title << ": " << (report ? "" : report.error().message));
    REQUIRE(report.ok());
    REQUIRE_FALSE(report->refusal.has_value());
    for (ops::DiffSide* side : {&report->before, &report->after}) {
        INFO(render_text(side->open.problems, side->open.sources));
        REQUIRE_FALSE(side->open.problems.has_errors());
    }
    report->before.name = "before";
    report->before.prefix = "before/";
    report->after.name = "after";
    report->after.prefix = "after/";
    return std::move(*report);
}

} // namespace birdhouse::testing

// How the outcomes of tests are told, to people and to programs.
#include "base/text.hpp"
#include "ops/line_diff.hpp"
#include "ops/pipe_test.hpp"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

constexpr auto kStates = std::to_array<std::string_view>({"passed", "failed", "recorded"});

std::string_view word(TestState state) { return kStates[static_cast<std::size_t>(state)]; }

std::string indented(std::string_view text, std::string_view indentation) {
    std::string out;
    for (const std::string_view line : split(text, '\n')) {
        out += line.empty() ? "" : std::string(indentation) + printable(line) + "\n";
    }
    return out;
}

// Texts end their last line, so that the difference does not speak of line ends.
std::string as_lines(std::string_view text) { return text.empty() ? "" : std::string(text) + "\n"; }

std::string failure_text(const TestOutcome& outcome) {
    const PipeTest& test = *outcome.test;
    std::string out;
    if (outcome.status != test.expected_status) {
        out += "      the status is " + std::to_string(outcome.status) + " instead of " +
               std::to_string(test.expected_status) + "\n";
    }
    if (!test.expected_result) {
        return out + "      no result is recorded yet: look at this one and run with --accept\n" +
               indented(outcome.result, "      ");
    }
    return out + indented(unified_diff(as_lines(*test.expected_result), as_lines(trim(outcome.result)),
                                       "expected", "actual"),
                          "      ");
}

} // namespace

std::string render_text(const TestReport& report) {
    std::string out;
    std::size_t tests = 0;
    for (const TestedFile& tested : report.files) {
        out += tested.file.shown + "\n";
        tests += tested.outcomes.size();
        for (const TestOutcome& outcome : tested.outcomes) {
            out += "  " + std::string(word(outcome.state)) +
                   std::string(10 - word(outcome.state).size(), ' ') + printable(outcome.test->name) + "\n";
            out += outcome.state == TestState::Failed ? failure_text(outcome) : "";
        }
    }
    const std::size_t recorded = report.count(TestState::Recorded);
    out += counted(tests, "test") + " in " + counted(report.files.size(), "file") + ": " +
           std::to_string(report.count(TestState::Passed)) + " passed, " +
           std::to_string(report.count(TestState::Failed)) + " failed" +
           (recorded == 0 ? "" : ", " + std::to_string(recorded) + " recorded") + "\n";
    return out;
}

std::string render_json(const TestReport& report) {
    nlohmann::ordered_json out = {{"passed", report.count(TestState::Passed)},
                                  {"failed", report.count(TestState::Failed)},
                                  {"recorded", report.count(TestState::Recorded)}};
    out["tests"] = nlohmann::ordered_json::array();
    for (const TestedFile& tested : report.files) {
        for (const TestOutcome& outcome : tested.outcomes) {
            nlohmann::ordered_json entry = {{"file", tested.file.shown},     {"pipe", tested.file.pipe},
                                            {"name", outcome.test->name},    {"state", word(outcome.state)},
                                            {"http_status", outcome.status}, {"elapsed", outcome.seconds}};
            if (outcome.state == TestState::Failed) {
                entry["expected_http_status"] = outcome.test->expected_status;
                entry["expected_result"] = outcome.test->expected_result
                                               ? nlohmann::ordered_json(*outcome.test->expected_result)
                                               : nlohmann::ordered_json();
                entry["result"] = outcome.result;
            }
            out["tests"].push_back(std::move(entry));
        }
    }
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

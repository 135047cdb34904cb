// JUnit's XML as CI services read it: a suite for each file, a case for each problem of it, and one case that
// passes for a file without any, so that a good run is not an empty one.
#include "base/text.hpp"
#include "ops/problem_report.hpp"

#include <map>

namespace birdhouse::ops {

namespace {

struct Suite {
    std::vector<const PlacedProblem*> problems;
    std::size_t failures = 0;
};

// By name; problems without a place stand in a suite of the project.
using Suites = std::map<std::string, Suite, std::less<>>;

constexpr std::string_view kNoFile = "(project)";

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

// Well-formed UTF-8, whatever the bytes.
std::string as_utf8(std::string_view text) {
    std::string out;
    while (const std::optional<std::size_t> wrong = find_invalid_utf8(text)) {
        out += text.substr(0, *wrong);
        out += kReplacement;
        text.remove_prefix(*wrong + 1);
    }
    return out.append(text);
}

// Fit for an attribute and for text between tags. XML has no way to write most control characters, nor the
// two code points that are none.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : as_utf8(text)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\n':
        case '\t':
        case '\r':
            out += "&#" + std::to_string(static_cast<int>(c)) + ";";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += kReplacement;
            } else {
                out += c;
            }
        }
    }
    out = replace_all(std::move(out), "\xEF\xBF\xBE", kReplacement);
    return replace_all(std::move(out), "\xEF\xBF\xBF", kReplacement);
}

bool fails(const PlacedProblem& problem, bool strict) {
    return strict || problem.code->severity == Severity::Error;
}

Suites suites_of(const PlacedReport& report) {
    Suites suites;
    for (const std::string& file : report.files) {
        suites[file];
    }
    for (const PlacedProblem& problem : report.problems) {
        Suite& suite = suites[problem.place ? problem.place->file : std::string(kNoFile)];
        suite.problems.push_back(&problem);
        suite.failures += fails(problem, report.strict) ? 1U : 0U;
    }
    return suites;
}

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string attribute(std::string_view name, std::size_t value) {
    return attribute(name, std::to_string(value));
}

std::string details_of(const PlacedProblem& problem) {
    std::string text;
    if (problem.place) {
        text += problem.place->file + ":" + std::to_string(problem.place->line) + ":" +
                std::to_string(problem.place->column) + ": ";
    }
    text += std::string(to_string(problem.code->severity)) + "[" + std::string(problem.code->id) +
            "]: " + problem.message;
    return problem.help.empty() ? text : text + "\nhelp: " + problem.help;
}

std::string case_of(const std::string& suite, const PlacedProblem& problem, bool strict) {
    const std::string line = problem.place ? " at line " + std::to_string(problem.place->line) : "";
    const std::string name = std::string(problem.code->id) + line + ": " + problem.message;
    std::string out =
        "    <testcase" + attribute("classname", suite) + attribute("name", name) + " time=\"0\">\n";
    if (fails(problem, strict)) {
        out += "      <failure" + attribute("message", problem.message) +
               attribute("type", problem.code->id) + ">" + escaped(details_of(problem)) + "</failure>\n";
    } else {
        out += "      <system-out>" + escaped(details_of(problem)) + "</system-out>\n";
    }
    return out + "    </testcase>\n";
}

std::string render_suite(const std::string& name, const Suite& suite, bool strict) {
    const std::size_t tests = std::max<std::size_t>(suite.problems.size(), 1);
    std::string out = "  <testsuite" + attribute("name", name) + attribute("tests", tests) +
                      attribute("failures", suite.failures) + " errors=\"0\" skipped=\"0\" time=\"0\">\n";
    for (const PlacedProblem* problem : suite.problems) {
        out += case_of(name, *problem, strict);
    }
    if (suite.problems.empty()) {
        out += "    <testcase" + attribute("classname", name) + " name=\"no problems\" time=\"0\"/>\n";
    }
    return out + "  </testsuite>\n";
}

} // namespace

std::string render_junit(const PlacedReport& report) {
    const Suites suites = suites_of(report);
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::string body;
    for (const auto& [name, suite] : suites) {
        tests += std::max<std::size_t>(suite.problems.size(), 1);
        failures += suite.failures;
        body += render_suite(name, suite, report.strict);
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
           attribute("name", "birdhouse " + report.command) + attribute("tests", tests) +
           attribute("failures", failures) + " errors=\"0\" time=\"0\">\n" + body + "</testsuites>\n";
}

} // namespace birdhouse::ops

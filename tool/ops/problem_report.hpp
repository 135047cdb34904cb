// Problems in the form that their reader wants: a person at a terminal, a script, or a service that shows
// them beside the code. The same problems give the same bytes.
#pragma once

#include "base/diagnostic.hpp"
#include "ops/problem_places.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

enum class ReportFormat {
    Text,
    Json,
    GitHub, // workflow commands: annotations on the lines of a pull request
    Sarif,  // 2.1.0, for code scanning
    JUnit,  // for test reports: a suite a file, a case a problem
};

// The words of `--format`, in the order of the help.
std::vector<std::string> report_formats();
std::optional<ReportFormat> parse_report_format(std::string_view word);

struct ProblemReport {
    const Diagnostics& problems;
    const SourceMap& sources;
    std::string command; // `check`: what JUnit calls its suites
    std::string version; // of this program
    // The project's folder as seen from the root of the repository, without a slash at the end; empty when it
    // is that root. GitHub and SARIF name files from there, all others from the project.
    std::string folder;
    bool strict = false; // warnings fail too
};

std::string render_problems(const ProblemReport& report, ReportFormat format);

// "2 errors, 1 warning" and a line end.
std::string count_line(const Diagnostics& problems);

// The same of problems that know their places, in files of any kind.
struct PlacedReport {
    std::vector<PlacedProblem> problems;
    std::vector<std::string> files; // all that were looked at; JUnit has a suite for each
    std::string command;            // the rest as above
    std::string version;
    std::string folder;
    bool strict = false;
};
std::string render_github(const PlacedReport& report);
std::string render_sarif(const PlacedReport& report);
std::string render_junit(const PlacedReport& report);

} // namespace birdhouse::ops

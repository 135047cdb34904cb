// The formats by name, and the two that need no page of their own: text and JSON.
#include "ops/problem_report.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1; // of the shape below: raised when a key changes its meaning or goes

constexpr std::array<std::string_view, 5> kFormats = {"text", "json", "github", "sarif", "junit"};

void add_place(Json& json, const ProblemPlace& place) {
    json["file"] = place.file;
    json["line"] = place.line;
    json["column"] = place.column;
    json["end_line"] = place.end_line;
    json["end_column"] = place.end_column;
}

// Every key is always there: a problem without a place has nulls.
Json json_of(const PlacedProblem& problem) {
    Json json = {{"code", problem.code->id},
                 {"severity", to_string(problem.code->severity)},
                 {"title", problem.code->title},
                 {"message", problem.message},
                 {"help", problem.help}};
    if (problem.place) {
        add_place(json, *problem.place);
    } else {
        for (const char* key : {"file", "line", "column", "end_line", "end_column"}) {
            json[key] = nullptr;
        }
    }
    json["related"] = Json::array();
    for (const RelatedPlace& related : problem.related) {
        Json one = {{"text", related.text}};
        add_place(one, related.place);
        json["related"].push_back(std::move(one));
    }
    return json;
}

std::string render_json(const ProblemReport& report) {
    Json problems = Json::array();
    for (const PlacedProblem& problem : place_problems(report.problems, report.sources)) {
        problems.push_back(json_of(problem));
    }
    const Json json = {
        {"version", kJsonVersion},
        {"problems", std::move(problems)},
        {"counts", {{"errors", report.problems.errors()}, {"warnings", report.problems.warnings()}}}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

PlacedReport placed(const ProblemReport& report) {
    PlacedReport placed{place_problems(report.problems, report.sources),
                        {},
                        report.command,
                        report.version,
                        report.folder,
                        report.strict};
    for (std::size_t i = 0; i < report.sources.size(); ++i) {
        placed.files.emplace_back(report.sources.path(static_cast<SourceId>(i)));
    }
    return placed;
}

} // namespace

std::vector<std::string> report_formats() { return {kFormats.begin(), kFormats.end()}; }

std::optional<ReportFormat> parse_report_format(std::string_view word) {
    const auto found = std::find(kFormats.begin(), kFormats.end(), word);
    return found == kFormats.end() ? std::nullopt
                                   : std::optional(static_cast<ReportFormat>(found - kFormats.begin()));
}

std::string count_line(const Diagnostics& problems) {
    return counted(problems.errors(), "error") + ", " + counted(problems.warnings(), "warning") + "\n";
}

std::string render_problems(const ProblemReport& report, ReportFormat format) {
    switch (format) {
    case ReportFormat::Text:
        return render_text(report.problems, report.sources) +
               (report.problems.empty() ? "" : count_line(report.problems));
    case ReportFormat::Json:
        return render_json(report);
    case ReportFormat::GitHub:
        return render_github(placed(report));
    case ReportFormat::Sarif:
        return render_sarif(placed(report));
    case ReportFormat::JUnit:
        return render_junit(placed(report));
    }
    return {};
}

} // namespace birdhouse::ops

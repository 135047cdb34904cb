// SARIF 2.1.0: one run, a rule for each code that occurs, a result for each problem.
#include "ops/problem_report.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

// A file's name as the reference of a URI: what RFC 3986 does not allow in a path is written as %XX.
std::string uri_of(std::string_view path) {
    constexpr std::string_view kUnreserved = "-._~/!$&'()*+,;=@";
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           kUnreserved.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
    return out;
}

Json location_of(const ProblemPlace& place, const std::string& folder) {
    const std::string file = folder.empty() ? place.file : folder + "/" + place.file;
    const Json region = {{"startLine", place.line},
                         {"startColumn", place.column},
                         {"endLine", place.end_line},
                         {"endColumn", place.end_column}};
    return {{"physicalLocation",
             {{"artifactLocation", {{"uri", uri_of(file)}, {"uriBaseId", "SRCROOT"}}}, {"region", region}}}};
}

// What codes.def says of a code, and where the rest stands.
Json rule_of(const Code& code) {
    const std::string id(code.id);
    const std::string title(code.title);
    const std::string page = "docs/errors.md of birdhouse explains " + id;
    return {{"id", id},
            {"shortDescription", {{"text", title}}},
            {"fullDescription", {{"text", title}}},
            {"help", {{"text", title + ". " + page}, {"markdown", "**" + title + "**\n\n" + page}}},
            {"defaultConfiguration", {{"level", to_string(code.severity)}}}};
}

std::vector<const Code*> codes_of(const std::vector<PlacedProblem>& problems) {
    std::vector<const Code*> codes;
    for (const PlacedProblem& problem : problems) {
        codes.push_back(problem.code);
    }
    std::sort(codes.begin(), codes.end(), [](const Code* a, const Code* b) { return a->id < b->id; });
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

Json result_of(const PlacedProblem& problem, std::size_t rule, const std::string& folder) {
    const std::string help = problem.help.empty() ? "" : "\nhelp: " + problem.help;
    Json result = {{"ruleId", problem.code->id},
                   {"ruleIndex", rule},
                   {"level", to_string(problem.code->severity)},
                   {"message", {{"text", problem.message + help}}}};
    if (problem.place) {
        result["locations"] = Json::array({location_of(*problem.place, folder)});
    }
    Json related = Json::array();
    for (const RelatedPlace& one : problem.related) {
        Json location = location_of(one.place, folder);
        location["id"] = related.size() + 1;
        if (!one.text.empty()) {
            location["message"] = {{"text", one.text}};
        }
        related.push_back(std::move(location));
    }
    if (!related.empty()) {
        result["relatedLocations"] = std::move(related);
    }
    return result;
}

} // namespace

std::string render_sarif(const PlacedReport& report) {
    const std::vector<const Code*> codes = codes_of(report.problems);
    Json rules = Json::array();
    for (const Code* code : codes) {
        rules.push_back(rule_of(*code));
    }
    Json results = Json::array();
    for (const PlacedProblem& problem : report.problems) {
        const auto rule = std::find(codes.begin(), codes.end(), problem.code) - codes.begin();
        results.push_back(result_of(problem, static_cast<std::size_t>(rule), report.folder));
    }
    const std::string number = report.version.substr(0, report.version.find(' ')); // without the commit
    const Json driver = {{"name", "birdhouse"}, {"version", number}, {"rules", std::move(rules)}};
    const Json root = {{"description", {{"text", "the root of the repository"}}}};
    const Json run = {{"tool", {{"driver", driver}}},
                      {"columnKind", "unicodeCodePoints"},
                      {"originalUriBaseIds", {{"SRCROOT", root}}},
                      {"results", std::move(results)}};
    const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({run})}};
    return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

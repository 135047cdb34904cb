#include "base/codes.hpp"
#include "ops/problem_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace birdhouse;
using ops::ReportFormat;

namespace {

struct Report {
    SourceMap sources;
    Diagnostics problems;
    std::string folder;
    bool strict = false;

    std::string render(ReportFormat format) const {
        return ops::render_problems({problems, sources, "check", "1.2.3", folder, strict}, format);
    }
};

// One problem with a place, a second place and a mend; one warning; one without a place.
Report sample() {
    Report report;
    const SourceId events =
        report.sources.add("datasources/events.datasource", "SCHEMA >\n    é Int8,\n    b Int8\n");
    const SourceId other = report.sources.add("pipes/a.pipe", "NODE n\n");
    report.sources.add("pipes/good.pipe", "");
    report.problems.add(
        {&codes::F301, "`key` holds `b`", {{{events, 27, 33}, {}}, {{other, 0, 4}, "read here"}}, "mend it"});
    report.problems.add(codes::F312, {events, 13, 15}, "kept for ever");
    report.problems.add(codes::F021, {}, "cannot be read");
    return report;
}

} // namespace

TEST_CASE("formats go by the words of the flag") {
    for (const std::string& word : ops::report_formats()) {
        CHECK(ops::parse_report_format(word));
    }
    CHECK(ops::parse_report_format("github") == ReportFormat::GitHub);
    CHECK_FALSE(ops::parse_report_format("xml"));
}

TEST_CASE("JSON has every key of every problem, in the order of the files") {
    const auto json = nlohmann::json::parse(sample().render(ReportFormat::Json));
    CHECK(json["version"] == 1);
    CHECK(json["counts"] == nlohmann::json{{"errors", 2}, {"warnings", 1}});
    REQUIRE(json["problems"].size() == 3);
    const auto& nowhere = json["problems"][0];
    CHECK(nowhere["code"] == "F021");
    CHECK(nowhere["file"].is_null());
    CHECK(nowhere["end_column"].is_null());
    CHECK(nowhere["related"].empty());
    const auto& placed = json["problems"][2];
    CHECK(placed["severity"] == "error");
    CHECK(placed["title"] == codes::F301.title);
    CHECK(placed["help"] == "mend it");
    CHECK(placed["line"] == 3);
    CHECK(placed["column"] == 6); // code points: the line before ends in a letter of two bytes
    CHECK(placed["end_line"] == 4);
    CHECK(placed["related"][0]["file"] == "pipes/a.pipe");
    CHECK(placed["related"][0]["text"] == "read here");
}

TEST_CASE("GitHub's commands escape what would end them") {
    Report report;
    const SourceId odd = report.sources.add("a,b:c%.pipe", "xy\n");
    report.folder = "analytics";
    report.problems.add(codes::F301, {odd, 0, 2}, "50% of\r\n`a`: b, c", "mend");
    CHECK(report.render(ReportFormat::GitHub) ==
          "::error file=analytics/a%2Cb%3Ac%25.pipe,line=1,endLine=1,col=1,endColumn=3,"
          "title=F301%3A a key holds a column that may be NULL::50%25 of%0D%0A`a`: b, c%0Ahelp: mend\n");
    CHECK(sample()
              .render(ReportFormat::GitHub)
              .starts_with("::error title=F021%3A a file cannot be read::cannot be read\n"));
}

TEST_CASE("SARIF names each rule once and each result by it") {
    Report report = sample();
    report.problems.add(codes::F301, {}, "again");
    report.folder = "my project";
    const auto log = nlohmann::json::parse(report.render(ReportFormat::Sarif));
    CHECK(log["version"] == "2.1.0");
    const auto& run = log["runs"][0];
    const auto& rules = run["tool"]["driver"]["rules"];
    REQUIRE(rules.size() == 3);
    CHECK(rules[1]["id"] == "F301");
    CHECK(rules[1]["defaultConfiguration"]["level"] == "error");
    CHECK_FALSE(rules[1]["help"]["text"].get<std::string>().empty());
    REQUIRE(run["results"].size() == 4);
    for (const auto& result : run["results"]) {
        CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    }
    const auto& placed = run["results"][3];
    const auto& physical = placed["locations"][0]["physicalLocation"];
    CHECK(physical["artifactLocation"]["uri"] == "my%20project/datasources/events.datasource");
    CHECK(physical["region"]["startColumn"] == 6);
    CHECK(placed["relatedLocations"][0]["message"]["text"] == "read here");
    CHECK_FALSE(run["results"][0].contains("locations"));
}

TEST_CASE("JUnit has a suite for each file and a case that passes for one without problems") {
    const std::string xml = sample().render(ReportFormat::JUnit);
    CHECK(xml.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"birdhouse check\" tests=\"5\" failures=\"2\" errors=\"0\" time=\"0\">\n"));
    CHECK(xml.find("<testcase classname=\"pipes/good.pipe\" name=\"no problems\" time=\"0\"/>") !=
          std::string::npos);
    CHECK(xml.find("<testsuite name=\"(project)\" tests=\"1\" failures=\"1\"") != std::string::npos);
    CHECK(xml.find(
              "<system-out>datasources/events.datasource:2:5: warning[F312]: kept for ever</system-out>") !=
          std::string::npos);
    Report strict = sample();
    strict.strict = true;
    CHECK(strict.render(ReportFormat::JUnit).find("tests=\"5\" failures=\"3\"") != std::string::npos);
}

TEST_CASE("JUnit escapes what XML cannot hold") {
    Report report;
    report.problems.add(codes::F301, {}, "a < b & \"c\" > 'd' \x01\xFF\xEF\xBF\xBF\tend");
    CHECK(report.render(ReportFormat::JUnit)
              .find("message=\"a &lt; b &amp; &quot;c&quot; &gt; 'd' "
                    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&#9;end\"") != std::string::npos);
}

TEST_CASE("no problems give empty and well-formed reports") {
    const Report report;
    CHECK(report.render(ReportFormat::Text).empty());
    CHECK(report.render(ReportFormat::GitHub).empty());
    CHECK(nlohmann::json::parse(report.render(ReportFormat::Json))["problems"].empty());
    CHECK(nlohmann::json::parse(report.render(ReportFormat::Sarif))["runs"][0]["results"].empty());
    CHECK(report.render(ReportFormat::JUnit).find("tests=\"0\"") != std::string::npos);
}

TEST_CASE("bytes that are no text leave JSON and SARIF well-formed") {
    Report report;
    report.problems.add(codes::F301, {}, "odd \xFF byte");
    CHECK_NOTHROW(nlohmann::json::parse(report.render(ReportFormat::Json)));
    CHECK_NOTHROW(nlohmann::json::parse(report.render(ReportFormat::Sarif)));
}

TEST_CASE("no report shows the text that a secret label marks") {
    Report report;
    const SourceId file = report.sources.add("a.connection", "KAFKA_SECRET swordfish\n");
    report.problems.add({&codes::P010, "a secret", {{{file, 13, 22}, {}, true}}, ""});
    report.problems.add(codes::F101, {file, 0, 12}, "something else on the line");
    for (const std::string& word : ops::report_formats()) {
        CHECK(report.render(*ops::parse_report_format(word)).find("swordfish") == std::string::npos);
    }
    CHECK(report.render(ReportFormat::Text).find("KAFKA_SECRET *********") != std::string::npos);
}

// Golden reports: each case declares a datasource and holds events; what is expected is the report of
// `validate` in both forms, or the problems of the definition.
#include "fixture.hpp"
#include "ops/event_report.hpp"
#include "ops/reading_progress.hpp"
#include "quiet_session.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::string report_of(const EventCase& event_case, bool& problems_found) {
    Diagnostics problems;
    const auto schema =
        events::EventSchema::compile(event_case.datasource, event_case.rules, event_case.privacy, problems);
    problems_found = !schema;
    if (!schema) {
        return render_text(problems, event_case.sources);
    }
    QuietSession session(event_case.events);
    ops::EventInput input;
    input.longest_line = 2'000;
    const Result<ops::EventReport> report = ops::validate_events(*schema, input, session.get());
    REQUIRE(report);
    problems_found = report->has_problems();
    return ops::render_text(*report, *schema) + "\n" + ops::render_json(*report, *schema);
}

} // namespace

TEST_CASE("event reports are as recorded") {
    for (const std::filesystem::path& input : golden_inputs("events")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const EventCase event_case = read_event_case(input);
            bool problems_found = false;
            check_golden(input, report_of(event_case, problems_found));
            CHECK(problems_found == input.filename().string().starts_with("bad-"));
        }
    }
}

TEST_CASE("a file that is not there ends the run before any is read") {
    const EventCase event_case = one_column("UInt8");
    const events::EventSchema schema = compiled(event_case);
    QuietSession session("");
    ops::EventInput input;
    input.files = {"/nowhere/events.ndjson"};
    const Result<ops::EventReport> missing = ops::validate_events(schema, input, session.get());
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ExitCode::Usage);
    CHECK(missing.error().message == "cannot read `/nowhere/events.ndjson`: No such file or directory");
    const TemporaryFolder folder;
    input.files = {folder.path().string()};
    CHECK(ops::validate_events(schema, input, session.get()).error().message ==
          "cannot read `" + folder.path().string() + "`: it is a folder");
}

TEST_CASE("an unknown datasource gets the nearest one's name") {
    model::Project project;
    project.datasources.push_back(one_column("UInt8").datasource);
    project.datasources.front().name = "llm_events";
    Diagnostics problems;
    const auto schema = ops::compile_events(project, "lm_events", problems);
    REQUIRE_FALSE(schema);
    CHECK(schema.error().message == "no datasource is called `lm_events`");
    CHECK(schema.error().hint == "did you mean `llm_events`?");
}

namespace {

// Good rows, every hundredth one refused.
std::string many_rows(int rows) {
    std::string text;
    for (int row = 0; row < rows; ++row) {
        text += row % 100 == 7 ? "{\"v\":\"no\"}\n" : "{\"v\":1}\n";
    }
    return text;
}

ops::EventReport report_on(const std::string& events, const ops::EventInput& input) {
    const events::EventSchema schema = compiled(one_column("UInt8"));
    QuietSession session(events);
    const Result<ops::EventReport> report = ops::validate_events(schema, input, session.get());
    REQUIRE(report);
    return *report;
}

} // namespace

TEST_CASE("a sample of rows is the same on any number of threads, and its estimate holds the truth") {
    const std::string events = many_rows(200'000);
    ops::EventInput input;
    input.one_row_in = 10;
    input.threads = 1;
    const ops::EventReport one = report_on(events, input);
    input.threads = 3;
    const ops::EventReport three = report_on(events, input);
    CHECK(one.tally.rows() == three.tally.rows());
    CHECK(one.tally.refused() == three.tally.refused());
    CHECK(one.tally.rows() > 19'000);
    CHECK(one.tally.rows() < 21'000);
    const ops::RefusalRate rate = ops::refusal_rate(one.tally);
    CHECK(rate.low < 0.01);
    CHECK(rate.high > 0.01);
    CHECK(rate.high < 0.02);
}

TEST_CASE("reading stops behind the block that reaches the limit of problems, on any number of threads") {
    const std::string events = many_rows(200'000);
    ops::EventInput input;
    input.most_problems = 5;
    input.threads = 1;
    const ops::EventReport one = report_on(events, input);
    input.threads = 3;
    const ops::EventReport three = report_on(events, input);
    CHECK(one.stopped);
    CHECK(one.tally.refused() >= 5);
    CHECK(one.tally.rows() < 50'000);
    CHECK(one.tally.rows() == three.tally.rows());
    CHECK(one.tally.refused() == three.tally.refused());
    input.most_problems = 3'000;
    CHECK_FALSE(report_on(events, input).stopped);
}

TEST_CASE("a share of rows may have problems, an input that cannot be read may not") {
    const ops::EventReport report = report_on(many_rows(1'000), {});
    CHECK(report.has_more_problems_than(0));
    CHECK(report.has_more_problems_than(0.009));
    CHECK_FALSE(report.has_more_problems_than(0.01));
    CHECK_FALSE(report_on("", {}).has_more_problems_than(0));
    CHECK(report_on("[1, 2]", {}).has_more_problems_than(1));
}

TEST_CASE("the bar tells how far, how fast and how long still") {
    using std::chrono::seconds;
    CHECK(ops::progress_line(3'000'000'000, 500'000'000, 2'000'000'000, seconds(2)) ==
          "[######------------------] 25 %, 1.50 GB/s, 6 s left");
    CHECK(ops::progress_line(0, 0, 10, seconds(1)) == "[------------------------] 0 %, 0 B/s, 0 s left");
    CHECK(ops::progress_line(1'500, 1'500, std::nullopt, seconds(1)) == "1.5 kB read, 1.5 kB/s");
    CHECK(ops::total_size({}) == std::nullopt);
    CHECK(ops::total_size({"/nowhere"}) == std::nullopt);
}

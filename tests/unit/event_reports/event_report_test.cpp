// Golden reports: each case declares a datasource and holds events; what is expected is the report of
// `validate` in both forms, or the problems of the definition.
#include "fixture.hpp"
#include "ops/event_report.hpp"
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

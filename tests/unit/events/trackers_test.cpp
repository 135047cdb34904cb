// Events in the shapes that real trackers send, with invented values, against the schemas they were sent to.
#include "base/text.hpp"
#include "events/checker.hpp"
#include "events/reader.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

// One line a row: the verdict, `CODE column` of each note, and the keys that are dropped.
std::string summary(const events::EventSchema& schema, std::string_view row, const events::Verdict& verdict) {
    std::string line = verdict.status == events::RowStatus::Accepted      ? "accepted"
                       : verdict.status == events::RowStatus::Quarantined ? "quarantined"
                                                                          : "not an event";
    for (const auto* notes : {&verdict.reasons, &verdict.broken_rules, &verdict.warnings}) {
        for (const events::RowNote& note : *notes) {
            line += "; " + std::string(note.code->id) + " " + schema.columns()[note.column].name;
        }
    }
    for (const events::DroppedField& field : verdict.dropped) {
        line += "; dropped " + schema.path_of(field.parent) + "." +
                std::string(row.substr(field.begin + 1, field.end - field.begin - 2));
    }
    return line;
}

std::vector<std::string> verdicts(const std::string& file) {
    const EventCase event_case =
        read_event_case(std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "tests/fixtures/events" / file);
    const events::EventSchema schema = compiled(event_case);
    events::EventChecker checker(schema);
    events::EventReader reader{std::string_view(event_case.events)};
    std::vector<std::string> lines;
    while (const std::optional<events::EventLine> line = reader.next()) {
        lines.push_back(summary(schema, line->text, checker.check(line->text)));
    }
    return lines;
}

using Lines = std::vector<std::string>;

} // namespace

TEST_CASE("the first shared table takes what both trackers send, and loses every error") {
    CHECK(verdicts("llm_events.events") ==
          Lines{
              "accepted; dropped $.username; dropped $.model_used",
              // An error has no `response`, so the whole event goes: the fault that hid all errors.
              "quarantined; E010 response_id",
              "quarantined; E013 prompt_tokens; E013 total_tokens; dropped $.username",
              "accepted; dropped $.token_price_completion_image; dropped $.token_count_completion_image",
              "accepted; dropped $.username",
              "accepted",
              // A number in quotes for Float32: whether ingestion takes it is not documented; refused here.
              "quarantined; E012 duration; dropped $.referrer",
              // Code that was shipped before its migration. `event_type` and the like stand in no column.
              "quarantined; E010 timestamp; E010 message_id; E010 end_time; E010 response_id; dropped "
              "$.event_type; "
              "dropped $.status; dropped $.user_id; dropped $.tier; dropped $.timestamp; dropped "
              "$.image_width; "
              "dropped $.image_height; dropped $.num_images",
          });
}

TEST_CASE("null becomes the default where a column has one, and is counted") {
    CHECK(verdicts("text_events.events") ==
          Lines{"accepted", "accepted; E041 cost; E041 referrer", "accepted"});
}

TEST_CASE("the wide table refuses negative and broken counts and warns of a token in an error message") {
    CHECK(verdicts("generation_events.events") == Lines{
                                                      "accepted",
                                                      "quarantined; E013 token_count_completion_text",
                                                      "accepted; P001 error_message",
                                                      "accepted",
                                                      "accepted",
                                                      "accepted",
                                                      "quarantined; E014 token_count_completion_image",
                                                  });
}

TEST_CASE("a duration from a fine clock is no whole number of milliseconds") {
    CHECK(verdicts("unified_events.events") == Lines{"quarantined; E014 duration"});
}

TEST_CASE("a table with privacy rules names what to cut") {
    CHECK(verdicts("image_events.events") ==
          Lines{
              "accepted; P003 prompt; P001 referrer; P002 ip",
              "quarantined; E013 width; E030 status; E041 steps; E041 cost_usd",
          });
}

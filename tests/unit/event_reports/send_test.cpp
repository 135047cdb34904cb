// Sending into a channel that keeps what it is given and can be told to fail.
#include "fixture.hpp"
#include "ops/event_report.hpp"
#include "ops/send.hpp"
#include "quiet_session.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

class RecordingChannel : public target::SqlChannel {
public:
    Result<target::QueryResult> query(std::string_view sql, std::string_view,
                                      std::span<const target::Parameter>) override {
        statements.emplace_back(sql);
        return target::QueryResult{};
    }
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override {
        if (statements.size() == fails_at) {
            return Error{ExitCode::Failed, "the server is gone", ""};
        }
        statements.push_back(std::string(sql) + " FORMAT " + std::string(format));
        inserted.emplace_back(bytes);
        return std::uint64_t{1};
    }

    std::vector<std::string> statements;
    std::vector<std::string> inserted;
    std::size_t fails_at = SIZE_MAX; // the statement of this number, from 0, when it is an INSERT
};

class RecordingTarget : public target::SqlTarget {
public:
    const std::string& name() const override { return name_; }
    const std::string& database() const override { return name_; }
    target::SqlChannel& channel() override { return recording; }
    RecordingChannel recording;

private:
    std::string name_ = "shop";
};

const std::string kDeclaration = "datasource visits\n"
                                 "column id | UInt8 | $.id\n"
                                 "column kind | String | $.kind | default 'page' | allowed page, click\n"
                                 "column stored_at | DateTime | - | default now()\n"
                                 "---\n";

std::string insert_into(const std::string& table) {
    return "INSERT INTO `shop`.`" + table +
           "` SETTINGS session_timezone = 'UTC', date_time_input_format = 'best_effort'"
           " FORMAT JSONEachRow";
}

} // namespace

TEST_CASE("good rows are stored in batches and nothing else is touched") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    const TemporaryFolder folder;
    QuietSession session("{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"kind\":\"click\"}\n", folder.path());
    RecordingTarget target;
    ops::SendOptions options;
    options.batch_rows = 2;
    const auto report = ops::send_events(schema, target, options, session.get());
    REQUIRE(report);
    CHECK(report->stored == 3);
    CHECK(report->dead_letter.empty());
    CHECK(target.recording.statements ==
          std::vector<std::string>{insert_into("visits"), insert_into("visits")});
    CHECK(target.recording.inserted ==
          std::vector<std::string>{"{\"id\":1}\n{\"id\":2}\n", "{\"id\":3,\"kind\":\"click\"}\n"});
    CHECK_FALSE(std::filesystem::exists(folder.path() / ".birdhouse"));
    CHECK(ops::render_text(*report, schema) ==
          "visits: 3 rows: 3 accepted\n\nstored 3 rows in shop.visits\n");
}

TEST_CASE("refused rows go to the quarantine table and to a file only their owner reads") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    const TemporaryFolder folder;
    QuietSession session("{\"id\":1}\n{\"id\":300}\n{\"id\":\n{\"id\":2,\"kind\":\"key\"}\n", folder.path());
    RecordingTarget target;
    const auto report = ops::send_events(schema, target, {}, session.get());
    REQUIRE(report);
    CHECK(report->stored == 2);
    CHECK(report->quarantined == 1);
    CHECK(target.recording.statements ==
          std::vector<std::string>{
              insert_into("visits"),
              "CREATE TABLE IF NOT EXISTS `shop`.`visits_quarantine` (c__error_column Array(String), "
              "c__error Array(String),"
              " c__import_id Nullable(String), insertion_date DateTime)"
              " ENGINE = MergeTree ORDER BY insertion_date TTL insertion_date + INTERVAL 30 DAY",
              "ALTER TABLE `shop`.`visits_quarantine`"
              " ADD COLUMN IF NOT EXISTS `id` Nullable(String) AFTER `c__import_id`,"
              " ADD COLUMN IF NOT EXISTS `kind` Nullable(String) AFTER `id`,"
              " ADD COLUMN IF NOT EXISTS `stored_at` Nullable(String) AFTER `kind`",
              insert_into("visits_quarantine"),
          });
    CHECK(target.recording.inserted.front() == "{\"id\":1}\n{\"id\":2,\"kind\":\"key\"}\n");
    CHECK(report->dead_letter == folder.path() / ".birdhouse/refused/visits-20250618T091203Z.ndjson");
    CHECK(
        read_text(report->dead_letter) ==
        R"({"line":2,"errors":[{"code":"E013","column":"id","text":"value '300' on column 'id' is not UInt8"}],"row":"{\"id\":300}"})"
        "\n"
        R"({"line":3,"errors":[{"code":"E020","text":"the row ends inside a value, at character 7"}],"row":"{\"id\":"})"
        "\n");
    CHECK((std::filesystem::status(report->dead_letter).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(report->events.refuses());
}

TEST_CASE("strict sending holds back rows that break a rule of the definition") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    const TemporaryFolder folder;
    QuietSession session("{\"id\":1,\"kind\":\"key\"}\n{\"id\":2}\n");
    RecordingTarget target;
    ops::SendOptions options;
    options.strict = true;
    options.dead_letter = folder.path() / "refused.ndjson";
    const auto report = ops::send_events(schema, target, options, session.get());
    REQUIRE(report);
    CHECK(target.recording.inserted == std::vector<std::string>{"{\"id\":2}\n"});
    CHECK(report->stored == 1);
    CHECK(report->dead_letter == options.dead_letter);
    CHECK(read_text(options.dead_letter).find("E030") != std::string::npos);
}

TEST_CASE("a failure says which rows are stored already") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    ops::SendOptions options;
    options.batch_rows = 1;
    RecordingTarget target;
    target.recording.fails_at = 2;
    QuietSession session("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
    const auto report = ops::send_events(schema, target, options, session.get());
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ExitCode::Failed);
    CHECK(report.error().message == "the server is gone, with 2 rows up to standard input:2 stored");
    CHECK(report.error().hint == "send only what follows that line: sent again, stored rows stand twice");
    RecordingTarget gone;
    gone.recording.fails_at = 0;
    QuietSession again("{\"id\":1}\n");
    const auto at_once = ops::send_events(schema, gone, options, again.get());
    REQUIRE_FALSE(at_once);
    CHECK(at_once.error().message == "the server is gone");
}

TEST_CASE("a quarantine that fails leaves the refused rows in the file and says what is stored") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    const TemporaryFolder folder;
    QuietSession session("{\"id\":1}\n{\"id\":300}\n");
    RecordingTarget target;
    target.recording.fails_at = 3;
    ops::SendOptions options;
    options.dead_letter = folder.path() / "refused.ndjson";
    const auto report = ops::send_events(schema, target, options, session.get());
    REQUIRE_FALSE(report);
    CHECK(report.error().message == "the server is gone, with 1 row up to standard input:2 stored");
    CHECK(read_text(options.dead_letter).find("300") != std::string::npos);
}

TEST_CASE("no events at all are no problem") {
    const events::EventSchema schema = compiled(parse_event_case("case", kDeclaration));
    RecordingTarget target;
    QuietSession session("");
    const auto report = ops::send_events(schema, target, {}, session.get());
    REQUIRE(report);
    CHECK(target.recording.statements.empty());
    CHECK(ops::render_text(*report, schema) ==
          "visits: 0 rows: 0 accepted\n\nstored 0 rows in shop.visits\n");
}

// What `send` stores, as the engine itself reads it back.
#include "fixture.hpp"
#include "ops/send.hpp"
#include "quiet_session.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "target/embedded.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

class ScratchTarget : public target::SqlTarget {
public:
    explicit ScratchTarget(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {
        execute("CREATE DATABASE shop");
        execute("USE shop");
    }
    const std::string& name() const override { return name_; }
    const std::string& database() const override { return name_; }
    target::SqlChannel& channel() override { return *channel_; }

    void execute(const std::string& sql) {
        INFO(sql);
        const Result<void> done = channel_->execute(sql);
        INFO((done ? "" : done.error().message));
        REQUIRE(done);
    }
    std::string read(const std::string& sql) {
        INFO(sql);
        const auto rows = channel_->query(sql, "TSV", {});
        INFO((rows ? "" : rows.error().message));
        REQUIRE(rows);
        return rows->bytes;
    }

private:
    std::string name_ = "shop";
    std::unique_ptr<target::SqlChannel> channel_;
};

std::unique_ptr<ScratchTarget> scratch(const std::shared_ptr<engine::Library>& library) {
    Result<std::unique_ptr<target::SqlChannel>> channel = target::open_scratch(library);
    INFO((channel ? "" : channel.error().message));
    REQUIRE(channel);
    return std::make_unique<ScratchTarget>(std::move(channel).value());
}

ops::SendReport send(const EventCase& event_case, target::SqlTarget& target, const std::string& events) {
    const TemporaryFolder folder;
    // Not the moment of the other tests: the engine drops quarantined rows that are 30 days old.
    QuietSession session(events, folder.path(), std::chrono::system_clock::now());
    const auto report = ops::send_events(compiled(event_case), target, {}, session.get());
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
}

struct StoredCase {
    std::string type;
    std::string sent;
    std::string stored; // as TSV, times in UTC
};

const std::vector<StoredCase> kStored = {
    {"UInt8", "true", "1"},
    {"Int256", "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
     "-57896044618658097711785492504343953926634992332820282019728792003956564819968"},
    {"UInt64", R"("18446744073709551615")", "18446744073709551615"},
    {"Float32", "1e-400", "0"},
    {"Float64", "6.507e-05", "0.00006507"},
    {"Decimal(18, 4)", R"("12345678901234.98765")", "12345678901234.9876"},
    {"Decimal(18, 4)", "1.5e3", "1500"},
    {"Bool", "true", "true"},
    {"String", R"("é \ud83d\ude00 \" \\")", R"(é 😀 " \\)"},
    {"String", R"({"a": [1, "b"]})", R"({"a": [1, "b"]})"},
    {"String", "1.50", "1.50"},
    {"LowCardinality(Nullable(String))", "null", "\\N"},
    {"FixedString(3)", R"("abc")", "abc"},
    {"UUID", R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")", "61f0c404-5cb3-11e7-907b-a6006ad3dba0"},
    {"Date", R"("2149-06-06")", "2149-06-06"},
    {"Date32", R"("1900-01-01")", "1900-01-01"},
    {"DateTime", R"("2025-06-18T11:12:03.9+02:00")", "2025-06-18 09:12:03"},
    {"DateTime64(3)", R"("2025-06-18T09:12:03.411987Z")", "2025-06-18 09:12:03.411"},
    {"DateTime64(6)", R"("1900-01-01 00:00:00.5")", "1900-01-01 00:00:00.500000"},
    {"DateTime64(9)", R"("2262-04-11 23:47:15.999999999")", "2262-04-11 23:47:15.999999999"},
    {"DateTime('Asia/Tokyo')", R"("2025-06-18T09:12:03Z")", "2025-06-18 09:12:03"},
    {"DateTime('Asia/Tokyo')", R"("2025-06-18 18:12:03")", "2025-06-18 09:12:03"},
    {"DateTime64(3, 'Asia/Tokyo')", R"("2025-06-18T09:12:03.25Z")", "2025-06-18 09:12:03.250"},
    {"DateTime64(3, 'Asia/Tokyo')", R"("1960-06-18T09:12:03.25Z")", "1960-06-18 09:12:03.250"},
    {"Array(Nullable(UInt16))", "[1, null]", "[1,NULL]"},
    {"Array(Map(String, String))", R"([{"role":"user","n":1}])", "[{'role':'user','n':'1'}]"},
    {"Map(UInt8, Float64)", R"({"7": 0.5})", "{7:0.5}"},
};

// Times of any zone as UTC, everything else as it is.
std::string shown(const std::string& column, const std::string& type) {
    return type.starts_with("DateTime") ? "toTimeZone(" + column + ", 'UTC')" : column;
}

} // namespace

TEST_CASE("the engine reads back what the event meant") {
    REQUIRE_ENGINE(library);
    const std::unique_ptr<ScratchTarget> target = scratch(library);
    std::string declaration = "datasource wide\n";
    std::string table;
    std::string event;
    std::string columns;
    std::string expected;
    for (std::size_t i = 0; i < kStored.size(); ++i) {
        const std::string name = "c" + std::to_string(i);
        declaration += "column " + name + " | " + kStored[i].type + " | $." + name + "\n";
        table += (i == 0 ? "" : ", ") + name + " " + kStored[i].type;
        event += (i == 0 ? "{\"" : ",\"") + name + "\":" + kStored[i].sent;
        columns += (i == 0 ? "" : ", ") + shown(name, kStored[i].type);
        expected += (i == 0 ? "" : "\n") + kStored[i].stored;
    }
    target->execute("CREATE TABLE shop.wide (" + table + ") ENGINE = MergeTree ORDER BY tuple()");
    const ops::SendReport report =
        send(parse_event_case("case", declaration + "---\n"), *target, event + "}\n");
    CHECK(report.stored == 1);
    std::string stored = target->read("SELECT " + columns + " FROM shop.wide");
    std::replace(stored.begin(), stored.end(), '\t', '\n');
    CHECK(stored == expected + "\n");
}

TEST_CASE("columns that an event leaves out take the table's defaults") {
    REQUIRE_ENGINE(library);
    const std::unique_ptr<ScratchTarget> target = scratch(library);
    target->execute("CREATE TABLE shop.visits (id UInt8, kind String DEFAULT concat('page', toString(id)), "
                    "cost Float64 DEFAULT 7)"
                    " ENGINE = MergeTree ORDER BY id");
    const EventCase event_case =
        parse_event_case("case", "datasource visits\ncolumn id | UInt8 | $.id\n"
                                 "column kind | String | $.kind | default x\n"
                                 "column cost | Float64 | $.cost | default 7\n---\n");
    send(event_case, *target, "{\"id\":1}\n{\"id\":2,\"kind\":\"\",\"cost\":null}\n");
    CHECK(target->read("SELECT * FROM shop.visits ORDER BY id") == "1\tpage1\t7\n2\t\t7\n");
}

TEST_CASE("the quarantine is made when it is needed and grows with the datasource") {
    REQUIRE_ENGINE(library);
    const std::unique_ptr<ScratchTarget> target = scratch(library);
    target->execute(
        "CREATE TABLE shop.visits (id UInt8, steps UInt8 DEFAULT 0) ENGINE = MergeTree ORDER BY id");
    const std::string first = "datasource visits\ncolumn id | UInt8 | $.id\n";
    send(parse_event_case("case", first + "---\n"), *target, "{\"id\":1}\n");
    CHECK(target->read("SELECT count() FROM system.tables WHERE database = 'shop'") == "1\n");
    send(parse_event_case("case", first + "---\n"), *target, "{\"id\":300}\n");
    send(parse_event_case("case", first + "column steps | UInt8 | $.steps | default 0\n---\n"), *target,
         "{\"id\":\"a\\nb\",\"steps\":-1}\n");
    CHECK(target->read("SELECT name FROM system.columns WHERE database = 'shop' AND table = "
                       "'visits_quarantine' ORDER BY position") ==
          "c__error_column\nc__error\nc__import_id\nid\nsteps\ninsertion_date\n");
    CHECK(target->read("SELECT c__error_column, c__error, length(c__import_id), id, steps, insertion_date > 0"
                       " FROM shop.visits_quarantine ORDER BY id") ==
          "['id']\t['value \\'300\\' on column \\'id\\' is not UInt8']\t26\t300\t\\N\t1\n"
          "['id','steps']\t['value \\'a\\nb\\' on column \\'id\\' is not UInt8','value \\'-1\\' on column "
          "\\'steps\\' is not "
          "UInt8']\t26\ta\\nb\t-1\t1\n");
}

#include "model/schema.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::model;

namespace {

Column column(std::string name, std::string type) {
    Column made;
    made.name = std::move(name);
    made.type = std::move(type);
    return made;
}

Datasource events() {
    Datasource datasource;
    datasource.name = "events";
    datasource.columns = {column("id", "String"), column("at", "DateTime"), column("cost", "Float64")};
    datasource.engine.sorting_key = "id";
    return datasource;
}

Schema schema_with_events() {
    Schema schema;
    CHECK_FALSE(apply_step(CreateDatasource{events()}, schema));
    return schema;
}

std::vector<std::string> column_names(const Schema& schema) {
    std::vector<std::string> names;
    for (const Column& one : find_datasource(schema, "events")->columns) {
        names.push_back(one.name);
    }
    return names;
}

} // namespace

TEST_CASE("columns are added where the step says") {
    Schema schema = schema_with_events();
    CHECK_FALSE(apply_step(AddColumn{"events", column("first", "UInt8"), {true, ""}}, schema));
    CHECK_FALSE(apply_step(AddColumn{"events", column("middle", "UInt8"), {false, "at"}}, schema));
    CHECK_FALSE(apply_step(AddColumn{"events", column("last", "UInt8"), {}}, schema));
    CHECK(column_names(schema) == std::vector<std::string>{"first", "id", "at", "middle", "cost", "last"});
}

TEST_CASE("a step that does not fit says why and changes nothing") {
    Schema schema = schema_with_events();
    const Schema untouched = schema;
    CHECK(apply_step(AddColumn{"nope", column("x", "UInt8"), {}}, schema) ==
          "there is no datasource `nope` at this point");
    CHECK(apply_step(AddColumn{"events", column("id", "UInt8"), {}}, schema) ==
          "`events` has a column `id` already");
    CHECK(apply_step(AddColumn{"events", column("x", "UInt8"), {false, "gone"}}, schema) ==
          "`events` has no column `gone` at this point");
    CHECK(apply_step(DropColumn{"events", "gone"}, schema) == "`events` has no column `gone` at this point");
    CHECK(apply_step(RenameColumn{"events", "id", "at"}, schema) == "`events` has a column `at` already");
    CHECK(apply_step(SetNullable{"events", "id", false}, schema) == "`id` is not Nullable");
    CHECK(apply_step(CreateDatasource{events()}, schema) == "`events` exists already at this point");
    CHECK(apply_step(CreateMaterializedView{"mv", "nope", "SELECT 1", false}, schema) ==
          "there is no datasource `nope` at this point");
    CHECK(apply_step(DropMaterializedView{"mv"}, schema) ==
          "there is no materialized view `mv` at this point");
    CHECK(apply_step(DropIndex{"events", "by_id"}, schema) == "`events` has no index `by_id` at this point");
    CHECK(schema == untouched);
}

TEST_CASE("a datasource that a view writes to cannot be dropped") {
    Schema schema = schema_with_events();
    CHECK_FALSE(apply_step(CreateMaterializedView{"mv", "events", "SELECT 1", false}, schema));
    CHECK(apply_step(DropDatasource{"events"}, schema) == "materialized view `mv` still writes to `events`");
    CHECK_FALSE(apply_step(DropMaterializedView{"mv"}, schema));
    CHECK_FALSE(apply_step(DropDatasource{"events"}, schema));
    CHECK(schema == Schema{});
}

TEST_CASE("Nullable goes inside LowCardinality and comes out again") {
    CHECK(make_nullable("UInt8") == "Nullable(UInt8)");
    CHECK(make_nullable("LowCardinality(String)") == "LowCardinality(Nullable(String))");
    CHECK(make_nullable("Nullable(UInt8)") == "Nullable(UInt8)");
    CHECK(make_not_nullable("LowCardinality(Nullable(String))") == "LowCardinality(String)");
    CHECK(make_not_nullable("Nullable(Decimal(18, 4))") == "Decimal(18, 4)");
    CHECK(make_not_nullable("String") == "String");
}

TEST_CASE("targets gain columns before their view changes and lose them after") {
    Schema from = schema_with_events();
    CHECK_FALSE(apply_step(CreateMaterializedView{"mv", "events", "SELECT a", false}, from));
    Schema to = from;
    CHECK_FALSE(apply_step(AddColumn{"events", column("new", "UInt8"), {}}, to));
    CHECK_FALSE(apply_step(DropColumn{"events", "cost"}, to));
    CHECK_FALSE(apply_step(ChangeMaterializedView{"mv", "SELECT b"}, to));
    const SchemaDiff difference = diff(from, to);
    REQUIRE(difference.steps.size() == 3);
    CHECK(kind_of(difference.steps[0]) == "add_column");
    CHECK(kind_of(difference.steps[1]) == "change_materialized_view");
    CHECK(kind_of(difference.steps[2]) == "drop_column");
    CHECK(difference.impossible.empty());
}

TEST_CASE("columns are put into another order by the fewest moves, before new ones come between them") {
    const auto moves = [](const std::string& before, const std::string& after) {
        Datasource from = events();
        Datasource to = from;
        const auto set_columns = [](Datasource& datasource, const std::string& names) {
            datasource.columns.clear();
            for (const char name : names) {
                datasource.columns.push_back(column(std::string(1, name), "UInt8"));
            }
        };
        set_columns(from, before);
        set_columns(to, after);
        Schema schema{{from}, {}};
        std::vector<std::string> texts;
        for (const StepAction& step : diff(schema, Schema{{to}, {}}).steps) {
            texts.push_back(describe(step));
            CHECK(apply_step(step, schema) == std::nullopt);
        }
        CHECK(schema == Schema{{to}, {}});
        return texts;
    };
    using Texts = std::vector<std::string>;
    CHECK(moves("abcdef", "fabcde") == Texts{"move column `events.f` to the front"});
    CHECK(moves("abcdef", "bcdefa") == Texts{"move column `events.a` after `f`"});
    CHECK(moves("abcdef", "abfcde") == Texts{"move column `events.f` after `b`"});
    CHECK(moves("abc", "cba") ==
          Texts{"move column `events.b` after `c`", "move column `events.a` after `b`"});
    CHECK(moves("abc", "cnab") ==
          Texts{"move column `events.c` to the front", "add column `events.n` UInt8"});
    CHECK(moves("axbyc", "cab") ==
          Texts{"move column `events.c` to the front", "drop column `events.x`", "drop column `events.y`"});
}

TEST_CASE("a move that does not fit is refused with its reason and changes nothing") {
    Schema schema = schema_with_events();
    const Schema before = schema;
    CHECK(apply_step(MoveColumn{"event", "id", {true, ""}}, schema) ==
          "there is no datasource `event` at this point");
    CHECK(apply_step(MoveColumn{"events", "ids", {true, ""}}, schema) ==
          "`events` has no column `ids` at this point");
    CHECK(apply_step(MoveColumn{"events", "id", {false, "costs"}}, schema) ==
          "`events` has no column `costs` at this point");
    CHECK(apply_step(MoveColumn{"events", "id", {false, "id"}}, schema) == "`id` cannot stand after itself");
    CHECK(schema == before);
}

TEST_CASE("an order that the engine cannot change is said to be impossible") {
    Datasource join = events();
    join.engine.kind = "Join";
    Datasource nested = events();
    nested.columns[0].type = "Nested(a UInt8)";
    for (const Datasource& from : {join, nested}) {
        Datasource to = from;
        std::swap(to.columns[0], to.columns[2]);
        const SchemaDiff difference = diff(Schema{{from}, {}}, Schema{{to}, {}});
        CHECK(difference.steps.empty());
        CHECK(difference.impossible ==
              std::vector<std::string>{"the columns of `events` change their order"});
    }
}

TEST_CASE("what no step changes in place is said, not passed over") {
    const Schema from = schema_with_events();
    Datasource other = events();
    other.engine.sorting_key = "at, id";
    other.engine.kind = "ReplacingMergeTree";
    other.columns[2].codec = "ZSTD(3)";
    Schema to;
    CHECK_FALSE(apply_step(CreateDatasource{other}, to));
    const SchemaDiff difference = diff(from, to);
    CHECK(difference.steps.empty());
    CHECK(difference.impossible ==
          std::vector<std::string>{
              "the codec of `events.cost` changes from `none` to `ZSTD(3)`",
              "the engine of `events` changes from `MergeTree` to `ReplacingMergeTree`",
              "the sorting key of `events` changes from `id` to `at, id`",
          });
}

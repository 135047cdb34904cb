// Steps from one schema to another, rebuilds and renames among them; applied, they give the other.
#include "codec/schema_steps.hpp"

#include <variant>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

model::Datasource events() {
    model::Datasource made;
    made.name = "events";
    for (const auto& [name, type] : {std::pair("at", "DateTime"), {"id", "String"}, {"kind", "String"}}) {
        model::Column column;
        column.name = name;
        column.type = type;
        made.columns.push_back(column);
    }
    made.engine.sorting_key = "at, id";
    made.engine.ttl = "at + INTERVAL 7 DAY";
    return made;
}

model::Schema schema(model::Datasource datasource) { return {{std::move(datasource)}, {}}; }

std::vector<std::string> described(const model::SchemaDiff& difference) {
    std::vector<std::string> texts;
    for (const model::StepAction& step : difference.steps) {
        texts.push_back(model::describe(step));
    }
    return texts;
}

void check_applied(const model::Schema& from, const model::Schema& to, const model::SchemaDiff& difference) {
    model::Schema made = from;
    for (const model::StepAction& step : difference.steps) {
        INFO(model::describe(step));
        REQUIRE_FALSE(model::apply_step(step, made).has_value());
    }
    CHECK(made == to);
}

} // namespace

TEST_CASE("another spelling of the same is no step") {
    model::Datasource now = events();
    now.engine.sorting_key = "(at,id)";
    now.engine.ttl = "at + toIntervalWeek(1)";
    now.engine.primary_key = "at, id";
    now.columns[1].type = "TEXT";
    CHECK(described(codec::derive_steps(schema(events()), schema(now))).empty());
}

TEST_CASE("keys, the types of key columns and lossy types are one rebuild; the rest is altered beside it") {
    model::Datasource now = events();
    now.engine.sorting_key = "id, at";
    now.engine.ttl = "at + INTERVAL 30 DAY";
    now.columns[1].type = "LowCardinality(String)"; // in the key
    now.columns[2].type = "UInt32";                 // lossy
    model::Column added;
    added.name = "n";
    added.type = "UInt8";
    now.columns.push_back(added);
    const model::SchemaDiff difference = codec::derive_steps(schema(events()), schema(now));
    CHECK(difference.impossible.empty());
    REQUIRE(difference.steps.size() == 3);
    const auto& rebuild = std::get<model::RebuildDatasource>(difference.steps[2]);
    CHECK(rebuild.engine->sorting_key == "id, at");
    CHECK(rebuild.types == std::vector<model::NewType>{{"id", "LowCardinality(String)"}, {"kind", "UInt32"}});
    check_applied(schema(events()), schema(now), difference);
}

TEST_CASE("a type that keeps every value changes in place outside of keys") {
    model::Datasource now = events();
    now.columns[2].type = "LowCardinality(String)";
    const model::SchemaDiff difference = codec::derive_steps(schema(events()), schema(now));
    CHECK(described(difference) ==
          std::vector<std::string>{"change the type of `events.kind` to LowCardinality(String)"});
    check_applied(schema(events()), schema(now), difference);
}

TEST_CASE("a declared rename is one step, and what else changes follows it") {
    model::Datasource now = events();
    now.columns[2].name = "sort";
    now.columns[2].type = "LowCardinality(String)";
    now.columns[2].renamed_from = "kind";
    const std::vector<model::ColumnRename> renames =
        codec::declared_renames(schema(events()), std::vector{now});
    CHECK(renames == std::vector<model::ColumnRename>{{"events", "kind", "sort"}});
    const model::SchemaDiff difference =
        codec::derive_steps(schema(events()), schema(storage_of(now)), renames);
    REQUIRE(difference.steps.size() == 2);
    CHECK(std::holds_alternative<model::RenameColumn>(difference.steps[0]));
    check_applied(schema(events()), schema(storage_of(now)), difference);
    // Once it is done, what the definition says is history.
    CHECK(codec::declared_renames(schema(storage_of(now)), std::vector{now}).empty());
}

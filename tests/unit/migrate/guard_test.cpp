#include "base/text.hpp"
#include "ops/migration_guard.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::model;

namespace {

Schema schema() {
    Datasource events;
    events.name = "events";
    for (const auto& [name, type] :
         {std::pair("id", "String"), std::pair("small", "UInt8"), std::pair("maybe", "Nullable(UInt8)")}) {
        Column column;
        column.name = name;
        column.type = type;
        events.columns.push_back(column);
    }
    Schema made;
    CHECK_FALSE(apply_step(CreateDatasource{events}, made));
    return made;
}

std::string code_of(const StepAction& action) {
    std::vector<std::string> codes;
    for (const ops::Loss& loss : ops::losses_of(action, schema(), "db")) {
        codes.emplace_back(loss.code->id);
    }
    return codes.empty() ? "none" : join(codes, " ");
}

} // namespace

TEST_CASE("each destructive step has its code and what cannot lose has none") {
    CHECK(code_of(DropColumn{"events", "id"}) == "D101");
    CHECK(code_of(DropDatasource{"events"}) == "D102");
    CHECK(code_of(SetTtl{"events", "at + INTERVAL 1 DAY"}) == "D103");
    CHECK(code_of(SetTtl{"events", ""}) == "none");
    CHECK(code_of(SetNullable{"events", "maybe", false}) == "D108");
    CHECK(code_of(SetNullable{"events", "small", true}) == "none");
    CHECK(code_of(RenameColumn{"events", "id", "key"}) == "none");
}

TEST_CASE("only a type change that keeps every value is free") {
    CHECK(code_of(ChangeType{"events", "small", "UInt16"}) == "none");
    CHECK(code_of(ChangeType{"events", "small", "Int16"}) == "none");
    CHECK(code_of(ChangeType{"events", "small", "Nullable(UInt8)"}) == "none");
    CHECK(code_of(ChangeType{"events", "small", "Int8"}) == "D105");
    CHECK(code_of(ChangeType{"events", "small", "String"}) == "none");
    CHECK(code_of(ChangeType{"events", "id", "LowCardinality(String)"}) == "none");
    CHECK(code_of(ChangeType{"events", "id", "UInt64"}) == "D105");
}

TEST_CASE("a destructive step needs an allowance, and an allowance a destructive step") {
    Migration migration;
    migration.id = "0002_x";
    migration.steps = {{DropColumn{"events", "small"}, {}}};
    Diagnostics missing;
    ops::check_allowances(migration, schema(), missing);
    REQUIRE(missing.errors() == 1);
    CHECK(missing.all()[0].code->id == "D101");
    CHECK(missing.all()[0].message == "this step destroys the values of column `events.small`");

    migration.allow = {{"D101", "events.small", 10, {}}};
    Diagnostics permitted;
    ops::check_allowances(migration, schema(), permitted);
    CHECK(permitted.empty());

    migration.allow.push_back({"D102", "events", std::nullopt, {}});
    Diagnostics unused;
    ops::check_allowances(migration, schema(), unused);
    REQUIRE(unused.errors() == 1);
    CHECK(unused.all()[0].code->id == "F224");
}

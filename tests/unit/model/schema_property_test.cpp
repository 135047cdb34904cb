// Laws of migrations over random schemas: apply(diff(a, b), a) == b, diff(a, a) is empty, and a step's
// inverse takes the schema back.
#include "model/schema.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse::model;

namespace {

class SchemaMaker {
public:
    explicit SchemaMaker(std::uint32_t seed) : random_(seed) {}

    Schema schema() {
        Schema made;
        for (const char* name : {"alpha", "beta", "gamma"}) {
            if (one_of(4) != 0) {
                made.datasources.push_back(datasource(name));
            }
        }
        for (const char* name : {"view_a", "view_b"}) {
            if (!made.datasources.empty() && one_of(2) != 0) {
                const Datasource& target = made.datasources[one_of(made.datasources.size())];
                made.views.push_back({name, target.name, one_of(2) == 0 ? "SELECT 1" : "SELECT 2", {}});
            }
        }
        return made;
    }

    std::size_t one_of(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

private:
    Datasource datasource(const char* name) {
        static constexpr const char* kTypes[] = {"UInt8", "Nullable(UInt8)", "String",
                                                 "LowCardinality(String)",
                                                 "LowCardinality(Nullable(String))"};
        Datasource made;
        made.name = name;
        made.engine.sorting_key = "key";
        made.engine.ttl = one_of(2) == 0 ? "" : "at + INTERVAL 1 DAY";
        for (const char* column_name : {"a", "b", "c", "d", "e", "key"}) {
            const bool wanted = std::string_view(column_name) == "key" || one_of(2) == 0;
            if (!wanted) {
                continue;
            }
            Column column;
            column.name = column_name;
            column.type = kTypes[one_of(std::size(kTypes))];
            if (one_of(2) == 0) {
                column.default_expression = one_of(2) == 0 ? "0" : "1";
            }
            if (one_of(2) == 0) {
                column.json_path = "$." + std::string(column_name);
            }
            made.columns.insert(made.columns.begin() +
                                    static_cast<std::ptrdiff_t>(one_of(made.columns.size() + 1)),
                                std::move(column));
        }
        for (const char* index : {"index_a", "index_b"}) {
            if (one_of(2) == 0) {
                made.indexes.push_back({index, one_of(2) == 0 ? "key" : "lower(key)", "minmax", "1", {}});
            }
        }
        return made;
    }

    std::mt19937 random_;
};

} // namespace

TEST_CASE("applying the difference of two schemas to the first gives the second") {
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
        SchemaMaker maker(seed);
        const Schema from = maker.schema();
        const Schema to = maker.schema();
        const SchemaDiff difference = diff(from, to);
        INFO("seed " << seed);
        REQUIRE(difference.impossible.empty());
        Schema schema = from;
        for (const StepAction& step : difference.steps) {
            const std::optional<std::string> problem = apply_step(step, schema);
            INFO(describe(step) << ": " << problem.value_or("fits"));
            REQUIRE_FALSE(problem);
        }
        REQUIRE(schema == to);
        REQUIRE(diff(to, to).steps.empty());
        REQUIRE(diff(from, to).steps == difference.steps);
    }
}

TEST_CASE("a rebuild changes engine and types, and its inverse changes them back") {
    Schema schema;
    Datasource events;
    events.name = "events";
    events.engine.sorting_key = "id";
    for (const char* name : {"id", "session"}) {
        Column column;
        column.name = name;
        column.type = "String";
        events.columns.push_back(column);
    }
    REQUIRE_FALSE(apply_step(CreateDatasource{events}, schema));
    const Schema before = schema;
    TableEngine replacing = events.engine;
    replacing.kind = "ReplacingMergeTree";
    replacing.sorting_key = "session, id";
    const RebuildDatasource step{
        "events", replacing, {{"session", "UInt32"}}, {{"session", "toUInt32OrZero(session)"}}};
    REQUIRE_FALSE(apply_step(step, schema));
    CHECK(find_datasource(schema, "events")->engine == replacing);
    CHECK(find_column(*find_datasource(schema, "events"), "session")->type == "UInt32");
    REQUIRE_FALSE(apply_step(inverse(step, before), schema));
    CHECK(schema == before);

    CHECK(apply_step(RebuildDatasource{"event", {}, {}, {}}, schema) ==
          "there is no datasource `event` at this point");
    CHECK(apply_step(RebuildDatasource{"events", {}, {{"id", "UInt8"}, {"sesion", "UInt8"}}, {}}, schema) ==
          "`events` has no column `sesion` at this point");
    CHECK(apply_step(RebuildDatasource{"events", {}, {}, {{"kind", "1"}}}, schema) ==
          "`events` has no column `kind` at this point");
    CHECK(schema == before);
}

TEST_CASE("the inverse of each step takes the schema back") {
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        SchemaMaker maker(seed);
        Schema schema = maker.schema();
        for (const StepAction& step : diff(schema, maker.schema()).steps) {
            const Schema before = schema;
            INFO("seed " << seed << ", " << describe(step));
            REQUIRE_FALSE(apply_step(step, schema));
            REQUIRE_FALSE(apply_step(inverse(step, before), schema));
            REQUIRE(schema == before);
            REQUIRE_FALSE(apply_step(step, schema));
        }
    }
}

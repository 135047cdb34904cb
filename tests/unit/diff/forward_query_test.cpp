// FORWARD_QUERY as it is written for a change, run on the engine over rows of the old table, and held against
// one that is given.
#include "codec/forward_query.hpp"
#include "support/engine_library.hpp"
#include "target/ddl.hpp"
#include "target/embedded.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::ForwardQueryFault;

namespace {

model::Column column(std::string name, std::string type) {
    model::Column made;
    made.name = std::move(name);
    made.type = std::move(type);
    return made;
}

model::Datasource table(std::vector<model::Column> columns) {
    model::Datasource made;
    made.name = "t";
    made.columns = std::move(columns);
    return made;
}

std::string sql_of(const model::Datasource& before, const model::Datasource& after) {
    return codec::make_forward_query(before, after).sql;
}

} // namespace

TEST_CASE("a FORWARD_QUERY names every column of the new schema once, in its order") {
    model::Column renamed = column("remark", "String");
    renamed.renamed_from = "note";
    model::Column added = column("source", "LowCardinality(String)");
    added.default_expression = "'web'";
    const model::Datasource before = table({column("id", "UInt64"), column("note", "String"),
                                            column("gone", "String"), column("kind", "String")});
    const model::Datasource after =
        table({column("id", "UInt64"), added, renamed, column("at", "DateTime"),
               column("maybe", "Nullable(UInt8)"), column("kind", "LowCardinality(String)")});
    CHECK(sql_of(before, after) == "SELECT\n"
                                   "    `id`,\n"
                                   "    CAST('web', 'LowCardinality(String)') AS `source`,\n"
                                   "    `note` AS `remark`,\n"
                                   "    defaultValueOfTypeName('DateTime') AS `at`,\n"
                                   "    CAST(NULL, 'Nullable(UInt8)') AS `maybe`,\n"
                                   "    CAST(`kind`, 'LowCardinality(String)') AS `kind`");
    CHECK(codec::columns_to_convert(before, after) == std::vector<std::string>{"kind", "remark"});
}

TEST_CASE("values that may not survive are cast accurately, and the columns are told") {
    model::Column bounded = column("b", "UInt8");
    bounded.default_expression = "7";
    const model::Datasource before =
        table({column("a", "String"), column("b", "String"), column("c", "String"),
               column("d", "Nullable(String)"), column("e", "UInt8")});
    const model::Datasource after = table({column("a", "UInt32"), bounded, column("c", "Nullable(Date)"),
                                           column("d", "String"), column("e", "UInt16")});
    const codec::ForwardQuery query = codec::make_forward_query(before, after);
    CHECK(query.sql ==
          "SELECT\n"
          "    ifNull(accurateCastOrNull(`a`, 'UInt32'), defaultValueOfTypeName('UInt32')) AS `a`,\n"
          "    ifNull(accurateCastOrNull(`b`, 'UInt8'), CAST(7, 'UInt8')) AS `b`,\n"
          "    CAST(accurateCastOrNull(`c`, 'Date'), 'Nullable(Date)') AS `c`,\n"
          "    CAST(ifNull(`d`, defaultValueOfTypeName('String')), 'String') AS `d`,\n"
          "    CAST(`e`, 'UInt16') AS `e`");
    CHECK(query.lossy == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("no query is written for a state of another function") {
    const codec::ForwardQuery query =
        codec::make_forward_query(table({column("s", "AggregateFunction(sum, UInt64)")}),
                                  table({column("s", "AggregateFunction(max, UInt64)")}));
    CHECK(query.sql.empty());
    CHECK(query.impossible == std::vector<std::string>{"s"});
}

TEST_CASE("the engine takes the query, and each value is what the note says") {
    REQUIRE_ENGINE(library);
    model::Column json = column("j", "JSON");
    const std::vector<model::Column> old_columns = {
        column("a", "String"),        column("b", "Nullable(Int32)"), column("c", "Float64"),
        column("d", "DateTime64(3)"), column("e", "Array(String)"),   column("f", "Enum8('x' = 1, 'y' = 2)"),
        column("j", "String")};
    const std::vector<model::Column> new_columns = {column("a", "UInt8"),
                                                    column("b", "Int32"),
                                                    column("c", "LowCardinality(String)"),
                                                    column("d", "DateTime"),
                                                    column("e", "Array(LowCardinality(String))"),
                                                    column("f", "String"),
                                                    json,
                                                    column("g", "AggregateFunction(count)")};
    model::Datasource before = table(old_columns);
    model::Datasource after = table(new_columns);
    after.name = "t2";
    auto channel = target::open_scratch(library);
    REQUIRE(channel.ok());
    const auto run = [&](const std::string& sql) {
        INFO(sql);
        const auto done = (*channel)->query(sql, "TSV", {});
        REQUIRE((done ? std::string() : done.error().message).empty());
        return done->bytes;
    };
    run("CREATE DATABASE d");
    run("USE d");
    run(target::create_table(before, "d", "t"));
    run(target::create_table(after, "d", "t2"));
    run("INSERT INTO t VALUES ('300', NULL, 1.5, '2024-03-01 00:00:00.250', ['p'], 'y', '{\"k\":1}'), ('12', "
        "-4, 2, "
        "'2024-03-01 00:00:01.000', [], 'x', 'no json')");
    const codec::ForwardQuery query = codec::make_forward_query(before, after);
    run("INSERT INTO t2 " + query.sql + "\nFROM t");
    CHECK(run("SELECT a, b, c, toString(d), e, f, toString(j) FROM t2 ORDER BY f") ==
          "12\t-4\t2\t2024-03-01 00:00:01\t[]\tx\t{}\n0\t0\t1.5\t2024-03-01 00:00:00\t['p']\ty\t{\"k\":1}\n");
}

TEST_CASE("a FORWARD_QUERY is missing, incomplete, foreign or stale, or none of these") {
    const model::Datasource before = table({column("id", "UInt64"), column("note", "String")});
    model::Datasource after = table({column("id", "UInt64"), column("note", "LowCardinality(String)")});
    using Problems = std::vector<codec::ForwardQueryProblem>;
    CHECK(codec::check_forward_query(before, after) == Problems{{ForwardQueryFault::Missing, {"note"}}});

    after.forward_query = "SELECT CAST(note, 'LowCardinality(String)') AS note";
    CHECK(codec::check_forward_query(before, after) == Problems{{ForwardQueryFault::Incomplete, {"id"}}});

    after.forward_query = "SELECT id, id, old, note";
    CHECK(codec::check_forward_query(before, after) ==
          Problems{{ForwardQueryFault::Incomplete, {"id"}}, {ForwardQueryFault::Foreign, {"old"}}});

    after.forward_query = codec::make_forward_query(before, after).sql;
    CHECK(codec::check_forward_query(before, after).empty());
    after.forward_query = "SELECT * EXCEPT note, toLowCardinality(note) AS note";
    CHECK(codec::check_forward_query(before, after).empty());

    model::Datasource deployed = before;
    deployed.forward_query = after.forward_query;
    CHECK(codec::check_forward_query(deployed, after) == Problems{{ForwardQueryFault::Stale, {"note"}}});
    model::Datasource same = after;
    CHECK(codec::check_forward_query(same, after).empty());
}

TEST_CASE("what Forward makes by itself needs no FORWARD_QUERY") {
    const model::Datasource before = table({column("a", "String"), column("z", "DateTime")});
    const model::Datasource after = table(
        {column("a", "Nullable(String)"), column("z", "DateTime('Europe/Madrid')"), column("n", "UInt8")});
    CHECK(codec::columns_to_convert(before, after).empty());
    CHECK(codec::check_forward_query(before, after).empty());
}

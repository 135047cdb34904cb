#include "syntax/sql_outline.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

namespace {

using Lines = std::vector<std::string>;

std::string cut(std::string_view sql, SqlRange range) {
    return std::string(sql.substr(range.begin, range.end - range.begin));
}

// Each table as `use name alias=x qualified=2`.
Lines tables(std::string_view sql) {
    Lines out;
    const SqlOutline outline = outline_sql(sql);
    for (const SqlTable& table : outline.tables) {
        constexpr std::string_view kUses[] = {"from", "in", "describe"};
        std::string line = std::string(kUses[static_cast<std::size_t>(table.use)]) + " ";
        line += table.database.empty() ? table.name : table.database + "." + table.name;
        line += table.alias ? " as " + cut(sql, *table.alias) : "";
        line += table.qualifiers.empty() ? "" : " qualifies " + std::to_string(table.qualifiers.size());
        out.push_back(line);
    }
    for (const SqlProblem& problem : outline.problems) {
        out.push_back("problem " + problem.what);
    }
    return out;
}

} // namespace

TEST_CASE("tables stand behind FROM, JOIN, commas of a table list and IN") {
    CHECK(tables("SELECT a, b FROM t, u JOIN v ON t.x = v.x, w WHERE a IN s AND b IN (s2) GROUP BY a, b") ==
          Lines{"from t", "from u", "from v", "from w", "in s", "in s2"});
    CHECK(tables("SELECT a FROM (SELECT b FROM t) AS q, u") == Lines{"from t", "from u"});
    CHECK(tables("SELECT * FROM (t JOIN u USING (id)) LEFT ARRAY JOIN xs AS x, ys AS y") ==
          Lines{"from t", "from u"});
    CHECK(tables("SELECT * FROM t JOIN u USING a, b WHERE 1") == Lines{"from t", "from u"});
    CHECK(tables("SELECT * FROM 'a b' JOIN `c d`") == Lines{"from a b", "from c d"});
    CHECK(tables("FROM t JOIN u USING (id) SELECT x WHERE x IN v") == Lines{"from t", "from u", "in v"});
    CHECK(tables("SELECT (FROM t SELECT max(x))") == Lines{"from t"});
    CHECK(tables("SELECT 1 UNION ALL (SELECT x FROM t EXCEPT SELECT y FROM u) INTERSECT SELECT 1 FROM v") ==
          Lines{"from t", "from u", "from v"});
    CHECK(tables("SELECT exists(SELECT 1 FROM t), [1, (SELECT x FROM u)]") == Lines{"from t", "from u"});
    CHECK(tables("SELECT * EXCEPT (a) REPLACE (b AS c) FROM t FINAL SAMPLE 1 / 10 OFFSET 1 / 2, u") ==
          Lines{"from t", "from u"});
}

TEST_CASE("a FROM that is no clause names no table") {
    CHECK(tables("SELECT extract(YEAR FROM ts), trim(BOTH ' ' FROM s), a IS DISTINCT FROM b, a IS NOT "
                 "DISTINCT FROM c") == Lines{});
    CHECK(tables("SELECT d FROM t ORDER BY d WITH FILL FROM toDate(1) TO toDate(9) STEP 1, e") ==
          Lines{"from t"});
    CHECK(tables("SELECT from FROM t") == Lines{"from t"});
    CHECK(tables("SELECT 1 AS from, t.from FROM t") == Lines{"from t"});
    CHECK(tables("SELECT f(from, to), (desc), 'FROM x' -- FROM y\nFROM t") == Lines{"from t"});
    CHECK(tables("SELECT a IN [1, 2], b IN tuple(1), c NOT IN ('x') FROM t") == Lines{"from t"});
}

TEST_CASE("an alias is told from a keyword") {
    CHECK(tables("SELECT * FROM t x, u AS `y z`, db.v w FINAL, z LEFT JOIN k AS left ON 1") ==
          Lines{"from t as x", "from u as `y z`", "from db.v as w", "from z", "from k as left"});
    CHECK(tables("SELECT * FROM t WHERE 1") == Lines{"from t"});
    CHECK(tables("SELECT * FROM t GLOBAL ANY LEFT JOIN u ON 1 ASOF JOIN v ON 2 PASTE JOIN w") ==
          Lines{"from t", "from u", "from v", "from w"});
}

TEST_CASE("a qualifier belongs to the nearest table of its name that has an alias") {
    CHECK(tables("SELECT t.a, t.* FROM t AS x WHERE t.b = (SELECT max(t.c) FROM u)") ==
          Lines{"from t as x qualifies 4", "from u"});
    CHECK(tables("SELECT t.a FROM t AS x JOIN u AS t ON 1") == Lines{"from t as x", "from u as t"});
    CHECK(tables("SELECT (SELECT t.a FROM t AS y) FROM t AS x") ==
          Lines{"from t as y qualifies 1", "from t as x"});
    CHECK(tables("SELECT t.a FROM t AS x UNION ALL SELECT t.a FROM t") ==
          Lines{"from t as x qualifies 1", "from t"});
    CHECK(tables("SELECT t.a.b.c, f(t.d) FROM t x") == Lines{"from t as x qualifies 2"});
}

TEST_CASE("a table bound by WITH hides others from where it is bound to the end of its brackets") {
    CHECK(tables("WITH t AS (SELECT 1 FROM t) SELECT * FROM t") == Lines{"from t"});
    CHECK(tables("WITH a AS (SELECT 1 FROM b), b AS (SELECT 1 FROM a) SELECT * FROM a, b, c") ==
          Lines{"from b", "from c"});
    CHECK(tables("WITH a (x, y) AS (SELECT 1, 2) SELECT x IN a FROM a AS k WHERE a.x") == Lines{});
    CHECK(
        tables(
            "WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a UNION ALL SELECT * FROM (SELECT * FROM a)") ==
        Lines{});
    CHECK(tables("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a), a") == Lines{"from a"});
    CHECK(tables("WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT * FROM r") == Lines{});
}

TEST_CASE("a value bound by WITH hides no table") {
    CHECK(tables("WITH (SELECT max(x) FROM u) AS t, 1 AS u, [1, 2] AS v SELECT * FROM t, u, v") ==
          Lines{"from u", "from t", "from u", "from v"});
    CHECK(tables("WITH x AS y, z AS (1 + 1) SELECT * FROM t") == Lines{"from t"});
}

TEST_CASE("table functions and settings are named wherever they stand") {
    const std::string sql =
        "SELECT * FROM numbers(10) AS n, url('x', (SELECT 1)) JOIN db.view(a = 1) SETTINGS max_threads = 1, "
        "`join_algorithm` = 'hash'";
    const SqlOutline outline = outline_sql(sql);
    Lines found;
    for (const SqlFunction& function : outline.table_functions) {
        found.push_back(function.name + " " + cut(sql, function.place));
    }
    for (const SqlSetting& setting : outline.settings) {
        found.push_back(setting.name + " " + setting.value);
    }
    CHECK(found ==
          Lines{"numbers numbers", "url url", "view db.view", "max_threads 1", "join_algorithm 'hash'"});
    CHECK(outline_sql("SELECT settings FROM t WHERE settings = 1").settings.empty());
    CHECK(outline_sql("SELECT * FROM (SELECT 1 SETTINGS readonly = 0)").settings.size() == 1);
}

TEST_CASE("the statement is what stands between blanks, comments and the last semicolon") {
    const std::string sql = " -- head\n SELECT 1 /* x */ + 2 ; ;\n-- tail\n";
    CHECK(cut(sql, outline_sql(sql).statement) == "SELECT 1 /* x */ + 2");
}

TEST_CASE("EXPLAIN and DESCRIBE read") {
    CHECK(tables("EXPLAIN PLAN actions = 1, header = 1 SELECT * FROM t") == Lines{"from t"});
    CHECK(tables("EXPLAIN QUERY TREE WITH a AS (SELECT 1) SELECT * FROM a, t") == Lines{"from t"});
    CHECK(tables("DESCRIBE TABLE t") == Lines{"describe t"});
    CHECK(tables("DESC (SELECT * FROM t)") == Lines{"from t"});
    CHECK(tables("DESCRIBE table") == Lines{"describe table"});
    CHECK(tables("EXPLAIN AST DROP TABLE t") == Lines{"problem DROP"});
    CHECK(tables("EXPLAIN INSERT INTO t SELECT 1") == Lines{"problem INSERT"});
}

TEST_CASE("what is not one reading statement is named") {
    const auto kinds = [](std::string_view sql) {
        std::vector<SqlProblemKind> out;
        for (const SqlProblem& problem : outline_sql(sql).problems) {
            out.push_back(problem.kind);
        }
        return out;
    };
    using K = SqlProblemKind;
    using Kinds = std::vector<K>;
    CHECK(kinds("") == Kinds{K::Empty});
    CHECK(kinds("-- nothing") == Kinds{K::Empty});
    CHECK(kinds(";") == Kinds{K::Empty});
    CHECK(kinds("DROP TABLE t") == Kinds{K::NotReading});
    CHECK(kinds("(1)") == Kinds{K::NotReading});
    CHECK(kinds("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a") == Kinds{K::NotReading});
    CHECK(kinds("WITH 1 AS a INSERT INTO t SELECT a") == Kinds{K::NotReading});
    CHECK(kinds("SELECT 1; DROP TABLE t") == Kinds{K::SeveralStatements});
    CHECK(kinds("SELECT 1 PARALLEL WITH SELECT 2") == Kinds{K::SeveralStatements});
    CHECK(kinds("SELECT 1 FORMAT JSON") == Kinds{K::OutputClause});
    CHECK(kinds("SELECT x FROM t INTO OUTFILE 'f'") == Kinds{K::OutputClause});
    CHECK(kinds("SELECT format, a format FROM t WHERE format IN (1) ORDER BY format DESC") ==
          Kinds{K::OutputClause});
    CHECK(kinds("SELECT format, format('{}', x) FROM t WHERE format IN (1) GROUP BY format ORDER BY format "
                "DESC") == Kinds{});
    CHECK(kinds("SELECT 1) UNION ALL (SELECT 2") == Kinds{K::Unbalanced});
    CHECK(kinds("SELECT (1]") == Kinds{K::Unbalanced});
    CHECK(kinds("SELECT (1") == Kinds{K::Unbalanced});
    CHECK(kinds("SELECT (1;") == Kinds{K::Unbalanced});
    CHECK(kinds("SELECT 'a") == Kinds{K::Unclosed});
    CHECK(kinds("SELECT 1 /* a") == Kinds{K::Unclosed});
    CHECK(kinds("SELECT " + std::string(1000, '(') + "1" + std::string(1000, ')')) == Kinds{K::TooDeep});
}

// Not timed: with a step that is not linear in it this would not end within the patience of anybody.
TEST_CASE("a wide or hostile statement is outlined") {
    std::string joins = "SELECT 1 FROM t";
    std::string commons = "WITH ";
    std::string brackets = "SELECT ";
    for (int i = 0; i < 20'000; ++i) {
        const std::string n = std::to_string(i);
        joins += " JOIN t" + n + " AS a" + n + " ON t" + n + ".x = 1";
        commons += (i == 0 ? "c" : ", c") + n + " AS (SELECT * FROM c" + n + ")";
        brackets += "((((((((((((1)))))))))))),";
    }
    CHECK(outline_sql(joins).tables.size() == 20'001);
    CHECK(outline_sql(commons + " SELECT 1").common_tables.size() == 20'000);
    CHECK(outline_sql(brackets + " 1").problems.empty());
    CHECK(outline_sql("SELECT " + std::string(300'000, '(')).problems.size() == 1);
}

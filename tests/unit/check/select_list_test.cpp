#include "ops/rules/select_list.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace birdhouse;
using Kind = ops::SelectedColumn::Kind;

namespace {

// `?` for a column without a name of its own.
std::string columns(std::string_view sql) {
    const auto list = ops::select_list(sql);
    if (!list) {
        return "none";
    }
    std::string out;
    for (const ops::SelectedColumn& column : *list) {
        out += out.empty() ? "" : " ";
        out += column.kind == Kind::Named ? column.name : column.kind == Kind::All ? "*" : "?";
    }
    return out;
}

} // namespace

TEST_CASE("a column has the name of its AS or its own") {
    CHECK(columns("SELECT a, b AS c, t.d, count() AS n FROM t") == "a c d n");
    CHECK(columns("SELECT count(), a + 1, a b FROM t") == "? ? ?");
    CHECK(columns("select `odd name`, \"x\" as `y` from t") == "odd name y");
    CHECK(columns("SELECT a.b.c FROM t") == "?");
    CHECK(columns("SELECT 1") == "?");
    CHECK(columns("SELECT DISTINCT a, b FROM t") == "a b");
    CHECK(columns("SELECT a, FROM t") == "a");
}

TEST_CASE("commas and clauses in brackets are not the list's") {
    CHECK(columns("SELECT if(a, b, c) AS d, (SELECT x FROM y) AS e FROM t") == "d e");
    CHECK(columns("SELECT [1, 2] AS list, tuple(a, b) AS pair") == "list pair");
    CHECK(columns("SELECT a FROM (SELECT b, c FROM t) ORDER BY a") == "a");
    CHECK(columns("SELECT extract(year FROM at) AS y FROM t") == "y");
}

TEST_CASE("tables of WITH come before the list that counts") {
    CHECK(columns("WITH x AS (SELECT a FROM t) SELECT b FROM x") == "b");
    CHECK(columns("WITH 1 AS one SELECT one, two FROM x") == "one two");
    CHECK(columns("SELECT a FROM t UNION ALL SELECT b FROM t") == "a");
}

TEST_CASE("a star is all the columns there are") {
    CHECK(columns("SELECT * FROM t") == "*");
    CHECK(columns("SELECT t.*, 1 AS a FROM t") == "* a");
    CHECK(columns("SELECT * EXCEPT (a, b), c FROM t") == "* c");
    CHECK(columns("SELECT * EXCEPT a FROM t") == "*");
    CHECK(columns("SELECT COLUMNS('x') FROM t") == "*");
    CHECK(columns("SELECT a * b AS c FROM t") == "c");
}

TEST_CASE("a text without a SELECT has no list") {
    CHECK(columns("") == "none");
    CHECK(columns("DESCRIBE t") == "none");
    CHECK(columns("(SELECT a FROM t)") == "none");
    CHECK(columns("SELECT DISTINCT ON (a) b FROM t") == "none");
    CHECK(columns("SELECT") == "");
}

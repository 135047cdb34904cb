#include "codec/query_tree.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::codec;

namespace {

using Columns = std::vector<TableColumn>;

const auto kNoneTransparent = [](std::string_view) { return false; };

} // namespace

TEST_CASE("a column of a subquery is what the subquery computes it from") {
    const auto read =
        read_query_tree("QUERY id: 0\n"
                        "  PROJECTION COLUMNS\n"
                        "    a, b UInt64\n"
                        "  PROJECTION\n"
                        "    LIST id: 1, nodes: 1\n"
                        "      COLUMN id: 2, column_name: a, b, result_type: UInt64, source_id: 3\n"
                        "  JOIN TREE\n"
                        "    QUERY id: 3, alias: __table1, is_subquery: 1\n"
                        "      PROJECTION COLUMNS\n"
                        "        other String\n"
                        "        a, b UInt64\n"
                        "      PROJECTION\n"
                        "        LIST id: 4, nodes: 2\n"
                        "          CONSTANT id: 5, constant_value: 'x', constant_value_type: String\n"
                        "          FUNCTION id: 6, function_name: length, result_type: UInt64\n"
                        "            ARGUMENTS\n"
                        "              LIST id: 7, nodes: 1\n"
                        "                COLUMN id: 8, column_name: c, result_type: String, source_id: 9\n"
                        "      JOIN TREE\n"
                        "        TABLE id: 9, alias: __table2, table_name: d.t, final: 1\n"
                        "      WHERE\n"
                        "        COLUMN id: 10, column_name: w, result_type: UInt8, source_id: 9\n",
                        kNoneTransparent);
    REQUIRE(read);
    CHECK(read->made_of == std::vector<Columns>{{{"d.t", "c"}}});
    CHECK(read->reads == Columns{{"d.t", "c"}, {"d.t", "w"}});
}

TEST_CASE("what a transparent table is read for is what is taken from it") {
    const std::string tree = "QUERY id: 0\n"
                             "  PROJECTION COLUMNS\n"
                             "    a String\n"
                             "  PROJECTION\n"
                             "    LIST id: 1, nodes: 1\n"
                             "      COLUMN id: 2, column_name: a, result_type: String, source_id: 3\n"
                             "  JOIN TREE\n"
                             "    QUERY id: 3, is_subquery: 1\n"
                             "      PROJECTION COLUMNS\n"
                             "        a String\n"
                             "        b String\n"
                             "      PROJECTION\n"
                             "        LIST id: 4, nodes: 2\n"
                             "          COLUMN id: 5, column_name: a, result_type: String, source_id: 7\n"
                             "          COLUMN id: 6, column_name: b, result_type: String, source_id: 7\n"
                             "      JOIN TREE\n"
                             "        TABLE id: 7, alias: __table2, table_name: d.v\n";
    const auto through = read_query_tree(tree, [](std::string_view table) { return table == "d.v"; });
    REQUIRE(through);
    CHECK(through->reads == Columns{{"d.v", "a"}});
    const auto plain = read_query_tree(tree, kNoneTransparent);
    REQUIRE(plain);
    CHECK(plain->reads == Columns{{"d.v", "a"}, {"d.v", "b"}});
}

TEST_CASE("a text that is no query tree gives nothing") {
    CHECK_FALSE(read_query_tree("", kNoneTransparent));
    CHECK_FALSE(read_query_tree("TABLE id: 0, table_name: d.t\n", kNoneTransparent));
    CHECK_FALSE(read_query_tree("QUERY id: 0\nQUERY id: 1\n", kNoneTransparent));
    std::string deep = "QUERY id: 0\n";
    for (std::size_t i = 1; i <= kDeepestQueryTree; ++i) {
        deep += std::string(i, ' ') + "LIST id: 1, nodes: 1\n";
    }
    CHECK_FALSE(read_query_tree(deep, kNoneTransparent));
}

TEST_CASE("queries that read each other end") {
    const auto read =
        read_query_tree("UNION id: 0, union_mode: UNION_ALL\n"
                        "  QUERIES\n"
                        "    LIST id: 1, nodes: 1\n"
                        "      QUERY id: 2\n"
                        "        PROJECTION COLUMNS\n"
                        "          a String\n"
                        "        PROJECTION\n"
                        "          LIST id: 3, nodes: 1\n"
                        "            COLUMN id: 4, column_name: a, result_type: String, source_id: 0\n",
                        kNoneTransparent);
    REQUIRE(read);
    CHECK(read->made_of == std::vector<Columns>{{}});
}

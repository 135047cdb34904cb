#include "codec/column_renames.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::possible_renames;
using codec::PossibleRename;

namespace {

struct Written {
    std::string name;
    std::string type = "String";
    std::string path = "";
};

model::Datasource table(const std::vector<Written>& columns) {
    model::Datasource made;
    made.name = "t";
    for (const Written& written : columns) {
        model::Column column;
        column.name = written.name;
        column.type = written.type;
        if (!written.path.empty()) {
            column.json_path = written.path;
        }
        made.columns.push_back(std::move(column));
    }
    return made;
}

using Renames = std::vector<PossibleRename>;

} // namespace

TEST_CASE("a column of one type that stands where another stood may be the same one renamed") {
    CHECK(possible_renames(table({{"a"}, {"b"}, {"c"}}), table({{"a"}, {"x"}, {"c"}})) ==
          Renames{{"b", "x"}});
    CHECK(possible_renames(table({{"a", "INT"}}), table({{"x", "Int32"}})) == Renames{{"a", "x"}});
}

TEST_CASE("another type, another place and another source are no rename") {
    CHECK(possible_renames(table({{"a"}, {"b"}}), table({{"a"}, {"x", "UInt8"}})).empty());
    CHECK(possible_renames(table({{"a"}, {"b"}, {"c"}}), table({{"x"}, {"a"}, {"c"}})).empty());
    CHECK(possible_renames(table({{"a", "String", "$.a"}}), table({{"x"}})).empty());
    CHECK(possible_renames(table({{"a", "String", "$.a"}}), table({{"x", "String", "$.other"}})).empty());
    CHECK(possible_renames(table({{"a", "String", "$.u.a"}}), table({{"x", "String", "$.v.x"}})).empty());
}

TEST_CASE("the source of a renamed column is the same key, or the key of each one's own name") {
    CHECK(possible_renames(table({{"a", "String", "$.k"}}), table({{"x", "String", "$.k"}})) ==
          Renames{{"a", "x"}});
    CHECK(possible_renames(table({{"a", "String", "$.u.a"}}), table({{"x", "String", "$.u.x"}})) ==
          Renames{{"a", "x"}});
}

TEST_CASE("two that could be mixed up are not guessed") {
    CHECK(possible_renames(table({{"a"}, {"b"}}), table({{"x"}, {"y"}})).empty());
    CHECK(possible_renames(table({{"a"}, {"b"}}), table({{"x"}})).empty());
    CHECK(possible_renames(table({{"a"}, {"b", "UInt8"}}), table({{"x"}, {"y", "UInt8"}})) ==
          Renames{{"a", "x"}, {"b", "y"}});
}

// Which runs of columns become groups.
#include "codec/column_runs.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

// "a b c" is a datasource of three String columns; a `!` behind a name makes it an Int8.
model::Datasource datasource(std::string name, const std::string& columns) {
    model::Datasource made;
    made.name = std::move(name);
    for (std::size_t begin = 0; begin < columns.size();) {
        const std::size_t end = std::min(columns.find(' ', begin), columns.size());
        model::Column column;
        column.name = columns.substr(begin, end - begin);
        column.type = column.name.ends_with('!') ? "Int8" : "String";
        made.columns.push_back(std::move(column));
        begin = end + 1;
    }
    return made;
}

std::string describe(const codec::ProposedGroups& proposed) {
    std::string out;
    for (const codec::ProposedGroup& group : proposed.groups) {
        out += group.name + ":" + std::to_string(group.columns.size()) + " in";
        for (const std::string& name : group.datasources) {
            out += " " + name;
        }
        out += "\n";
    }
    for (const auto& runs : proposed.runs) {
        for (const codec::GroupedRun& run : runs) {
            out += std::to_string(run.first) + "+" + std::to_string(run.count) + " " + run.group + ";";
        }
        out += "\n";
    }
    return out;
}

} // namespace

TEST_CASE("three columns in a row of three datasources are a group, fewer are none") {
    CHECK(describe(codec::propose_groups(
              {datasource("x", "id a b c"), datasource("y", "a b c d"), datasource("z", "q a b c")})) ==
          "a_to_c:3 in x y z\n1+3 a_to_c;\n0+3 a_to_c;\n1+3 a_to_c;\n");
    CHECK(describe(codec::propose_groups({datasource("x", "a b c"), datasource("y", "a b c")})) == "\n\n");
    CHECK(describe(codec::propose_groups(
              {datasource("x", "a b"), datasource("y", "a b"), datasource("z", "a b")})) == "\n\n\n");
}

TEST_CASE("columns of one name and two types are not the same") {
    CHECK(describe(codec::propose_groups(
              {datasource("x", "a b c"), datasource("y", "a b c!"), datasource("z", "a b c")})) == "\n\n\n");
}

TEST_CASE("the group that saves most is taken first, and columns belong to one group") {
    const auto proposed = codec::propose_groups({datasource("v", "a b c d e"), datasource("w", "a b c d e"),
                                                 datasource("x", "a b c d e"), datasource("y", "a b c"),
                                                 datasource("z", "d e f")});
    CHECK(describe(proposed) == "a_to_e:5 in v w x\n0+5 a_to_e;\n0+5 a_to_e;\n0+5 a_to_e;\n\n\n");
}

#include "ops/result_table.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

using Columns = std::vector<std::pair<std::string, std::string>>; // name and type

Result<ops::ResultTable> render(const Columns& columns, const std::string& rows, std::size_t width) {
    std::string meta;
    for (const auto& [name, type] : columns) {
        meta += (meta.empty() ? "" : ",") + ("{\"name\":\"" + name + "\",\"type\":\"" + type + "\"}");
    }
    return ops::render_table("{\"meta\":[" + meta + "],\"data\":[" + rows + "]}", width);
}

std::string table(const Columns& columns, const std::string& rows, std::size_t width = 120) {
    const Result<ops::ResultTable> made = render(columns, rows, width);
    return made ? made->text : made.error().message;
}

const Columns kModelAndCost = {
    {"model", "LowCardinality(String)"}, {"requests", "UInt64"}, {"cost", "Nullable(Float64)"}};

} // namespace

TEST_CASE("texts stand to the left and numbers to the right") {
    CHECK(table(kModelAndCost, R"(["gpt-4o","12",3.5],["flux","1234",null])") == "model   requests  cost\n"
                                                                                 "gpt-4o        12   3.5\n"
                                                                                 "flux        1234  NULL\n");
}

TEST_CASE("no rows leave the names of the columns") {
    CHECK(table(kModelAndCost, "") == "model  requests  cost\n");
}

TEST_CASE("structures are shown as JSON and control characters as escapes") {
    CHECK(table({{"a", "Array(UInt8)"}, {"b", "Map(String, UInt8)"}, {"c", "String"}},
                R"([[1,2],{"k":1},"x\ny"])") == "a      b        c\n"
                                                "[1,2]  {\"k\":1}  x\\ny\n");
}

TEST_CASE("wide integers keep every digit") {
    CHECK(table({{"n", "UInt64"}, {"d", "Decimal(18, 4)"}}, R"(["18446744073709551615","1.5"])") ==
          "                   n    d\n"
          "18446744073709551615  1.5\n");
}

TEST_CASE("accented letters count once") {
    CHECK(table({{"é", "String"}, {"b", "String"}}, R"(["ü","x"],["abc","y"])") == "é    b\n"
                                                                                   "ü    x\n"
                                                                                   "abc  y\n");
}

TEST_CASE("wide texts are cut to the width, numbers never") {
    const std::string made = table({{"prompt", "String"}, {"n", "UInt64"}},
                                   R"(["a long prompt that goes on and on","12345678"])", 30);
    CHECK(made == "prompt                       n\n"
                  "a long prompt that …  12345678\n");
}

TEST_CASE("columns without room are left out and counted") {
    Columns columns;
    std::string row;
    for (int i = 0; i < 10; ++i) {
        columns.emplace_back("column" + std::to_string(i), "UInt64");
        row += i == 0 ? "1" : ",1";
    }
    const Result<ops::ResultTable> made = render(columns, "[" + row + "]", 30);
    REQUIRE(made);
    CHECK(made->hidden_columns == 7);
    CHECK(made->text == "column0  column1  column2\n"
                        "      1        1        1\n");
}

TEST_CASE("what is no such JSON is an error") {
    for (const std::string_view text :
         {"", "[]", "{}", "{\"meta\":1}", "{\"meta\":[{\"name\":\"a\",\"type\":\"X\"}],\"data\":[[]]}",
          "\xff"}) {
        const Result<ops::ResultTable> made = ops::render_table(text, 80);
        REQUIRE_FALSE(made);
        CHECK(made.error().message == "the engine's answer is not the JSON that was asked for");
    }
}

#include "ops/result_chart.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

std::string json(const std::string& meta, const std::string& data) {
    return R"({"meta": [)" + meta + R"(], "data": [)" + data + "]}";
}

std::string column(const std::string& name, const std::string& type) {
    return R"({"name": ")" + name + R"(", "type": ")" + type + "\"}";
}

ops::ResultChart chart(const std::string& text, std::size_t width = 60) {
    return ops::render_chart(text, width).value();
}

} // namespace

TEST_CASE("numbers over time are columns, one panel a number") {
    const auto drawn = chart(json(column("day", "Date") + "," + column("n", "UInt64"),
                                  R"(["2026-11-01","2"],["2026-11-02","4"],["2026-11-04","1"])"),
                             40);
    CHECK(drawn.rows == 3);
    CHECK(drawn.text == "n\n"
                        "4 ┤    ███\n"
                        "  │    ███\n"
                        "  │    ███\n"
                        "  │    ███\n"
                        "  │███ ███\n"
                        "  │███ ███\n"
                        "  │███ ███     ███\n"
                        "  │███ ███     ███\n"
                        "0 └────────────────\n"
                        "   2026-11-01  2026-11-04\n");
}

TEST_CASE("rows that share a moment are told apart by their name") {
    const auto drawn =
        chart(json(column("hour", "DateTime") + "," + column("kind", "LowCardinality(String)") + "," +
                       column("n", "Nullable(Float64)"),
                   R"(["2026-11-01 00:00:00","a",1],["2026-11-01 00:00:00","b",2],)"
                   R"(["2026-11-01 01:00:00","a",null],["2026-11-01 01:00:00","b",3])"));
    CHECK(drawn.fits());
    CHECK(drawn.text.starts_with("n, kind a\n1 ┤"));
    CHECK(drawn.text.find("\n\nn, kind b\n3 ┤") != std::string::npos);
}

TEST_CASE("more moments than columns are drawn as their means") {
    std::string data;
    for (int minute = 0; minute < 60; ++minute) {
        const std::string two = (minute < 10 ? "0" : "") + std::to_string(minute);
        data += std::string(minute == 0 ? "" : ",") + "[\"2026-11-01 00:" + two + ":00\", 5]";
    }
    const auto drawn = chart(json(column("at", "DateTime64(3)") + "," + column("n", "Int32"), data), 30);
    CHECK(drawn.text.find("5 ┤███████████████████████████\n") != std::string::npos);
}

TEST_CASE("numbers by name are bars, of the number that the rows are ordered by") {
    const auto drawn = chart(
        json(column("model", "String") + "," + column("calls", "UInt8") + "," + column("cost", "Float64"),
             R"(["long name",1,10],["b",2,5],["c",1,-2.5],[null,9,null])"),
        40);
    CHECK(drawn.text == "cost by model\n"
                        "long name  ████████████████████████ 10\n"
                        "b          ████████████ 5\n"
                        "c          ▒▒▒▒▒▒ -2.5\n"
                        "NULL       NULL\n");
}

TEST_CASE("a number that tells the rows apart names them") {
    const auto drawn =
        chart(json(column("hour", "UInt8") + "," + column("n", "UInt64"), R"([0,"1"],[1,"2"])"));
    CHECK(drawn.text.starts_with("n by hour\n0  "));
}

TEST_CASE("a result that is no chart says what it lacks") {
    CHECK(chart(json(column("n", "UInt8"), "")).unfit == "a chart needs rows, and there are none");
    CHECK(chart(json(column("s", "String"), R"(["x"])")).unfit ==
          "a chart needs numbers, and no column holds any");
    CHECK(chart(json(column("n", "UInt8") + "," + column("l", "Array(UInt8)"), "[1,[1]]")).unfit ==
          "a chart needs a time or a name beside its numbers, and no column holds one");
    CHECK_FALSE(ops::render_chart("oops", 80));
}

// What a definition is proposed to be, from events.
#include "events/checker.hpp"
#include "events/inference.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

events::Proposal proposed(const std::vector<std::string>& rows) {
    events::Inference inference;
    events::JsonRow row;
    for (const std::string& text : rows) {
        REQUIRE_FALSE(row.parse(text));
        inference.add(row);
    }
    return inference.propose("d");
}

// `type path default` of the only column.
std::string column_of(const std::vector<std::string>& values) {
    std::vector<std::string> rows;
    for (const std::string& value : values) {
        rows.push_back(value.empty() ? "{}" : "{\"v\":" + value + "}");
    }
    const events::Proposal proposal = proposed(rows);
    REQUIRE(proposal.datasource.columns.size() == 1);
    const model::Column& column = proposal.datasource.columns.front();
    return column.type + " " + column.json_path.value_or("") + " " + column.default_expression.value_or("-");
}

std::vector<std::string> repeated(const std::vector<std::string>& values, int times) {
    std::vector<std::string> all;
    for (int time = 0; time < times; ++time) {
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

std::string note_on(const events::Proposal& proposal, const std::string& column) {
    const auto found = proposal.notes.find(column);
    return found == proposal.notes.end() ? "" : found->second.front();
}

// Every row is taken by what is proposed from all of them.
void require_taken(const std::vector<std::string>& rows) {
    const events::Proposal proposal = proposed(rows);
    Diagnostics problems;
    const auto schema = events::EventSchema::compile(proposal.datasource, {}, {}, problems);
    REQUIRE(schema);
    events::EventChecker checker(*schema);
    for (const std::string& row : rows) {
        INFO(row);
        CHECK(checker.check(row).is_clean());
    }
}

} // namespace

TEST_CASE("whole numbers get the narrowest type that leaves room for a hundred times as much") {
    CHECK(column_of({"1", "2"}) == "UInt8 $.v -");
    CHECK(column_of({"2", "3"}) == "UInt16 $.v -");
    CHECK(column_of({"655"}) == "UInt16 $.v -");
    CHECK(column_of({"656"}) == "UInt32 $.v -");
    CHECK(column_of({"-1"}) == "Int8 $.v -");
    CHECK(column_of({"-1", "400"}) == "Int32 $.v -");
    CHECK(column_of({"0"}) == "UInt32 $.v -");
    CHECK(column_of({"18446744073709551615"}) == "UInt64 $.v -");
    CHECK(column_of({"18446744073709551616"}) == "UInt128 $.v -");
    CHECK(column_of({"1", "1.5"}) == "Float64 $.v -");
    CHECK(column_of({"1e3"}) == "Float64 $.v -");
    CHECK(column_of({"1e999"}) == "String $.v -");
}

TEST_CASE("texts are what all of them are") {
    CHECK(column_of({R"("a")"}) == "String $.v -");
    CHECK(column_of({R"("2025-06-18")"}) == "Date $.v -");
    CHECK(column_of({R"("1925-06-18")"}) == "Date32 $.v -");
    CHECK(column_of({R"("1850-06-18")"}) == "String $.v -");
    CHECK(column_of({R"("9999-12-31 23:59:59")"}) == "String $.v -");
    CHECK(column_of({R"("2263-01-01 00:00:00.123456789")"}) == "String $.v -");
    CHECK(column_of({R"("2025-06-18T09:12:03Z")"}) == "DateTime $.v -");
    CHECK(column_of({R"("2025-06-18T09:12:03Z")", R"("2125-06-18T09:12:03Z")"}) == "DateTime64(3) $.v -");
    CHECK(column_of({R"("2025-06-18T09:12:03.411Z")"}) == "DateTime64(3) $.v -");
    CHECK(column_of({R"("2025-06-18 09:12:03.123456")"}) == "DateTime64(6) $.v -");
    CHECK(column_of({R"("2025-06-18 09:12:03")", R"("2025-06-18")"}) == "String $.v -");
    CHECK(column_of({R"("2025-06-18 09:12:03")", R"("")"}) == "String $.v -");
    CHECK(column_of({R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")"}) == "UUID $.v -");
    CHECK(column_of({R"("61f0c404\u002d5cb3-11e7-907b-a6006ad3dba0")"}) == "UUID $.v -");
    CHECK(column_of({R"("12")"}) == "String $.v -");
    CHECK(column_of({"true", "false"}) == "Bool $.v -");
}

TEST_CASE("Nullable and LowCardinality come on evidence only") {
    CHECK(column_of({"1", "null"}) == "Nullable(UInt8) $.v -");
    CHECK(column_of({"1", ""}) == "Nullable(UInt8) $.v -");
    CHECK(column_of(repeated({R"("a")", R"("b")"}, 50)) == "LowCardinality(String) $.v -");
    CHECK(column_of(repeated({R"("a")", R"("b")", "null"}, 50)) == "LowCardinality(Nullable(String)) $.v -");
    CHECK(column_of(repeated({R"("a")", R"("b")"}, 49)) == "String $.v -");
    std::vector<std::string> many;
    for (int word = 0; word < 100; ++word) {
        many.push_back("\"" + std::to_string(word) + "x\"");
    }
    CHECK(column_of(repeated(many, 19)) == "String $.v -");
    CHECK(column_of(repeated(many, 20)) == "LowCardinality(String) $.v -");
}

TEST_CASE("arrays, their objects' fields and maps have paths and defaults of their own") {
    CHECK(column_of({"[1,2]", "[]"}) == "Array(UInt8) $.v[:] -");
    CHECK(column_of({R"(["a",null])"}) == "Array(Nullable(String)) $.v[:] -");
    CHECK(column_of({"[1]", ""}) == "Array(UInt8) $.v[:] []");
    CHECK(column_of({"[]"}) == "Array(String) $.v[:] -");
    CHECK(column_of({"[[1],[2]]"}) == "String $.v -");
    CHECK(column_of({R"([1,"a"])"}) == "String $.v -");
    CHECK(column_of({R"({"a":1})", R"({"a":2})"}) == "UInt8 $.v.a -");
    CHECK(column_of({R"([{"a":1},{"a":2}])"}) == "Array(UInt8) $.v[:].a -");
    CHECK(column_of({R"([{"a":1},{}])"}) == "Array(Nullable(UInt8)) $.v[:].a -");
    CHECK(column_of({"{}"}) == "String $.v -");
    std::string crowd = "{";
    for (int key = 0; key < 100; ++key) {
        crowd += (key == 0 ? "\"k" : ",\"k") + std::to_string(key) + "\":1";
    }
    CHECK(column_of({crowd + "}"}) == "Map(String, UInt8) $.v -");
    CHECK(column_of({crowd + "}", ""}) == "Map(String, UInt8) $.v map()");
    CHECK(column_of({crowd + ",\"z\":\"a\"}"}) == "String $.v -");
}

TEST_CASE("what is doubtful is said") {
    CHECK(note_on(proposed({R"({"v":1})", R"({"v":"a"})", R"({"v":[]})"}), "v") ==
          "1 text, 1 number, 1 array: only a text holds them all");
    CHECK(note_on(proposed({R"({"v":null})"}), "v") == "only null was seen: the type is a guess");
    CHECK(note_on(proposed({R"({"v":1767225600})"}), "v") ==
          "perhaps seconds since 1970; a DateTime is sent as a text");
    CHECK(note_on(proposed({R"({"v":1767225600123})"}), "v") ==
          "perhaps milliseconds since 1970; a DateTime is sent as a text");
    CHECK(note_on(proposed({R"({"v":"7"})"}), "v") == "all texts are whole numbers");
}

TEST_CASE("columns are named by their keys, each once, and keys are sorted by words and time") {
    std::vector<std::string> rows;
    for (int row = 0; row < 100; ++row) {
        rows.emplace_back(
            R"({"a":{"b":1},"a_b":2,"a b":3,"7":4,"kind":"x","at":"2025-06-18 09:12:03","at":5})");
    }
    const events::Proposal proposal = proposed(rows);
    std::string names;
    for (const model::Column& column : proposal.datasource.columns) {
        names += column.name + " " + column.json_path.value_or("") + "; ";
    }
    CHECK(names == "a_b $.a.b; a_b_2 $.a_b; a_b_3 $.['a b']; _7 $.7; kind $.kind; at $.at; ");
    CHECK(proposal.datasource.engine.sorting_key == "kind, at");
    CHECK(proposal.datasource.engine.partition_key == "toYYYYMM(at)");
    CHECK(proposed({R"({"v":1})"}).datasource.engine.sorting_key == "tuple()");
}

TEST_CASE("a proposal takes the events it was made of") {
    require_taken(
        {R"({"id":"a","n":1,"f":0.5,"at":"2025-06-18T09:12:03.411Z","list":[1,-2],"o":{"p":{"q":-5}}})",
         R"({"id":"b","n":70000,"f":2,"at":"2025-06-18 09:12:03","list":[],"o":{"p":null}})",
         R"({"id":7,"n":-3,"f":1e-9,"items":[{"name":"y","price":1},{"name":null}]})",
         R"({"id":{"x":1},"n":null,"extra":{"deep":[{"a":[1]}]},"b":true,"u":"\ud83d\ude80"})"});
}

TEST_CASE("a flood of keys is bounded") {
    events::Inference inference;
    events::JsonRow row;
    for (int number = 0; number < 5'000; ++number) {
        const std::string text =
            "{\"key" + std::to_string(number) + "\":1}"; // the row's values are views into it
        REQUIRE_FALSE(row.parse(text));
        inference.add(row);
    }
    const events::Proposal proposal = inference.propose("d");
    CHECK(proposal.datasource.columns.size() == 2'000);
    CHECK_FALSE(proposal.complete);
}

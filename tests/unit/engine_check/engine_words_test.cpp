#include "ops/engine_words.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using ops::engine_words;
using ops::EngineWords;

namespace {

EngineWords words_of(const std::string& said) {
    const std::optional<EngineWords> words =
        engine_words(Error{ExitCode::Failed, "the engine refused: " + said, {}});
    REQUIRE(words);
    return *words;
}

} // namespace

TEST_CASE("what is no refusal has no words") {
    CHECK_FALSE(engine_words(Error{ExitCode::Failed, "the engine gave no answer", {}}));
}

TEST_CASE("words keep the code and lose the scope") {
    const EngineWords words =
        words_of("Unknown expression identifier `price` in scope SELECT price FROM shop.events. "
                 "Maybe you meant: ['prices', 'prize'] (47 UNKNOWN_IDENTIFIER)");
    CHECK(words.text == "Unknown expression identifier `price` (47 UNKNOWN_IDENTIFIER)");
    CHECK(words.code == "UNKNOWN_IDENTIFIER");
    CHECK(words.names == std::vector<std::string>{"price"});
    CHECK(did_you_mean(words) == "did you mean `prices`, `prize`?");
}

TEST_CASE("words lose what the engine was doing") {
    CHECK(words_of("Missing columns: 'c' while processing: 'c', required columns: 'c', available columns: "
                   "'a' (47 X)")
              .text == "Missing columns: 'c' (47 X)");
    CHECK(words_of("Illegal type String of argument of function toYYYYMM. Should be Date: While processing "
                   "toYYYYMM(a) (43 X)")
              .text == "Illegal type String of argument of function toYYYYMM. Should be Date (43 X)");
    CHECK(words_of("Cannot convert string 'x' to type Int64: while executing function equals on arguments "
                   "__table1.v Int64 (53 TYPE_MISMATCH)")
              .text == "Cannot convert string 'x' to type Int64 (53 TYPE_MISMATCH)");
}

TEST_CASE("words know the position, from 0") {
    const EngineWords words =
        words_of("Syntax error: failed at position 68 (AND): AND 1) AS a (62 SYNTAX_ERROR)");
    CHECK(words.position == std::size_t{67});
    CHECK(words.text == "Syntax error (62 SYNTAX_ERROR)");
    CHECK_FALSE(words_of("failed at position 0").position);
    CHECK_FALSE(words_of("failed at position 99999999999999999999999").position);
}

TEST_CASE("functions are named without quotes") {
    CHECK(words_of("Illegal type String of argument for aggregate function sum (43 X)").names ==
          std::vector<std::string>{"sum"});
    CHECK(
        words_of("Aggregate function sum(v) AS v is found inside another aggregate function (184 X)").names ==
        std::vector<std::string>{"sum"});
    CHECK(words_of("argument for aggregate function with Merge suffix (43 X)").names.empty());
}

TEST_CASE("words without any of it are kept as they are") {
    for (const std::string said :
         {"", "`", "'unclosed", "(47)", " (", "()", "Maybe you meant: [", "function "}) {
        CHECK(words_of(said).names.empty());
    }
    CHECK(words_of("Something (else)").text == "Something (else)");
}

TEST_CASE("a name is found as a name, not as letters") {
    const std::string sql = "SELECT id, e.id, `id`, 'id', idx FROM events AS e";
    const auto places = ops::find_name(sql, "id");
    REQUIRE(places.size() == 4);
    CHECK(sql.substr(places[2].begin, places[2].end - places[2].begin) == "`id`");
    REQUIRE(ops::find_name(sql, "e.id").size() == 1);
    CHECK(ops::find_name(sql, "e.id")[0].begin == 11);
    CHECK(ops::find_name(sql, "a..b").empty());
    CHECK(ops::find_name("", "id").empty());
}

#include "syntax/datafile_words.hpp"

#include <catch2/catch.hpp>

using birdhouse::syntax::split_words;
using birdhouse::syntax::unquoted_value;

namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
    const auto split = split_words(line);
    REQUIRE(split.has_value());
    return split->words;
}

} // namespace

TEST_CASE("a line splits into words at blanks") {
    CHECK(words_of("") == Words{});
    CHECK(words_of(" \t ") == Words{});
    CHECK(words_of("TOKEN reader READ") == Words{"TOKEN", "reader", "READ"});
    CHECK(words_of("\tSQL  >\r") == Words{"SQL", ">"});
    CHECK(words_of("a\u00A0b") == Words{"a\u00A0b"});
}

TEST_CASE("a quote opens a word only at its start and ends it at the closing quote") {
    CHECK(words_of("\"a b\"READ") == Words{"\"a b\"", "READ"});
    CHECK(words_of("'a' \"b\"") == Words{"'a'", "\"b\""});
    CHECK(words_of("Don't x=\"a b\"") == Words{"Don't", "x=\"a", "b\""});
    CHECK(words_of("\"it's\"") == Words{"\"it's\""});
    CHECK(words_of("\"\"") == Words{"\"\""});
}

TEST_CASE("a hash starts a comment, also inside a word, but not inside quotes") {
    CHECK(words_of("KAFKA_TOPIC foo#bar") == Words{"KAFKA_TOPIC", "foo"});
    CHECK(words_of("# all of it") == Words{});
    CHECK(words_of("A \"#1\" # two") == Words{"A", "\"#1\""});
    CHECK(split_words("A \"#1\" # two")->comment == "# two");
}

TEST_CASE("a line with an open quote does not split") {
    CHECK(!split_words("DESCRIPTION 'tis here").has_value());
    CHECK(!split_words("\"").has_value());
    CHECK(split_words("a # 'tis a comment").has_value());
}

TEST_CASE("a value loses one quote at each end, of whichever kind") {
    CHECK(unquoted_value({"\"a b\""}) == "a b");
    CHECK(unquoted_value({"'a',", "\"b\""}) == "a', \"b");
    CHECK(unquoted_value({"\"\""}).empty());
    CHECK(unquoted_value({"\""}) == "\"");
    CHECK(unquoted_value({}).empty());
}

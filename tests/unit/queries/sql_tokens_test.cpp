#include "support/golden.hpp"
#include "syntax/sql_tokens.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

namespace {

using Kind = SqlTokenKind;

// The significant tokens as text, with a mark for those that are not plain words and symbols.
std::vector<std::string> read(std::string_view sql) {
    std::vector<std::string> out;
    for (const SqlToken& token : tokenize_sql(sql)) {
        if (!is_significant(token)) {
            continue;
        }
        constexpr std::string_view kMarks = "  wqnsp.?"; // in the order of the kinds
        out.push_back(std::string(1, kMarks[static_cast<std::size_t>(token.kind)]) + " " +
                      std::string(text_of(token, sql)) + (token.closed ? "" : " (open)"));
    }
    return out;
}

void check_tiles(std::string_view sql) {
    std::string joined;
    for (const SqlToken& token : tokenize_sql(sql)) {
        REQUIRE(token.begin == joined.size());
        REQUIRE(token.end > token.begin);
        joined += text_of(token, sql);
    }
    CHECK(joined == sql);
}

using Tokens = std::vector<std::string>;

} // namespace

TEST_CASE("words, numbers and operators are told apart") {
    CHECK(read("SELECT a.b, 1.5e-3+x::UInt8 FROM t") == Tokens{"w SELECT", "w a", ". .", "w b", ". ,",
                                                               "n 1.5e-3", ". +", "w x", ". ::", "w UInt8",
                                                               "w FROM", "w t"});
    CHECK(read("a<=>b <> c != d == e || f -> g") == Tokens{"w a", ". <=>", "w b", ". <>", "w c",
                                                           ". !=", "w d", ". ==", "w e", ". ||", "w f",
                                                           ". ->", "w g"});
    CHECK(read("1_000 0x1F .5 1. t.1.2 (x).1") == Tokens{"n 1_000", "n 0x1F", "n .5", "n 1.", "w t", ". .",
                                                         "n 1", ". .", "n 2", ". (", "w x", ". )", ". .",
                                                         "n 1"});
    CHECK(read("1e-x 2--1") == Tokens{"n 1e", ". -", "w x", "n 2"});
}

TEST_CASE("texts and names close at their own quote only") {
    CHECK(read(R"('it''s' 'a\'b' "x""y" `p``q` `r\`s`)") ==
          Tokens{"s 'it''s'", R"(s 'a\'b')", R"(q "x""y")", "q `p``q`", R"(q `r\`s`)"});
    CHECK(read("‘a’ “b” c") == Tokens{"s ‘a’", "q “b”", "w c"});
    CHECK(read("'ab") == Tokens{"s 'ab (open)"});
    CHECK(read("'ab\\") == Tokens{"s 'ab\\ (open)"});
    CHECK(read("`a b") == Tokens{"q `a b (open)"});
}

TEST_CASE("a heredoc ends at its own tag") {
    CHECK(read("$a$ it's $b$ x $a$, $$y$$") == Tokens{"s $a$ it's $b$ x $a$", ". ,", "s $$y$$"});
    CHECK(read("$a$ never closed") == Tokens{"w $a$", "w never", "w closed"});
}

TEST_CASE("comments nest and say nothing") {
    CHECK(read("1 /* a /* b */ + 2 */ -- c\n# d\n#! e\n3") == Tokens{"n 1", "n 3"});
    CHECK(read("1 /* a /* b */") == Tokens{"n 1"});
    CHECK_FALSE(tokenize_sql("1 /* a /* b */").back().closed);
    CHECK(read("#c") == Tokens{"? #", "w c"});
}

TEST_CASE("a bound parameter is one token and a map literal is not") {
    CHECK(read("{a:String} { b : Array(DateTime64(3, 'UTC')) } {'k': 1} {a:{b}") ==
          Tokens{"p {a:String}", "p { b : Array(DateTime64(3, 'UTC')) }", ". {", "s 'k'", ". :", "n 1", ". }",
                 ". {", "w a", ". :", ". {", "w b", ". }"});
}

TEST_CASE("a name loses its quotes and escapes") {
    const auto name = [](std::string_view sql) { return name_of(tokenize_sql(sql).front(), sql); };
    CHECK(name("abc") == "abc");
    CHECK(name("`a``b`") == "a`b");
    CHECK(name(R"("a\"b")") == "a\"b");
    CHECK(name("“a b”") == "a b");
    CHECK(name("``") == "");
    CHECK(quoted_sql_name("a`b") == R"(`a\`b`)");
    CHECK(quoted_sql_string(R"(it's \ )") == R"('it\'s \\ ')");
    CHECK(name(quoted_sql_name("we`ird\\name")) == "we`ird\\name");
}

TEST_CASE("tokens tile any text") {
    for (const std::string text :
         {"", " ", "'", "\\", "\xff\xfe", "a\0b", "$", "$$", "{", "{a", "{a:", "--", "/*", "é'ü", "…x"}) {
        check_tiles(text);
    }
    check_tiles(std::string_view("a\0'b", 4));
    for (const auto& input : birdhouse::testing::golden_inputs("queries")) {
        check_tiles(birdhouse::testing::read_text(input));
    }
    std::mt19937 random(7);
    constexpr std::string_view kLetters = "ab1.'`\"$ \n-/*#{}:()\\e+\xE2\x80\x98\x99;,";
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (std::size_t length = random() % 40; length > 0; --length) {
            text += kLetters[random() % kLetters.size()];
        }
        check_tiles(text);
    }
}

// Not timed: searched in squared time these would not end within the patience of anybody.
TEST_CASE("a text made to be searched again and again is cut into tokens") {
    std::string heredocs;
    std::string parameters;
    std::string comments;
    for (int i = 0; i < 100'000; ++i) {
        heredocs += "$a" + std::to_string(i) + "$ ";
        parameters += "{a:";
        comments += "/*";
    }
    CHECK_FALSE(tokenize_sql(heredocs).empty());
    CHECK_FALSE(tokenize_sql(parameters).empty());
    CHECK_FALSE(tokenize_sql(comments).empty());
}

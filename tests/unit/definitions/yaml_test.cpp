#include "base/files.hpp"
#include "syntax/yaml.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using syntax::ScalarStyle;
using syntax::YamlNode;

namespace {

struct Parsed {
    SourceMap sources;
    Diagnostics problems;
    std::optional<YamlNode> root;

    explicit Parsed(std::string text) {
        root = syntax::parse_yaml(sources.add("file.yaml", std::move(text)), sources, problems);
    }
    std::string_view slice(Span span) const { return sources.slice(span); }
    const YamlNode& value(std::string_view key) const { return *syntax::find_value(*root, key); }
    // The codes of the problems, in order.
    std::string codes() const {
        std::string out;
        for (const Diagnostic& problem : problems.all()) {
            out += (out.empty() ? "" : " ") + std::string(problem.code->id);
        }
        return out;
    }
};

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

} // namespace

TEST_CASE("a span marks exactly the scalar, whatever its style") {
    const Parsed yaml("plain: é two words # note\nfolded: one\n  two\nsingle: 'it''s'\ndouble: \"a\\\"b\" # "
                      "note\nflow: {a: [x , 'y'], b: }\n");
    REQUIRE(yaml.problems.empty());
    CHECK(yaml.slice(yaml.value("plain").span) == "é two words");
    CHECK(yaml.slice(yaml.value("folded").span) == "one\n  two");
    CHECK(yaml.value("folded").text == "one two");
    CHECK(yaml.slice(yaml.value("single").span) == "'it''s'");
    CHECK(yaml.value("single").text == "it's");
    CHECK(yaml.slice(yaml.value("double").span) == "\"a\\\"b\"");
    const YamlNode& flow = yaml.value("flow");
    CHECK(yaml.slice(flow.span) == "{a: [x , 'y'], b: }");
    CHECK(yaml.slice(flow.entries[0].value.span) == "[x , 'y']");
    CHECK(yaml.slice(flow.entries[0].value.items[1].span) == "'y'");
    CHECK(yaml.slice(flow.entries[1].value.span) == "b");
}

TEST_CASE("a literal block knows where each of its lines begins") {
    const Parsed yaml("sql: |\r\n    SELECT é,\r\n\r\n      two\r\nnext: 1\r\n");
    const YamlNode& sql = yaml.value("sql");
    CHECK(sql.style == ScalarStyle::Literal);
    CHECK(sql.text == "SELECT é,\n\n  two\n");
    CHECK(yaml.slice(sql.span) == "|\r\n    SELECT é,\r\n\r\n      two");
    REQUIRE(sql.line_begins.size() == 4);
    CHECK(yaml.sources.locate(sql.span.source, sql.line_begins[0]) == LineColumn{2, 5});
    CHECK(yaml.sources.locate(sql.span.source, sql.line_begins[2]) == LineColumn{4, 5});
    CHECK(yaml.slice(syntax::place_in(sql, yaml.sources, sql.text.find("two"), 3)) == "two");
    CHECK(yaml.slice(syntax::place_in(sql, yaml.sources, 7, 2)) == "é");
}

TEST_CASE("a part of a scalar is placed exactly only where source and text agree") {
    const Parsed yaml("quoted: \"one two\"\nescaped: \"one\\ttwo\"\nplain: one two\n");
    CHECK(yaml.slice(syntax::place_in(yaml.value("quoted"), yaml.sources, 4, 3)) == "two");
    CHECK(yaml.slice(syntax::place_in(yaml.value("plain"), yaml.sources, 4, 99)) == "two");
    CHECK(yaml.slice(syntax::place_in(yaml.value("escaped"), yaml.sources, 4, 3)) == "\"one\\ttwo\"");
}

TEST_CASE("an absent value is marked at its key, whatever follows it") {
    for (const std::string_view next : {"nullable: true", "null: 1", "~ : 1", "Null : 1", "b: 1"}) {
        const Parsed yaml("a:\n" + std::string(next) + "\n");
        REQUIRE(yaml.problems.empty());
        CHECK(yaml.value("a").is_null());
        CHECK(yaml.value("a").text.empty());
        CHECK(yaml.slice(yaml.value("a").span) == "a");
        CHECK(yaml.root->entries.size() == 2);
    }
    const Parsed list("- a\n-\n- b\n");
    CHECK(list.slice(list.root->items.at(1).span) == "-");
    CHECK(list.root->items.at(1).span.begin == 4);
}

TEST_CASE("a null keeps the word it was written with") {
    const Parsed yaml("a: null\nb: ~ # note\nc: {d: Null, e: NULL}\nnull: x\n");
    CHECK(yaml.value("a").text == "null");
    CHECK(yaml.value("b").text == "~");
    CHECK(yaml.value("c").entries[0].value.text == "Null");
    CHECK(yaml.value("c").entries[1].value.text == "NULL");
    CHECK(yaml.value("null").text == "x");
}

TEST_CASE("a byte order mark shifts no place") {
    const Parsed yaml("\xEF\xBB\xBFname: shop\n");
    CHECK(yaml.slice(yaml.value("name").span) == "shop");
}

TEST_CASE("an alias is the value it names, at the place where that stands") {
    const Parsed yaml("a: &x {k: [1, 2]}\nb: *x\nc: &y text\nd: *y\n");
    REQUIRE(yaml.problems.empty());
    CHECK(yaml.value("b").entries[0].value.items[1].text == "2");
    CHECK(yaml.slice(yaml.value("d").span) == "text");
}

TEST_CASE("what is no tree is refused with its code") {
    CHECK(Parsed("").codes() == "F003");
    CHECK(Parsed("---\n").codes() == "F003");
    CHECK(Parsed("a: [").codes() == "F004");
    CHECK(Parsed("a: \"b").codes() == "F004");
    CHECK(Parsed("a: 'it''s").codes() == "F004");
    CHECK(Parsed(std::string("a: \0b", 5)).codes() == "F001");
    CHECK(Parsed("a: \xC3").codes() == "F001");
    CHECK(Parsed("\xFF\xFE"
                 "a")
              .codes() == "F001");
    CHECK(Parsed("a:\n\tb: 1\n").codes() == "F005");
    CHECK(Parsed("a: 1\na: 2\n\"a\": 3\n").codes() == "F006 F006");
    CHECK(Parsed("a: 1\n---\nb: 2\n").codes() == "F009");
    CHECK(Parsed("- 1\na: 2\n").codes() == "F004");
    CHECK(Parsed("a: &x [*x]\n").codes() == "F004");
    CHECK(Parsed("a: !!int 3\n").codes() == "F011");
    CHECK(Parsed("%YAML 1.2\n---\na: 1\n").codes().empty());
}

TEST_CASE("tabs inside of texts and between words are no indentation") {
    CHECK(Parsed("a: |\n  \tx\nb: \"x\n\ty\"\nc:\t1 \t# d\n").codes().empty());
}

TEST_CASE("the deepest tree is 64 collections, counted through aliases") {
    CHECK(Parsed(repeated("[", 64) + repeated("]", 64)).codes().empty());
    CHECK(Parsed(repeated("[", 65) + repeated("]", 65)).codes() == "F007");
    const std::string half = "a: &x " + repeated("[", 32) + repeated("]", 32) + "\n";
    CHECK(Parsed(half + "b: " + repeated("[", 31) + "*x" + repeated("]", 31)).codes().empty());
    CHECK(Parsed(half + "b: " + repeated("[", 32) + "*x" + repeated("]", 32)).codes() == "F007");
}

// None of these would end if the work grew with the square of the text.
TEST_CASE("hostile texts come back with an error") {
    for (const std::string_view opening : {"[", "{", "- ", "a: [", "? ", "{a: "}) {
        CHECK(Parsed(repeated(opening, 200'000)).codes() == "F007");
    }
    const std::string anchored = "a: &a " + std::string(1'000'000, 'x') + "\n";
    CHECK(Parsed(anchored + "b: [" + repeated("*a, ", 1'000) + "]\n").codes() == "F008");
    CHECK(Parsed(repeated("k: 1\n", 90'000)).codes().starts_with("F006 F006"));
}

TEST_CASE("a file over 16 MiB is refused before it is parsed") {
    CHECK(Parsed(std::string(kLargestTextFile + 1, '\n')).codes() == "F008");
}

TEST_CASE("plain words are read as the core schema reads them") {
    for (const std::string_view number :
         {"0", "-1", "+2", "1.5", ".5", "1.", "1e9", "-1.5E-3", "0x1F", "0o17", ".inf", "-.INF", ".nan"}) {
        CHECK(syntax::reads_as_number(number));
    }
    for (const std::string_view text :
         {"", "-", ".", "1d", "1e", "0x", "0xG", "1 2", "--1", "e9", "1_000", "12:30"}) {
        CHECK_FALSE(syntax::reads_as_number(text));
    }
    CHECK(syntax::reads_as_boolean("True"));
    CHECK_FALSE(syntax::reads_as_boolean("yes"));
    CHECK(syntax::reads_as_null("~"));
    CHECK_FALSE(syntax::reads_as_null("none"));
}

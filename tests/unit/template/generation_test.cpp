#include "syntax/generation.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::syntax;

namespace {

struct Generated {
    std::optional<std::string> text;
    std::string problems;
    friend bool operator==(const Generated&, const Generated&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Generated& generated) {
        return out << (generated.text ? "text " + *generated.text : "none") << " problems "
                   << generated.problems;
    }
};

Generated generate(const std::string& text,
                   const std::vector<std::pair<std::string, std::string>>& variables) {
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId id = sources.add("status.tmpl", text);
    auto out = render_generation(sources, sources.whole(id), variables, diagnostics);
    return {std::move(out), render_text(diagnostics, sources)};
}

Generated generate_file(const std::string& text, const Value& variables) {
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId id = sources.add("status.tmpl", text);
    const auto tree = parse_template(sources, sources.whole(id), TemplateDialect::Generation, diagnostics);
    auto out = tree ? render_generation(sources, *tree, variables, diagnostics) : std::nullopt;
    return {std::move(out), render_text(diagnostics, sources)};
}

} // namespace

TEST_CASE("a text without tags comes back as it is") {
    CHECK(generate("a < b {{x}} {% if %}", {{"x", "1"}}) == Generated{"a < b {{x}} {% if %}", ""});
}

TEST_CASE("variables stand as they are, and pipe tags are left for later") {
    CHECK(generate("SELECT {{Int32(n, << n >>)}} AS <<name>>, '<<quote>>'",
                   {{"n", "7"}, {"name", "it's"}, {"quote", "\""}}) ==
          Generated{"SELECT {{Int32(n, 7)}} AS it's, '\"'", ""});
}

TEST_CASE("a statement or comment alone on its line disappears with the line") {
    CHECK(generate("a\n  <% if kind == 'http' %>  \n  b\n  <# note\n over two lines #>\n<% else %>\nc\n<% "
                   "end %>\nd <% set x = 1 %>\ne\n",
                   {{"kind", "http"}}) == Generated{"a\n  b\nd \ne\n", ""});
    CHECK(generate("<% set x = 1 %>\r\na<< x >>\r\n<% set y = 2 %>", {{"kind", ""}}) ==
          Generated{"a1\r\n", ""});
}

TEST_CASE("nested data can be walked, joined and indented") {
    const Value variables = make_dict(
        {{make_text("columns"), make_list({make_dict({{make_text("name"), make_text("id")},
                                                      {make_text("type"), make_text("UInt64")}}),
                                           make_dict({{make_text("name"), make_text("at")},
                                                      {make_text("type"), make_text("DateTime")}})})},
         {make_text("sql"), make_text("SELECT 1\nFROM t\n\nLIMIT 1")},
         {make_text("on"), make_bool(true)},
         {make_text("ratio"), make_float(0.5)}});
    CHECK(generate_file("<% for i, c in enumerate(columns) %>\n    `<< c['name'] >>` << c['type'] >><% if i "
                        "+ 1 < len(columns) %>,<% end %>\n<% end %>\n"
                        "    << indent(sql, 4) >>\n<< join([c['name'] for c in columns]) >> << on >> << "
                        "ratio >> << upper('x') >>\n",
                        variables) == Generated{"    `id` UInt64,\n    `at` DateTime\n    SELECT 1\n    FROM "
                                                "t\n\n    LIMIT 1\nid, at true 0.5 X\n",
                                                ""});
}

TEST_CASE("an unknown name is an error with the nearest known one") {
    CHECK(generate("a\n  << widow >>", {{"window", "1d"}}) ==
          Generated{std::nullopt, "status.tmpl:2:6: error[T010]: the name `widow` is not known here\n"
                                  "2 |   << widow >>\n"
                                  "  |      ^^^^^\n"
                                  "  = help: did you mean `window`?\n"});
}

TEST_CASE("none and lists cannot be written") {
    CHECK(generate("<< None >>", {}) ==
          Generated{std::nullopt,
                    "status.tmpl:1:4: error[T011]: the value is none and cannot be written: `None`\n"
                    "1 | << None >>\n"
                    "  |    ^^^^\n"
                    "  = help: print a text or a number; join(items, ', ') makes a text of a list\n"});
    CHECK(generate("<< [1, 2] >>", {})
              .problems.starts_with(
                  "status.tmpl:1:4: error[T011]: the value is a list and cannot be written: `[1, 2]`\n"));
}

TEST_CASE("a tag that is never closed is shown where it opens") {
    CHECK(generate("a << b", {{"b", "1"}}) == Generated{std::nullopt,
                                                        "status.tmpl:1:3: error[T001]: `<<` is never closed\n"
                                                        "1 | a << b\n"
                                                        "  |   ^^\n"
                                                        "  = help: close the tag with `>>`\n"});
}

#include "base/diagnostic.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

constexpr Code kDuplicate{"F012", Severity::Error, "a column is declared twice"};
constexpr Code kOdd{"F013", Severity::Warning, "odd"};

} // namespace

TEST_CASE("a diagnostic shows its place, both labels and the mend") {
    SourceMap sources;
    const SourceId id = sources.add("datasources/events.datasource",
                                    "SCHEMA >\n    `id` UInt64,\n    `at` DateTime,\n    `id` String\n");
    Diagnostic diagnostic{&kDuplicate,
                          "column `id` is declared twice",
                          {{{id, 49, 53}, "declared again here"}, {{id, 13, 17}, "first declared here"}},
                          "rename one of the two, or delete the second"};
    CHECK(render_text(diagnostic, sources) ==
          "datasources/events.datasource:4:5: error[F012]: column `id` is declared twice\n"
          "4 |     `id` String\n"
          "  |     ^^^^ declared again here\n"
          "2 |     `id` UInt64,\n"
          "  |     ^^^^ first declared here\n"
          "  = help: rename one of the two, or delete the second\n");
}

TEST_CASE("columns count code points and a label in another file names it") {
    SourceMap sources;
    const SourceId first = sources.add("a.yaml", "é: x\n");
    const SourceId second = sources.add("b.yaml", "y\n");
    Diagnostic diagnostic{&kOdd, "odd", {{{first, 4, 5}, "here"}, {{second, 0, 1}, "and there"}}, ""};
    CHECK(render_text(diagnostic, sources) == "a.yaml:1:4: warning[F013]: odd\n"
                                              "1 | é: x\n"
                                              "  |    ^ here\n"
                                              "b.yaml:1:1:\n"
                                              "1 | y\n"
                                              "  | ^ and there\n");
}

TEST_CASE("a very long line is cut round the place") {
    SourceMap sources;
    const SourceId id = sources.add("long", std::string(100000, 'a') + "!" + std::string(100000, 'b'));
    Diagnostics diagnostics;
    diagnostics.add(kOdd, {id, 100000, 100001}, "odd");
    const std::string text = render_text(diagnostics, sources);
    CHECK(text.size() < 600);
    const std::size_t mark = text.find('^') - text.rfind('\n', text.find('^'));
    const std::size_t bang = text.find('!') - text.rfind('\n', text.find('!'));
    CHECK(mark == bang);
}

TEST_CASE("diagnostics come sorted by file and place, and errors are counted") {
    SourceMap sources;
    const SourceId b = sources.add("b", "12345");
    const SourceId a = sources.add("a", "12345");
    Diagnostics diagnostics;
    diagnostics.add(kOdd, {b, 0, 1}, "third");
    diagnostics.add(kDuplicate, {a, 3, 4}, "second");
    diagnostics.add(kOdd, {a, 1, 2}, "first");
    const std::vector<Diagnostic> sorted = diagnostics.sorted(sources);
    CHECK(sorted[0].message == "first");
    CHECK(sorted[1].message == "second");
    CHECK(sorted[2].message == "third");
    CHECK(diagnostics.errors() == 1);
    CHECK(diagnostics.warnings() == 2);
}

TEST_CASE("places behind the end of a text and empty texts are harmless") {
    SourceMap sources;
    const SourceId empty = sources.add("empty", "");
    CHECK(sources.locate(empty, 0) == LineColumn{1, 1});
    CHECK(sources.locate(empty, 99) == LineColumn{1, 1});
    CHECK(sources.slice({empty, 5, 9}).empty());
    CHECK(sources.line(empty, 7).empty());
    Diagnostics diagnostics;
    diagnostics.add(kDuplicate, {empty, 0, 0}, "empty");
    CHECK(render_text(diagnostics, sources) == "empty:1:1: error[F012]: empty\n1 | \n  | ^\n");
}

#include "syntax/template.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::syntax;

TEST_CASE("every byte of the output leads back to its source") {
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId id =
        sources.add("p.pipe", "NODE n\nSQL >\n  %SELECT {{Int8(a, 1)}}, x{% if 1 %} FROM t{% end %}");
    const Span text{id, 16, static_cast<std::uint32_t>(sources.text(id).size())};
    const auto tree = parse_template(sources, text, TemplateDialect::Query, diagnostics);
    REQUIRE(tree);
    const auto result = render(*tree, {});
    const auto& rendered = std::get<Rendered>(result);
    REQUIRE(rendered.text == "SELECT toInt8('1'), x FROM t");
    const auto source_at = [&](std::size_t offset) {
        return std::string(sources.slice(rendered.locate(*tree, offset)));
    };
    CHECK(source_at(0) == "S");
    CHECK(source_at(7) == "{{Int8(a, 1)}}");
    CHECK(source_at(17) == "{{Int8(a, 1)}}");
    CHECK(source_at(20) == "x");
    CHECK(source_at(27) == "t");
    CHECK(sources.locate(id, rendered.locate(*tree, 27).begin).line == 3);
    CHECK(source_at(1000).empty());
}

TEST_CASE("a failure stands at the innermost expression") {
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId id = sources.add("p.pipe", "SELECT 1\n, {{Int8('5') + Int8(a)}}");
    const auto tree = parse_template(sources, sources.whole(id), TemplateDialect::Query, diagnostics);
    const auto result = render(*tree, {});
    const auto& error = std::get<TemplateError>(result);
    CHECK(sources.slice(error.span) == "Int8(a)");
    CHECK(error.line == 2);
}

// Shapes of templates that take a text from a request, each with what the query looks like for a harmless
// one: whatever is sent, the query keeps its shape. Shared by the fuzz target, which holds the tokens against
// each other, and by a test that asks the engine's own parser.
#pragma once

#include "syntax/sql_tokens.hpp"
#include "syntax/template.hpp"
#include "syntax/value.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::testing {

struct QueryShape {
    std::string_view text;
    std::string_view harmless; // a value that every use in the text takes
};

// Not here, because they print as Python prints, whoever asks: a list that is printed directly, and table(),
// which Tinybird does not quote.
inline constexpr auto kQueryShapes = std::to_array<QueryShape>({
    {"SELECT {{v}} AS a FROM t WHERE b = 1", "x"},
    {"SELECT * FROM t WHERE a = {{String(v)}} AND b = 1", "x"},
    {"SELECT * FROM t {% if defined(v) and v != 'all' %}WHERE a = {{String(v, 'd')}}{% end %} LIMIT 1", "x"},
    {"SELECT * FROM t WHERE at >= {{DateTime(v)}} AND b = 1", "2026-01-01 00:00:00"},
    {"SELECT * FROM t WHERE at >= {{DateTime64(v)}} AND b = 1", "2026-01-01 00:00:00.000"},
    {"SELECT * FROM t WHERE day = {{Date(v)}} AND b = 1", "2026-01-01"},
    {"SELECT * FROM t WHERE a = {{Int32(v)}} LIMIT {{Int64(v)}}", "5"},
    {"SELECT * FROM t WHERE a = {{Float64(v)}} OR b = {{UInt256(v)}}", "5"},
    {"SELECT * FROM t WHERE has({{Array(v, 'String')}}, a) AND b = 1", "x"},
    {"SELECT * FROM t WHERE a IN {{Array(v)}} ORDER BY b", "x"},
    {"SELECT * FROM t ORDER BY {{symbol(v)}} DESC", "x"},
    {"SELECT {{column(v)}} FROM t WHERE b = 1", "x"},
    {"SELECT * FROM t WHERE {{sql_and(a=v, b__gte=v)}} AND c = 1", "x"},
    {"SELECT {% for p in v.split('|') %}{{p}}, {% end %} 1 FROM t", "x"},
    {"{% set w = 'pre' + v %}SELECT {{w}}, {{f'{v}!'}}, {{v[0]}} FROM t", "x"},
    {"SELECT {{sql_unescape(v, '%')}} AS pattern FROM t WHERE b = 1", "x"},
});

inline std::optional<std::string> render_shape(const QueryShape& shape, std::string value) {
    const auto parsed = syntax::parse_template_text(std::string(shape.text), syntax::TemplateDialect::Query);
    syntax::RenderInput input;
    input.parameters.emplace_back("v", syntax::make_text(std::move(value)));
    const auto result = syntax::render(std::get<syntax::Template>(parsed), input);
    const auto* rendered = std::get_if<syntax::Rendered>(&result);
    return rendered == nullptr ? std::nullopt : std::optional(rendered->text); // the value was refused
}

// The harmless value as often as `value` has parts: a comma makes one item more, a dot one more part of a
// name.
inline std::string harmless_like(const QueryShape& shape, std::string_view value) {
    const bool list = shape.text.find("Array(") != std::string_view::npos;
    const bool dotted = shape.text.find("column(") != std::string_view::npos;
    const bool cut = shape.text.find("split(") != std::string_view::npos;
    const char separator = list ? ',' : dotted ? '.' : '|';
    std::string out(shape.harmless);
    for (const char c : value) {
        if ((list || dotted || cut) && c == separator) {
            out += separator;
            out += shape.harmless;
        }
    }
    return out;
}

// The kinds of the significant tokens, and the texts of those that are neither values nor quoted names.
inline std::vector<std::string> token_shape(std::string_view sql) {
    std::vector<std::string> shape;
    for (const syntax::SqlToken& token : syntax::tokenize_sql(sql)) {
        if (!syntax::is_significant(token)) {
            continue;
        }
        const std::string_view text = sql.substr(token.begin, token.end - token.begin);
        const bool value = text.starts_with('\'') || text.starts_with('`') || text.starts_with('"') ||
                           (text.front() >= '0' && text.front() <= '9');
        shape.push_back(std::to_string(static_cast<int>(token.kind)) + (token.closed ? " " : " open ") +
                        (value ? std::string() : std::string(text)));
    }
    return shape;
}

} // namespace birdhouse::testing

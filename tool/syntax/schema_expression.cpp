#include "syntax/schema_expression.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace birdhouse::syntax {

namespace {

// First words of types, for telling a forgotten comma from an expression that goes on.
constexpr auto kTypeHeads = std::to_array<std::string_view>({"AggregateFunction",
                                                             "Array",
                                                             "Bool",
                                                             "Boolean",
                                                             "Date",
                                                             "Date32",
                                                             "DateTime",
                                                             "DateTime64",
                                                             "Decimal",
                                                             "Enum",
                                                             "Enum16",
                                                             "Enum8",
                                                             "FixedString",
                                                             "Float32",
                                                             "Float64",
                                                             "IPv4",
                                                             "IPv6",
                                                             "Int",
                                                             "Int128",
                                                             "Int16",
                                                             "Int256",
                                                             "Int32",
                                                             "Int64",
                                                             "Int8",
                                                             "JSON",
                                                             "LowCardinality",
                                                             "Map",
                                                             "Nested",
                                                             "Nullable",
                                                             "SimpleAggregateFunction",
                                                             "String",
                                                             "Tuple",
                                                             "UInt128",
                                                             "UInt16",
                                                             "UInt256",
                                                             "UInt32",
                                                             "UInt64",
                                                             "UInt8",
                                                             "UUID"});
static_assert(std::ranges::is_sorted(kTypeHeads));

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Outside strings. Letters beyond ASCII are letters for the service too.
constexpr std::array<bool, 256> kStandsInExpression = [] {
    std::array<bool, 256> stands{};
    for (std::size_t byte = 0; byte < stands.size(); ++byte) {
        constexpr std::string_view kOthers = " \t\r\n_.`*<>+-'\"[](),=!?:/";
        const bool letter =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        stands[byte] =
            letter || byte >= 0x80 || kOthers.find(static_cast<char>(byte)) != std::string_view::npos;
    }
    return stands;
}();

bool may_stand_in_expression(char c) { return kStandsInExpression[static_cast<unsigned char>(c)]; }

std::string_view function_instead_of(char c) {
    switch (c) {
    case '{':
    case '}':
        return "map('key', value)";
    case '|':
        return "concat(a, b)";
    case '%':
        return "modulo(a, b)";
    default:
        return "a function";
    }
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) {
        ++at;
    }
    return at;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size() && is_word(text[at])) {
        ++at;
    }
    return at;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of("\r\n", at), text.size());
}

// Without this a forgotten `]` would run through the columns below. The look ahead is bounded, since it is
// made at each comma.
bool bracket_closes_on_line(std::string_view text, std::size_t at) {
    constexpr std::size_t kFarthest = 1000;
    const std::string_view ahead = text.substr(at, kFarthest);
    const std::size_t stop = ahead.find_first_of("]\r\n");
    return stop != std::string_view::npos && ahead[stop] == ']';
}

KeywordAt word_keyword(std::string_view text, std::size_t at) {
    constexpr auto kWords = std::to_array<std::pair<std::string_view, SchemaKeyword>>({
        {"default", SchemaKeyword::Default},
        {"materialized", SchemaKeyword::Materialized},
        {"alias", SchemaKeyword::Alias},
        {"codec", SchemaKeyword::Codec},
        {"ttl", SchemaKeyword::Ttl},
        {"null", SchemaKeyword::Null},
    });
    const std::size_t end = end_of_word(text, at);
    const std::string word = to_lower_ascii(text.substr(at, std::min<std::size_t>(end - at, 16)));
    for (const auto& [name, keyword] : kWords) {
        if (word == name) {
            return {keyword, end};
        }
    }
    return {};
}

} // namespace

KeywordAt keyword_at(std::string_view text, std::size_t at) {
    if (at >= text.size() || !is_word(text[at])) {
        return {};
    }
    const std::size_t end = end_of_word(text, at);
    if (end - at == 3 && to_lower_ascii(text.substr(at, 3)) == "not") {
        const std::size_t next = skip_blanks(text, end);
        const KeywordAt null = next > end ? word_keyword(text, next) : KeywordAt{};
        return null.keyword == SchemaKeyword::Null ? KeywordAt{SchemaKeyword::NotNull, null.end}
                                                   : KeywordAt{};
    }
    return word_keyword(text, at);
}

bool starts_json_path(std::string_view text, std::size_t at) { return text.substr(at).starts_with("`json:"); }

bool reads_like_a_column(std::string_view text, std::size_t at) {
    if (at >= text.size() || starts_json_path(text, at)) {
        return false;
    }
    std::size_t name_end = end_of_word(text, at);
    if (text[at] == '`') {
        name_end = text.find('`', at + 1);
        if (name_end == std::string_view::npos) {
            return false;
        }
        ++name_end;
    }
    const std::size_t type = skip_blanks(text, name_end);
    if (name_end == at || type == name_end) {
        return false;
    }
    return std::ranges::binary_search(kTypeHeads, text.substr(type, end_of_word(text, type) - type));
}

std::size_t end_of_column_line(std::string_view text, std::size_t open) {
    const std::size_t end = end_of_line(text, open);
    const std::size_t last = text.find_last_not_of(" \t", end - 1);
    return last > open && text[last] == ',' ? last : end;
}

struct ExpressionReader::Walk {
    std::size_t at = 0;
    std::size_t end = 0;
    std::vector<std::size_t> open; // places of the parentheses that are open
    std::size_t brackets = 0;      // `[` that are open
    bool reported = false;         // one character fault an expression is enough
    bool comma_missing = false;
    bool broken = false; // a quote is open: the rest of the line was passed
};

ExpressionEnd ExpressionReader::read(std::size_t begin) {
    const std::string_view text = schema_.text;
    Walk walk;
    walk.at = walk.end = begin;
    while (walk.at < text.size()) {
        const char c = text[walk.at];
        if (is_blank(c)) {
            if (ends_at_blank(walk)) {
                break;
            }
            continue;
        }
        if (walk.open.empty() && c == ',' && !comma_in_brackets(walk)) {
            break;
        }
        step(walk);
        walk.end = walk.at;
        if (walk.broken) {
            return {walk.end, walk.at, false};
        }
    }
    if (!walk.open.empty() && walk.at >= text.size()) {
        return give_up_at_line_end(walk.open.back());
    }
    return {walk.end, walk.at, walk.comma_missing};
}

// Passes a run of blanks; true when the expression ends there.
bool ExpressionReader::ends_at_blank(Walk& walk) {
    const std::string_view text = schema_.text;
    const std::size_t next = skip_blanks(text, walk.at);
    const bool line_crossed = std::ranges::any_of(text.substr(walk.at, next - walk.at), is_line_end);
    walk.at = next;
    if (!walk.open.empty()) {
        return parentheses_broken_ && line_crossed;
    }
    if (next >= text.size() || starts_json_path(text, next) ||
        keyword_at(text, next).keyword != SchemaKeyword::None) {
        return true;
    }
    walk.comma_missing = line_crossed && reads_like_a_column(text, next);
    return walk.comma_missing;
}

// The service ends the column here all the same; reading on keeps it at one message.
bool ExpressionReader::comma_in_brackets(Walk& walk) {
    if (walk.brackets == 0 || !bracket_closes_on_line(schema_.text, walk.at)) {
        return false;
    }
    if (!walk.reported) {
        walk.reported = true;
        diagnostics_.add(codes::F142, schema_.span(walk.at, walk.at + 1),
                         "a comma inside `[ ]` ends the column", "write array(...) instead of [...]");
    }
    return true;
}

void ExpressionReader::step(Walk& walk) {
    const std::string_view text = schema_.text;
    const char c = text[walk.at];
    if (c == '\'' || c == '"' || c == '`') {
        skip_quoted(walk);
        return;
    }
    walk.brackets += c == '[' ? 1U : 0U;
    walk.brackets -= c == ']' && walk.brackets > 0 ? 1U : 0U;
    if (c == '(') {
        walk.open.push_back(walk.at);
    } else if (c == ')' && !walk.open.empty()) {
        walk.open.pop_back();
    } else if (c == ')' && !walk.reported) {
        walk.reported = true;
        diagnostics_.add(codes::F143, schema_.span(walk.at, walk.at + 1), "this `)` closes nothing",
                         "delete it, or open it before");
    } else if (!may_stand_in_expression(c) && !walk.reported) {
        walk.reported = true;
        diagnostics_.add(codes::F142, schema_.span(walk.at, walk.at + 1),
                         backquoted({&c, 1}) + " cannot stand in a SCHEMA outside quotes",
                         "write " + std::string(function_instead_of(c)) + " instead");
    }
    ++walk.at;
}

void ExpressionReader::skip_quoted(Walk& walk) {
    const std::string_view text = schema_.text;
    const char quote = text[walk.at];
    // A back-quoted name never spans lines; a string does.
    const std::size_t closing =
        quote == '`' ? text.find_first_of("`\r\n", walk.at + 1) : text.find(quote, walk.at + 1);
    if (closing != std::string_view::npos && text[closing] == quote) {
        walk.at = closing + 1;
        return;
    }
    diagnostics_.add(codes::F143, schema_.span(walk.at, walk.at + 1), "this quote is not closed",
                     "close it; a SCHEMA knows no `\\` escapes, a quote inside a string is written twice");
    walk.at = end_of_column_line(text, walk.at);
    walk.broken = true;
}

ExpressionEnd ExpressionReader::give_up_at_line_end(std::size_t open) {
    parentheses_broken_ = true;
    diagnostics_.add(codes::F143, schema_.span(open, open + 1), "this `(` is not closed", "write the `)`");
    const std::size_t end = end_of_column_line(schema_.text, open);
    return {end, end, false};
}

} // namespace birdhouse::syntax

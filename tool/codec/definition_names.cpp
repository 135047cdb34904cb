// Which names can be used.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

namespace {

// Words that begin or join the clauses of a query: ClickHouse reads some of them as names in some places, and
// a reader never knows which.
constexpr auto kReserved = std::to_array<std::string_view>({
    "all",   "and",    "any",    "array",  "as",       "between", "by",     "case",   "cross",    "distinct",
    "else",  "end",    "except", "final",  "format",   "from",    "full",   "group",  "having",   "in",
    "inner", "insert", "into",   "is",     "join",     "left",    "like",   "limit",  "not",      "null",
    "on",    "or",     "order",  "outer",  "prewhere", "right",   "sample", "select", "settings", "table",
    "then",  "union",  "using",  "values", "when",     "where",   "with",
});

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The nearest name that could be used instead.
std::string mended(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 60)) {
        const bool continues =
            (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; // one `_` for a character of several bytes
        out += is_letter(c) || is_digit(c) ? std::string(1, c) : continues ? "" : "_";
    }
    return out.empty() || is_digit(out.front()) ? "_" + out : out;
}

} // namespace

bool is_identifier(std::string_view text) {
    return !text.empty() && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_reserved_word(std::string_view text) {
    return std::find(kReserved.begin(), kReserved.end(), to_lower_ascii(text)) != kReserved.end();
}

void check_inner_name(const Fields& fields, std::string_view key, Reading reading) {
    if (!fields.has(key) || is_identifier(fields.text(key))) {
        return;
    }
    const std::string name = fields.text(key);
    if (name.empty()) {
        reading.problems.add(codes::F030, fields.place_of(key), backquoted(key) + " is empty",
                             "write a name");
        return;
    }
    const bool whole =
        std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
    reading.problems.add(codes::F030, fields.place_of(key),
                         "the name " + backquoted(shorten(name, 80)) +
                             (whole ? " begins with a digit" : " holds more than letters, digits and `_`"),
                         "call it " + backquoted(mended(name)));
}

void check_resource_name(const Fields& fields, std::string_view key, Reading reading) {
    check_inner_name(fields, key, reading);
    const std::string name = fields.text(key);
    if (is_reserved_word(name)) {
        reading.problems.add(codes::F031, fields.place_of(key),
                             "the name " + backquoted(name) + " is a word of SQL",
                             "call it something else, such as " + backquoted(name + "_rows"));
    }
}

} // namespace birdhouse::codec

#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr auto kTableEnds =
    std::to_array<std::string_view>({"WHERE", "PREWHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER",
                                     "LIMIT", "FETCH", "SETTINGS", "FORMAT", "INTO", "SELECT"});

constexpr auto kReserved = std::to_array<std::string_view>(
    {"ALL",    "ANTI",     "ANY",       "ARRAY", "ASOF",   "CROSS", "EXCEPT",  "FINAL", "FROM",   "FULL",
     "GLOBAL", "INNER",    "INTERSECT", "JOIN",  "LEFT",   "LOCAL", "NATURAL", "NOT",   "OFFSET", "ON",
     "ONLY",   "PARALLEL", "PASTE",     "RIGHT", "SAMPLE", "SEMI",  "STREAM",  "UNION", "USING",  "WITH"});

constexpr auto kBeforeExpression = std::to_array<std::string_view>(
    {"ALL",    "AND",    "AS",     "BETWEEN", "BY",       "CASE",     "DISTINCT", "DIV",    "ELSE",
     "FROM",   "HAVING", "ILIKE",  "IN",      "INTERVAL", "IS",       "JOIN",     "LIKE",   "LIMIT",
     "MOD",    "NOT",    "OFFSET", "ON",      "OR",       "PREWHERE", "QUALIFY",  "REGEXP", "SAMPLE",
     "SELECT", "THEN",   "USING",  "WHEN",    "WHERE",    "WITH"});

template <class Words>
bool holds(const Words& words, std::string_view word) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view known) { return same_word(known, word); });
}

} // namespace

bool same_word(std::string_view a, std::string_view b) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return upper(x) == upper(y); });
}

bool ends_tables(std::string_view word) { return holds(kTableEnds, word); }

bool is_reserved_after_table(std::string_view word) { return ends_tables(word) || holds(kReserved, word); }

bool expects_expression(std::string_view word) { return holds(kBeforeExpression, word); }

} // namespace birdhouse::syntax

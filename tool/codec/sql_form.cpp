#include "codec/sql_form.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"
#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::codec {

namespace {

using syntax::SqlPiece;
using syntax::SqlTokenKind;

bool is_plain_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || is_digit(c); });
}

// A word of SQL keeps its quotes: without them it would be that word.
bool needs_quotes(std::string_view name) {
    return !is_plain_name(name) || syntax::is_reserved_after_table(name) || syntax::expects_expression(name);
}

bool is_dropped(const SqlPiece& piece, bool is_template) {
    if (piece.token.kind == SqlTokenKind::Blank) {
        return true;
    }
    const bool has_tag =
        piece.text.find("{{") != std::string_view::npos || piece.text.find("{%") != std::string_view::npos;
    return piece.token.kind == SqlTokenKind::Comment && !(is_template && has_tag);
}

std::string form_of(const SqlPiece& piece, std::string_view sql) {
    if (piece.token.kind != SqlTokenKind::QuotedName) {
        return std::string(piece.text);
    }
    const std::string name = syntax::name_of(piece.token, sql);
    return needs_quotes(name) ? syntax::quoted_sql_name(name) : name;
}

bool stands_close(std::string_view previous, std::string_view word) {
    const bool opened = previous == "(" || previous == "[" || previous == ".";
    const bool closes = word == ")" || word == "]" || word == "," || word == ".";
    return opened || closes || (word == "(" && is_plain_name(previous) && !needs_quotes(previous));
}

// In lower case: ClickHouse's own names of functions differ in case, their meaning does not.
constexpr auto kVolatile = std::to_array<std::string_view>({
    "currentuser",
    "fuzzbits",
    "generateserialid",
    "generatesnowflakeid",
    "generateulid",
    "generateuuidv4",
    "generateuuidv7",
    "hostname",
    "now",
    "now64",
    "nowinblock",
    "nowinblock64",
    "rand",
    "rand32",
    "rand64",
    "randbernoulli",
    "randbinomial",
    "randcanonical",
    "randchisquared",
    "randconstant",
    "randexponential",
    "randlognormal",
    "randnegativebinomial",
    "randnormal",
    "randompolystring",
    "randomfixedstring",
    "randomprintableascii",
    "randomstring",
    "randomstringutf8",
    "randpoisson",
    "randstudentt",
    "randuniform",
    "rownumberinallblocks",
    "rownumberinblock",
    "serveruuid",
    "today",
    "utctimestamp",
    "utc_timestamp",
    "yesterday",
    "current_timestamp",
    "current_date",
    "curdate",
});

} // namespace

std::vector<std::string> sql_words(std::string_view sql) {
    const bool is_template = trim(sql).starts_with('%');
    std::vector<std::string> words;
    for (const SqlPiece& piece : syntax::scan_sql(sql)) {
        if (!is_dropped(piece, is_template)) {
            words.push_back(form_of(piece, sql));
        }
    }
    return words;
}

std::string sql_form(std::string_view sql) {
    std::string form;
    std::string_view previous = "(";
    const std::vector<std::string> words = sql_words(sql);
    for (const std::string& word : words) {
        form += stands_close(previous, word) ? "" : " ";
        form += word;
        previous = word;
    }
    return form;
}

std::vector<std::string> key_form(std::string_view key) {
    std::vector<std::string> elements;
    for (const std::string& element : syntax::split_list(syntax::without_outer_parentheses(key))) {
        elements.push_back(sql_form(element));
    }
    if (elements.size() == 1 && elements.front() == "tuple()") {
        elements.clear();
    }
    return elements;
}

bool names_column(std::string_view sql, std::string_view column) {
    const std::vector<SqlPiece> pieces = syntax::scan_sql(sql);
    return std::any_of(pieces.begin(), pieces.end(), [&](const SqlPiece& piece) {
        return syntax::is_name(piece) && syntax::name_of(piece.token, sql) == column;
    });
}

bool is_volatile(std::string_view expression) {
    const std::vector<SqlPiece> pieces = syntax::scan_sql(expression);
    return std::any_of(pieces.begin(), pieces.end(), [](const SqlPiece& piece) {
        return piece.token.kind == SqlTokenKind::Word &&
               std::find(kVolatile.begin(), kVolatile.end(), to_lower_ascii(piece.text)) != kVolatile.end();
    });
}

} // namespace birdhouse::codec

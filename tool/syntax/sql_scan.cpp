#include "syntax/sql_scan.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

bool opens(std::string_view text) { return text == "(" || text == "["; }
bool closes(std::string_view text) { return text == ")" || text == "]"; }
bool is_top_comma(const SqlPiece& piece) { return piece.depth == 0 && piece.text == ","; }

// Offsets of the parentheses at the very start, or read backwards at the very end, nothing but blanks
// between.
template <class Iterator>
std::vector<std::size_t> run_of(Iterator from, Iterator to, std::string_view parenthesis) {
    std::vector<std::size_t> offsets;
    for (; from != to && (!is_significant(from->token) || from->text == parenthesis); ++from) {
        if (from->text == parenthesis) {
            offsets.push_back(from->token.begin);
        }
    }
    return offsets;
}

} // namespace

std::vector<SqlPiece> scan_sql(std::string_view sql) {
    std::vector<SqlPiece> pieces;
    std::size_t depth = 0;
    for (const SqlToken& token : tokenize_sql(sql)) {
        const std::string_view text = text_of(token, sql);
        pieces.push_back({token, text, depth});
        if (opens(text)) {
            ++depth;
        } else if (closes(text) && depth > 0) {
            --depth;
        }
    }
    return pieces;
}

bool is_name(const SqlPiece& piece) {
    return piece.token.kind == SqlTokenKind::Word || piece.token.kind == SqlTokenKind::QuotedName;
}

std::string_view without_outer_parentheses(std::string_view text) {
    // One pass: a text of nothing but parentheses must not cost its square.
    const std::vector<SqlPiece> pieces = scan_sql(text);
    const std::vector<std::size_t> opening = run_of(pieces.begin(), pieces.end(), "(");
    const std::vector<std::size_t> closing = run_of(pieces.rbegin(), pieces.rend(), ")");
    std::size_t layers = std::min(opening.size(), closing.size());
    for (const SqlPiece& piece : pieces) {
        if (layers != 0 && piece.token.begin > opening.back() && piece.token.begin < closing.back()) {
            layers = std::min(layers, piece.depth);
        }
    }
    if (layers == 0) {
        return trim(text);
    }
    const std::size_t begin = opening[layers - 1] + 1;
    return trim(text.substr(begin, closing[layers - 1] - begin));
}

bool is_list(std::string_view text) {
    const std::vector<SqlPiece> pieces = scan_sql(text);
    return std::any_of(pieces.begin(), pieces.end(), is_top_comma);
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (const SqlPiece& piece : scan_sql(text)) {
        if (is_top_comma(piece)) {
            parts.emplace_back(trim(text.substr(begin, piece.token.begin - begin)));
            begin = piece.token.end;
        }
    }
    if (!trim(text).empty()) {
        parts.emplace_back(trim(text.substr(begin)));
    }
    return parts;
}

} // namespace birdhouse::syntax

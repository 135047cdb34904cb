#include "syntax/sql_phrases.hpp"

#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace birdhouse::syntax {

namespace {

constexpr auto kExplainKinds =
    std::to_array<std::string_view>({"AST", "SYNTAX", "QUERY", "TREE", "PLAN", "PIPELINE", "ESTIMATE"});

bool is_explain_kind(std::string_view word) {
    return std::any_of(kExplainKinds.begin(), kExplainKinds.end(),
                       [&](std::string_view kind) { return same_word(kind, word); });
}

} // namespace

SqlPhrases::SqlPhrases(std::string_view sql, const std::vector<SqlToken>& tokens) : sql_(sql) {
    std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(tokens_), is_significant);
}

std::string_view SqlPhrases::text(std::size_t index) const {
    return index < tokens_.size() ? text_of(tokens_[index], sql_) : std::string_view();
}

bool SqlPhrases::is(std::size_t index, SqlTokenKind kind) const {
    return index < tokens_.size() && tokens_[index].kind == kind;
}

bool SqlPhrases::is_symbol(std::size_t index, std::string_view symbol) const {
    return is(index, SqlTokenKind::Symbol) && text(index) == symbol;
}

bool SqlPhrases::is_word(std::size_t index, std::string_view word) const {
    return is(index, SqlTokenKind::Word) && same_word(text(index), word);
}

bool SqlPhrases::is_name(std::size_t index) const {
    return is(index, SqlTokenKind::Word) || is(index, SqlTokenKind::QuotedName);
}

bool SqlPhrases::is_qualified(std::size_t index) const {
    return is_name(index) && is_symbol(index + 1, ".") && (is_name(index + 2) || is_symbol(index + 2, "*"));
}

bool SqlPhrases::starts_query(std::size_t index) const {
    for (std::size_t depth = 0; is_symbol(index, "("); ++index) {
        if (++depth > kDeepestSql) { // the reader refuses it; looking further would cost n for each bracket
            return false;
        }
    }
    if (is_word(index, "SELECT")) {
        return true;
    }
    const bool may_be_column = is_word(index, "WITH") || is_word(index, "FROM") ||
                               is_word(index, "EXPLAIN") || is_word(index, "DESCRIBE") ||
                               is_word(index, "DESC");
    const bool goes_on = index + 1 < size() && (!is(index + 1, SqlTokenKind::Symbol) ||
                                                is_symbol(index + 1, "(") || is_symbol(index + 1, "["));
    return may_be_column && goes_on;
}

bool SqlPhrases::begins_tables(std::size_t from) const {
    const bool compares =
        from > 1 && is_word(from - 1, "DISTINCT") && (is_word(from - 2, "IS") || is_word(from - 2, "NOT"));
    const bool fills = from > 1 && is_word(from - 1, "FILL") && is_word(from - 2, "WITH");
    const bool column = is_word(from + 1, "FROM") || is_word(from + 1, "AS") ||
                        (is(from + 1, SqlTokenKind::Symbol) && !is_symbol(from + 1, "("));
    return !compares && !fills && !column;
}

bool SqlPhrases::is_set_operator(std::size_t index) const {
    const bool named = is_word(index, "UNION") || is_word(index, "EXCEPT") || is_word(index, "INTERSECT");
    const bool counted = is_word(index + 1, "ALL") || is_word(index + 1, "DISTINCT");
    return named && starts_query(index + (counted ? 2U : 1U));
}

bool SqlPhrases::ends_statement_with_format(std::size_t index) const {
    if (index == 0 || !is_word(index, "FORMAT") || !is_name(index + 1)) {
        return false;
    }
    if (is(index - 1, SqlTokenKind::Symbol)) {
        return is_symbol(index - 1, ")") || is_symbol(index - 1, "]") || is_symbol(index - 1, "*");
    }
    return !is(index - 1, SqlTokenKind::Word) || !expects_expression(text(index - 1));
}

std::size_t SqlPhrases::common_table_body(std::size_t index) const {
    std::size_t body = index + 1;
    if (is_symbol(body, "(")) {
        do {
            ++body;
        } while (is_name(body) || is_symbol(body, ","));
        body += is_symbol(body, ")") ? 1U : 0U;
    }
    if (!is_name(index) || !is_word(body, "AS")) {
        return size();
    }
    body += is_word(body + 1, "MATERIALIZED") ? 2U : 1U;
    return is_symbol(body, "(") && starts_query(body + 1) ? body : size();
}

std::size_t SqlPhrases::end_of_explain(std::size_t index) const {
    while (is(index + 1, SqlTokenKind::Word)) {
        if (is_symbol(index + 2, "=")) {
            index += is_symbol(index + 4, ",") ? 4U : 3U;
        } else if (is_explain_kind(text(index + 1))) {
            ++index;
        } else {
            break;
        }
    }
    return index;
}

std::size_t SqlPhrases::end_of_table_name(std::size_t index) const {
    return is_symbol(index + 1, ".") && is_name(index + 2) ? index + 2 : index;
}

} // namespace birdhouse::syntax

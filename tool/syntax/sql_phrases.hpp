// The significant tokens of a statement and the questions about a few of them in a row that need no memory
// of what stood before: does a query begin here, is this FROM a clause or a column.
#pragma once

#include "syntax/sql_outline.hpp"
#include "syntax/sql_tokens.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

class SqlPhrases {
public:
    // Blanks and comments are left out.
    SqlPhrases(std::string_view sql, const std::vector<SqlToken>& tokens);

    std::size_t size() const { return tokens_.size(); }
    SqlRange range(std::size_t index) const { return {tokens_[index].begin, tokens_[index].end}; }
    std::string_view text(std::size_t index) const;
    std::string name(std::size_t index) const { return name_of(tokens_[index], sql_); }

    // All of these are false past the end.
    bool is(std::size_t index, SqlTokenKind kind) const;
    bool is_symbol(std::size_t index, std::string_view symbol) const;
    bool is_word(std::size_t index, std::string_view word) const;
    bool is_name(std::size_t index) const;
    // `name.name` or `name.*`
    bool is_qualified(std::size_t index) const;

    // Does a query begin here, behind a bracket or a set operator? Columns may be called `from` or `desc`.
    bool starts_query(std::size_t index) const;
    // `FROM t`, but neither `a IS DISTINCT FROM b`, nor `WITH FILL FROM 1`, nor a column called `from`.
    bool begins_tables(std::size_t from) const;
    // `... EXCEPT SELECT` and `... EXCEPT (SELECT` join queries; `SELECT * EXCEPT (a)` leaves columns out.
    bool is_set_operator(std::size_t index) const;
    // FORMAT ends a statement only behind a whole expression: elsewhere it is a column of that name.
    bool ends_statement_with_format(std::size_t index) const;
    // The bracket of `name AS (SELECT` or `name (a, b) AS (SELECT`; size() when no table is bound here.
    std::size_t common_table_body(std::size_t index) const;
    // The last token of `EXPLAIN kind setting = value, ...`: the explained query begins behind it.
    std::size_t end_of_explain(std::size_t index) const;
    // The last token of `table` or `database.table`.
    std::size_t end_of_table_name(std::size_t index) const;

private:
    std::string_view sql_;
    std::vector<SqlToken> tokens_;
};

} // namespace birdhouse::syntax

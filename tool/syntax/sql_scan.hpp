// SQL text seen as tokens with their nesting, so that strings, quoted names, comments and parentheses fool
// nobody. What the text means is the engine's to say.
#pragma once

#include "syntax/sql_tokens.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct SqlPiece {
    SqlToken token;
    std::string_view text; // a view into the scanned text
    std::size_t depth = 0; // parentheses and brackets that are open before it
};

// Every byte is in exactly one piece.
std::vector<SqlPiece> scan_sql(std::string_view sql);

bool is_name(const SqlPiece& piece);

// `text` without the parentheses round the whole of it, however many: "((a, b))" is "a, b".
std::string_view without_outer_parentheses(std::string_view text);
// True when a comma stands outside of all parentheses.
bool is_list(std::string_view text);
// The parts between such commas, trimmed.
std::vector<std::string> split_list(std::string_view text);

} // namespace birdhouse::syntax

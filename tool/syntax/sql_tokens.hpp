// ClickHouse SQL as a row of tokens that tile the text: joining them gives the text back, byte for byte.
// Knows the lexical rules only; what the words mean is sql_outline's business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

enum class SqlTokenKind {
    Blank,
    Comment,    // `-- x`, `# x`, `#! x`, `/* x /* y */ */` (they nest)
    Word,       // keyword or bare name: only the place tells
    QuotedName, // `x`, "x", “x”
    Number,
    String,    // 'x', ‘x’ or a heredoc $tag$x$tag$
    Parameter, // {name:Type}, bound by the engine
    Symbol,    // operator or punctuation
    Unknown,   // bytes the engine has no token for
};

struct SqlToken {
    SqlTokenKind kind = SqlTokenKind::Unknown;
    bool closed = true; // false: a quote or comment that runs to the end of the text
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const SqlToken&, const SqlToken&) = default;
};

// Linear in the text, whatever the text. The text is shorter than 4 GiB: callers limit what they read.
std::vector<SqlToken> tokenize_sql(std::string_view sql);

std::string_view text_of(const SqlToken& token, std::string_view sql);
// Blanks and comments say nothing to the engine.
bool is_significant(const SqlToken& token);
// A word or quoted name without its quotes and escapes.
std::string name_of(const SqlToken& token, std::string_view sql);

// `name` between back-quotes and 'text' between quotes, escaped for the engine.
std::string quoted_sql_name(std::string_view name);
std::string quoted_sql_string(std::string_view text);

} // namespace birdhouse::syntax

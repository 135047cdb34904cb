// Python's tokens, one at a time. Knows brackets, because a line end is a blank inside of them and an error
// outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace birdhouse::syntax {

enum class TokenKind : std::uint8_t { Name, Keyword, Number, Text, Symbol, End, Fault };

struct Token {
    TokenKind kind = TokenKind::End;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string_view text;
    // Of a text literal: the letters before the quotes, and what stands between the quotes.
    std::string_view prefix;
    std::string_view body;
    const char* fault = nullptr;
};

class ExpressionLexer {
public:
    ExpressionLexer(std::string_view text, std::uint32_t begin, std::uint32_t end)
        : text_(text.substr(0, end)), at_(begin) {}

    Token next();

private:
    bool skip_blanks();
    Token name_or_text(std::uint32_t begin);
    Token number(std::uint32_t begin);
    Token text_literal(std::uint32_t begin, std::uint32_t quote);
    Token symbol(std::uint32_t begin);
    Token token(TokenKind kind, std::uint32_t begin) const;
    Token fault(std::uint32_t begin, const char* message) const;
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    std::string_view text_;
    std::uint32_t at_;
    std::uint32_t brackets_ = 0;
};

bool is_keyword(std::string_view word);

} // namespace birdhouse::syntax

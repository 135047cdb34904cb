#include "syntax/expression_lexer.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr auto kKeywords = std::to_array<std::string_view>({
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
});
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end()));

// Longest first: the first that fits is the token.
constexpr auto kSymbols = std::to_array<std::string_view>({
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "==", "!=", "<=", ">=", ":=", "+=", "-=",
    "*=",  "/=",  "%=",  "&=",  "|=",  "^=", "@=", "->", "+",  "-",  "*",  "/",  "%",  "@",  "&",  "|",
    "^",   "~",   "<",   ">",   "(",   ")",  "[",  "]",  "{",  "}",  ",",  ":",  ".",  ";",  "=",
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes past ASCII are letters: a name may be written in any script.
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

bool is_text_prefix(std::string_view letters) {
    constexpr auto kPrefixes = std::to_array<std::string_view>({"r", "u", "b", "f", "br", "rb", "fr", "rf"});
    std::array<char, 2> lowered{};
    if (letters.size() > lowered.size()) {
        return false;
    }
    std::transform(letters.begin(), letters.end(), lowered.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const std::string_view word(lowered.data(), letters.size());
    return std::find(kPrefixes.begin(), kPrefixes.end(), word) != kPrefixes.end();
}

} // namespace

bool is_keyword(std::string_view word) {
    return std::binary_search(kKeywords.begin(), kKeywords.end(), word);
}

Token ExpressionLexer::token(TokenKind kind, std::uint32_t begin) const {
    return {.kind = kind,
            .begin = begin,
            .end = at_,
            .text = text_.substr(begin, at_ - begin),
            .prefix = {},
            .body = {}};
}

Token ExpressionLexer::fault(std::uint32_t begin, const char* message) const {
    Token broken = token(TokenKind::Fault, begin);
    broken.fault = message;
    return broken;
}

// False at a line end or comment where the statement would be over.
bool ExpressionLexer::skip_blanks() {
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == ' ' || c == '\t' || c == '\f' || (brackets_ > 0 && (c == '\n' || c == '\r'))) {
            ++at_;
        } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
            at_ += peek(1) == '\n' ? 2U : 3U;
        } else if (c == '#' && brackets_ > 0) {
            at_ = static_cast<std::uint32_t>(std::min(text_.find('\n', at_), text_.size()));
        } else {
            return c != '\n' && c != '\r' && c != '#';
        }
    }
    return true;
}

Token ExpressionLexer::next() {
    if (!skip_blanks()) {
        const std::uint32_t begin = at_++;
        return fault(begin, text_[begin] == '#' ? "a comment hides the rest of the line"
                                                : "a line end stands outside of brackets");
    }
    const std::uint32_t begin = at_;
    if (at_ >= text_.size()) {
        return brackets_ == 0 ? token(TokenKind::End, begin) : fault(begin, "a bracket is never closed");
    }
    const char c = text_[at_];
    if (is_name_start(c)) {
        return name_or_text(begin);
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        return number(begin);
    }
    return c == '\'' || c == '"' ? text_literal(begin, begin) : symbol(begin);
}

Token ExpressionLexer::name_or_text(std::uint32_t begin) {
    while (is_name_part(peek())) {
        ++at_;
    }
    if ((peek() == '\'' || peek() == '"') && is_text_prefix(text_.substr(begin, at_ - begin))) {
        return text_literal(begin, at_);
    }
    const Token word = token(TokenKind::Name, begin);
    return is_keyword(word.text) ? token(TokenKind::Keyword, begin) : word;
}

// Takes what looks like a number; whether its digits fit together is for the parser, which knows the base.
Token ExpressionLexer::number(std::uint32_t begin) {
    const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    while (is_name_part(peek()) || peek() == '.') {
        const char c = text_[at_++];
        const bool exponent = !hexadecimal && (c == 'e' || c == 'E');
        if (exponent && (peek() == '+' || peek() == '-') && is_digit(peek(1))) {
            ++at_;
        }
    }
    return token(TokenKind::Number, begin);
}

Token ExpressionLexer::text_literal(std::uint32_t begin, std::uint32_t quote) {
    const char mark = text_[quote];
    at_ = quote + 1;
    const bool triple = peek() == mark && peek(1) == mark;
    at_ += triple ? 2 : 0;
    const std::uint32_t body = at_;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\\' && at_ + 1 < text_.size()) {
            ++at_;
        } else if (c == '\n' && !triple) {
            break;
        } else if (c == mark && (!triple || (peek(1) == mark && peek(2) == mark))) {
            const std::uint32_t end = at_;
            at_ += triple ? 3 : 1;
            Token literal = token(TokenKind::Text, begin);
            literal.prefix = text_.substr(begin, quote - begin);
            literal.body = text_.substr(body, end - body);
            return literal;
        }
    }
    return fault(begin, "a text literal is never closed");
}

Token ExpressionLexer::symbol(std::uint32_t begin) {
    const std::string_view rest = text_.substr(at_);
    const auto found = std::find_if(kSymbols.begin(), kSymbols.end(), [rest](std::string_view candidate) {
        return rest.starts_with(candidate);
    });
    if (found == kSymbols.end()) {
        ++at_;
        return fault(begin, "this sign has no meaning here");
    }
    at_ += static_cast<std::uint32_t>(found->size());
    const char c = found->front();
    if (found->size() == 1 && (c == '(' || c == '[' || c == '{')) {
        ++brackets_;
    } else if (found->size() == 1 && (c == ')' || c == ']' || c == '}')) {
        if (brackets_ == 0) {
            return fault(begin, "a bracket is closed that was never opened");
        }
        --brackets_;
    }
    return token(TokenKind::Symbol, begin);
}

} // namespace birdhouse::syntax

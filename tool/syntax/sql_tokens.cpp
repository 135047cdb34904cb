#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace birdhouse::syntax {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
// Typographic quotes, which the engine takes since people paste SQL from documents.
constexpr std::string_view kOpenSingle = "\xE2\x80\x98";
constexpr std::string_view kCloseSingle = "\xE2\x80\x99";
constexpr std::string_view kOpenDouble = "\xE2\x80\x9C";
constexpr std::string_view kCloseDouble = "\xE2\x80\x9D";
// Longest first: the first that fits is the operator.
constexpr auto kOperators =
    std::to_array<std::string_view>({"<=>", "::", "->", "||", "<=", ">=", "<>", "!=", "==", "@@"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_word_part(char c) { return is_word_start(c) || is_digit(c); }
bool is_blank(char c) { return kBlanks.find(c) != std::string_view::npos; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : text_(text) {}

    std::vector<SqlToken> read() {
        while (at_ < text_.size()) {
            const std::size_t begin = at_;
            SqlToken token;
            token.kind = read_one(token.closed);
            token.begin = static_cast<std::uint32_t>(begin);
            token.end = static_cast<std::uint32_t>(at_);
            after_dot_ = is_significant(token) ? text_of(token, text_) == "." : after_dot_;
            tokens_.push_back(token);
        }
        return std::move(tokens_);
    }

private:
    bool here(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    SqlTokenKind read_one(bool& closed) {
        const char c = peek();
        if (is_blank(c)) {
            at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
            return SqlTokenKind::Blank;
        }
        if (here("--") || here("#!") || (c == '#' && peek(1) == ' ')) {
            at_ = std::min(text_.find('\n', at_), text_.size());
            return SqlTokenKind::Comment;
        }
        if (here("/*")) {
            closed = skip_block_comment();
            return SqlTokenKind::Comment;
        }
        if (c == '\'') {
            closed = skip_quoted(c);
            return SqlTokenKind::String;
        }
        if (c == '`' || c == '"') {
            closed = skip_quoted(c);
            return SqlTokenKind::QuotedName;
        }
        if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !ends_value())) {
            skip_number();
            return SqlTokenKind::Number;
        }
        if (c == '$' && skip_heredoc()) {
            return SqlTokenKind::String;
        }
        if (is_word_start(c)) {
            skip_word();
            return SqlTokenKind::Word;
        }
        if (!is_ascii(c)) {
            return read_not_ascii(closed);
        }
        if (c == '{' && skip_parameter()) {
            return SqlTokenKind::Parameter;
        }
        return read_symbol();
    }

    SqlTokenKind read_symbol() {
        const auto* const known =
            std::find_if(kOperators.begin(), kOperators.end(), [&](std::string_view op) { return here(op); });
        at_ += known == kOperators.end() ? 1 : known->size();
        constexpr std::string_view kSingles = "()[]{}.,;:?+-*/%=<>!|&^~@\\";
        const char first = text_[at_ - 1];
        return known != kOperators.end() || kSingles.find(first) != std::string_view::npos
                   ? SqlTokenKind::Symbol
                   : SqlTokenKind::Unknown;
    }

    SqlTokenKind read_not_ascii(bool& closed) {
        if (here(kOpenSingle)) {
            closed = skip_to(kCloseSingle);
            return SqlTokenKind::String;
        }
        if (here(kOpenDouble)) {
            closed = skip_to(kCloseDouble);
            return SqlTokenKind::QuotedName;
        }
        do {
            ++at_;
        } while (at_ < text_.size() && !is_ascii(text_[at_]) && !here(kOpenSingle) && !here(kOpenDouble));
        return SqlTokenKind::Unknown;
    }

    // `t.1` is a tuple's first element, `SELECT .1` a number.
    bool ends_value() const {
        constexpr std::string_view kClosers = "`\")]";
        return after_dot_ || (at_ > 0 && (is_word_part(text_[at_ - 1]) ||
                                          kClosers.find(text_[at_ - 1]) != std::string_view::npos));
    }

    bool skip_to(std::string_view mark) {
        const std::size_t found = text_.find(mark, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + mark.size();
        return found != std::string_view::npos;
    }

    bool skip_block_comment() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            if (here("/*")) {
                ++depth;
                at_ += 2;
            } else if (here("*/")) {
                at_ += 2;
                if (--depth == 0) {
                    return true;
                }
            } else {
                ++at_;
            }
        }
        return false;
    }

    bool skip_quoted(char quote) {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == quote) {
                ++at_;
                if (peek() != quote) { // a doubled quote stands for itself
                    return true;
                }
            }
        }
        at_ = text_.size();
        return false;
    }

    void skip_word() {
        while (at_ < text_.size() && is_word_part(text_[at_])) {
            ++at_;
        }
    }

    void skip_number() {
        if (after_dot_) { // `a.1.2` is an element of an element
            while (is_digit(peek())) {
                ++at_;
            }
            return;
        }
        while (at_ < text_.size() && (is_word_part(peek()) || peek() == '.' || signs_exponent())) {
            ++at_;
        }
    }

    bool signs_exponent() const {
        const char before = text_[at_ - 1];
        return (peek() == '+' || peek() == '-') && (before == 'e' || before == 'E') && is_digit(peek(1));
    }

    // At `$`: the length of `$tag$`, 0 when there is none.
    static std::size_t mark_length(std::string_view text) {
        std::size_t end = 1;
        while (end < text.size() && text[end] != '$' && is_word_part(text[end])) {
            ++end;
        }
        return end < text.size() && text[end] == '$' ? end + 1 : 0;
    }

    // Where each `$tag$` stands last. Without it a text of many unclosed heredocs would be searched to its
    // end once for each of them.
    std::size_t last_mark(std::string_view mark) {
        if (!marks_) {
            marks_.emplace();
            for (std::size_t at = text_.find('$'); at != std::string_view::npos;
                 at = text_.find('$', at + 1)) {
                if (const std::size_t length = mark_length(text_.substr(at))) {
                    (*marks_)[text_.substr(at, length)] = at;
                }
            }
        }
        const auto found = marks_->find(mark);
        return found == marks_->end() ? 0 : found->second;
    }

    bool skip_heredoc() {
        const std::size_t length = mark_length(text_.substr(at_));
        if (length == 0) {
            return false;
        }
        const std::string_view mark = text_.substr(at_, length);
        if (last_mark(mark) < at_ + length) {
            return false;
        }
        at_ += length;
        return skip_to(mark);
    }

    // `{` name `:` type `}`. The type ends at the first brace, so that no text is read twice.
    bool skip_parameter() {
        std::size_t end = text_.find_first_not_of(kBlanks, at_ + 1);
        if (end == std::string_view::npos || !is_word_start(text_[end])) {
            return false;
        }
        while (end < text_.size() && is_word_part(text_[end])) {
            ++end;
        }
        end = text_.find_first_not_of(kBlanks, end);
        if (end == std::string_view::npos || text_[end] != ':') {
            return false;
        }
        end = text_.find_first_of("{}", end);
        if (end == std::string_view::npos || text_[end] == '{') {
            return false;
        }
        at_ = end + 1;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool after_dot_ = false; // the significant token before is a dot
    std::optional<std::unordered_map<std::string_view, std::size_t>> marks_;
    std::vector<SqlToken> tokens_;
};

std::string quoted(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + quote;
}

} // namespace

std::vector<SqlToken> tokenize_sql(std::string_view sql) { return Tokenizer(sql).read(); }

std::string_view text_of(const SqlToken& token, std::string_view sql) {
    return sql.substr(token.begin, token.end - token.begin);
}

bool is_significant(const SqlToken& token) {
    return token.kind != SqlTokenKind::Blank && token.kind != SqlTokenKind::Comment;
}

std::string name_of(const SqlToken& token, std::string_view sql) {
    std::string_view text = text_of(token, sql);
    if (token.kind != SqlTokenKind::QuotedName || !token.closed) {
        return std::string(text);
    }
    if (!is_ascii(text.front())) {
        return std::string(
            text.substr(kOpenDouble.size(), text.size() - kOpenDouble.size() - kCloseDouble.size()));
    }
    const char quote = text.front();
    text = text.substr(1, text.size() - 2);
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == '\\' || text[i] == quote;
        i += escaped && i + 1 < text.size() ? 1U : 0U;
        name += text[i];
    }
    return name;
}

std::string quoted_sql_name(std::string_view name) { return quoted(name, '`'); }

std::string quoted_sql_string(std::string_view text) { return quoted(text, '\''); }

} // namespace birdhouse::syntax

// Recursive descent over the text of a type, with a limit on depth.
#include "syntax/clickhouse_type.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace birdhouse::syntax {

namespace {

constexpr std::size_t kLongestType = std::size_t{64} << 10U; // bytes
constexpr int kDeepestType = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
// A dot joins the keys of a path in `JSON(a.b UInt32)`.
bool is_word(char c) { return is_word_start(c) || is_digit(c) || c == '.'; }

class TypeParser {
public:
    explicit TypeParser(std::string_view text) : text_(text) {}

    Parsed<ClickHouseType> parse() {
        if (text_.size() > kLongestType) {
            return SyntaxFault{kLongestType, "the type is longer than 65,536 bytes", ""};
        }
        ClickHouseType type = parse_type(0);
        skip_blanks();
        if (!fault_ && at_ != text_.size()) {
            fail(found() + " stands after the end of the type");
        }
        if (fault_) {
            return *std::move(fault_);
        }
        return type;
    }

private:
    ClickHouseType parse_type(int depth) {
        ClickHouseType type;
        skip_blanks();
        type.begin = at_;
        type.name = word();
        if (type.name.empty()) {
            fail(found() + " stands where a type is expected");
        } else if (depth == kDeepestType) {
            fail("the type is nested deeper than 32 types");
        } else {
            parse_arguments(type, depth);
        }
        type.end = at_;
        return type;
    }

    // Leaves `at_` behind the closing parenthesis, or where it was when there is no list.
    void parse_arguments(ClickHouseType& type, int depth) {
        const std::size_t before = at_;
        skip_blanks();
        if (!take('(')) {
            at_ = before;
            return;
        }
        skip_blanks();
        if (take(')')) {
            return;
        }
        while (!fault_) {
            type.arguments.push_back(parse_argument(depth));
            skip_blanks();
            if (fault_ || take(')')) {
                return;
            }
            if (!take(',')) {
                fail(found() + " stands where `,` or `)` is expected");
            }
        }
    }

    TypeArgument parse_argument(int depth) {
        TypeArgument argument;
        skip_blanks();
        if (peek() == '`') {
            argument.label = quoted();
            skip_blanks();
        }
        while (!fault_) {
            if (peek() == '\'') {
                argument.kind = TypeArgument::Kind::Text;
                argument.text = quoted();
                break;
            }
            const bool named = !argument.label.empty();
            if (!named && (is_digit(peek()) || peek() == '-')) {
                argument.kind = TypeArgument::Kind::Number;
                argument.text = number();
                break;
            }
            ClickHouseType type = parse_type(depth + 1);
            skip_blanks();
            // A word before another value is a label: the element's name, or SKIP and REGEXP of JSON.
            if (type.arguments.empty() && (is_word_start(peek()) || peek() == '\'')) {
                argument.label += (argument.label.empty() ? "" : " ") + type.name;
                continue;
            }
            argument.type.push_back(std::move(type));
            break;
        }
        parse_assignment(argument);
        return argument;
    }

    void parse_assignment(TypeArgument& argument) {
        skip_blanks();
        if (fault_ || !take('=')) {
            return;
        }
        skip_blanks();
        argument.assigned = number();
    }

    std::string word() {
        const std::size_t begin = at_;
        if (is_word_start(peek())) {
            while (is_word(peek())) {
                ++at_;
            }
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string number() {
        const std::size_t begin = at_;
        take('-');
        if (!is_digit(peek())) {
            fail(found() + " stands where a number is expected");
            return {};
        }
        while (is_digit(peek()) || peek() == '.') {
            ++at_;
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string quoted() {
        const std::size_t begin = at_;
        const char quote = text_[at_++];
        std::string content;
        while (at_ < text_.size() && text_[at_] != quote) {
            at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 1U : 0U;
            content += text_[at_++];
        }
        if (!take(quote)) {
            at_ = begin;
            fail("a quote is not closed");
        }
        return content;
    }

    void skip_blanks() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
            ++at_;
        }
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char wanted) {
        if (at_ < text_.size() && text_[at_] == wanted) {
            ++at_;
            return true;
        }
        return false;
    }

    std::string found() const {
        return at_ < text_.size() ? backquoted(text_.substr(at_, 1)) : "the end of the text";
    }

    void fail(std::string message) {
        if (!fault_) {
            fault_ = SyntaxFault{at_, std::move(message), ""};
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::optional<SyntaxFault> fault_;
};

void append_quoted(std::string& out, std::string_view text, char quote) {
    out += quote;
    for (const char c : text) {
        if (c == quote || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    out += quote;
}

// The words before a value that are no element's name.
constexpr std::string_view kSkipMatching = "SKIP REGEXP";

bool is_plain_label(std::string_view label) {
    return label == kSkipMatching ||
           (is_word_start(label.front()) && std::all_of(label.begin(), label.end(), is_word));
}

void append_type(std::string& out, const ClickHouseType& type);

void append_argument(std::string& out, const TypeArgument& argument) {
    if (!argument.label.empty()) {
        if (is_plain_label(argument.label)) {
            out += argument.label;
        } else {
            append_quoted(out, argument.label, '`');
        }
        out += ' ';
    }
    switch (argument.kind) {
    case TypeArgument::Kind::Number:
        out += argument.text;
        break;
    case TypeArgument::Kind::Text:
        append_quoted(out, argument.text, '\'');
        break;
    case TypeArgument::Kind::Type:
        append_type(out, argument.type.front());
        break;
    }
    if (!argument.assigned.empty()) {
        out += " = " + argument.assigned;
    }
}

void append_type(std::string& out, const ClickHouseType& type) {
    out += type.name;
    if (type.arguments.empty()) {
        return;
    }
    std::string_view separator = "(";
    for (const TypeArgument& argument : type.arguments) {
        out += separator;
        append_argument(out, argument);
        separator = ", ";
    }
    out += ')';
}

bool is_wrapper(const ClickHouseType& type) {
    return (type.name == "Nullable" || type.name == "LowCardinality") && type.arguments.size() == 1 &&
           type.arguments.front().kind == TypeArgument::Kind::Type;
}

} // namespace

// Spans do not count: two spellings of one type are equal.
bool operator==(const ClickHouseType& a, const ClickHouseType& b) {
    return a.name == b.name && a.arguments == b.arguments;
}

Parsed<ClickHouseType> parse_clickhouse_type(std::string_view text) { return TypeParser(text).parse(); }

std::string write_clickhouse_type(const ClickHouseType& type) {
    std::string out;
    append_type(out, type);
    return out;
}

const ClickHouseType& unwrapped(const ClickHouseType& type) {
    const ClickHouseType* inner = &type;
    while (is_wrapper(*inner)) {
        inner = &inner->arguments.front().type.front();
    }
    return *inner;
}

bool is_nullable(const ClickHouseType& type) {
    const ClickHouseType* inner = &type;
    while (is_wrapper(*inner)) {
        if (inner->name == "Nullable") {
            return true;
        }
        inner = &inner->arguments.front().type.front();
    }
    return false;
}

} // namespace birdhouse::syntax

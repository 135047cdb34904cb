// Numbers and texts as they are written in Python, and the literals inside of f-strings.
#include "base/text.hpp"
#include "syntax/expression_parser.hpp"
#include "syntax/value_text.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse::syntax {

namespace {

bool has_letter(std::string_view prefix, char letter) {
    return to_lower_ascii(prefix).find(letter) != std::string::npos;
}

// `1_000` -> `1000`; nullopt when an underscore stands anywhere but between two digits.
std::optional<std::string> without_underscores(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            digits += text[i];
        } else if (i == 0 || i + 1 == text.size() || text[i - 1] == '_' || text[i + 1] == '_') {
            return std::nullopt;
        }
    }
    return digits;
}

std::optional<Value> read_based_integer(std::string_view digits, int base) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    const bool whole =
        error == std::errc{} && end == digits.data() + digits.size() && !digits.starts_with('-');
    return whole ? std::optional(make_integer(number)) : std::nullopt;
}

std::optional<Value> read_number(std::string_view text) {
    const auto digits = without_underscores(text);
    if (!digits) {
        return std::nullopt;
    }
    const std::string lowered = to_lower_ascii(*digits);
    const std::string_view start = std::string_view(lowered).substr(0, 2);
    if (start == "0x" || start == "0o" || start == "0b") {
        return read_based_integer(std::string_view(lowered).substr(2), start == "0x"   ? 16
                                                                       : start == "0o" ? 8
                                                                                       : 2);
    }
    if (const auto integer = read_integer(lowered)) {
        const bool leading_zero = lowered.size() > 1 && lowered[0] == '0';
        return leading_zero && lowered.find_first_not_of('0') != std::string::npos
                   ? std::nullopt
                   : std::optional(make_integer(*integer));
    }
    const auto number = read_float(lowered);
    return number ? std::optional(make_float(*number)) : std::nullopt;
}

std::optional<std::uint32_t> read_code_point(std::string_view digits, std::size_t width, int base) {
    std::uint32_t number = 0;
    if (digits.size() < width) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + width, number, base);
    return error == std::errc{} && end == digits.data() + width && number <= 0x10FFFF ? std::optional(number)
                                                                                      : std::nullopt;
}

constexpr std::string_view kEscapes = "\\'\"abfnrtv";
constexpr std::string_view kEscaped = "\\'\"\a\b\f\n\r\t\v";

// Reads the escape after a backslash at `at`, which moves past it. False when it is broken.
bool append_escape(std::string& out, std::string_view body, std::size_t& at) {
    const char c = body[at];
    if (const std::size_t known = kEscapes.find(c); known != std::string_view::npos) {
        out += kEscaped[known];
        ++at;
        return true;
    }
    if (c == '\n' || c == '\r') { // the literal goes on in the next line
        at += body.substr(at).starts_with("\r\n") ? 2U : 1U;
        return true;
    }
    if (c >= '0' && c <= '7') {
        const std::size_t end = body.find_first_not_of("01234567", at);
        const std::size_t width = std::min<std::size_t>(std::min(end, body.size()) - at, 3);
        append_code_point(out, *read_code_point(body.substr(at), width, 8));
        at += width;
        return true;
    }
    const std::size_t width = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (width == 0) {
        out += '\\'; // not an escape: the backslash stays
        return c != 'N';
    }
    const auto code_point = read_code_point(body.substr(at + 1), width, 16);
    if (code_point) {
        append_code_point(out, *code_point);
        at += 1 + width;
    }
    return code_point.has_value();
}

} // namespace

std::optional<std::string> decode_text_literal(std::string_view body, bool raw) {
    std::string out;
    for (std::size_t at = 0; at < body.size();) {
        if (raw || body[at] != '\\' || at + 1 == body.size()) {
            out += body[at++];
        } else if (!append_escape(out, body, ++at)) {
            return std::nullopt;
        }
    }
    return out;
}

Expression ExpressionParser::number() {
    const Token token = token_;
    const char last = token.text.back();
    advance();
    if (last == 'j' || last == 'J') {
        return refuse("complex", token.begin, ExpressionKind::RefusedConstant);
    }
    Expression constant = open(ExpressionKind::Constant, token.begin);
    const auto value = read_number(token.text);
    if (value) {
        constant.constant = *value;
    } else {
        fail_at(token.begin, token.end, backquoted(shorten(token.text, 40)) + " is not a number");
    }
    return close(std::move(constant));
}

// Cuts the body of an f-string into texts and the expressions between braces.
class FormattedTextParser {
public:
    FormattedTextParser(ExpressionParser& parser, const Token& token)
        : parser_(parser), body_(token.body), raw_(has_letter(token.prefix, 'r')),
          offset_(static_cast<std::uint32_t>(token.body.data() - parser.text_.data())) {}

    void append_to(std::vector<Expression>& parts) {
        while (at_ < body_.size() && !parser_.fault_) {
            const std::size_t brace = std::min(body_.find_first_of("{}", at_), body_.size());
            const bool doubled = brace + 1 < body_.size() && body_[brace] == body_[brace + 1];
            append_literal(parts, body_.substr(at_, brace + (doubled ? 1 : 0) - at_));
            at_ = brace + (doubled ? 2 : 0);
            if (!doubled && at_ < body_.size()) {
                parts.push_back(part());
            }
        }
    }

private:
    void append_literal(std::vector<Expression>& parts, std::string_view body) {
        if (body.empty()) {
            return;
        }
        Expression constant =
            parser_.open(ExpressionKind::Constant, offset_ + static_cast<std::uint32_t>(at_));
        const auto decoded = decode_text_literal(body, raw_);
        if (!decoded) {
            fail("an escape in the text is broken");
        }
        constant.constant = make_text(decoded.value_or(""));
        parts.push_back(parser_.close(std::move(constant)));
    }

    Expression part() {
        const std::size_t begin = at_ + 1;
        const std::size_t end = end_of_expression(begin);
        const std::size_t closing = end < body_.size() ? body_.find('}', end) : std::string_view::npos;
        if (body_[at_] == '}' || closing == std::string_view::npos) {
            fail("a single brace stands in an f-string");
            return {};
        }
        Expression node =
            parser_.open(ExpressionKind::FormattedPart, offset_ + static_cast<std::uint32_t>(begin));
        node.name = body_.substr(end, closing - end);
        node.children.push_back(expression(begin, end));
        at_ = closing + 1;
        return parser_.close(std::move(node));
    }

    Expression expression(std::size_t begin, std::size_t end) {
        const auto place = [this](std::size_t at) { return offset_ + static_cast<std::uint32_t>(at); };
        ExpressionParser inner(parser_.text_, place(begin), place(end), parser_.nesting_ + 1);
        if (parser_.nesting_ >= kDeepestExpression) {
            fail("the expression is nested more than 100 deep");
            return {};
        }
        ParsedExpression parsed = inner.finish(inner.expression_list());
        if (const auto* fault = std::get_if<ExpressionFault>(&parsed)) {
            parser_.fail_at(fault->begin, fault->end, fault->message, fault->too_deep);
            return {};
        }
        return std::move(*std::get_if<Expression>(&parsed));
    }

    // The first `!`, `:` or `}` outside of brackets and quotes.
    std::size_t end_of_expression(std::size_t at) const {
        std::size_t brackets = 0;
        char quote = '\0';
        for (; at < body_.size(); ++at) {
            const char c = body_[at];
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                ++brackets;
            } else if (brackets > 0) {
                brackets -= c == ')' || c == ']' || c == '}' ? 1 : 0;
            } else if (c == '}' || c == ':' || (c == '!' && !body_.substr(at + 1).starts_with('='))) {
                return at;
            }
        }
        return at;
    }

    void fail(const char* message) {
        const auto begin = offset_ + static_cast<std::uint32_t>(at_);
        parser_.fail_at(begin, begin + 1, message);
        at_ = body_.size();
    }

    ExpressionParser& parser_;
    std::string_view body_;
    bool raw_;
    std::uint32_t offset_;
    std::size_t at_ = 0;
};

// One literal, or several side by side, which Python joins.
Expression ExpressionParser::text() {
    const std::uint32_t begin = token_.begin;
    std::string joined;
    std::vector<Expression> parts;
    bool formatted = false;
    bool bytes = false;
    bool characters = false;
    while (token_.kind == TokenKind::Text) {
        const Token token = token_;
        advance();
        const bool is_bytes = has_letter(token.prefix, 'b');
        bytes = bytes || is_bytes;
        characters = characters || !is_bytes;
        formatted = formatted || has_letter(token.prefix, 'f');
        if (has_letter(token.prefix, 'f')) {
            FormattedTextParser(*this, token).append_to(parts);
            continue;
        }
        const auto decoded = decode_text_literal(token.body, has_letter(token.prefix, 'r'));
        if (!decoded) {
            fail_at(token.begin, token.end, "an escape in the text is broken");
        }
        joined += decoded.value_or("");
        Expression constant = open(ExpressionKind::Constant, token.begin);
        constant.constant = make_text(decoded.value_or(""));
        parts.push_back(close(std::move(constant)));
    }
    if (bytes) {
        if (characters) {
            fail_at(begin, previous_end_, "bytes and text stand side by side");
        }
        return refuse("bytes", begin, ExpressionKind::RefusedConstant);
    }
    Expression node = open(formatted ? ExpressionKind::FormattedText : ExpressionKind::Constant, begin);
    if (formatted) {
        node.children = std::move(parts);
    } else {
        node.constant = make_text(std::move(joined));
    }
    return close(std::move(node));
}

namespace {

std::optional<Value> literal_value(const Expression& expression) {
    if (expression.kind == ExpressionKind::Constant) {
        return expression.constant;
    }
    if (expression.kind == ExpressionKind::Unary && expression.operation == Operator::Minus) {
        const auto operand = literal_value(expression.children.front());
        if (const auto* integer = operand ? operand->as<IntegerValue>() : nullptr) {
            const auto negative = read_integer("-" + integer_text(integer->number));
            return negative ? std::optional(make_integer(*negative)) : std::nullopt;
        }
        const auto* number = operand ? operand->as<FloatValue>() : nullptr;
        return number == nullptr ? std::nullopt : std::optional(make_float(-number->number));
    }
    if (expression.kind != ExpressionKind::List && expression.kind != ExpressionKind::Tuple) {
        return std::nullopt;
    }
    Values items;
    for (const Expression& child : expression.children) {
        auto item = literal_value(child);
        if (!item) {
            return std::nullopt;
        }
        items.push_back(*std::move(item));
    }
    return expression.kind == ExpressionKind::List ? make_list(std::move(items))
                                                   : make_tuple(std::move(items));
}

} // namespace

std::optional<Value> read_literal(std::string_view text) {
    const ParsedExpression parsed = parse_expression(text, 0, static_cast<std::uint32_t>(text.size()));
    const auto* expression = std::get_if<Expression>(&parsed);
    return expression == nullptr ? std::nullopt : literal_value(*expression);
}

} // namespace birdhouse::syntax

#include "syntax/value_text.hpp"

#include "base/text.hpp"
#include "syntax/value_unicode.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace birdhouse::syntax {

namespace {

// "12345", exponent 3 -> 1234.5; Python leaves positional form below 1e-4 and from 1e16.
std::string place_point(const std::string& digits, int exponent) {
    if (exponent < -4 || exponent >= 16) {
        std::string out = digits.substr(0, 1);
        if (digits.size() > 1) {
            out += "." + digits.substr(1);
        }
        const std::string magnitude = std::to_string(std::abs(exponent));
        return out + (exponent < 0 ? "e-" : "e+") + (magnitude.size() < 2 ? "0" : "") + magnitude;
    }
    if (exponent < 0) {
        return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    }
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole) {
        return digits + std::string(whole - digits.size(), '0') + ".0";
    }
    return digits.substr(0, whole) + "." + digits.substr(whole);
}

} // namespace

std::string float_text(double number) {
    if (std::isnan(number)) {
        return "nan";
    }
    const std::string sign = std::signbit(number) ? "-" : "";
    if (std::isinf(number)) {
        return sign + "inf";
    }
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                   std::chars_format::scientific);
    const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t e = scientific.find('e');
    std::string digits = replace_all(std::string(scientific.substr(0, e)), ".", "");
    int exponent = 0;
    const std::size_t first = scientific[e + 1] == '+' ? e + 2 : e + 1;
    std::from_chars(scientific.data() + first, scientific.data() + scientific.size(), exponent);
    return sign + place_point(digits, exponent);
}

namespace {

// ASCII form of a number's text: blanks at the ends gone, digits of other scripts as 0 to 9.
std::string plain_digits(std::string_view text) {
    std::string out;
    text = strip_spaces(text);
    bool after_digit = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const auto digit = decimal_digit(next_code_point(text, at));
        std::size_t ahead = at;
        const bool joins = text[begin] == '_' && after_digit && at < text.size() &&
                           decimal_digit(next_code_point(text, ahead));
        if (digit) {
            out += static_cast<char>('0' + *digit);
        } else if (!joins) {
            out += text.substr(begin, at - begin);
        }
        after_digit = digit.has_value();
    }
    return to_lower_ascii(out);
}

} // namespace

std::optional<double> read_float(std::string_view text) {
    const std::string plain = plain_digits(text);
    std::string_view rest = plain;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    const double sign = negative ? -1 : 1;
    if (rest == "inf" || rest == "infinity") {
        return sign * std::numeric_limits<double>::infinity();
    }
    if (rest == "nan") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (rest.empty() || (rest[0] != '.' && (rest[0] < '0' || rest[0] > '9'))) {
        return std::nullopt;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (end != rest.data() + rest.size() || error == std::errc::invalid_argument) {
        return std::nullopt;
    }
    // from_chars says only "out of range" for both ends; strtod gives infinity or nearly zero.
    return sign * (error == std::errc{} ? number : std::strtod(std::string(rest).c_str(), nullptr));
}

namespace {

void append_hex(std::string& out, std::uint32_t code_point) {
    const std::size_t width = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
    out += width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U";
    std::array<char, 8> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), code_point, 16);
    const std::string_view digits(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    out.append(width - digits.size(), '0');
    out += digits;
}

class ReprWriter {
public:
    explicit ReprWriter(std::size_t longest) : longest_(longest) {}

    void write(const Value& value) {
        if (out_.size() <= longest_) {
            std::visit(*this, value.data);
        }
    }
    void operator()(NoneValue) { out_ += "None"; }
    void operator()(bool truth) { out_ += truth ? "True" : "False"; }
    void operator()(const IntegerValue& integer) { out_ += integer_text(integer.number); }
    void operator()(const FloatValue& number) { out_ += float_text(number.number); }
    void operator()(const TextValue& text) { append_text_repr(out_, text.view()); }
    void operator()(const SequenceValue& sequence) {
        const Values& items = sequence.content->items;
        const bool round = sequence.kind == SequenceKind::Tuple;
        out_ += round ? '(' : '[';
        for (std::size_t i = 0; i < items.size() && out_.size() <= longest_; ++i) {
            out_ += i == 0 ? "" : ", ";
            write(items[i]);
        }
        out_ += round ? (items.size() == 1 ? ",)" : ")") : "]";
    }
    void operator()(const DictValue& dict) { write_entries(*dict.content, true); }
    void operator()(const SetValue& set) {
        if (set.content->entries.empty()) {
            out_ += "set()";
        } else {
            write_entries(*set.content, false);
        }
    }
    void operator()(const PlaceholderValue&) { out_ += "__no_value__"; }
    void operator()(const FunctionValue& function) {
        out_ += function.kind == FunctionKind::Class ? "<class '" : "<built-in function ";
        out_ += function.name;
        out_ += function.kind == FunctionKind::Class ? "'>" : ">";
    }

    std::string take() { return std::move(out_); }

private:
    void write_entries(const Mapping& mapping, bool with_values) {
        out_ += '{';
        for (std::size_t i = 0; i < mapping.entries.size() && out_.size() <= longest_; ++i) {
            out_ += i == 0 ? "" : ", ";
            write(mapping.entries[i].first);
            if (with_values) {
                out_ += ": ";
                write(mapping.entries[i].second);
            }
        }
        out_ += '}';
    }

    std::size_t longest_;
    std::string out_;
};

// `toInt32('5')`: how numbers of a database type print outside of containers.
std::string converted(std::string_view type, const std::string& number) {
    return "to" + std::string(type) + "('" + number + "')";
}

} // namespace

void append_text_repr(std::string& out, std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const std::uint32_t c = next_code_point(text, at);
        if (c == '\n' || c == '\r' || c == '\t') {
            out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else if (c == '\\' || c == static_cast<unsigned char>(quote)) {
            out += '\\';
            out += static_cast<char>(c);
        } else if (!is_printable(c)) {
            append_hex(out, c);
        } else {
            out += text.substr(begin, at - begin);
        }
    }
    out += quote;
}

std::string repr_of(const Value& value, std::size_t longest) {
    ReprWriter writer(longest);
    writer.write(value);
    return writer.take();
}

std::string str_of(const Value& value, std::size_t longest) {
    if (const auto* text = value.as<TextValue>()) {
        return std::string(text->view());
    }
    if (const auto* integer = value.as<IntegerValue>(); integer != nullptr && !integer->type.empty()) {
        return converted(integer->type, integer_text(integer->number));
    }
    if (const auto* number = value.as<FloatValue>(); number != nullptr && !number->type.empty()) {
        return converted(number->type, float_text(number->number));
    }
    return repr_of(value, longest);
}

bool is_unprintable(const Value& value) {
    if (const auto* sequence = value.as<SequenceValue>()) {
        return sequence->kind == SequenceKind::View;
    }
    const auto* function = value.as<FunctionValue>();
    return function != nullptr && function->kind == FunctionKind::Template;
}

} // namespace birdhouse::syntax

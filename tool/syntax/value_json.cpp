#include "syntax/value_json.hpp"

#include "syntax/value_text.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace birdhouse::syntax {

namespace {

class JsonReader {
public:
    explicit JsonReader(std::string_view text) : text_(text) {}

    std::variant<Value, JsonFault> read() {
        if (text_.starts_with("\xEF\xBB\xBF")) {
            fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
            return *std::move(fault_);
        }
        skip_blanks();
        Value value = read_value(1);
        skip_blanks();
        if (!fault_ && at_ < text_.size()) {
            fail("Extra data", at_);
        }
        if (fault_) {
            return *std::move(fault_);
        }
        return value;
    }

private:
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }

    bool take(std::string_view word) {
        const bool taken = text_.substr(at_).starts_with(word);
        at_ += taken ? word.size() : 0;
        return taken;
    }

    void fail(const std::string& message, std::size_t where) {
        if (fault_) {
            return;
        }
        const std::string_view before = text_.substr(0, where);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const std::size_t line_end = before.rfind('\n');
        const std::size_t line_start = line_end == std::string_view::npos ? 0 : line_end + 1;
        fault_ = JsonFault{message + ": line " + std::to_string(line) + " column " +
                           std::to_string(count_characters(before.substr(line_start)) + 1) + " (char " +
                           std::to_string(count_characters(before)) + ")"};
    }

    Value read_value(unsigned depth) {
        if (depth > kDeepestContainer) {
            fail("Nested too deep", at_);
            return {};
        }
        switch (peek()) {
        case '{':
            return read_object(depth);
        case '[':
            return read_array(depth);
        case '"':
            return make_text(read_text());
        default:
            return read_plain();
        }
    }

    Value read_plain() {
        if (take("null")) {
            return {};
        }
        if (take("true")) {
            return make_bool(true);
        }
        if (take("false")) {
            return make_bool(false);
        }
        if (take("NaN")) {
            return make_float(std::numeric_limits<double>::quiet_NaN());
        }
        if (take("Infinity")) {
            return make_float(std::numeric_limits<double>::infinity());
        }
        if (take("-Infinity")) {
            return make_float(-std::numeric_limits<double>::infinity());
        }
        return read_number();
    }

    std::size_t skip_digits(std::size_t from) const {
        return std::min(text_.find_first_not_of("0123456789", from), text_.size());
    }

    Value read_number() {
        const std::size_t begin = at_;
        const std::size_t first = begin + (peek() == '-' ? 1 : 0);
        std::size_t end = first < text_.size() && text_[first] == '0' ? first + 1 : skip_digits(first);
        if (end == first) {
            fail("Expecting value", begin);
            return {};
        }
        const std::size_t whole = end;
        if (end < text_.size() && text_[end] == '.' && skip_digits(end + 1) > end + 1) {
            end = skip_digits(end + 1);
        }
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            const std::size_t sign =
                end + 1 < text_.size() && (text_[end + 1] == '+' || text_[end + 1] == '-') ? 2 : 1;
            const std::size_t digits = skip_digits(end + sign);
            end = digits > end + sign ? digits : end;
        }
        at_ = end;
        const std::string_view digits = text_.substr(begin, end - begin);
        return end == whole ? make_integer(*read_integer(digits)) : make_float(*read_float(digits));
    }

    Value read_array(unsigned depth) {
        Values items;
        ++at_;
        skip_blanks();
        if (take("]")) {
            return make_list({});
        }
        while (!fault_) {
            items.push_back(read_value(depth + 1));
            skip_blanks();
            if (fault_ || take("]")) {
                break;
            }
            expect_comma();
        }
        return make_list(std::move(items));
    }

    void expect_comma() {
        if (!take(",")) {
            fail("Expecting ',' delimiter", at_);
        }
        skip_blanks();
    }

    Value read_object(unsigned depth) {
        std::vector<std::pair<Value, Value>> entries;
        ++at_;
        skip_blanks();
        if (take("}")) {
            return make_dict({});
        }
        while (!fault_) {
            if (peek() != '"') {
                fail("Expecting property name enclosed in double quotes", at_);
                break;
            }
            Value key = make_text(read_text());
            skip_blanks();
            if (!take(":")) {
                fail("Expecting ':' delimiter", at_);
                break;
            }
            skip_blanks();
            entries.emplace_back(std::move(key), read_value(depth + 1));
            skip_blanks();
            if (fault_ || take("}")) {
                break;
            }
            expect_comma();
        }
        return make_dict(std::move(entries));
    }

    std::string read_text() {
        const std::size_t begin = at_++;
        std::string out;
        while (!fault_) {
            const std::size_t end = std::min(text_.find_first_of("\"\\", at_), text_.size());
            const std::string_view run = text_.substr(at_, end - at_);
            const auto control = std::find_if(run.begin(), run.end(),
                                              [](char c) { return static_cast<unsigned char>(c) < 0x20; });
            if (control != run.end()) {
                fail("Invalid control character at", at_ + static_cast<std::size_t>(control - run.begin()));
                break;
            }
            out += run;
            at_ = end;
            if (end == text_.size()) {
                fail("Unterminated string starting at", begin);
            } else if (take("\"")) {
                break;
            } else {
                read_escape(out, begin);
            }
        }
        return out;
    }

    void read_escape(std::string& out, std::size_t text_begin) {
        constexpr std::string_view kEscapes = "\"\\/bfnrt";
        constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t";
        const std::size_t begin = at_++;
        if (at_ == text_.size()) {
            fail("Unterminated string starting at", text_begin);
        } else if (const std::size_t known = kEscapes.find(text_[at_]); known != std::string_view::npos) {
            out += kEscaped[known];
            ++at_;
        } else if (text_[at_] == 'u') {
            append_code_point(out, read_unicode_escape());
        } else {
            fail("Invalid \\escape", begin);
        }
    }

    std::optional<std::uint32_t> four_digits(std::size_t at) const {
        std::uint32_t number = 0;
        const std::string_view digits = text_.substr(std::min(at, text_.size()), 4);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
        const bool whole = digits.size() == 4 && error == std::errc{} && end == digits.data() + 4;
        return whole ? std::optional(number) : std::nullopt;
    }

    // At the `u`. Half of a pair has no UTF-8 form: it becomes the replacement character.
    std::uint32_t read_unicode_escape() {
        constexpr std::uint32_t kReplacement = 0xFFFD;
        const auto first = four_digits(at_ + 1);
        if (!first) {
            fail("Invalid \\uXXXX escape", at_);
            return kReplacement;
        }
        at_ += 5;
        if (*first < 0xD800 || *first > 0xDFFF) {
            return *first;
        }
        const auto second = text_.substr(at_).starts_with("\\u") ? four_digits(at_ + 2) : std::nullopt;
        if (*first > 0xDBFF || !second || *second < 0xDC00 || *second > 0xDFFF) {
            return kReplacement;
        }
        at_ += 6;
        return 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::optional<JsonFault> fault_;
};

void append_json_text(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_json(std::string& out, const Value& value) {
    if (const auto* truth = value.as<bool>()) {
        out += *truth ? "true" : "false";
    } else if (const auto* items = items_of(value)) {
        out += '[';
        for (std::size_t i = 0; i < items->size() && out.size() <= kLongestText; ++i) {
            out += i == 0 ? "" : ", ";
            append_json(out, (*items)[i]);
        }
        out += ']';
    } else if (const auto* dict = value.as<DictValue>()) {
        out += '{';
        const auto& entries = dict->content->entries;
        for (std::size_t i = 0; i < entries.size() && out.size() <= kLongestText; ++i) {
            out += i == 0 ? "" : ", ";
            append_json_text(out, str_of(entries[i].first));
            out += ": ";
            append_json(out, entries[i].second);
        }
        out += '}';
    } else if (value.is_none()) {
        out += "null";
    } else if (integer_of(value) || value.as<FloatValue>() != nullptr) {
        out += repr_of(value);
    } else {
        append_json_text(out, str_of(value));
    }
}

} // namespace

std::variant<Value, JsonFault> read_json(std::string_view text) { return JsonReader(text).read(); }

std::string write_json(const Value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

} // namespace birdhouse::syntax

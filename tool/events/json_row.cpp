// The grammar, by recursive descent over the places of structure.
#include "events/json_row.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/numbers.hpp"

namespace birdhouse::events {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

JsonFault not_json(std::uint32_t offset, std::string_view text) { return {&codes::E020, offset, text}; }

// Walks the offsets of stage one. Each function reads one thing and says whether it was well formed.
class Grammar {
public:
    // Without `keep` there is room for one token only.
    Grammar(std::string_view text, std::span<const std::uint32_t> places, JsonToken* tokens, bool keep)
        : text_(text), places_(places), tokens_(tokens), keep_(keep),
          has_backslash_(text.find('\\') != std::string_view::npos) {}

    std::optional<JsonFault> read(std::size_t& count) {
        if (value(0) && at_ != places_.size()) {
            fail("something follows the end of the value");
        }
        if (!fault_ && text_[places_.front()] != '{') {
            fault_ = JsonFault{&codes::E024, places_.front(), "an event is a JSON object"};
        }
        count = keep_ && !fault_ ? count_ : 0;
        return fault_;
    }

private:
    bool value(int depth) {
        if (at_ == places_.size()) {
            return fail("the row ends inside a value");
        }
        switch (text_[place()]) {
        case '{':
            return depth == kDeepestValue ? too_deep() : object(depth);
        case '[':
            return depth == kDeepestValue ? too_deep() : array(depth);
        case '"':
            return string();
        default:
            return scalar();
        }
    }

    bool object(int depth) {
        const std::size_t self = open(JsonKind::Object);
        if (take('}')) {
            return close(self);
        }
        while (true) {
            if (at_ == places_.size() || text_[place()] != '"') {
                return fail("a key in quotes is expected");
            }
            if (!string()) {
                return false;
            }
            if (!take(':')) {
                return fail("`:` is expected behind a key");
            }
            if (!value(depth + 1)) {
                return false;
            }
            if (take('}')) {
                return close(self);
            }
            if (!take(',')) {
                return fail("`,` or `}` is expected");
            }
        }
    }

    bool array(int depth) {
        const std::size_t self = open(JsonKind::Array);
        if (take(']')) {
            return close(self);
        }
        while (value(depth + 1)) {
            if (take(']')) {
                return close(self);
            }
            if (!take(',')) {
                return fail("`,` or `]` is expected");
            }
        }
        return false;
    }

    bool string() {
        JsonToken& token = add(JsonKind::String);
        if (token.end < token.begin + 2 || text_[token.end - 1] != '"') {
            return fail("a text is not closed");
        }
        if (!has_backslash_) {
            return true;
        }
        const std::string_view inner = text_.substr(token.begin + 1, token.end - token.begin - 2);
        token.escaped = inner.find('\\') != std::string_view::npos;
        const std::optional<EscapeFault> fault = token.escaped ? find_escape_fault(inner) : std::nullopt;
        if (fault == EscapeFault::LoneSurrogate) {
            fault_ = JsonFault{&codes::E021, token.begin, "half of a surrogate pair is not a character"};
        } else if (fault) {
            fault_ = not_json(token.begin, "a backslash in a text escapes nothing that JSON knows");
        }
        return !fault;
    }

    bool scalar() {
        JsonToken& token = add(JsonKind::Number);
        const std::string_view written = text_.substr(token.begin, token.end - token.begin);
        if (written == "true") {
            token.kind = JsonKind::True;
        } else if (written == "false") {
            token.kind = JsonKind::False;
        } else if (written == "null") {
            token.kind = JsonKind::Null;
        } else {
            const NumberShape shape = number_shape(written);
            token.integral = shape.integral;
            if (!shape.well_formed) {
                fault_ =
                    not_json(token.begin, "a value is neither a number, a text, `true`, `false` nor `null`");
            }
        }
        return !fault_;
    }

    // A scalar ends where the next structural character begins, less the blanks between.
    JsonToken& add(JsonKind kind) {
        const std::uint32_t begin = place();
        ++at_;
        std::size_t end = at_ < places_.size() ? place() : text_.size();
        while (is_blank(text_[end - 1])) {
            --end;
        }
        JsonToken& token = tokens_[keep_ ? count_ : 0];
        token = {begin, static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(++count_), kind};
        return token;
    }

    std::size_t open(JsonKind kind) {
        tokens_[keep_ ? count_ : 0] = {place(), 0, 0, kind};
        ++at_;
        ++count_;
        return keep_ ? count_ - 1 : 0;
    }

    bool close(std::size_t self) {
        tokens_[self].end = places_[at_ - 1] + 1;
        tokens_[self].next = static_cast<std::uint32_t>(count_);
        return true;
    }

    bool take(char wanted) {
        if (at_ < places_.size() && text_[place()] == wanted) {
            ++at_;
            return true;
        }
        return false;
    }

    bool fail(std::string_view what) {
        if (!fault_) {
            fault_ =
                not_json(at_ < places_.size() ? place() : static_cast<std::uint32_t>(text_.size()), what);
        }
        return false;
    }

    bool too_deep() {
        fault_ = JsonFault{&codes::E023, place(), "values nest deeper than 128"};
        return false;
    }

    std::uint32_t place() const { return places_[at_]; }

    std::string_view text_;
    std::span<const std::uint32_t> places_;
    JsonToken* tokens_;
    bool keep_;
    std::size_t at_ = 0;    // in places_
    std::size_t count_ = 0; // of tokens; never more than places
    bool has_backslash_;
    std::optional<JsonFault> fault_;
};

} // namespace

std::optional<JsonFault> JsonRow::parse(std::string_view text) { return read(text, true); }
std::optional<JsonFault> JsonRow::diagnose(std::string_view text) { return read(text, false); }

std::optional<JsonFault> JsonRow::read(std::string_view text, bool keep) {
    text_ = text;
    count_ = 0;
    if (text.empty() || text.size() >= kLargestText) {
        return not_json(0, text.empty() ? "the row is empty" : "the row is larger than 4 GiB");
    }
    if (const char* complaint = index_.build(text)) {
        return diagnose_structure(complaint);
    }
    const std::span<const std::uint32_t> places = index_.places();
    if (places.empty()) {
        return not_json(0, "the row is empty");
    }
    if (tokens_.size() < (keep ? places.size() : 1)) {
        tokens_.resize(keep ? places.size() * 2 : 1);
    }
    return Grammar(text, places, tokens_.data(), keep).read(count_);
}

std::optional<std::size_t> JsonRow::find_value(std::size_t index, std::string_view key) const {
    const JsonToken& object = token(index);
    if (object.kind != JsonKind::Object) {
        return std::nullopt;
    }
    for (std::size_t at = index + 1; at != object.next; at = token(at + 1).next) {
        std::string unescaped;
        if (token(at).escaped) {
            append_unescaped(unescaped, inner(token(at)));
        }
        if ((token(at).escaped ? std::string_view(unescaped) : inner(token(at))) == key) {
            return at + 1;
        }
    }
    return std::nullopt;
}

// The SIMD pass knows that something is wrong, not where: a slow walk finds the place.
std::optional<JsonFault> JsonRow::diagnose_structure(std::string_view complaint) const {
    if (const std::optional<std::size_t> bad = find_invalid_utf8(text_)) {
        return JsonFault{&codes::E021, static_cast<std::uint32_t>(*bad), "a byte is not UTF-8"};
    }
    bool inside = false;
    std::uint32_t opened = 0;
    for (std::uint32_t at = 0; at < text_.size(); ++at) {
        if (inside && static_cast<unsigned char>(text_[at]) < 0x20) {
            return not_json(at, "a control character stands unescaped in a text");
        }
        if (inside && text_[at] == '\\') {
            ++at;
        } else if (text_[at] == '"') {
            inside = !inside;
            opened = inside ? at : opened;
        }
    }
    return not_json(inside ? opened : 0, inside ? "a text is not closed" : complaint);
}

} // namespace birdhouse::events

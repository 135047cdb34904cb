// One line of NDJSON, read once into a flat list of tokens, or only to say what is wrong with it. Not the
// hot path: that is checker.hpp, which asks here when a row is broken or its values are needed again.
#pragma once

#include "base/diagnostic.hpp"
#include "events/json_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace birdhouse::events {

enum class JsonKind : std::uint8_t { Null, False, True, Number, String, Object, Array };

// An object's tokens are followed by its keys and values in turn, an array's by its elements.
struct JsonToken {
    std::uint32_t begin = 0; // bytes in the row; strings with their quotes
    std::uint32_t end = 0;
    std::uint32_t next = 0; // index of the token behind this value and all inside it
    JsonKind kind = JsonKind::Null;
    bool escaped = false;  // a string with a backslash in it
    bool integral = false; // a number of digits only, with or without a sign
};

struct JsonFault {
    const Code* code = nullptr; // E020, E021, E023 or E024
    std::uint32_t offset = 0;
    std::string_view text; // what is wrong there
};

class JsonRow {
public:
    // `text` must outlive the use of the tokens. Values nest at most 128 deep, rows hold less than 4 GiB.
    std::optional<JsonFault> parse(std::string_view text);
    // The same without tokens, whose number a hostile row could make large.
    std::optional<JsonFault> diagnose(std::string_view text);

    std::span<const JsonToken> tokens() const { return {tokens_.data(), count_}; }
    const JsonToken& token(std::size_t index) const { return tokens_[index]; }
    std::string_view text() const { return text_; }
    std::string_view slice(const JsonToken& token) const {
        return text_.substr(token.begin, token.end - token.begin);
    }
    // Between the quotes; escapes are still escapes.
    std::string_view inner(const JsonToken& string) const {
        return text_.substr(string.begin + 1, string.end - string.begin - 2);
    }
    // The token of the value behind `key` in the object at `index`; nothing when there is no such key or no
    // object. Looks at one key after the other: for rare paths, not for the columns of every row.
    std::optional<std::size_t> find_value(std::size_t index, std::string_view key) const;

private:
    std::optional<JsonFault> read(std::string_view text, bool keep);
    std::optional<JsonFault> diagnose_structure(std::string_view complaint) const;

    JsonIndex index_;
    std::vector<JsonToken> tokens_; // grows, never shrinks: no allocation once it fits the largest row
    std::size_t count_ = 0;
    std::string_view text_;
};

} // namespace birdhouse::events

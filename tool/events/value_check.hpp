// Does one JSON value fit one type? Along the way the value is written as ClickHouse must read it to store
// what Tinybird would: times in UTC, objects for String as text, true for UInt8 as 1.
//
// The usual form of a value is decided by text_scan.hpp in a few instructions; everything else goes to the
// exact functions.
#pragma once

#include "events/json_cursor.hpp"
#include "events/schema.hpp"
#include "events/text_scan.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <string>

namespace birdhouse::events {

enum class Outcome : std::uint8_t {
    Taken,   // the cursor stands behind the value, all of which is well formed
    Refused, // a reason was added; the cursor stands anywhere
    Broken,  // what stands here is not JSON
};

class ValueChecker {
public:
    ValueChecker(const EventSchema& schema, JsonCursor& cursor, Verdict& verdict)
        : schema_(schema), cursor_(cursor), verdict_(verdict) {}

    // Notes count bytes from `row`. `out` may be null: then nothing is written.
    void begin_row(std::uint32_t row, std::string* out) {
        row_ = row;
        out_ = out;
    }

    // The value under the cursor for a whole column, null included.
    Outcome check_column(std::uint32_t column, int depth);

private:
    struct Place {
        const EventColumn& column;
        std::uint32_t index;
        std::string* out;
        bool rules = true; // false for the keys of a Map: the column's rules speak of its values
    };
    // A text between its quotes, as written; `escaped` says whether a backslash is in it.
    struct Text {
        std::uint32_t begin = 0; // with the quotes
        std::uint32_t end = 0;
        TextFinds finds;
    };

    Outcome check(const TypeNode& node, Place& place, int depth);
    Outcome check_null(const TypeNode& node, Place& place);
    Outcome check_bool(Place& place);
    Outcome check_integer(const TypeNode& node, Place& place);
    Outcome check_fraction(const TypeNode& node, Place& place);
    Outcome check_any_number(const TypeNode& node, Place& place);
    Outcome check_digits(const TypeNode& node, std::string_view digits, Place& place);
    Outcome check_string(Place& place, int depth);
    Outcome check_as_text(Place& place, int depth);
    Outcome check_fixed_string(const TypeNode& node, Place& place);
    Outcome check_uuid(Place& place);
    Outcome check_date(const TypeNode& node, Place& place);
    Outcome check_time(const TypeNode& node, Place& place);
    Outcome check_epoch(const TypeNode& node, Place& place);
    Outcome check_json(Place& place, int depth);
    Outcome check_array(const TypeNode& node, Place& place, int depth);
    Outcome check_picked(const TypeNode& node, Place& place, int depth);
    Outcome check_picked_element(const TypeNode& node, Place& place, int depth);
    void write_key(const TypeNode& node, const Place& place);
    Outcome check_map(const TypeNode& node, Place& place, int depth);

    bool read_text(Text& text) const;
    std::string_view meaning(const Text& text);
    Outcome take_text(ValueKind kind, const Text& text, std::string_view means, Place& place);
    void apply_rules(std::string_view text, std::uint32_t begin, std::uint32_t end, Place& place);
    void apply_privacy(std::string_view text, std::uint32_t begin, std::uint32_t end, Place& place);

    Outcome refuse(const Code& code, Place& place);
    Outcome refuse(const Code& code, std::uint32_t begin, std::uint32_t end, Place& place);
    RowNote note(const Code& code, std::uint32_t column, std::uint32_t begin, std::uint32_t end) const {
        return {&code, column, begin - row_, end - row_};
    }
    std::uint32_t end_of_value(int depth) const;
    static void write(std::string_view text, const Place& place) {
        if (place.out != nullptr) {
            place.out->append(text);
        }
    }

    const EventSchema& schema_;
    JsonCursor& cursor_;
    Verdict& verdict_;
    std::uint32_t row_ = 0;
    std::string* out_ = nullptr;
    std::string unescaped_;
};

} // namespace birdhouse::events

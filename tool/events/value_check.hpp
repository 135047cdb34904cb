// Does one JSON value fit one type? Along the way the value is written as ClickHouse must read it to store
// what Tinybird would: times in UTC, objects for String as text, true for UInt8 as 1.
#pragma once

#include "events/json_row.hpp"
#include "events/schema.hpp"
#include "events/verdict.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace birdhouse::events {

// Where a check leaves what it found. `out` may be null: then nothing is written.
struct CheckSink {
    std::string* out = nullptr;
    std::vector<RowNote>* reasons = nullptr;
    std::vector<RowNote>* broken_rules = nullptr;
    std::vector<RowNote>* warnings = nullptr;
    bool credentials_possible = false; // the row passed the fast filter of privacy.hpp
};

class ValueChecker {
public:
    ValueChecker(const EventSchema& schema, const JsonRow& row) : schema_(schema), row_(row) {}

    // The value at `token` for a whole column, null included. False: a reason was added.
    bool check_column(std::uint32_t column, std::size_t token, CheckSink& sink);

private:
    struct Place {
        const EventColumn& column;
        std::uint32_t index;
        CheckSink& sink;
        bool rules = true; // false for the keys of a Map: the column's rules speak of its values
    };
    bool check(const TypeNode& node, std::size_t token, Place& place);
    bool check_bool(const JsonToken& token, Place& place);
    bool check_number(const TypeNode& node, const JsonToken& token, Place& place);
    bool check_digits(const TypeNode& node, const JsonToken& token, std::string_view digits, Place& place);
    bool check_string(const JsonToken& token, Place& place);
    bool check_fixed_string(const TypeNode& node, const JsonToken& token, Place& place);
    bool check_uuid(const JsonToken& token, Place& place);
    bool check_date(const TypeNode& node, const JsonToken& token, Place& place);
    bool check_time(const TypeNode& node, const JsonToken& token, Place& place);
    bool check_epoch(const TypeNode& node, const JsonToken& token, Place& place);
    bool check_json(const JsonToken& token, Place& place);
    bool check_elements(const TypeNode& node, std::size_t token, Place& place);
    bool check_picked_element(const TypeNode& node, std::size_t element, Place& place);
    bool check_map(const TypeNode& node, std::size_t token, Place& place);
    void apply_rules(const JsonToken& token, std::string_view text, Place& place);
    void apply_privacy(const JsonToken& token, std::string_view text, Place& place);
    void look_for_secrets(const JsonToken& token, std::string_view text, Place& place);

    bool refuse(const Code& code, const JsonToken& token, Place& place);
    void write(std::string_view text, Place& place);
    // What a string token means; valid until the next call.
    std::string_view meaning(const JsonToken& string);

    const EventSchema& schema_;
    const JsonRow& row_;
    std::string unescaped_;
};

} // namespace birdhouse::events

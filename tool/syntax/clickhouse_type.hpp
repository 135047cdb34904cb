// ClickHouse type text as a tree: `Array(Nullable(DateTime64(3, 'UTC')))`. Only the form is read here;
// which names exist and what their arguments mean is for those who use the tree.
#pragma once

#include "syntax/parsed.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct TypeArgument;

struct ClickHouseType {
    std::string name; // as written: `LowCardinality`
    std::vector<TypeArgument> arguments;
    std::size_t begin = 0; // bytes from the start of the parsed text
    std::size_t end = 0;
    friend bool operator==(const ClickHouseType&, const ClickHouseType&);
};

struct TypeArgument {
    enum class Kind { Type, Number, Text };
    Kind kind = Kind::Type;
    std::string label;                // before it: the element's name in `Tuple(a String)`, `SKIP` in JSON
    std::string text;                 // a number's digits, a text without its quotes
    std::string assigned;             // after `=`: the number in `'a' = 1`, in `max_dynamic_paths = 8`
    std::vector<ClickHouseType> type; // one for Type, else none
    friend bool operator==(const TypeArgument&, const TypeArgument&) = default;
};

// Texts up to 64 KiB, 32 types deep.
Parsed<ClickHouseType> parse_clickhouse_type(std::string_view text);

// ClickHouse's own spacing: `Map(String, UInt8)`, `Enum8('a' = 1)`.
std::string write_clickhouse_type(const ClickHouseType& type);

// The type inside Nullable and LowCardinality, at any nesting of the two.
const ClickHouseType& unwrapped(const ClickHouseType& type);
bool is_nullable(const ClickHouseType& type);

} // namespace birdhouse::syntax

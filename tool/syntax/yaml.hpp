// YAML as a tree with places. What the notation allows and a definition must not hold (duplicate keys, alias
// bombs, merge keys, several documents, tabs as indentation) is refused here; what keys mean is not known
// here.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

inline constexpr std::size_t kDeepestYaml = 64;
inline constexpr std::size_t kMostYamlNodes = 200'000; // after aliases are expanded

// How a scalar was written. Made: by a program, such as a rendered template; it reads as what its field
// wants.
enum class ScalarStyle { Plain, Quoted, Literal, Folded, Made };

struct YamlEntry;

struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map };

    Kind kind = Kind::Null;
    ScalarStyle style = ScalarStyle::Plain;
    bool flow = false; // a collection written with `[ ]` or `{ }`
    std::string text;  // of a scalar; of a null the word as written, or nothing
    std::vector<YamlNode> items;
    std::vector<YamlEntry> entries; // keys are scalars, each once, in file order
    Span span;                      // a quoted scalar's with its quotes; an absent value's is its key's
    // Of a literal block (`|`): where in the source each line of `text` begins, after the indentation.
    std::vector<std::uint32_t> line_begins;

    bool is_map() const { return kind == Kind::Map; }
    bool is_sequence() const { return kind == Kind::Sequence; }
    bool is_scalar() const { return kind == Kind::Scalar; }
    bool is_null() const { return kind == Kind::Null; }
};

struct YamlEntry {
    YamlNode key;
    YamlNode value;
};

// The one document of a source. Nothing when it cannot be read at all; a tree beside errors when it can.
std::optional<YamlNode> parse_yaml(SourceId source, const SourceMap& sources, Diagnostics& problems);

// Null when `map` has no such key.
const YamlNode* find_value(const YamlNode& map, std::string_view key);

// The place in the source of a part of a scalar's text: exact where text and source agree byte for byte
// (also inside a literal block), else the whole scalar.
Span place_in(const YamlNode& scalar, const SourceMap& sources, std::size_t offset, std::size_t length);

// Plain words that YAML's core schema reads as something else than text.
bool reads_as_number(std::string_view text);
bool reads_as_boolean(std::string_view text);
bool reads_as_null(std::string_view text);

} // namespace birdhouse::syntax

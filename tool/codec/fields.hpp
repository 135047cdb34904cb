// One object of a definition, held against the field table: unknown keys, missing ones and values of the
// wrong kind are reported once, here, and readers only ever see values of the right kind.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "codec/definition_fields.hpp"
#include "syntax/yaml.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// What every reader of definitions is handed.
struct Reading {
    const SourceMap& sources;
    Diagnostics& problems;
};

std::string name_object(const syntax::YamlNode& node, ObjectKind kind);

class Fields {
public:
    // Nothing when `node` is no map. Fields of the wrong kind count as absent once reported.
    static std::optional<Fields> check(const syntax::YamlNode& node, ObjectKind kind, Reading reading);

    // Null when absent.
    const syntax::YamlNode* find(std::string_view key) const;
    bool has(std::string_view key) const { return find(key) != nullptr; }
    // Also true for a value that was reported.
    bool mentions(std::string_view key) const { return syntax::find_value(*node_, key) != nullptr; }
    // "column `id`", or "a column" when it has no name to be called by.
    std::string subject() const { return name_object(*node_, kind_); }
    // Where to point for this object: at its name when it has one.
    Span place() const;
    Span place_of(std::string_view key) const;

    // Without the line ends a block text ends with; empty when absent.
    std::string text(std::string_view key) const;
    // Nothing when absent or null.
    std::optional<std::string> optional_text(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;
    // One text, or several joined with ", ".
    std::string joined(std::string_view key) const;
    bool boolean(std::string_view key) const;
    // Larger numbers than `largest` are reported and absent.
    std::optional<std::uint64_t>
    number(std::string_view key, std::uint64_t largest = std::numeric_limits<std::uint32_t>::max()) const;

private:
    Fields(const syntax::YamlNode& node, ObjectKind kind, Reading reading)
        : node_(&node), kind_(kind), reading_(reading) {}
    void report_unknown(const syntax::YamlEntry& entry) const;
    void report_missing(const Field& field) const;

    const syntax::YamlNode* node_;
    ObjectKind kind_;
    Reading reading_;
    std::vector<const syntax::YamlNode*> values_; // in the order of the kind's fields
};

// The keys that an object of this kind may have, for messages.
std::string list_keys(ObjectKind kind);
// "a list", "a number", "nothing" and so on.
std::string_view describe(const syntax::YamlNode& node);
// A scalar's text, without the line ends a block ends with.
std::string text_of(const syntax::YamlNode& scalar);
// Reports what `node` is instead of what `field` wants; true when it fits.
bool check_value(const syntax::YamlNode& node, const Field& field, Reading reading);

} // namespace birdhouse::codec

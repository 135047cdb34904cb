#include "codec/fields.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse::codec {

using syntax::YamlEntry;
using syntax::YamlNode;

namespace {

// `type: Decimal(18, 4)` inside `{ }`: the comma ends the text and `4)` looks like a key without a value.
bool is_cut_text(const YamlNode& map, const YamlEntry& entry) {
    return map.flow && entry.value.is_null() && entry.value.text.empty() &&
           entry.value.span == entry.key.span;
}

} // namespace

std::string list_keys(ObjectKind kind) {
    std::vector<std::string> keys;
    for (const Field& field : shape_of(kind).fields) {
        keys.push_back(backquoted(field.key));
    }
    return join(keys, ", ");
}

std::string name_object(const YamlNode& node, ObjectKind kind) {
    const ObjectShape& shape = shape_of(kind);
    const YamlNode* name = shape.name_key.empty() ? nullptr : syntax::find_value(node, shape.name_key);
    if (name != nullptr && name->is_scalar()) {
        return std::string(shape.noun) + " " + backquoted(shorten(name->text, 80));
    }
    if (shape.noun.starts_with("step `")) {
        return std::string(shape.noun);
    }
    const bool vowel = std::string_view("aeiou").find(shape.noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(shape.noun);
}

std::optional<Fields> Fields::check(const YamlNode& node, ObjectKind kind, Reading reading) {
    const ObjectShape& shape = shape_of(kind);
    if (!node.is_map()) {
        reading.problems.add(codes::F017, node.span,
                             name_object(node, kind) + " is " + std::string(describe(node)) + ", not a map",
                             "write its keys: " + list_keys(kind));
        return std::nullopt;
    }
    Fields fields(node, kind, reading);
    fields.values_.resize(shape.fields.size());
    std::vector<bool> seen(shape.fields.size());
    for (const YamlEntry& entry : node.entries) {
        const Field* field = find_field(kind, entry.key.text);
        if (field == nullptr) {
            fields.report_unknown(entry);
            continue;
        }
        const auto index = static_cast<std::size_t>(field - shape.fields.data());
        seen[index] = true;
        if (check_value(entry.value, *field, reading)) {
            fields.values_[index] = &entry.value;
        }
    }
    for (std::size_t i = 0; i < shape.fields.size(); ++i) {
        if (shape.fields[i].required && !seen[i]) {
            fields.report_missing(shape.fields[i]);
        }
    }
    return fields;
}

void Fields::report_unknown(const YamlEntry& entry) const {
    const ObjectShape& shape = shape_of(kind_);
    std::vector<std::string_view> keys;
    for (const Field& field : shape.fields) {
        keys.push_back(field.key);
    }
    const std::optional<std::string> near = nearest(entry.key.text, keys);
    std::string help = near ? "did you mean " + backquoted(*near) + "?" : "known are " + list_keys(kind_);
    if (is_cut_text(*node_, entry)) {
        help = "quote the text before it: a comma ends a plain text inside `{ }`";
    }
    reading_.problems.add(codes::F015, entry.key.span,
                          subject() + " has no key " + backquoted(shorten(entry.key.text, 80)),
                          std::move(help));
}

void Fields::report_missing(const Field& field) const {
    reading_.problems.add(codes::F016, place(), subject() + " lacks `" + std::string(field.key) + "`",
                          "add `" + std::string(field.key) + ":`, " + std::string(field.description));
}

const YamlNode* Fields::find(std::string_view key) const {
    const Field* field = find_field(kind_, key);
    return field == nullptr ? nullptr
                            : values_[static_cast<std::size_t>(field - shape_of(kind_).fields.data())];
}

Span Fields::place() const {
    const std::string_view name_key = shape_of(kind_).name_key;
    const YamlNode* name = name_key.empty() ? nullptr : syntax::find_value(*node_, name_key);
    if (name != nullptr && name->span.known()) {
        return name->span;
    }
    // The first key: the whole object may be many lines.
    return node_->entries.empty() ? node_->span : node_->entries.front().key.span;
}

Span Fields::place_of(std::string_view key) const {
    const YamlNode* value = find(key);
    return value == nullptr ? place() : value->span;
}

std::string Fields::text(std::string_view key) const {
    const YamlNode* value = find(key);
    return value == nullptr ? std::string() : text_of(*value);
}

std::optional<std::string> Fields::optional_text(std::string_view key) const {
    const YamlNode* value = find(key);
    return value == nullptr || value->is_null() ? std::nullopt : std::optional(text_of(*value));
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    std::vector<std::string> texts;
    if (const YamlNode* list = find(key)) {
        std::transform(list->items.begin(), list->items.end(), std::back_inserter(texts), text_of);
    }
    return texts;
}

std::string Fields::joined(std::string_view key) const {
    const YamlNode* value = find(key);
    return value != nullptr && value->is_sequence() ? join(texts(key), ", ") : text(key);
}

bool Fields::boolean(std::string_view key) const { return to_lower_ascii(text(key)) == "true"; }

std::optional<std::uint64_t> Fields::number(std::string_view key, std::uint64_t largest) const {
    const YamlNode* value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const std::string& text = value->text;
    const std::from_chars_result read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number > largest) {
        reading_.problems.add(codes::F017, value->span,
                              backquoted(key) + " is larger than " + std::to_string(largest),
                              "write a smaller number");
        return std::nullopt;
    }
    return number;
}

} // namespace birdhouse::codec

#include "ops/fix_hints.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/numbers.hpp"

#include <array>
#include <optional>

namespace birdhouse::ops {

namespace {

using events::EventColumn;
using events::TypeNode;
using events::ValueEvidence;
using events::ValueKind;

// The type that the values of a column have in the end, inside of Array and Map.
const TypeNode& leaf_of(const EventColumn& column) {
    const TypeNode* node = &column.plan.nodes.front();
    while (node->kind == ValueKind::Array || node->kind == ValueKind::Map) {
        node = &column.plan.nodes[node->element];
    }
    return *node;
}

// The column's type with another one in the place of its leaf.
std::string with_leaf(const EventColumn& column, const std::string& type) {
    const std::string& leaf = leaf_of(column).shown;
    const std::size_t at = column.type.rfind(leaf);
    return at == std::string::npos ? type : std::string(column.type).replace(at, leaf.size(), type);
}

std::string declare(const EventColumn& column, const std::string& type) {
    return "declare " + backquoted(column.name) + " as " + backquoted(type);
}

// Holds what the column holds now, and what was refused.
std::string wider_integer(const TypeNode& node, const ValueEvidence& values) {
    const auto outer = [](const std::string& a, const std::string& b, int sign) {
        return b.empty() || events::compare_numbers(a, b) * sign > 0 ? a : b;
    };
    const std::string lowest = node.limits.lowest == "0" ? "0" : "-" + node.limits.lowest;
    return events::integer_type(outer(lowest, values.smallest, -1),
                                outer(node.limits.highest, values.largest, 1));
}

std::string form_of(const TypeNode& node) {
    switch (node.kind) {
    case ValueKind::Date:
        return "2025-06-18";
    case ValueKind::DateTime:
        return "2025-06-18 09:12:03";
    case ValueKind::DateTime64:
        return "2025-06-18 09:12:03.411";
    case ValueKind::Uuid:
        return "61f0c404-5cb3-11e7-907b-a6006ad3dba0";
    default:
        return "12";
    }
}

std::string kind_text(const TypeNode& node) {
    switch (node.kind) {
    case ValueKind::Integer:
        return "a whole number, without quotes";
    case ValueKind::Float:
    case ValueKind::Decimal:
        return "a number, without quotes";
    case ValueKind::Bool:
        return "true or false, without quotes";
    case ValueKind::Array:
        return "an array";
    case ValueKind::Map:
    case ValueKind::Json:
        return "an object";
    case ValueKind::String:
    case ValueKind::FixedString:
        return "a text";
    default:
        return "a text such as " + backquoted(form_of(node));
    }
}

FixHint missing(const EventColumn& column) {
    const bool array = column.plan.nodes.front().kind == ValueKind::Array;
    const bool map = column.plan.nodes.front().kind == ValueKind::Map;
    const std::string fallback = array ? "`default: \"[]\"`" : map ? "`default: map()`" : "a `default:`";
    const std::string nullable =
        array || map || column.nullable
            ? std::string()
            : ", or make it " + backquoted(column.type.starts_with("LowCardinality(")
                                               ? "LowCardinality(Nullable(" +
                                                     column.type.substr(15, column.type.size() - 16) + "))"
                                               : "Nullable(" + column.type + ")");
    return {"give " + backquoted(column.name) + " " + fallback + nullable,
            "send " + backquoted(column.path) + " in every event"};
}

FixHint null_value(const EventColumn& column) {
    FixHint hint = missing(column);
    hint.producer = column.has_default ? "leave " + backquoted(column.path) + " out when there is no value"
                                       : "send a value in " + backquoted(column.path);
    return hint;
}

FixHint other_kind(const EventColumn& column, const ValueEvidence& values) {
    const TypeNode& leaf = leaf_of(column);
    const TypeNode& whole = column.plan.nodes.front();
    const bool structures = values.objects + values.arrays != 0;
    const std::string path = backquoted(column.path);
    if (whole.kind == ValueKind::Array) { // whether the whole or an element is wrong cannot be told apart
        return {structures ? std::string() : declare(column, with_leaf(column, "String")),
                "send " + path + " as an array, each element " + kind_text(leaf)};
    }
    return {declare(column, structures ? "String" : with_leaf(column, "String")),
            "send " + path + " as " + kind_text(whole)};
}

FixHint out_of_range(const EventColumn& column, const ValueEvidence& values) {
    const TypeNode& leaf = leaf_of(column);
    const std::string producer = "send values that " + backquoted(leaf.shown) + " holds";
    switch (leaf.kind) {
    case ValueKind::Integer:
        return {values.integers == 0 ? std::string()
                                     : declare(column, with_leaf(column, wider_integer(leaf, values))),
                producer};
    case ValueKind::Float:
        return {leaf.bits == 32 ? declare(column, with_leaf(column, "Float64")) : std::string(), producer};
    case ValueKind::Decimal:
        return {declare(column, with_leaf(column, "Decimal(38, " + std::to_string(leaf.scale) + ")")),
                producer};
    case ValueKind::Date:
        return {declare(column, with_leaf(column, "Date32")), producer};
    case ValueKind::DateTime:
        return {declare(column, with_leaf(column, "DateTime64(3)")), producer};
    default:
        return {"", producer};
    }
}

FixHint other_form(const EventColumn& column, const ValueEvidence& values) {
    const TypeNode& leaf = leaf_of(column);
    const bool times_for_date = leaf.kind == ValueKind::Date && values.times != 0;
    const std::string type = times_for_date ? "DateTime64(3)" : "String";
    return {declare(column, with_leaf(column, type)),
            "send " + backquoted(column.path) + " as " + backquoted(form_of(leaf))};
}

FixHint too_long(const EventColumn& column, const ValueEvidence& values) {
    return {declare(column, with_leaf(column, "FixedString(" + std::to_string(values.longest_text) + ")")) +
                ", or as String",
            "send at most " + counted(leaf_of(column).length, "byte")};
}

FixHint broken_rule(const EventColumn& column, const Code& code) {
    const std::string name = backquoted(column.name);
    if (&code == &codes::E030) {
        return {"add the value to `allowed` of " + name, "send one of " + join(column.allowed, ", ")};
    }
    if (&code == &codes::E031) {
        return {"widen `range` of " + name, "send a value inside of it"};
    }
    if (&code == &codes::E032) {
        return {"raise `max_chars` of " + name, "cut the text before it is sent"};
    }
    return {&code == &codes::E033 ? "loosen `pattern` of " + name : "look at `rules` of the datasource",
            "send values that fit it"};
}

FixHint line_hint(const Code& code) {
    if (&code == &codes::E017) {
        return {"add a column for the key, or accept `unknown_keys` under `ingestion:`", "leave the key out"};
    }
    if (&code == &codes::E021) {
        return {"", "send UTF-8, and cut texts between characters, not inside of one"};
    }
    if (&code == &codes::E022) {
        return {"", "send smaller events: what does not fit a request is not stored"};
    }
    if (&code == &codes::E023) {
        return {"", "send less deeply nested events, or deep parts as texts"};
    }
    return {"", "send one JSON object a line, written by a JSON library"};
}

} // namespace

FixHint fix_hint(const events::EventSchema& schema, const events::TallyKey& key,
                 const events::TallyEntry& entry) {
    if (key.column == events::kNoColumn) {
        return key.code->severity == Severity::Error
                   ? line_hint(*key.code)
                   : FixHint{"", "send each key once: which of two counts differs between parsers"};
    }
    const EventColumn& column = schema.columns()[key.column];
    const std::string_view code = key.code->id;
    if (code == codes::E010.id) {
        return missing(column);
    }
    if (code == codes::E011.id) {
        return null_value(column);
    }
    if (code == codes::E012.id) {
        return other_kind(column, entry.values);
    }
    if (code == codes::E013.id) {
        return out_of_range(column, entry.values);
    }
    if (code == codes::E014.id) {
        return {declare(column, with_leaf(column, "Float64")), "round it before it is sent"};
    }
    if (code == codes::E015.id) {
        return other_form(column, entry.values);
    }
    if (code == codes::E016.id) {
        return too_long(column, entry.values);
    }
    if (code.starts_with("E03")) {
        return broken_rule(column, *key.code);
    }
    if (code == codes::E041.id) {
        return {declare(column, "Nullable(" + column.type + ")") +
                    ", if null should be told from the default",
                "leave " + backquoted(column.path) + " out when there is no value"};
    }
    return {"", code == codes::P002.id ? "cut the address, or send a hash of it"
                                       : "take it out before the event is sent"};
}

FixHint fix_hint(const events::DroppedKeys& keys) {
    return {"add a column with `path: " + keys.path + "`", "leave the key out"};
}

std::string one_line(const FixHint& hint) {
    if (hint.definition.empty()) {
        return hint.producer;
    }
    return hint.definition + (hint.producer.empty() ? "" : "; or let the producer " + hint.producer);
}

} // namespace birdhouse::ops

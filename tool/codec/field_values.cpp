// Whether a value is of the kind its field wants, and what is said when it is not.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/fields.hpp"

#include <algorithm>

namespace birdhouse::codec {

using syntax::ScalarStyle;
using syntax::YamlNode;

namespace {

bool is_loose(const YamlNode& node) {
    return node.style == ScalarStyle::Plain || node.style == ScalarStyle::Made;
}

bool is_number(const YamlNode& node) {
    return node.is_scalar() && is_loose(node) && syntax::reads_as_number(node.text);
}

bool is_whole(const YamlNode& node) {
    return is_number(node) && node.text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_boolean(const YamlNode& node) {
    return node.is_scalar() && is_loose(node) && syntax::reads_as_boolean(node.text);
}

// A plain `2024` or `true` is no text: a schema-aware editor and this reader must agree on that.
bool is_text(const YamlNode& node) {
    return node.is_scalar() && (node.style != ScalarStyle::Plain ||
                                !(syntax::reads_as_number(node.text) || syntax::reads_as_boolean(node.text)));
}

bool is_bound(const YamlNode& node) { return is_number(node) || node.is_null(); }

template <class Predicate>
bool all_items(const YamlNode& node, Predicate holds) {
    return node.is_sequence() && std::all_of(node.items.begin(), node.items.end(), holds);
}

bool is_list_of_scalars(const YamlNode& node) {
    return all_items(node, [](const YamlNode& item) { return item.is_scalar(); });
}

// Words are compared with a null's text too: `kind: Null` names an engine.
bool is_word(const YamlNode& node, const Field& field) {
    return (node.is_scalar() || node.is_null()) &&
           std::find(field.words.begin(), field.words.end(), node.text) != field.words.end();
}

bool fits(const YamlNode& node, const Field& field) {
    switch (field.kind) {
    case ValueKind::Text:
        return is_text(node);
    case ValueKind::TextOrNull:
        return is_text(node) || (node.is_null() && !node.text.empty());
    case ValueKind::Word:
        return is_word(node, field);
    case ValueKind::Number:
        return is_whole(node);
    case ValueKind::Boolean:
        return is_boolean(node);
    case ValueKind::Expression:
        return node.is_scalar();
    case ValueKind::ExpressionOrNull:
        return node.is_scalar() || (node.is_null() && !node.text.empty());
    case ValueKind::Texts:
        return all_items(node, is_text);
    case ValueKind::TextOrTexts:
        return is_text(node) || (all_items(node, is_text) && !node.items.empty());
    case ValueKind::Scalars:
        return is_list_of_scalars(node);
    case ValueKind::Range:
        return all_items(node, is_bound) && node.items.size() == 2;
    case ValueKind::Object:
    case ValueKind::NamedObjects:
    case ValueKind::ForEach:
        return node.is_map();
    case ValueKind::NamedExpressions:
        return node.is_map() &&
               std::all_of(node.entries.begin(), node.entries.end(),
                           [](const syntax::YamlEntry& one) { return one.value.is_scalar(); });
    case ValueKind::Objects:
    case ValueKind::Columns:
        return node.is_sequence();
    }
    return false;
}

bool takes_text(ValueKind kind) {
    return kind == ValueKind::Text || kind == ValueKind::TextOrNull || kind == ValueKind::Texts;
}

std::string mend(const YamlNode& node, const Field& field) {
    if (takes_text(field.kind) && node.is_scalar() && field.kind != ValueKind::Texts) {
        return "put it in quotes: `\"" + printable(shorten(node.text, 40)) + "\"`";
    }
    if (field.kind == ValueKind::Texts && node.is_scalar()) {
        return "write a list: `[" + printable(shorten(node.text, 40)) + "]`";
    }
    if (field.kind == ValueKind::Object) {
        return "write its keys: " + list_keys(field.object);
    }
    if (node.is_null() && !field.required) {
        return "write " + std::string(describe(field.kind)) + ", or remove the key";
    }
    return "write " + std::string(describe(field.kind));
}

void report_word(const YamlNode& node, const Field& field, Diagnostics& problems) {
    std::vector<std::string> known;
    for (const std::string_view word : field.words) {
        known.push_back(backquoted(word));
    }
    const std::optional<std::string> near = nearest(node.text, field.words);
    problems.add(codes::F018, node.span, backquoted(field.key) + " is " + backquoted(shorten(node.text, 80)),
                 near ? "did you mean " + backquoted(*near) + "?"
                      : (known.size() == 1 ? "write " : "write one of ") + join(known, ", "));
}

// The item to blame when a list is right and one of its items is not.
const YamlNode& culprit(const YamlNode& node, const Field& field) {
    if (!node.is_sequence() || (field.kind == ValueKind::Range && node.items.size() != 2)) {
        return node;
    }
    const auto wrong = std::find_if(node.items.begin(), node.items.end(), [&](const YamlNode& item) {
        return field.kind == ValueKind::Range     ? !is_bound(item)
               : field.kind == ValueKind::Scalars ? !item.is_scalar()
                                                  : !is_text(item);
    });
    return wrong == node.items.end() ? node : *wrong;
}

void report_kind(const YamlNode& node, const Field& field, Diagnostics& problems) {
    const std::string key = backquoted(field.key);
    const YamlNode& wrong = culprit(node, field);
    if (&wrong != &node) {
        problems.add(codes::F017, wrong.span,
                     "an item of " + key + " is " + std::string(describe(wrong)) + ", where " + key + " is " +
                         std::string(describe(field.kind)),
                     field.kind == ValueKind::Range ? "write a number, or null where there is no bound"
                     : wrong.is_scalar()            ? "put it in quotes"
                                                    : "write " + std::string(describe(field.kind)));
        return;
    }
    if (node.is_null() && node.text.empty()) {
        problems.add(codes::F017, node.span, key + " has no value", mend(node, field));
        return;
    }
    problems.add(codes::F017, node.span,
                 key + " is " + std::string(describe(node)) + ", not " + std::string(describe(field.kind)),
                 mend(node, field));
}

} // namespace

std::string_view describe(const YamlNode& node) {
    switch (node.kind) {
    case YamlNode::Kind::Null:
        return node.text.empty() ? "nothing" : "null";
    case YamlNode::Kind::Sequence:
        return node.items.empty() ? "an empty list" : "a list";
    case YamlNode::Kind::Map:
        return "a map";
    case YamlNode::Kind::Scalar:
        break;
    }
    if (is_boolean(node)) {
        return "true/false";
    }
    return is_number(node) ? "a number" : "a text";
}

std::string text_of(const YamlNode& scalar) {
    std::string text = scalar.text;
    if (scalar.style != ScalarStyle::Plain && scalar.style != ScalarStyle::Quoted) {
        text.erase(text.find_last_not_of('\n') + 1); // npos + 1 is 0
    }
    return text;
}

bool check_value(const YamlNode& node, const Field& field, Reading reading) {
    if (fits(node, field)) {
        return true;
    }
    if (field.kind == ValueKind::Word && node.is_scalar()) {
        report_word(node, field, reading.problems);
    } else if (field.kind == ValueKind::Expression && node.is_null() && !node.text.empty()) {
        reading.problems.add(codes::F043, node.span, backquoted(field.key) + " is null",
                             "remove it: a Nullable column is NULL without a default; ClickHouse's own NULL "
                             "is written `\"NULL\"`");
    } else {
        report_kind(node, field, reading.problems);
    }
    return false;
}

} // namespace birdhouse::codec

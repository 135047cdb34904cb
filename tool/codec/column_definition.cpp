// Columns: one at a time, and lists of them with the groups they use.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "syntax/clickhouse_type.hpp"
#include "syntax/json_path.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <unordered_map>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

constexpr auto kStructures =
    std::to_array<std::string_view>({"Array", "Map", "Tuple", "Nested", "JSON", "Object", "Variant",
                                     "Dynamic", "AggregateFunction", "SimpleAggregateFunction"});

enum class TypeFamily { Number, Text, Other, Structure };

// What a rule of a definition can say about values of this type.
TypeFamily family_of(const syntax::ClickHouseType& type) {
    const std::string_view name = syntax::unwrapped(type).name;
    if (std::find(kStructures.begin(), kStructures.end(), name) != kStructures.end()) {
        return TypeFamily::Structure;
    }
    if (name == "String" || name == "FixedString") {
        return TypeFamily::Text;
    }
    const bool number = name.starts_with("Int") || name.starts_with("UInt") || name.starts_with("Float") ||
                        name.starts_with("Decimal");
    return number ? TypeFamily::Number : TypeFamily::Other;
}

void report_fault(const Code& code, const Fields& fields, std::string_view key,
                  const syntax::SyntaxFault& fault, std::string_view what, Reading reading) {
    const YamlNode& node = *fields.find(key);
    reading.problems.add(
        code, syntax::place_in(node, reading.sources, fault.offset, 1),
        std::string(what) + " " + backquoted(shorten(node.text, 80)) + " cannot be read: " + fault.message,
        fault.help.empty() ? "check its brackets; inside `{ }` quote a text that holds a comma" : fault.help);
}

void check_rule(const Fields& fields, std::string_view key, bool fits, std::string_view what,
                Reading reading) {
    if (fields.has(key) && !fits) {
        reading.problems.add(codes::F040, fields.place_of(key),
                             backquoted(key) + " is for " + std::string(what) + ", and the type is " +
                                 backquoted(shorten(fields.text("type"), 80)),
                             "remove `" + std::string(key) + "`, or change the type");
    }
}

bool is_integer(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("0123456789", text.front() == '-' || text.front() == '+' ? 1 : 0) ==
               std::string_view::npos;
}

// Integers of any length are compared by their digits, everything else as doubles.
bool is_greater(std::string_view left, std::string_view right) {
    if (!is_integer(left) || !is_integer(right)) {
        return std::strtod(std::string(left).c_str(), nullptr) >
               std::strtod(std::string(right).c_str(), nullptr);
    }
    const auto split_sign = [](std::string_view text) {
        const bool negative = text.front() == '-';
        text.remove_prefix(std::min(text.find_first_not_of("+-0"), text.size()));
        return std::pair(negative && !text.empty(), text);
    };
    const auto [left_negative, left_digits] = split_sign(left);
    const auto [right_negative, right_digits] = split_sign(right);
    if (left_negative != right_negative) {
        return right_negative;
    }
    const bool greater = left_digits.size() != right_digits.size() ? left_digits.size() > right_digits.size()
                                                                   : left_digits > right_digits;
    return left_negative ? !greater && left_digits != right_digits : greater;
}

std::optional<model::ValueRange> read_range(const Fields& fields, Reading reading) {
    const YamlNode* node = fields.find("range");
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto bound = [](const YamlNode& item) {
        return item.is_null() ? std::nullopt : std::optional(item.text);
    };
    model::ValueRange range{bound(node->items[0]), bound(node->items[1])};
    if (range.minimum && range.maximum && is_greater(*range.minimum, *range.maximum)) {
        reading.problems.add(codes::F041, node->span,
                             "the range ends at " + backquoted(*range.maximum) + ", before it begins at " +
                                 backquoted(*range.minimum),
                             "write the smaller bound first");
    }
    return range;
}

// Columns in order, each name once.
class ColumnList {
public:
    explicit ColumnList(Reading reading) : reading_(reading) {}

    // `place` is where the column comes from in this list: its own name, or the `use:` of its group.
    void add(model::Column column, Span place, std::string_view group) {
        const auto [first, is_new] = places_.try_emplace(column.name, Place{place, std::string(group)});
        if (is_new || column.name.empty()) {
            columns_.push_back(std::move(column));
            return;
        }
        Diagnostic twice{&codes::F035,
                         "column " + backquoted(column.name) + " is declared twice",
                         {},
                         "rename one of the two, or delete the second"};
        twice.labels = {{place, said(group, "declared again here")},
                        {first->second.span, said(first->second.group, "first declared here")}};
        reading_.problems.add(std::move(twice));
    }

    std::vector<model::Column> take() { return std::move(columns_); }

private:
    struct Place {
        Span span;
        std::string group;
    };
    static std::string said(std::string_view group, std::string_view otherwise) {
        return group.empty() ? std::string(otherwise) : "group " + backquoted(group) + " brings it here";
    }

    Reading reading_;
    std::vector<model::Column> columns_;
    std::unordered_map<std::string, Place> places_;
};

bool add_group(const YamlNode& item, ColumnList& list, const GroupLookup& lookup, Reading reading) {
    const std::optional<Fields> fields = Fields::check(item, ObjectKind::GroupUse, reading);
    const YamlNode* name = fields ? fields->find("use") : nullptr;
    const ReadColumns* group = name == nullptr ? nullptr : lookup(*name);
    if (group == nullptr) {
        return false;
    }
    for (const model::Column& column : group->columns) {
        list.add(column, name->span, name->text);
    }
    return group->complete;
}

} // namespace

void check_type(const Fields& fields, Reading reading) {
    if (!fields.has("type")) {
        return;
    }
    const syntax::Parsed<syntax::ClickHouseType> parsed = syntax::parse_clickhouse_type(fields.text("type"));
    if (const syntax::SyntaxFault* fault = syntax::fault_of(parsed)) {
        report_fault(codes::F037, fields, "type", *fault, "the type", reading);
        return;
    }
    const TypeFamily family = family_of(*std::get_if<syntax::ClickHouseType>(&parsed));
    check_rule(fields, "allowed", family != TypeFamily::Structure, "single values", reading);
    check_rule(fields, "range", family == TypeFamily::Number, "numbers", reading);
    check_rule(fields, "max_chars", family == TypeFamily::Text, "texts", reading);
    check_rule(fields, "pattern", family == TypeFamily::Text, "texts", reading);
}

void check_path(const Fields& fields, Reading reading) {
    const std::optional<std::string> path = fields.optional_text("path");
    if (!path) {
        return;
    }
    const syntax::Parsed<syntax::JsonPath> parsed = syntax::parse_json_path(*path);
    if (const syntax::SyntaxFault* fault = syntax::fault_of(parsed)) {
        report_fault(codes::F038, fields, "path", *fault, "the path", reading);
    }
}

model::Column read_column(const Fields& fields, Reading reading) {
    model::Column column;
    check_inner_name(fields, "name", reading);
    check_type(fields, reading);
    check_path(fields, reading);
    column.name = fields.text("name");
    column.type = fields.text("type");
    column.json_path = fields.optional_text("path");
    column.default_expression = fields.optional_text("default");
    column.materialized = fields.optional_text("materialized");
    column.codec = fields.optional_text("codec");
    column.description = fields.text("description");
    column.renamed_from = fields.optional_text("renamed_from");
    column.allowed = fields.texts("allowed");
    column.range = read_range(fields, reading);
    if (const std::optional<std::uint64_t> chars = fields.number("max_chars")) {
        column.max_chars = static_cast<std::uint32_t>(*chars);
    }
    column.pattern = fields.optional_text("pattern");
    column.privacy = model::parse_privacy(fields.text("privacy")).value_or(model::Privacy::None);
    column.origin.span = fields.place();
    return column;
}

ReadColumns read_columns(const YamlNode& list, const GroupLookup& lookup, Reading reading) {
    ReadColumns read;
    ColumnList columns(reading);
    for (const YamlNode& item : list.items) {
        if (item.is_map() && syntax::find_value(item, "use") != nullptr) {
            read.complete = add_group(item, columns, lookup, reading) && read.complete;
            continue;
        }
        const std::optional<Fields> fields = Fields::check(item, ObjectKind::Column, reading);
        if (!fields || !fields->has("name")) {
            read.complete = false;
            continue;
        }
        columns.add(read_column(*fields, reading), fields->place(), {});
    }
    if (list.items.empty()) {
        reading.problems.add(codes::F036, list.span, "`columns` is an empty list",
                             "declare a column, or use a column group");
    }
    read.columns = columns.take();
    return read;
}

} // namespace birdhouse::codec

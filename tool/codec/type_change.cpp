// Types are peeled to their core: LowCardinality, Nullable and SimpleAggregateFunction change on their own.
// Cores that hold other types are compared element by element; scalars go by the table of what fits into
// what, which a test holds against the engine's own casts.
#include "codec/type_change.hpp"

#include "codec/scalar_types.hpp"
#include "codec/type_form.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using syntax::ClickHouseType;
using syntax::TypeArgument;
using Kinds = std::set<ChangeKind>;

struct Peeled {
    bool low_cardinality = false;
    bool nullable = false;
    std::string aggregation; // of SimpleAggregateFunction
    const ClickHouseType* core = nullptr;
};

Peeled peel(const ClickHouseType& type) {
    Peeled peeled;
    peeled.core = &type;
    for (bool found = true; found;) {
        const ClickHouseType* inner = only_argument(*peeled.core);
        const std::vector<TypeArgument>& arguments = peeled.core->arguments;
        found = false;
        if (peeled.core->name == "SimpleAggregateFunction" && arguments.size() == 2 &&
            arguments[0].kind == TypeArgument::Kind::Type && arguments[1].kind == TypeArgument::Kind::Type) {
            peeled.aggregation = syntax::write_clickhouse_type(arguments[0].type.front());
            peeled.core = &arguments[1].type.front();
            found = true;
        } else if (inner != nullptr && peeled.core->name == "LowCardinality") {
            peeled.low_cardinality = true;
            peeled.core = inner;
            found = true;
        } else if (inner != nullptr && peeled.core->name == "Nullable") {
            peeled.nullable = true;
            peeled.core = inner;
            found = true;
        }
    }
    return peeled;
}

bool is_enum(const ClickHouseType& type) { return type.name == "Enum8" || type.name == "Enum16"; }
bool is_json(const ClickHouseType& type) { return type.name == "JSON" || type.name == "Object"; }
bool is_state(const ClickHouseType& type) { return type.name == "AggregateFunction"; }

void compare(const ClickHouseType& before, const ClickHouseType& after, Kinds& kinds);

void compare_enums(const ClickHouseType& before, const ClickHouseType& after, Kinds& kinds) {
    std::map<std::string, std::string> numbers;
    for (const TypeArgument& value : after.arguments) {
        numbers[value.text] = value.assigned;
    }
    std::size_t kept = 0;
    for (const TypeArgument& value : before.arguments) {
        const auto found = numbers.find(value.text);
        if (found == numbers.end()) {
            kinds.insert(ChangeKind::EnumValuesRemoved);
        } else {
            ++kept;
            if (found->second != value.assigned) {
                kinds.insert(ChangeKind::EnumValuesRenumbered);
            }
        }
    }
    if (kept < after.arguments.size()) {
        kinds.insert(ChangeKind::EnumValuesAdded);
    }
    if (before.name != after.name) {
        kinds.insert(ChangeKind::EnumResized);
    }
}

// The type of an element of an Array, a Map, a Tuple. NULL or not is part of the element's values there: no
// target changes it by itself.
void compare_elements(const TypeArgument& before, const TypeArgument& after, Kinds& kinds) {
    if (before.kind != TypeArgument::Kind::Type || after.kind != TypeArgument::Kind::Type ||
        before.label != after.label) {
        if (before != after) {
            kinds.insert(ChangeKind::TypeChanged);
        }
        return;
    }
    Kinds inside;
    compare(before.type.front(), after.type.front(), inside);
    if (inside.erase(ChangeKind::ColumnMadeNullable) != 0) {
        inside.insert(ChangeKind::TypeWidened);
    }
    if (inside.erase(ChangeKind::ColumnMadeNotNullable) != 0) {
        inside.insert(ChangeKind::TypeNarrowed);
    }
    kinds.merge(inside);
}

bool holds_elements(const ClickHouseType& type) {
    return type.name == "Array" || type.name == "Map" || type.name == "Tuple" || type.name == "Nested";
}

// `DateTime('UTC')` to `DateTime` and 'UTC'.
struct Zoned {
    ClickHouseType type;
    std::string zone;
};

Zoned without_zone(const ClickHouseType& type) {
    Zoned zoned{type, ""};
    const bool has_zone = (type.name == "DateTime" || type.name == "DateTime64") && !type.arguments.empty() &&
                          type.arguments.back().kind == TypeArgument::Kind::Text;
    if (has_zone) {
        zoned.zone = type.arguments.back().text;
        zoned.type.arguments.pop_back();
    }
    return zoned;
}

void compare_scalars(const ClickHouseType& before, const ClickHouseType& after, Kinds& kinds) {
    const Zoned old_type = without_zone(before);
    const Zoned new_type = without_zone(after);
    const bool both_are_times = before.name.starts_with("DateTime") && after.name.starts_with("DateTime");
    if (both_are_times && old_type.zone != new_type.zone) {
        kinds.insert(ChangeKind::TimeZoneChanged);
    }
    switch (fit(old_type.type, new_type.type)) {
    case ScalarFit::Same:
        return;
    case ScalarFit::Wider:
        kinds.insert(ChangeKind::TypeWidened);
        return;
    case ScalarFit::Narrower:
        kinds.insert(ChangeKind::TypeNarrowed);
        return;
    case ScalarFit::Text:
        kinds.insert(ChangeKind::TypeToText);
        return;
    case ScalarFit::Other:
        kinds.insert(ChangeKind::TypeChanged);
        return;
    }
}

void compare_cores(const ClickHouseType& before, const ClickHouseType& after, Kinds& kinds) {
    if (before == after) {
        return;
    }
    if (is_state(before) || is_state(after)) {
        kinds.insert(ChangeKind::AggregateStateChanged);
    } else if (is_enum(before) && is_enum(after)) {
        compare_enums(before, after, kinds);
    } else if (before.name == "String" && is_json(after)) {
        kinds.insert(ChangeKind::TextToJson);
    } else if (before.name == after.name && holds_elements(before) &&
               before.arguments.size() == after.arguments.size()) {
        for (std::size_t i = 0; i < before.arguments.size(); ++i) {
            compare_elements(before.arguments[i], after.arguments[i], kinds);
        }
    } else {
        compare_scalars(before, after, kinds);
    }
}

void compare(const ClickHouseType& before, const ClickHouseType& after, Kinds& kinds) {
    const Peeled old_type = peel(before);
    const Peeled new_type = peel(after);
    compare_cores(*old_type.core, *new_type.core, kinds);
    if (old_type.nullable != new_type.nullable) {
        kinds.insert(new_type.nullable ? ChangeKind::ColumnMadeNullable : ChangeKind::ColumnMadeNotNullable);
    }
    if (old_type.low_cardinality != new_type.low_cardinality) {
        kinds.insert(new_type.low_cardinality ? ChangeKind::LowCardinalityAdded
                                              : ChangeKind::LowCardinalityRemoved);
    }
    if (old_type.aggregation != new_type.aggregation) {
        kinds.insert(ChangeKind::AggregationChanged);
    }
}

} // namespace

std::vector<ChangeKind> compare_types(std::string_view before, std::string_view after) {
    const std::optional<ClickHouseType> old_type = type_form(before);
    const std::optional<ClickHouseType> new_type = type_form(after);
    if (!old_type || !new_type) {
        return before == after ? std::vector<ChangeKind>() : std::vector{ChangeKind::TypeChanged};
    }
    Kinds kinds;
    compare(*old_type, *new_type, kinds);
    if (kinds.empty() && *old_type != *new_type) {
        kinds.insert(ChangeKind::TypeChanged);
    }
    return {kinds.begin(), kinds.end()};
}

bool keeps_every_value(std::string_view before, std::string_view after) {
    const std::vector<ChangeKind> kinds = compare_types(before, after);
    return std::all_of(kinds.begin(), kinds.end(), [](ChangeKind kind) {
        using enum ChangeKind;
        static constexpr std::array kHarmless = {
            TypeWidened,     TypeToText,  ColumnMadeNullable, LowCardinalityAdded, LowCardinalityRemoved,
            EnumValuesAdded, EnumResized, TimeZoneChanged,    AggregationChanged};
        return std::find(kHarmless.begin(), kHarmless.end(), kind) != kHarmless.end();
    });
}

} // namespace birdhouse::codec

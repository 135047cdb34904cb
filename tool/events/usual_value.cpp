#include "events/usual_value.hpp"

#include <algorithm>

namespace birdhouse::events {

UsualValue UsualValue::of(const EventColumn& column) {
    const TypeNode& whole = column.plan.nodes.front();
    UsualValue usual;
    usual.elements = whole.kind == ValueKind::Array;
    if (usual.elements && !column.element_keys.empty()) {
        return {};
    }
    const TypeNode& node = usual.elements ? column.plan.nodes[whole.element] : whole;
    usual.nullable = node.nullable;
    const WholeRange range = column.short_range.value_or(WholeRange());
    const bool only_range = !column.has_rules || column.short_range;
    switch (node.kind) {
    case ValueKind::Integer:
        usual.kind = only_range ? UsualKind::Integer : UsualKind::None;
        usual.first = range.first;
        usual.last = std::min(range.last, node.short_limit);
        break;
    case ValueKind::Float:
    case ValueKind::Decimal:
        usual.kind = only_range ? UsualKind::Fraction : UsualKind::None;
        usual.longest = node.kind == ValueKind::Float ? SIZE_MAX : node.length - node.scale;
        usual.first = range.first;
        usual.last = range.last;
        break;
    case ValueKind::String:
        usual.kind = column.only_allowed   ? UsualKind::AllowedText
                     : column.only_lengths ? UsualKind::Text
                                           : UsualKind::None;
        usual.longest = column.shortest_limit;
        usual.allowed = &column.quoted_allowed;
        break;
    case ValueKind::Bool:
        usual.kind = column.has_rules ? UsualKind::None : UsualKind::Truth;
        break;
    case ValueKind::Uuid:
        usual.kind = column.has_rules ? UsualKind::None : UsualKind::Uuid;
        break;
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::DateTime64:
        usual.kind = column.has_rules || !node.takes_fraction ? UsualKind::None
                     : node.kind == ValueKind::Date           ? UsualKind::Date
                                                              : UsualKind::Time;
        usual.first = node.first_year;
        usual.last = node.last_year;
        break;
    case ValueKind::FixedString:
    case ValueKind::Array:
    case ValueKind::Map:
    case ValueKind::Json:
        break;
    }
    return usual;
}

std::size_t UsualValue::places_of_array(const char* text, const std::uint32_t* places) const {
    if (text[places[0]] != '[') {
        return 0;
    }
    if (text[places[1]] == ']') {
        return 2;
    }
    for (std::size_t at = 1; admits(text + places[at], places[at + 1] - places[at]); at += 2) {
        if (text[places[at + 1]] != ',') {
            return text[places[at + 1]] == ']' ? at + 2 : 0;
        }
    }
    return 0;
}

} // namespace birdhouse::events

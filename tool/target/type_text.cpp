#include "target/type_text.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"

#include <optional>
#include <vector>

namespace birdhouse::target {

namespace {

// "T" of "Name(T)", the name in any case.
std::optional<std::string_view> argument_of(std::string_view type, std::string_view name) {
    type = trim(type);
    if (to_lower_ascii(type.substr(0, name.size())) != name) {
        return std::nullopt;
    }
    const std::string_view rest = trim(type.substr(name.size()));
    if (!rest.starts_with('(') || !rest.ends_with(')')) {
        return std::nullopt;
    }
    return trim(rest.substr(1, rest.size() - 2));
}

std::string called(std::string_view name, std::string_view argument) {
    return std::string(name) + "(" + std::string(argument) + ")";
}

// `change` applied to the place where a type says Nullable.
template <class Change>
std::string at_nullable_place(std::string_view type, Change change) {
    if (const auto inner = argument_of(type, "lowcardinality")) {
        return called("LowCardinality", change(*inner));
    }
    if (const auto arguments = argument_of(type, "simpleaggregatefunction")) {
        std::vector<std::string> parts = syntax::split_list(*arguments);
        if (parts.size() == 2) {
            return called("SimpleAggregateFunction", parts[0] + ", " + change(parts[1]));
        }
    }
    return change(type);
}

} // namespace

std::string nullable_type(std::string_view type) {
    return at_nullable_place(canonical_nullable(type), [](std::string_view inner) {
        return argument_of(inner, "nullable") ? std::string(inner) : called("Nullable", inner);
    });
}

std::string plain_type(std::string_view type) {
    return at_nullable_place(canonical_nullable(type), [](std::string_view inner) {
        return std::string(argument_of(inner, "nullable").value_or(inner));
    });
}

std::string canonical_nullable(std::string_view type) {
    const auto inner = argument_of(type, "nullable");
    if (!inner) {
        return std::string(trim(type));
    }
    return at_nullable_place(*inner, [](std::string_view part) {
        return argument_of(part, "nullable") ? std::string(part) : called("Nullable", part);
    });
}

} // namespace birdhouse::target

#include "codec/engine_directives.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/schema_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

using model::TableEngine;
using syntax::Directive;

namespace {

constexpr auto kDirectives = std::to_array<EngineDirective>({
    {"ENGINE", &TableEngine::kind},
    {"ENGINE_PARTITION_KEY", &TableEngine::partition_key},
    {"ENGINE_SORTING_KEY", &TableEngine::sorting_key},
    {"ENGINE_PRIMARY_KEY", &TableEngine::primary_key},
    {"ENGINE_SAMPLING_KEY", &TableEngine::sampling_key},
    {"ENGINE_TTL", &TableEngine::ttl},
    {"ENGINE_VER", &TableEngine::version_column},
    {"ENGINE_IS_DELETED", &TableEngine::is_deleted_column},
    {"ENGINE_SIGN", &TableEngine::sign_column},
    {"ENGINE_VERSION", &TableEngine::collapsing_version},
    {"ENGINE_COLUMNS", &TableEngine::summing_columns},
    {"ENGINE_JOIN_STRICTNESS", &TableEngine::join_strictness},
    {"ENGINE_JOIN_TYPE", &TableEngine::join_type},
    {"ENGINE_KEY_COLUMNS", &TableEngine::key_columns},
    {"ENGINE_SETTINGS", &TableEngine::settings},
});

constexpr std::array<std::string_view, 5> kWithoutPrefix = {"PARTITION_KEY", "SORTING_KEY", "PRIMARY_KEY",
                                                            "SAMPLING_KEY", "TTL"};

struct EngineKind {
    std::string_view name;
    std::array<std::string_view, 3> required; // directives; empty ones at the end
};

constexpr auto kKinds = std::to_array<EngineKind>({
    {"MergeTree", {}},
    {"ReplacingMergeTree", {"ENGINE_SORTING_KEY"}},
    {"SummingMergeTree", {}},
    {"AggregatingMergeTree", {"ENGINE_SORTING_KEY"}},
    {"CollapsingMergeTree", {"ENGINE_SIGN", "ENGINE_SORTING_KEY"}},
    {"VersionedCollapsingMergeTree", {"ENGINE_SIGN", "ENGINE_VERSION"}},
    {"Join", {"ENGINE_JOIN_STRICTNESS", "ENGINE_JOIN_TYPE", "ENGINE_KEY_COLUMNS"}},
    {"Null", {}},
});

const EngineDirective* find_engine_directive(std::string_view name) {
    // The name that the SDKs write for ENGINE_COLUMNS.
    const std::string_view wanted = name == "ENGINE_SUMMING_COLUMNS" ? "ENGINE_COLUMNS" : name;
    const auto found = std::ranges::find(kDirectives, wanted, &EngineDirective::name);
    return found == kDirectives.end() ? nullptr : &*found;
}

const EngineKind* find_kind(std::string_view name) {
    const std::string lowered = to_lower_ascii(name);
    const auto found = std::ranges::find_if(
        kKinds, [&](const EngineKind& kind) { return to_lower_ascii(kind.name) == lowered; });
    return found == kKinds.end() ? nullptr : &*found;
}

// `(a, b)` is `a, b`; `(a), (b)` and `tuple()` stay.
std::string without_outer_parentheses(std::string key) {
    if (!key.starts_with('(') || !key.ends_with(')')) {
        return key;
    }
    std::size_t depth = 0;
    for (std::size_t i = 0; i + 1 < key.size(); ++i) {
        depth += key[i] == '(' ? 1U : 0U;
        depth -= key[i] == ')' ? 1U : 0U;
        if (depth == 0) {
            return key;
        }
    }
    return std::string(trim(std::string_view(key).substr(1, key.size() - 2)));
}

std::string field_form(const EngineDirective& directive, std::string_view text) {
    std::string value = syntax::collapse_blanks(text);
    if (directive.field == &TableEngine::kind) {
        const EngineKind* kind = find_kind(value);
        return kind == nullptr ? value : std::string(kind->name);
    }
    const bool key =
        directive.field == &TableEngine::sorting_key || directive.field == &TableEngine::primary_key;
    return key ? without_outer_parentheses(std::move(value)) : value;
}

Span place_of(const DatafileReading& reading, std::string_view name) {
    Span place{reading.file.source, 0, 0};
    for (const Directive& directive : reading.file.directives) {
        if (directive.name == name) {
            place = reading.place(directive);
        }
    }
    return place;
}

} // namespace

std::span<const EngineDirective> engine_directives() { return kDirectives; }

void read_engine_directive(const DatafileReading& reading, const Directive& directive, TableEngine& engine) {
    if (std::ranges::find(kWithoutPrefix, directive.name) != kWithoutPrefix.end()) {
        reading.diagnostics.add(codes::F126, directive.command, backquoted(directive.name) + " has no effect",
                                "write ENGINE_" + directive.name);
        return;
    }
    const EngineDirective* known = find_engine_directive(directive.name);
    if (known == nullptr) {
        return;
    }
    engine.*known->field = field_form(*known, reading.value(directive));
    if (known->name == "ENGINE") {
        engine.origin = {span_of(reading.file, directive)};
    }
}

TableEngine engine_form(TableEngine engine) {
    for (const EngineDirective& directive : kDirectives) {
        std::string& field = engine.*directive.field;
        field = field_form(directive, field);
    }
    return engine;
}

std::vector<std::string_view> missing_engine_settings(const TableEngine& engine) {
    std::vector<std::string_view> missing;
    if (const EngineKind* kind = find_kind(engine.kind)) {
        for (const std::string_view required : kind->required) {
            const EngineDirective* directive = find_engine_directive(required);
            if (directive != nullptr && (engine.*directive->field).empty()) {
                missing.push_back(directive->name);
            }
        }
    }
    return missing;
}

void check_engine(const DatafileReading& reading, const TableEngine& engine) {
    const EngineKind* kind = find_kind(engine.kind);
    const Span place = place_of(reading, "ENGINE");
    if (kind == nullptr) {
        std::vector<std::string_view> names;
        std::ranges::transform(kKinds, std::back_inserter(names), &EngineKind::name);
        const auto near = nearest(engine.kind, names);
        reading.diagnostics.add(codes::F127, place, "the engine " + backquoted(engine.kind) + " is not known",
                                near ? "did you mean " + backquoted(*near) + "?"
                                     : "write one of " + quoted_list(names));
        return;
    }
    for (const std::string_view directive : missing_engine_settings(engine)) {
        reading.diagnostics.add(codes::F128, place,
                                backquoted(kind->name) + " needs " + backquoted(directive),
                                "write " + std::string(directive) + " and its value");
    }
}

} // namespace birdhouse::codec

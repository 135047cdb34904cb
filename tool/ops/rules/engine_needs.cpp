#include "ops/rules/engine_needs.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "codec/engine_directives.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

// `sorting_key` for ENGINE_SORTING_KEY.
std::string_view key_of(std::string_view directive) {
    const auto directives = codec::engine_directives();
    const auto known = std::ranges::find(directives, directive, &codec::EngineDirective::name);
    const auto fields = codec::engine_fields();
    const auto field = std::ranges::find(fields, known->field, &codec::EngineField::value);
    return field->key;
}

} // namespace

// Of a datafile the reader says so.
void check_engine_needs(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Datasource& datasource : facts.project.datasources) {
        if (!facts.is_definition(datasource.origin) || !facts.understood(datasource.origin)) {
            continue;
        }
        for (const std::string_view directive : codec::missing_engine_settings(datasource.engine)) {
            const std::string key(key_of(directive));
            const Span engine = datasource.engine.origin.span;
            problems.add(codes::F128, engine.known() ? engine : datasource.origin.span,
                         backquoted(datasource.engine.kind) + " needs " + backquoted(key),
                         "write `" + key + ":` and its value");
        }
    }
}

} // namespace birdhouse::ops

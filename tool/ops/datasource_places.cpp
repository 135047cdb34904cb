#include "ops/datasource_places.hpp"

#include "codec/definition_parts.hpp"
#include "codec/engine_directives.hpp"
#include "ops/engine_words.hpp"
#include "syntax/datafile.hpp"
#include "syntax/schema_columns.hpp"
#include "syntax/yaml.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace birdhouse::ops {

namespace {

using model::TableEngine;
using syntax::Datafile;
using syntax::Directive;
using syntax::TextAt;
using syntax::YamlNode;

struct EngineNoun {
    EngineField field;
    std::string_view noun;
};
constexpr auto kNouns = std::to_array<EngineNoun>({
    {&TableEngine::kind, "the engine"},
    {&TableEngine::partition_key, "the partition key"},
    {&TableEngine::sorting_key, "the sorting key"},
    {&TableEngine::primary_key, "the primary key"},
    {&TableEngine::sampling_key, "the sampling key"},
    {&TableEngine::ttl, "the TTL"},
    {&TableEngine::version_column, "the version column"},
    {&TableEngine::is_deleted_column, "the is-deleted column"},
    {&TableEngine::sign_column, "the sign column"},
    {&TableEngine::collapsing_version, "the version column"},
    {&TableEngine::summing_columns, "the list of columns to sum"},
    {&TableEngine::join_strictness, "the join strictness"},
    {&TableEngine::join_type, "the join type"},
    {&TableEngine::key_columns, "the key columns"},
    {&TableEngine::settings, "the settings"},
});

bool is_yaml(SourceId source, const SourceMap& sources) {
    const std::string_view path = sources.path(source);
    return path.ends_with(".yaml") || path.ends_with(".yml");
}

// What a reader tells of the file was told when the project was loaded.
std::optional<YamlNode> read_yaml(SourceId source, const SourceMap& sources) {
    Diagnostics told;
    return syntax::parse_yaml(source, sources, told);
}

// The map whose place the model took from `origin`: of its name, or of its first key.
const YamlNode* find_map(const YamlNode& node, Span origin) {
    for (const syntax::YamlEntry& entry : node.entries) {
        if (entry.value.span == origin || entry.key.span == origin) {
            return &node;
        }
        if (const YamlNode* found = find_map(entry.value, origin)) {
            return found;
        }
    }
    for (const YamlNode& item : node.items) {
        if (const YamlNode* found = find_map(item, origin)) {
            return found;
        }
    }
    return nullptr;
}

Span yaml_value(Span origin, std::string_view key, const SourceMap& sources) {
    const std::optional<YamlNode> root = read_yaml(origin.source, sources);
    const YamlNode* map = root ? find_map(*root, origin) : nullptr;
    const YamlNode* value = map == nullptr ? nullptr : syntax::find_value(*map, key);
    return value == nullptr ? origin : value->span;
}

std::string_view yaml_key(ColumnPart part) {
    switch (part) {
    case ColumnPart::Type:
        return "type";
    case ColumnPart::Default:
        return "default";
    case ColumnPart::Materialized:
        return "materialized";
    case ColumnPart::Codec:
        return "codec";
    }
    return {};
}

std::string_view yaml_key(EngineField field) {
    for (const codec::EngineField& known : codec::engine_fields()) {
        if (known.value == field) {
            return known.key;
        }
    }
    return {};
}

Datafile read_datafile(SourceId source, const SourceMap& sources, syntax::Dialect dialect) {
    Diagnostics told;
    const std::string_view path = sources.path(source);
    const auto kind = path.ends_with(".pipe")   ? syntax::DatafileKind::Pipe
                      : path.ends_with(".incl") ? syntax::DatafileKind::Include
                                                : syntax::DatafileKind::Datasource;
    return syntax::parse_datafile(source, sources, kind, told, dialect);
}

std::optional<TextAt> part_of(const syntax::SchemaColumn& column, ColumnPart part) {
    switch (part) {
    case ColumnPart::Type:
        return column.type;
    case ColumnPart::Default:
        return column.default_expression;
    case ColumnPart::Materialized:
        return column.materialized;
    case ColumnPart::Codec:
        return column.codec;
    }
    return std::nullopt;
}

Span datafile_part(Span origin, ColumnPart part, const SourceMap& sources) {
    for (const syntax::Dialect dialect : {syntax::Dialect::Forward, syntax::Dialect::Classic}) {
        const Datafile file = read_datafile(origin.source, sources, dialect);
        for (const Directive& directive : file.directives) {
            if (directive.name != "SCHEMA") {
                continue;
            }
            Diagnostics told;
            for (const syntax::SchemaColumn& column : parse_schema(file, directive, sources, told)) {
                const std::optional<TextAt> text = part_of(column, part);
                if (column.span == origin && text && text->span.known()) {
                    return text->span;
                }
            }
        }
    }
    return origin;
}

std::string_view directive_of(EngineField field) {
    for (const codec::EngineDirective& known : codec::engine_directives()) {
        if (known.field == field) {
            return known.name;
        }
    }
    return {};
}

bool means(const Directive& directive, std::string_view wanted) {
    return directive.name == wanted ||
           (wanted == "ENGINE_COLUMNS" && directive.name == "ENGINE_SUMMING_COLUMNS");
}

// The last of that name counts, of those that belong to the same node as ENGINE where a pipe holds it.
Span datafile_directive(Span origin, std::string_view wanted, const SourceMap& sources) {
    const Datafile file = read_datafile(origin.source, sources, syntax::Dialect::Classic);
    Span found;
    bool after_engine = false;
    for (const Directive& directive : file.directives) {
        if (directive.name == "NODE") {
            if (after_engine) {
                break;
            }
            found = {};
        }
        after_engine = after_engine || span_of(file, directive) == origin;
        if (means(directive, wanted)) {
            found = value_span(file, directive);
        }
    }
    return found.known() ? found : origin;
}

} // namespace

Span place_of(const model::Column& column, ColumnPart part, const SourceMap& sources) {
    const Span origin = column.origin.span;
    if (!origin.known()) {
        return origin;
    }
    return is_yaml(origin.source, sources) ? yaml_value(origin, yaml_key(part), sources)
                                           : datafile_part(origin, part, sources);
}

Span place_of(const model::TableEngine& engine, EngineField field, const SourceMap& sources) {
    const Span origin = engine.origin.span;
    if (!origin.known()) {
        return origin;
    }
    return is_yaml(origin.source, sources) ? yaml_value(origin, yaml_key(field), sources)
                                           : datafile_directive(origin, directive_of(field), sources);
}

std::string_view noun_of(EngineField field) {
    const auto* const known = std::find_if(kNouns.begin(), kNouns.end(),
                                           [&](const EngineNoun& entry) { return entry.field == field; });
    return known == kNouns.end() ? std::string_view("the engine") : known->noun;
}

Span place_of(const model::Index& index, const std::string& name, const SourceMap& sources) {
    const Span origin = index.origin.span;
    if (!origin.known() || !is_yaml(origin.source, sources)) {
        return origin;
    }
    const bool in_expression = !find_name(index.expression, name).empty();
    const bool in_type = !find_name(index.type, name).empty();
    return in_expression ? yaml_value(origin, "expression", sources)
           : in_type     ? yaml_value(origin, "type", sources)
                         : origin;
}

Span narrowed(Span place, std::string_view name, const SourceMap& sources) {
    if (!place.known() || name.empty()) {
        return place;
    }
    const std::string_view text = sources.slice(place);
    const bool quoted =
        text.size() > 1 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
    const std::size_t skipped = quoted ? 1 : 0; // a name between quotes is no text of SQL
    const std::vector<NamePlace> found = find_name(text.substr(skipped, text.size() - 2 * skipped), name);
    if (found.empty()) {
        return place;
    }
    const std::size_t begin = place.begin + skipped;
    return {place.source, static_cast<std::uint32_t>(begin + found.front().begin),
            static_cast<std::uint32_t>(begin + found.front().end)};
}

} // namespace birdhouse::ops

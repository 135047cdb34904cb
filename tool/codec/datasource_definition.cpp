// Datasource definitions.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/definition_parts.hpp"
#include "codec/definitions.hpp"
#include "codec/for_each.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

struct ConnectorMap {
    std::string_view key;
    ObjectKind kind;
    std::string_view prefix;
};

constexpr auto kConnectorMaps = std::to_array<ConnectorMap>({
    {"kafka", ObjectKind::Kafka, "KAFKA_"},
    {"import", ObjectKind::Import, "IMPORT_"},
});

// Ingestion reads either every column by its path or none: one path makes the whole datasource JSON.
void check_mixed_paths(const model::Datasource& datasource, Reading reading) {
    const std::vector<const model::Column*> lacking = model::columns_without_path(datasource);
    if (lacking.empty()) {
        return;
    }
    reading.problems.add(
        codes::F039, lacking.front()->origin.span,
        "datasource " + backquoted(datasource.name) + " takes events, but " +
            counted(lacking.size(), "column") + " of " + std::to_string(datasource.columns.size()) + " " +
            (lacking.size() == 1 ? "has" : "have") + " no `path`",
        "give column " + backquoted(lacking.front()->name) +
            " a `path`; a column that events never hold still needs one to be filled by its default");
}

} // namespace

std::optional<std::uint32_t> read_classic_version(const Fields& fields) {
    const std::optional<std::uint64_t> version = fields.number("classic_version");
    return version ? std::optional(static_cast<std::uint32_t>(*version)) : std::nullopt;
}

std::optional<model::Datasource> read_datasource(const YamlNode& root, ObjectKind kind,
                                                 const GroupLookup& lookup, Reading reading) {
    const std::optional<Fields> fields = Fields::check(root, kind, reading);
    if (!fields) {
        return std::nullopt;
    }
    check_resource_name(*fields, "datasource", reading);
    model::Datasource datasource;
    datasource.name = fields->text("datasource");
    datasource.description = fields->text("description");
    datasource.origin.span = fields->place();
    const YamlNode* list = fields->find("columns");
    ReadColumns columns = list != nullptr ? read_columns(*list, lookup, reading) : ReadColumns{{}, false};
    if (const YamlNode* engine = fields->find("engine")) {
        datasource.engine = read_engine(*engine, columns, reading);
    }
    datasource.columns = std::move(columns.columns);
    datasource.indexes = read_indexes(*fields, reading);
    datasource.tokens = read_tokens(*fields, ObjectKind::Token, reading);
    datasource.tags = fields->texts("tags");
    datasource.shared_with = fields->texts("shared_with");
    datasource.rules = fields->texts("rules");
    datasource.forward_query = fields->text("forward_query");
    datasource.backfill_skip = fields->has("backfill");
    for (const ConnectorMap& map : kConnectorMaps) {
        if (const YamlNode* node = fields->find(map.key)) {
            std::ranges::move(read_settings_map(*node, map.kind, map.prefix, reading),
                              std::back_inserter(datasource.connector_settings));
        }
    }
    datasource.classic_version = read_classic_version(*fields);
    datasource.template_file = fields->text("template");
    check_mixed_paths(datasource, reading);
    return fields->has("datasource") ? std::optional(std::move(datasource)) : std::nullopt;
}

std::vector<model::Datasource> read_datasource_definition(SourceId source, const SourceMap& sources,
                                                          const ColumnGroups& groups, Diagnostics& problems) {
    const Reading reading{sources, problems};
    std::vector<model::Datasource> datasources;
    std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    if (!root) {
        return datasources;
    }
    const GroupLookup lookup = [&](const YamlNode& name) { return groups.look_up(name, problems); };
    for (const YamlNode& tree : repeat_for_each(std::move(*root), reading)) {
        if (std::optional<model::Datasource> read =
                read_datasource(tree, ObjectKind::Datasource, lookup, reading)) {
            datasources.push_back(std::move(*read));
        }
    }
    return datasources;
}

} // namespace birdhouse::codec

#include "codec/table_names.hpp"

#include "base/text.hpp"
#include "model/pipe_version.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace birdhouse::codec {

namespace {

constexpr std::string_view kQuarantine = "_quarantine";

std::optional<NamedTable> pipe_table(const model::Pipe* pipe) {
    if (pipe == nullptr || model::result_node(*pipe) == nullptr) {
        return std::nullopt;
    }
    return NodeTable{pipe, model::result_node(*pipe)};
}

std::optional<NamedTable> resource(const model::Project& project, std::string_view name) {
    if (const model::Datasource* datasource = model::find_datasource(project, name)) {
        return DatasourceTable{datasource};
    }
    if (std::optional<NamedTable> pipe = pipe_table(model::find_pipe(project, name))) {
        return pipe;
    }
    const auto maker = std::find_if(project.pipes.begin(), project.pipes.end(), [&](const model::Pipe& pipe) {
        return pipe.target_engine && pipe.target_datasource == name;
    });
    return maker == project.pipes.end() ? std::nullopt : std::optional<NamedTable>(TargetTable{&*maker});
}

std::optional<NamedTable> latest_version(const model::Project& project, std::string_view name) {
    std::optional<NamedTable> latest;
    std::uint32_t version = 0;
    const auto consider = [&](const std::string& candidate, std::optional<NamedTable> table) {
        const std::optional<model::PipeVersion> parts = model::split_version(candidate);
        if (parts && parts->name == name && (!latest || parts->number > version) && table) {
            version = parts->number;
            latest = table;
        }
    };
    for (const model::Datasource& datasource : project.datasources) {
        consider(datasource.name, DatasourceTable{&datasource});
    }
    for (const model::Pipe& pipe : project.pipes) {
        consider(pipe.name, pipe_table(&pipe));
    }
    return latest;
}

} // namespace

std::optional<NamedTable> find_table(const model::Project& project, const model::Pipe& pipe,
                                     const model::Node& node, std::string_view name) {
    const model::Node* sibling = model::find_node(pipe, name);
    if (sibling != nullptr && sibling != &node) {
        return NodeTable{&pipe, sibling};
    }
    if (std::optional<NamedTable> found = resource(project, name)) {
        return found;
    }
    if (sibling != nullptr) {
        return NodeTable{&pipe, sibling};
    }
    if (name.ends_with(kQuarantine)) {
        const std::string_view base = name.substr(0, name.size() - kQuarantine.size());
        const model::Datasource* datasource = model::find_datasource(project, base);
        if (datasource != nullptr && model::takes_events(*datasource)) {
            return QuarantineTable{datasource};
        }
    }
    if (const std::optional<model::PipeVersion> parts = model::split_version(name)) {
        const model::Pipe* versioned = model::find_pipe(project, parts->name);
        if (versioned != nullptr) {
            const bool meant =
                versioned->version == parts->number || versioned->classic_version == parts->number;
            return meant ? pipe_table(versioned) : std::nullopt;
        }
        const model::Datasource* datasource = model::find_datasource(project, parts->name);
        const bool meant = datasource != nullptr && datasource->classic_version == parts->number;
        return meant ? std::optional<NamedTable>(DatasourceTable{datasource}) : std::nullopt;
    }
    return latest_version(project, name);
}

std::string nearest_table(const model::Project& project, const model::Pipe& pipe, std::string_view name) {
    if (const std::optional<model::PipeVersion> parts = model::split_version(name)) {
        if (const model::Pipe* known = model::find_pipe(project, parts->name)) {
            return "pipe " + backquoted(known->name) + " is at version " + std::to_string(known->version);
        }
    }
    std::vector<std::string_view> candidates;
    for (const model::Node& node : pipe.nodes) {
        candidates.push_back(node.name);
    }
    for (const model::Datasource& datasource : project.datasources) {
        candidates.push_back(datasource.name);
    }
    for (const model::Pipe& other : project.pipes) {
        candidates.push_back(other.name);
    }
    if (const std::optional<std::string> near = nearest(name, candidates)) {
        return "did you mean " + backquoted(*near) + "?";
    }
    return "a pipe reads its own nodes, datasources and other pipes";
}

std::string empty_quarantine(const model::Datasource& datasource) {
    std::string columns =
        "c__error_column Array(String), c__error Array(String), c__import_id Nullable(String)";
    for (const model::Column& column : datasource.columns) {
        columns += ", " + syntax::quoted_sql_name(column.name) + " Nullable(String)";
    }
    return "null(" + syntax::quoted_sql_string(columns + ", insertion_date DateTime") + ")";
}

} // namespace birdhouse::codec

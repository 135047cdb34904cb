#include "datafile_reading.hpp"

#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datasource_file.hpp"
#include "codec/engine_directives.hpp"
#include "codec/pipe_file.hpp"

namespace birdhouse::testing {

using syntax::DatafileKind;
using syntax::Dialect;

namespace {

std::string line(std::string_view name, std::string_view value) {
    return value.empty() ? "" : std::string(name) + ": " + printable(value) + "\n";
}

std::string describe(const std::vector<model::Token>& tokens, const std::vector<std::string>& tags) {
    std::string out;
    for (const model::Token& token : tokens) {
        out += line("token", token.name + " " + std::string(to_string(token.scope)));
    }
    return out + line("tags", join(tags, " | "));
}

std::string describe(const std::vector<model::Setting>& settings) {
    std::string out;
    for (const model::Setting& setting : settings) {
        out += line(to_lower_ascii(setting.name), setting.value);
    }
    return out;
}

std::string describe(const std::optional<std::uint32_t>& version) {
    return version ? line("classic_version", std::to_string(*version)) : "";
}

std::string describe(const model::TableEngine& engine) {
    std::string out;
    for (const codec::EngineDirective& directive : codec::engine_directives()) {
        out += line(to_lower_ascii(directive.name), engine.*directive.field);
    }
    return out;
}

} // namespace

DatafileKind kind_of_file(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    return extension == ".datasource"   ? DatafileKind::Datasource
           : extension == ".pipe"       ? DatafileKind::Pipe
           : extension == ".connection" ? DatafileKind::Connection
                                        : DatafileKind::Include;
}

Dialect dialect_of_file(const std::filesystem::path& path) {
    return path.stem().extension() == ".classic" ? Dialect::Classic : Dialect::Forward;
}

std::string describe_datafile(const std::filesystem::path& path, const std::string& text) {
    SourceMap sources;
    const SourceId source = sources.add(path.filename().string(), text);
    const DatafileKind kind = kind_of_file(path);
    const Dialect dialect = dialect_of_file(path);
    Diagnostics diagnostics;
    std::string model;
    if (kind == DatafileKind::Datasource) {
        const auto read =
            codec::read_datasource_file(source, path.stem().string(), sources, diagnostics, dialect);
        model = read ? describe(*read) : "nothing\n";
    } else if (kind == DatafileKind::Pipe) {
        const auto read = codec::read_pipe_file(source, path.stem().string(), sources, diagnostics, dialect);
        model = read ? describe(*read) : "nothing\n";
    } else if (kind == DatafileKind::Connection) {
        const auto read =
            codec::read_connection_file(parse_datafile(source, sources, kind, diagnostics, dialect),
                                        path.stem().string(), sources, diagnostics);
        model = read ? describe(*read) : "nothing\n";
    } else {
        parse_datafile(source, sources, kind, diagnostics, dialect);
    }
    Diagnostics again;
    const std::string tree = dump(parse_datafile(source, sources, kind, again, dialect), sources);
    return render_text(diagnostics, sources) + "== tree\n" + tree +
           (model.empty() ? "" : "== model\n" + model);
}

std::string describe(const model::Datasource& datasource) {
    std::string out = line("datasource", datasource.name) + line("description", datasource.description);
    for (const model::Column& column : datasource.columns) {
        out += "column " + backquoted(column.name) + " " + column.type;
        out += column.json_path ? " path " + *column.json_path : "";
        out += column.default_expression ? " default " + *column.default_expression : "";
        out += column.materialized ? " materialized " + *column.materialized : "";
        out += column.codec ? " codec " + *column.codec : "";
        out += "\n";
    }
    out += describe(datasource.engine);
    for (const model::Index& index : datasource.indexes) {
        out += line("index",
                    index.name + " | " + index.expression + " | " + index.type + " | " + index.granularity);
    }
    out += describe(datasource.tokens, datasource.tags);
    out += line("shared_with", join(datasource.shared_with, " | ")) +
           line("forward_query", datasource.forward_query);
    out += describe(datasource.connector_settings) + describe(datasource.classic_version);
    return out + (datasource.backfill_skip ? "backfill: skip\n" : "");
}

std::string describe(const model::Connection& connection) {
    return line("connection", connection.name) + line("type", connection.type) +
           line("description", connection.description) + describe(connection.settings);
}

std::string describe(const model::Pipe& pipe) {
    std::string out = line("pipe", pipe.name) + line("version", std::to_string(pipe.version)) +
                      line("description", pipe.description);
    for (const model::Node& node : pipe.nodes) {
        out += line("node", node.name + " " + std::string(to_string(node.type)));
        out += line("  description", node.description) + line("  sql", node.sql);
        out += line("  lines", std::to_string(node.line_origins.size()));
    }
    out += line("target", pipe.target_datasource) + line("copy_schedule", pipe.copy_schedule) +
           line("copy_mode", pipe.copy_mode);
    out += line("deployment_method", pipe.deployment_method);
    out += line("cache", pipe.cache_seconds);
    out += describe(pipe.export_settings) + describe(pipe.classic_version);
    if (pipe.target_engine) {
        out += "target " + describe(*pipe.target_engine);
    }
    return out + describe(pipe.tokens, pipe.tags);
}

} // namespace birdhouse::testing

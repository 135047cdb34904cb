#include "codec/definition_writer.hpp"

#include "base/text.hpp"
#include "codec/definition_text.hpp"
#include "codec/yaml_text.hpp"
#include "model/pipe_version.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace birdhouse::codec {

using Lines = DefinitionComments::Lines;

namespace {

constexpr std::size_t kItem = 2; // `  - ` of a list below a key

using CommentMap = std::map<std::string, Lines, std::less<>>;

// The text so far. Comments are taken from what there is as their parts are written; what is left in the end
// belongs to parts that the definition does not have, and stands below everything.
class DefinitionText {
public:
    explicit DefinitionText(DefinitionComments comments) : comments_(std::move(comments)) {
        comment(comments_.head, 0);
    }

    void line(std::string_view name, std::string_view yaml) {
        key(name);
        text_ += std::string(name) + ": " + std::string(yaml) + "\n";
    }
    // Nothing for an empty text.
    void text(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            key(name);
            text_ += write_text_line(name, value, 0);
        }
    }
    void open_list(std::string_view name) {
        key(name);
        text_ += std::string(name) + ":\n";
    }
    void item(std::string_view yaml, const Lines& above = {}) {
        comment(above, kItem);
        text_ += "  - " + std::string(yaml) + "\n";
    }
    void list(std::string_view name, const std::vector<std::string>& items) {
        if (!items.empty()) {
            open_list(name);
            for (const std::string& each : items) {
                item(each);
            }
        }
    }
    void texts(std::string_view name, const std::vector<std::string>& values) {
        if (!values.empty()) {
            line(name, write_list(values));
        }
    }
    void raw(std::string_view lines) { text_ += lines; }

    Lines of_column(std::string_view name) { return take_lines(comments_.columns, name); }
    Lines of_node(std::string_view name) { return take_lines(comments_.nodes, name); }

    std::string take() {
        for (CommentMap* rest : {&comments_.keys, &comments_.columns, &comments_.nodes}) {
            for (const auto& [name, lines] : *rest) {
                comment(lines, 0);
            }
        }
        comment(comments_.tail, 0);
        return std::move(text_);
    }

private:
    static Lines take_lines(CommentMap& all, std::string_view name) {
        const auto found = all.find(name);
        Lines lines = found == all.end() ? Lines() : std::move(found->second);
        if (found != all.end()) {
            all.erase(found);
        }
        return lines;
    }

    void key(std::string_view name) { comment(take_lines(comments_.keys, name), 0); }

    void comment(const Lines& lines, std::size_t indentation) {
        for (const std::string& each : lines) {
            text_ += std::string(indentation, ' ') + (each.empty() ? "#" : "# ") + printable(each) + "\n";
        }
    }

    DefinitionComments comments_;
    std::string text_;
};

std::vector<std::string> written_tokens(const std::vector<model::Token>& tokens) {
    std::vector<std::string> written;
    for (const model::Token& token : tokens) {
        written.push_back(write_flow(
            {{"name", write_yaml_text(token.name)}, {"scope", std::string(model::to_string(token.scope))}}));
    }
    return written;
}

// `topic: events` below `kafka:` for KAFKA_TOPIC.
void write_settings(DefinitionText& text, std::string_view key, std::string_view prefix,
                    const std::vector<model::Setting>& settings) {
    std::string lines;
    for (const model::Setting& setting : settings) {
        if (setting.name.starts_with(prefix)) {
            const std::string name = to_lower_ascii(setting.name.substr(prefix.size()));
            lines += write_text_line(name, setting.value, kItem);
        }
    }
    if (!lines.empty()) {
        text.open_list(key);
        text.raw(lines);
    }
}

void write_version(DefinitionText& text, const std::optional<std::uint32_t>& version) {
    if (version) {
        text.line("classic_version", std::to_string(*version));
    }
}

void write_columns(DefinitionText& text, const std::vector<model::Column>& columns,
                   const std::vector<GroupedRun>& runs) {
    text.open_list("columns");
    auto run = runs.begin();
    for (std::size_t i = 0; i < columns.size();) {
        if (run != runs.end() && run->first == i) {
            Lines above;
            for (std::size_t j = i; j < i + run->count; ++j) {
                std::ranges::move(text.of_column(columns[j].name), std::back_inserter(above));
            }
            text.item("use: " + run->group, above);
            i += run->count;
            ++run;
        } else {
            text.item(write_flow(column_pairs(columns[i])), text.of_column(columns[i].name));
            ++i;
        }
    }
}

// Which node the reader publishes when none says so: then a pipe of one type says it once, at its head.
bool last_is_published(const model::Pipe& pipe) {
    const model::Node* published = published_node(pipe);
    return published == nullptr || published == &pipe.nodes.back();
}

void write_node(DefinitionText& text, const model::Pipe& pipe, const model::Node& node) {
    text.item("name: " + write_yaml_text(node.name), text.of_node(node.name));
    if (!node.description.empty()) {
        text.raw(write_text_line("description", node.description, 2 * kItem));
    }
    text.raw(write_text_line("sql", node.sql, 2 * kItem));
    if (!last_is_published(pipe)) {
        text.raw(write_text_line("type", to_string(node.type), 2 * kItem));
    }
}

struct SettingsMap {
    std::string_view key;
    std::string_view prefix;
};
constexpr auto kConnectionMaps = std::to_array<SettingsMap>(
    {{"kafka", "KAFKA_"}, {"s3", "S3_"}, {"gcs", "GCS_"}, {"dynamodb", "DYNAMODB_"}});

} // namespace

std::string write_datasource_definition(const model::Datasource& datasource,
                                        const DefinitionComments& comments,
                                        const std::vector<GroupedRun>& runs) {
    DefinitionText text(comments);
    text.line("datasource", write_yaml_text(datasource.name));
    write_version(text, datasource.classic_version);
    text.text("description", datasource.description);
    write_columns(text, datasource.columns, runs);
    text.line("engine", write_flow(engine_pairs(datasource.engine)));
    std::vector<std::string> indexes;
    for (const model::Index& index : datasource.indexes) {
        indexes.push_back(write_flow(index_pairs(index)));
    }
    text.list("indexes", indexes);
    write_settings(text, "kafka", "KAFKA_", datasource.connector_settings);
    write_settings(text, "import", "IMPORT_", datasource.connector_settings);
    text.list("tokens", written_tokens(datasource.tokens));
    text.texts("tags", datasource.tags);
    text.texts("shared_with", datasource.shared_with);
    text.texts("rules", datasource.rules);
    text.text("forward_query", datasource.forward_query);
    if (datasource.backfill_skip) {
        text.line("backfill", "skip");
    }
    return text.take();
}

std::string write_pipe_definition(const model::Pipe& pipe, const DefinitionComments& comments) {
    DefinitionText text(comments);
    const std::optional<model::PipeVersion> version = model::split_version(pipe.name);
    const bool is_declared = version && pipe.version > 1 && version->number == pipe.version;
    text.line("pipe", write_yaml_text(is_declared ? version->name : pipe.name));
    if (pipe.version > 1) {
        text.line("version", std::to_string(pipe.version));
    }
    write_version(text, pipe.classic_version);
    text.text("description", pipe.description);
    const model::Node* published = published_node(pipe);
    const model::NodeType type = published == nullptr ? model::NodeType::Standard : published->type;
    if (type != model::NodeType::Endpoint) {
        text.line("type", to_string(type));
    }
    text.text(type == model::NodeType::Copy ? "target_datasource" : "datasource", pipe.target_datasource);
    text.text("schedule", pipe.copy_schedule);
    text.text("mode", pipe.copy_mode);
    text.text("deployment_method", pipe.deployment_method);
    if (!pipe.cache_seconds.empty()) {
        text.line("cache", pipe.cache_seconds);
    }
    if (pipe.target_engine) {
        text.line("target_engine", write_flow(engine_pairs(*pipe.target_engine)));
    }
    write_settings(text, "export", "EXPORT_", pipe.export_settings);
    text.open_list("nodes");
    for (const model::Node& node : pipe.nodes) {
        write_node(text, pipe, node);
    }
    text.list("tokens", written_tokens(pipe.tokens));
    text.texts("tags", pipe.tags);
    return text.take();
}

std::string write_connection_definition(const model::Connection& connection,
                                        const DefinitionComments& comments) {
    DefinitionText text(comments);
    text.line("connection", write_yaml_text(connection.name));
    text.line("type", write_yaml_text(connection.type));
    text.text("description", connection.description);
    for (const SettingsMap& map : kConnectionMaps) {
        write_settings(text, map.key, map.prefix, connection.settings);
    }
    return text.take();
}

std::string write_column_group(const std::string& name, const std::string& description,
                               const std::vector<model::Column>& columns) {
    DefinitionText text({});
    text.line("group", write_yaml_text(name));
    text.text("description", description);
    write_columns(text, columns, {});
    return text.take();
}

} // namespace birdhouse::codec

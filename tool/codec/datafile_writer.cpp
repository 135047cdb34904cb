#include "codec/datafile_writer.hpp"

#include "base/text.hpp"
#include "codec/datafile_lines.hpp"

#include <string_view>
#include <vector>

namespace birdhouse::codec {

namespace {

// Groups of lines with one blank line between two, and one line end at the end.
class DatafileText {
public:
    void line(std::string_view text) {
        if (group_ended_ && !text_.empty()) {
            text_ += '\n';
        }
        group_ended_ = false;
        text_ += text;
        text_ += '\n';
    }
    void line(const DirectiveLine& directive) { line(directive.directive + " " + directive.value); }
    void indented(std::string_view lines) {
        for (const std::string_view each : split(lines, '\n')) {
            text_ += each.empty() ? "" : "    ";
            text_ += each;
            text_ += '\n';
        }
    }
    void end_group() { group_ended_ = true; }

    void lines(const std::vector<DirectiveLine>& directives) {
        for (const DirectiveLine& directive : directives) {
            line(directive);
        }
        end_group();
    }
    void block(std::string_view directive, std::string_view content) {
        if (!content.empty()) {
            line(std::string(directive) + " >");
            indented(content);
            end_group();
        }
    }

    std::string take() { return std::move(text_); }

private:
    std::string text_;
    bool group_ended_ = true;
};

template <class Resource>
void write_head(DatafileText& text, const Resource& resource) {
    if (resource.classic_version) {
        text.line("VERSION " + std::to_string(*resource.classic_version));
        text.end_group();
    }
    text.block("DESCRIPTION", resource.description);
    for (const model::Token& token : resource.tokens) {
        text.line("TOKEN " + quoted_argument(token.name) + " " + to_upper_ascii(to_string(token.scope)));
    }
    text.end_group();
    if (!resource.tags.empty()) {
        text.line("TAGS " + tags_value(resource.tags));
        text.end_group();
    }
}

void write_columns(DatafileText& text, const std::vector<model::Column>& columns) {
    text.line("SCHEMA >");
    for (std::size_t i = 0; i < columns.size(); ++i) {
        text.indented(column_line(columns[i]) + (i + 1 < columns.size() ? "," : ""));
    }
    text.end_group();
}

void write_node(DatafileText& text, const model::Pipe& pipe, const model::Node& node) {
    text.line("NODE " + node.name);
    text.block("DESCRIPTION", node.description);
    text.block("SQL", node.sql);
    if (node.type != model::NodeType::Standard) {
        text.line("TYPE " + to_upper_ascii(to_string(node.type)));
        text.lines(type_lines(pipe));
    }
    text.end_group();
}

} // namespace

std::string write_datasource_file(const model::Datasource& datasource) {
    DatafileText text;
    write_head(text, datasource);
    write_columns(text, datasource.columns);
    if (!datasource.indexes.empty()) {
        text.line("INDEXES >");
        for (const model::Index& index : datasource.indexes) {
            text.indented(index_line(index));
        }
        text.end_group();
    }
    text.lines(engine_lines(datasource.engine));
    text.lines(setting_lines(datasource.connector_settings));
    text.block("SHARED_WITH", join(datasource.shared_with, "\n"));
    text.block("FORWARD_QUERY", datasource.forward_query);
    if (datasource.backfill_skip) {
        text.line("BACKFILL skip");
    }
    return text.take();
}

std::string write_pipe_file(const model::Pipe& pipe) {
    DatafileText text;
    write_head(text, pipe);
    for (const model::Node& node : pipe.nodes) {
        write_node(text, pipe, node);
    }
    return text.take();
}

std::string write_connection_file(const model::Connection& connection) {
    DatafileText text;
    text.block("DESCRIPTION", connection.description);
    text.line("TYPE " + plain_argument(connection.type));
    text.lines(setting_lines(connection.settings));
    return text.take();
}

} // namespace birdhouse::codec

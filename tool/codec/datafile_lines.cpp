#include "codec/datafile_lines.hpp"

#include "base/text.hpp"
#include "codec/engine_directives.hpp"
#include "syntax/datafile_words.hpp"

namespace birdhouse::codec {

std::string column_line(const model::Column& column) {
    std::string line = "`" + column.name + "`";
    line += column.type.empty() ? "" : " " + column.type;
    line += column.json_path ? " `json:" + *column.json_path + "`" : "";
    line += column.default_expression ? " DEFAULT " + *column.default_expression : "";
    line += column.materialized ? " MATERIALIZED " + *column.materialized : "";
    return line + (column.codec ? " CODEC(" + *column.codec + ")" : "");
}

std::string index_line(const model::Index& index) {
    return "INDEX " + index.name + " " + index.expression + " TYPE " + index.type + " GRANULARITY " +
           index.granularity;
}

std::vector<DirectiveLine> engine_lines(const model::TableEngine& engine) {
    std::vector<DirectiveLine> lines;
    for (const EngineDirective& directive : engine_directives()) {
        if (const std::string& value = engine.*directive.field; !value.empty()) {
            lines.push_back({std::string(directive.name), quoted_argument(value)});
        }
    }
    return lines;
}

std::vector<DirectiveLine> type_lines(const model::Pipe& pipe) {
    const model::Node* published = published_node(pipe);
    const bool copies = published != nullptr && published->type == model::NodeType::Copy;
    std::vector<DirectiveLine> lines;
    const auto add = [&](std::string_view directive, std::string_view value) {
        if (!value.empty()) {
            lines.push_back({std::string(directive), plain_argument(value)});
        }
    };
    add(copies ? "TARGET_DATASOURCE" : "DATASOURCE", pipe.target_datasource);
    add("COPY_MODE", pipe.copy_mode);
    add("COPY_SCHEDULE", pipe.copy_schedule);
    add("DEPLOYMENT_METHOD", pipe.deployment_method);
    add("CACHE", pipe.cache_seconds);
    for (DirectiveLine& line : setting_lines(pipe.export_settings)) {
        lines.push_back(std::move(line));
    }
    if (pipe.target_engine) {
        for (DirectiveLine& line : engine_lines(*pipe.target_engine)) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

std::vector<DirectiveLine> setting_lines(const std::vector<model::Setting>& settings) {
    std::vector<DirectiveLine> lines;
    for (const model::Setting& setting : settings) {
        const bool several_lines = setting.value.find('\n') != std::string::npos;
        lines.push_back({setting.name, several_lines ? ">\n    " + replace_all(setting.value, "\n", "\n    ")
                                                     : plain_argument(setting.value)});
    }
    return lines;
}

std::string tags_value(const std::vector<std::string>& tags) {
    return tags.empty() ? "" : quoted_argument(join(tags, ", "));
}

std::string quoted_argument(std::string_view value) {
    const char quote = value.find('"') == std::string_view::npos ? '"' : '\'';
    std::string out(1, quote);
    out += value;
    out += quote;
    return out;
}

std::string plain_argument(std::string_view value) {
    const auto split = syntax::split_words(value);
    const bool reads_back = split && !value.empty() && split->comment.empty() &&
                            syntax::unquoted_value(split->words) == value &&
                            (split->words.empty() || split->words.front() != ">");
    return reads_back ? std::string(value) : quoted_argument(value);
}

} // namespace birdhouse::codec

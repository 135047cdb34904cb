#include "codec/template_values.hpp"

#include "base/text.hpp"
#include "codec/datafile_lines.hpp"

#include <utility>
#include <vector>

namespace birdhouse::codec {

using syntax::make_bool;
using syntax::make_dict;
using syntax::make_integer;
using syntax::make_list;
using syntax::make_text;
using syntax::Value;
using syntax::Values;

namespace {

using Entries = std::vector<std::pair<Value, Value>>;

class Dict {
public:
    Dict& text(std::string_view name, std::string_view value) {
        return value_of(name, make_text(std::string(value)));
    }
    Dict& list(std::string_view name, Values values) { return value_of(name, make_list(std::move(values))); }
    Dict& value_of(std::string_view name, Value value) {
        entries_.emplace_back(make_text(std::string(name)), std::move(value));
        return *this;
    }
    Value take() { return make_dict(std::move(entries_)); }

private:
    Entries entries_;
};

template <class Items, class Make>
Values values_of(const Items& items, Make make) {
    Values values;
    for (const auto& item : items) {
        values.push_back(make(item));
    }
    return values;
}

Values texts(const std::vector<std::string>& items) {
    return values_of(items, [](const std::string& item) { return make_text(item); });
}

Value directive_line(std::string_view directive, const std::string& value) {
    return Dict().text("directive", directive).text("value", value).take();
}

Value token_values(const model::Token& token) {
    return Dict()
        .text("name", token.name)
        .text("scope", to_string(token.scope))
        .text("quoted_name", quoted_argument(token.name))
        .take();
}

Value column_values(const model::Column& column) {
    return Dict()
        .text("line", column_line(column))
        .text("name", column.name)
        .text("type", column.type)
        .text("json_path", column.json_path.value_or(""))
        .text("default_expression", column.default_expression.value_or(""))
        .text("materialized", column.materialized.value_or(""))
        .text("codec", column.codec.value_or(""))
        .text("description", column.description)
        .take();
}

Value index_values(const model::Index& index) {
    return Dict()
        .text("name", index.name)
        .text("expression", index.expression)
        .text("type", index.type)
        .text("granularity", index.granularity)
        .take();
}

Value engine_values(const model::TableEngine& engine) {
    return Dict()
        .text("kind", engine.kind)
        .text("partition_key", engine.partition_key)
        .text("sorting_key", engine.sorting_key)
        .text("primary_key", engine.primary_key)
        .text("sampling_key", engine.sampling_key)
        .text("ttl", engine.ttl)
        .text("version_column", engine.version_column)
        .text("is_deleted_column", engine.is_deleted_column)
        .text("sign_column", engine.sign_column)
        .text("collapsing_version", engine.collapsing_version)
        .text("summing_columns", engine.summing_columns)
        .text("join_strictness", engine.join_strictness)
        .text("join_type", engine.join_type)
        .text("key_columns", engine.key_columns)
        .text("settings", engine.settings)
        .take();
}

Values directive_lines(const std::vector<DirectiveLine>& lines) {
    return values_of(lines,
                     [](const DirectiveLine& line) { return directive_line(line.directive, line.value); });
}

Value node_values(const model::Node& node) {
    return Dict()
        .text("name", node.name)
        .text("description", node.description)
        .text("sql", node.sql)
        .text("type", to_string(node.type))
        .take();
}

// An absent version is an empty text, as every absent field is.
Value version_value(const std::optional<std::uint32_t>& version) {
    return version ? make_integer(*version) : make_text("");
}

} // namespace

Value template_values(const model::Datasource& datasource) {
    return Dict()
        .text("name", datasource.name)
        .text("description", datasource.description)
        .list("columns", values_of(datasource.columns, column_values))
        .value_of("engine", engine_values(datasource.engine))
        .list("engine_lines", directive_lines(engine_lines(datasource.engine)))
        .list("connector_lines", directive_lines(setting_lines(datasource.connector_settings)))
        .list("indexes", values_of(datasource.indexes, index_values))
        .list("tokens", values_of(datasource.tokens, token_values))
        .list("tags", texts(datasource.tags))
        .text("tags_line", tags_value(datasource.tags))
        .list("shared_with", texts(datasource.shared_with))
        .text("forward_query", datasource.forward_query)
        .value_of("backfill_skip", make_bool(datasource.backfill_skip))
        .value_of("classic_version", version_value(datasource.classic_version))
        .take();
}

Value template_values(const model::Pipe& pipe) {
    return Dict()
        .text("name", pipe.name)
        .text("description", pipe.description)
        .value_of("version", make_integer(pipe.version))
        .list("nodes", values_of(pipe.nodes, node_values))
        .text("target_datasource", pipe.target_datasource)
        .text("copy_schedule", pipe.copy_schedule)
        .text("copy_mode", pipe.copy_mode)
        .text("deployment_method", pipe.deployment_method)
        .text("cache_seconds", pipe.cache_seconds)
        .list("export_settings", values_of(pipe.export_settings,
                                           [](const model::Setting& setting) {
                                               return directive_line(setting.name, setting.value);
                                           }))
        .list("settings", directive_lines(type_lines(pipe)))
        .value_of("classic_version", version_value(pipe.classic_version))
        .list("tokens", values_of(pipe.tokens, token_values))
        .list("tags", texts(pipe.tags))
        .text("tags_line", tags_value(pipe.tags))
        .take();
}

Value template_values(const model::Connection& connection) {
    return Dict()
        .text("name", connection.name)
        .text("description", connection.description)
        .text("type", connection.type)
        .list("settings", directive_lines(setting_lines(connection.settings)))
        .take();
}

} // namespace birdhouse::codec

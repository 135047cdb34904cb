#include "base/text.hpp"
#include "ops/project_docs_parts.hpp"
#include "ops/project_docs_secrets.hpp"

#include <string>
#include <string_view>

namespace birdhouse::ops::docs {

namespace {

void add_fact(DocPage& page, std::string_view label, std::string_view value, bool code = true) {
    if (!value.empty()) {
        page.facts.push_back({std::string(label), shown_text(value), code});
    }
}

void add_settings(DocPage& page, const std::vector<model::Setting>& settings) {
    for (const model::Setting& setting : settings) {
        page.facts.push_back({setting.name, shown_setting(setting.name, setting.value), true});
    }
}

void add_engine(DocPage& page, const model::TableEngine& engine) {
    add_fact(page, "Engine", engine.kind);
    add_fact(page, "Sorting key", engine.sorting_key);
    add_fact(page, "Partition key", engine.partition_key);
    add_fact(page, "Primary key", engine.primary_key);
    add_fact(page, "Sampling key", engine.sampling_key);
    add_fact(page, "TTL", engine.ttl);
    add_fact(page, "Version column", engine.version_column);
    add_fact(page, "Deleted column", engine.is_deleted_column);
    add_fact(page, "Sign column", engine.sign_column);
    add_fact(page, "Collapsing version", engine.collapsing_version);
    add_fact(page, "Summed columns", engine.summing_columns);
    add_fact(page, "Join strictness", engine.join_strictness);
    add_fact(page, "Join type", engine.join_type);
    add_fact(page, "Key columns", engine.key_columns);
    add_fact(page, "Settings", engine.settings);
}

std::string range_text(const model::ValueRange& range) {
    if (range.minimum && range.maximum) {
        return *range.minimum + " to " + *range.maximum;
    }
    return range.minimum ? "at least " + *range.minimum : "at most " + range.maximum.value_or("");
}

std::string rules_of(const model::Column& column) {
    std::vector<std::string> rules;
    if (!column.allowed.empty()) {
        rules.push_back("one of " + join(column.allowed, ", "));
    }
    if (column.range) {
        rules.push_back(range_text(*column.range));
    }
    if (column.max_chars) {
        rules.push_back("at most " + counted(*column.max_chars, "character"));
    }
    return join(rules, "; ");
}

DocColumn column_of(const model::Column& column) {
    DocColumn doc;
    doc.name = column.name;
    doc.type = column.type;
    doc.path = column.json_path.value_or("");
    doc.default_value = shown_text(column.materialized ? "MATERIALIZED " + *column.materialized
                                                       : column.default_expression.value_or(""));
    doc.codec = column.codec.value_or("");
    doc.privacy = column.privacy == model::Privacy::None ? "" : std::string(to_string(column.privacy));
    doc.rules = rules_of(column);
    doc.description = shown_text(column.description);
    return doc;
}

void add_tokens(DocPage& page, const std::vector<model::Token>& tokens) {
    for (const model::Token& token : tokens) {
        page.tokens.push_back(shown_text(token.name) + " (" + std::string(to_string(token.scope)) + ")");
    }
}

template <class Resource>
void describe_common(const Resource& resource, DocPage& page) {
    page.description = shown_text(trim(resource.description));
    page.tags = resource.tags;
    add_tokens(page, resource.tokens);
    if (resource.classic_version) {
        add_fact(page, "Version", std::to_string(*resource.classic_version));
    }
}

DocNode node_of(const model::Node& node) {
    DocNode doc;
    doc.name = node.name;
    doc.type = node.type == model::NodeType::Standard ? "" : std::string(to_string(node.type));
    doc.description = shown_text(trim(node.description));
    doc.sql = shown_sql(node.sql);
    return doc;
}

} // namespace

void describe(const model::Connection& connection, DocPage& page) {
    page.description = shown_text(trim(connection.description));
    add_fact(page, "Type", connection.type);
    add_settings(page, connection.settings);
}

void describe(const model::Datasource& datasource, DocPage& page) {
    describe_common(datasource, page);
    add_engine(page, datasource.engine);
    add_settings(page, datasource.connector_settings);
    add_fact(page, "Shared with", join(datasource.shared_with, ", "));
    add_fact(page, "Backfill", datasource.backfill_skip ? "skip" : "");
    for (const model::Column& column : datasource.columns) {
        page.columns.push_back(column_of(column));
    }
    for (const model::Index& index : datasource.indexes) {
        page.indexes.push_back({index.name, index.expression, index.type, index.granularity});
    }
    page.forward_query = shown_sql(datasource.forward_query);
}

void describe(const model::Pipe& pipe, DocPage& page) {
    describe_common(pipe, page);
    const model::Node* published = model::published_node(pipe);
    if (published != nullptr && published->type == model::NodeType::Endpoint) {
        add_fact(page, "Address", "/v0/pipes/" + pipe.name + ".json");
    }
    if (pipe.version != 1) {
        add_fact(page, "Version", std::to_string(pipe.version));
    }
    add_fact(page, "Target", pipe.target_datasource);
    add_fact(page, "Schedule", pipe.copy_schedule);
    add_fact(page, "Copy mode", pipe.copy_mode);
    add_fact(page, "Deployment method", pipe.deployment_method);
    add_fact(page, "Cache", pipe.cache_seconds.empty() ? "" : pipe.cache_seconds + " s");
    add_settings(page, pipe.export_settings);
    if (pipe.target_engine) {
        add_engine(page, *pipe.target_engine);
    }
    for (const model::Node& node : pipe.nodes) {
        page.nodes.push_back(node_of(node));
    }
}

} // namespace birdhouse::ops::docs

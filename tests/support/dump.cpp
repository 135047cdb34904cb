#include "support/dump.hpp"

#include "base/text.hpp"

#include <string_view>
#include <utility>

namespace birdhouse::testing {

namespace {

// ` word=value`, or nothing for an empty value.
std::string word(std::string_view name, std::string_view value) {
    return value.empty() ? std::string() : " " + std::string(name) + "=" + printable(value);
}

std::string line(std::string_view name, std::string_view value) {
    return value.empty() ? std::string() : "  " + std::string(name) + ": " + printable(value) + "\n";
}

std::string dump_settings(const std::vector<model::Setting>& settings) {
    std::string out;
    for (const model::Setting& setting : settings) {
        out += line(setting.name, setting.value);
    }
    return out;
}

std::string dump_version(const std::optional<std::uint32_t>& version) {
    return version ? line("classic_version", std::to_string(*version)) : "";
}

std::string dump_column(const model::Column& column) {
    std::string out = column.name + " " + column.type + word("path", column.json_path.value_or("")) +
                      word("default", column.default_expression.value_or("")) +
                      word("materialized", column.materialized.value_or("")) +
                      word("codec", column.codec.value_or("")) + word("allowed", join(column.allowed, "|"));
    if (column.range) {
        out += " range=" + column.range->minimum.value_or("open") + ".." +
               column.range->maximum.value_or("open");
    }
    if (column.max_chars) {
        out += " max_chars=" + std::to_string(*column.max_chars);
    }
    if (column.privacy != model::Privacy::None) {
        out += word("privacy", model::to_string(column.privacy));
    }
    return out + word("description", column.description);
}

std::string dump_engine(const model::TableEngine& engine) {
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"partition_key", engine.partition_key},
        {"sorting_key", engine.sorting_key},
        {"primary_key", engine.primary_key},
        {"sampling_key", engine.sampling_key},
        {"ttl", engine.ttl},
        {"ver", engine.version_column},
        {"is_deleted", engine.is_deleted_column},
        {"sign", engine.sign_column},
        {"version", engine.collapsing_version},
        {"columns", engine.summing_columns},
        {"join_strictness", engine.join_strictness},
        {"join_type", engine.join_type},
        {"key_columns", engine.key_columns},
        {"settings", engine.settings},
    };
    std::string out = "  engine: " + engine.kind + "\n";
    for (const auto& [name, value] : fields) {
        out += value.empty() ? "" : "  " + line(name, value);
    }
    return out;
}

std::string dump_tokens(const std::vector<model::Token>& tokens) {
    std::string out;
    for (const model::Token& token : tokens) {
        out += "  token: " + token.name + " " + std::string(model::to_string(token.scope)) + "\n";
    }
    return out;
}

std::string dump_sql(const model::Node& node, const SourceMap& sources) {
    std::string out;
    std::size_t index = 0;
    for (const std::string_view text : split(node.sql, '\n')) {
        std::string place;
        if (index < node.line_origins.size()) {
            const Span span = node.line_origins[index].span;
            const LineColumn at = sources.locate(span.source, span.begin);
            place = std::to_string(at.line) + ":" + std::to_string(at.column) + " ";
        }
        out += "    " + place + "| " + printable(text) + "\n";
        ++index;
    }
    return out;
}

std::string_view name_of(model::TargetKind kind) {
    switch (kind) {
    case model::TargetKind::Embedded:
        return "embedded";
    case model::TargetKind::ClickHouse:
        return "clickhouse";
    case model::TargetKind::TinybirdForward:
        return "tinybird forward";
    case model::TargetKind::TinybirdClassic:
        return "tinybird classic";
    }
    return {};
}

std::string_view said(bool value) { return value ? "yes" : "no"; }

// What `describe` leaves out of a step.
struct StepDetails {
    std::string operator()(const model::CreateDatasource& step) const { return "\n" + dump(step.datasource); }
    std::string operator()(const model::AddColumn& step) const {
        return ": " + dump_column(step.column) + word("after", step.position.after) +
               (step.position.first ? " first" : "") + "\n";
    }
    std::string operator()(const model::AddIndex& step) const {
        return word("expression", step.index.expression) + word("granularity", step.index.granularity) + "\n";
    }
    std::string operator()(const model::CreateMaterializedView& step) const {
        return word("sql", step.sql) + "\n";
    }
    std::string operator()(const model::ChangeMaterializedView& step) const {
        return word("sql", step.sql) + "\n";
    }
    std::string operator()(const model::RebuildDatasource& step) const {
        std::string out = "\n" + (step.engine ? dump_engine(*step.engine) : std::string());
        for (const model::NewType& one : step.types) {
            out += "    type: " + one.name + " " + one.type + "\n";
        }
        for (const model::Conversion& one : step.convert) {
            out += "    convert: " + one.name + " " + one.expression + "\n";
        }
        return out;
    }
    template <class Step>
    std::string operator()(const Step&) const {
        return "\n";
    }
};

} // namespace

std::string dump(const model::Config& config) {
    std::string out = "project " + config.name + "\n" + line("output", config.output_folder) +
                      line("default_target", config.default_target);
    for (const model::TargetSettings& target : config.targets) {
        out += "  target: " + target.name + " " + std::string(name_of(target.kind)) +
               word("path", target.path) + word("database", target.database) + word("url", target.url) +
               word("user", target.user) + word("password_env", target.password_env) +
               word("cluster", target.cluster) + (target.replicated ? " replicated" : "") +
               word("host", target.host) + word("workspace", target.workspace) +
               word("token_env", target.token_env) + (target.is_protected ? " protected" : "") + "\n";
        for (const model::Setting& setting : target.settings) {
            out += "    setting: " + setting.name + " = " + setting.value + "\n";
        }
    }
    const model::IngestionRules& rules = config.ingestion;
    out += line("null_with_default",
                rules.null_with_default == model::NullWithDefault::UseDefault ? "default" : "quarantine");
    out += line("numeric_text_into_wide_integers", said(rules.numeric_text_into_wide_integers));
    out += line("numeric_text_into_narrow_integers", said(rules.numeric_text_into_narrow_integers));
    out += line("epoch_into_datetime", said(rules.epoch_into_datetime));
    out += line("structures_into_string", said(rules.structures_into_string));
    return out + line("prompt_max_chars", std::to_string(config.privacy.prompt_max_chars));
}

std::string dump(const std::vector<model::Column>& columns) {
    std::string out;
    for (const model::Column& column : columns) {
        out += "  column: " + dump_column(column) + "\n";
    }
    return out;
}

std::string dump(const model::Connection& connection) {
    return "connection " + connection.name + " " + connection.type + "\n" +
           line("description", connection.description) + dump_settings(connection.settings);
}

std::string dump(const model::Datasource& datasource) {
    std::string out = "datasource " + datasource.name + "\n" + line("description", datasource.description) +
                      dump(datasource.columns) + dump_engine(datasource.engine);
    for (const model::Index& index : datasource.indexes) {
        out += "  index: " + index.name + word("expression", index.expression) + word("type", index.type) +
               word("granularity", index.granularity) + "\n";
    }
    return out + dump_tokens(datasource.tokens) + line("tags", join(datasource.tags, ", ")) +
           line("shared_with", join(datasource.shared_with, ", ")) +
           line("forward_query", datasource.forward_query) +
           line("backfill", datasource.backfill_skip ? "skip" : "") +
           dump_settings(datasource.connector_settings) + dump_version(datasource.classic_version) +
           line("template", datasource.template_file);
}

std::string dump(const model::Pipe& pipe, const SourceMap& sources) {
    std::string out = "pipe " + pipe.name + " version " + std::to_string(pipe.version) + "\n" +
                      line("description", pipe.description);
    for (const model::Node& node : pipe.nodes) {
        out += "  node: " + node.name + " " + std::string(model::to_string(node.type)) +
               word("description", node.description) + "\n" + dump_sql(node, sources);
    }
    out += line("target_datasource", pipe.target_datasource) + line("copy_schedule", pipe.copy_schedule) +
           line("copy_mode", pipe.copy_mode) + line("deployment_method", pipe.deployment_method) +
           line("cache", pipe.cache_seconds);
    out += dump_settings(pipe.export_settings) + dump_version(pipe.classic_version);
    if (pipe.target_engine) {
        out += "  target" + dump_engine(*pipe.target_engine);
    }
    return out + dump_tokens(pipe.tokens) + line("tags", join(pipe.tags, ", ")) +
           line("template", pipe.template_file);
}

std::string dump(const model::Migration& migration) {
    std::string out = "migration " + migration.id + "\n" + line("description", migration.description);
    for (const model::MigrationStep& step : migration.steps) {
        out += "  " + model::describe(step.action) + std::visit(StepDetails{}, step.action);
    }
    for (const model::Allowance& allowance : migration.allow) {
        out += "  allow: " + allowance.code + " " + allowance.subject +
               (allowance.rows ? " rows=" + std::to_string(*allowance.rows) : "") + "\n";
    }
    return out;
}

} // namespace birdhouse::testing

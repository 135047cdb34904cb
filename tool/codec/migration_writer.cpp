// Migrations as YAML text, for `migrate new`. One line a step, but for what has many parts.
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "codec/definition_text.hpp"
#include "codec/definitions.hpp"
#include "codec/yaml_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace birdhouse::codec {

namespace {

constexpr std::size_t kBody = 6; // `    - kind:` and below it

std::string body_line(std::string_view key, std::string_view yaml) {
    return std::string(kBody, ' ') + std::string(key) + ": " + std::string(yaml) + "\n";
}

std::string body_text(std::string_view key, std::string_view value) {
    return value.empty() ? std::string() : write_text_line(key, value, kBody);
}

std::string body_list(std::string_view key, const std::vector<std::string>& flow_items) {
    if (flow_items.empty()) {
        return {};
    }
    std::string out = std::string(kBody, ' ') + std::string(key) + ":\n";
    for (const std::string& item : flow_items) {
        out += std::string(kBody + 2, ' ') + "- " + item + "\n";
    }
    return out;
}

std::string write_datasource(const model::Datasource& datasource) {
    std::vector<std::string> columns;
    for (const model::Column& column : datasource.columns) {
        columns.push_back(write_flow(column_pairs(column)));
    }
    std::vector<std::string> indexes;
    for (const model::Index& index : datasource.indexes) {
        indexes.push_back(write_flow(index_pairs(index)));
    }
    std::vector<std::string> tokens;
    for (const model::Token& token : datasource.tokens) {
        tokens.push_back(write_flow(
            {{"name", write_yaml_text(token.name)}, {"scope", std::string(model::to_string(token.scope))}}));
    }
    std::string out = body_line("datasource", write_yaml_text(datasource.name)) +
                      body_text("description", datasource.description) + body_list("columns", columns) +
                      body_line("engine", write_flow(engine_pairs(datasource.engine))) +
                      body_list("indexes", indexes) + body_list("tokens", tokens);
    out += datasource.tags.empty() ? "" : body_line("tags", write_list(datasource.tags));
    out += datasource.shared_with.empty() ? "" : body_line("shared_with", write_list(datasource.shared_with));
    out += datasource.rules.empty() ? "" : body_line("rules", write_list(datasource.rules));
    out += body_text("forward_query", datasource.forward_query);
    out += datasource.backfill_skip ? body_line("backfill", "skip") : "";
    return out + body_text("template", datasource.template_file);
}

YamlPairs of_column(const std::string& datasource, const std::string& name) {
    return {{"datasource", write_yaml_text(datasource)}, {"name", write_yaml_text(name)}};
}

YamlPairs with(YamlPairs pairs, std::string_view key, std::string value) {
    pairs.emplace_back(key, std::move(value));
    return pairs;
}

void add_position(YamlPairs& pairs, const model::ColumnPosition& position) {
    if (position.first) {
        pairs.emplace_back("first", "true");
    }
    add_text(pairs, "after", position.after);
}

// The fields of a step that fits on a line.
YamlPairs fields_of(const model::DropDatasource& step) {
    return {{"datasource", write_yaml_text(step.datasource)}};
}
YamlPairs fields_of(const model::AddColumn& step) {
    YamlPairs pairs = {{"datasource", write_yaml_text(step.datasource)}};
    std::ranges::move(column_pairs(step.column), std::back_inserter(pairs));
    add_position(pairs, step.position);
    return pairs;
}
YamlPairs fields_of(const model::DropColumn& step) { return of_column(step.datasource, step.name); }
YamlPairs fields_of(const model::MoveColumn& step) {
    YamlPairs pairs = of_column(step.datasource, step.name);
    add_position(pairs, step.position);
    return pairs;
}
YamlPairs fields_of(const model::RenameColumn& step) {
    return {{"datasource", write_yaml_text(step.datasource)},
            {"from", write_yaml_text(step.from)},
            {"to", write_yaml_text(step.to)}};
}
YamlPairs fields_of(const model::ChangeType& step) {
    return with(of_column(step.datasource, step.name), "type", write_yaml_text(step.type));
}
YamlPairs fields_of(const model::SetDefault& step) {
    return with(of_column(step.datasource, step.name), "default",
                step.expression ? write_yaml_expression(*step.expression) : "null");
}
YamlPairs fields_of(const model::SetNullable& step) {
    return with(of_column(step.datasource, step.name), "nullable", step.nullable ? "true" : "false");
}
YamlPairs fields_of(const model::SetTtl& step) {
    return {{"datasource", write_yaml_text(step.datasource)},
            {"ttl", step.ttl.empty() ? "null" : write_yaml_text(step.ttl)}};
}
YamlPairs fields_of(const model::AddIndex& step) {
    YamlPairs pairs = {{"datasource", write_yaml_text(step.datasource)}};
    for (auto& pair : index_pairs(step.index)) {
        pairs.push_back(std::move(pair));
    }
    return pairs;
}
YamlPairs fields_of(const model::DropIndex& step) { return of_column(step.datasource, step.name); }
YamlPairs fields_of(const model::DropMaterializedView& step) {
    return {{"view", write_yaml_text(step.view)}};
}
YamlPairs fields_of(const model::SetJsonPath& step) {
    return with(of_column(step.datasource, step.name), "path",
                step.path ? write_yaml_text(*step.path) : "null");
}

template <class Step>
std::string write_step_body(const Step& step) {
    return " " + write_flow(fields_of(step)) + "\n";
}
std::string write_step_body(const model::CreateDatasource& step) {
    return "\n" + write_datasource(step.datasource);
}
std::string write_step_body(const model::CreateMaterializedView& step) {
    return "\n" + body_line("view", write_yaml_text(step.view)) +
           body_line("to", write_yaml_text(step.target)) +
           (step.backfill ? body_line("backfill", "true") : "") + write_text_line("sql", step.sql, kBody);
}
std::string write_step_body(const model::ChangeMaterializedView& step) {
    return "\n" + body_line("view", write_yaml_text(step.view)) + write_text_line("sql", step.sql, kBody);
}

YamlPairs named_texts(const auto& all, auto value) {
    YamlPairs pairs;
    for (const auto& one : all) {
        pairs.emplace_back(write_yaml_text(one.name), write_yaml_text(one.*value));
    }
    return pairs;
}
std::string write_step_body(const model::RebuildDatasource& step) {
    std::string out = "\n" + body_line("datasource", write_yaml_text(step.datasource));
    if (step.engine) {
        out += body_line("engine", write_flow(engine_pairs(*step.engine)));
    }
    if (!step.types.empty()) {
        out += body_line("types", write_flow(named_texts(step.types, &model::NewType::type)));
    }
    if (!step.convert.empty()) {
        out += body_line("convert", write_flow(named_texts(step.convert, &model::Conversion::expression)));
    }
    return out;
}

std::string write_allowance(const model::Allowance& allowance) {
    const bool column = allowance.subject.find('.') != std::string::npos;
    YamlPairs pairs = {{"code", write_yaml_text(allowance.code)},
                       {column ? "column" : "datasource", write_yaml_text(allowance.subject)}};
    if (allowance.rows) {
        pairs.emplace_back("rows", std::to_string(*allowance.rows));
    }
    return write_flow(pairs);
}

} // namespace

std::string write_migration(const model::Migration& migration, std::span<const std::string> comments) {
    // Four digits, `_` and a letter are a text to every YAML reader; `0002_1` is a number to some.
    const bool plain = is_identifier("_" + migration.id) &&
                       migration.id.find_first_of("ghijklmnopqrstuvwxyz") != std::string::npos;
    std::string out = "migration: " + (plain ? migration.id : write_yaml_text(migration.id)) + "\n";
    if (!migration.description.empty()) {
        out += write_text_line("description", migration.description, 0);
    }
    out += migration.checkpoint ? "checkpoint: true\n" : "";
    out += migration.steps.empty() ? "steps: []\n" : "steps:\n";
    for (std::size_t i = 0; i < migration.steps.size(); ++i) {
        const model::MigrationStep& step = migration.steps[i];
        out += i < comments.size() && !comments[i].empty() ? "  # " + comments[i] + "\n" : "";
        out += "  - " + std::string(model::kind_of(step.action)) + ":";
        out += std::visit([](const auto& action) { return write_step_body(action); }, step.action);
    }
    if (!migration.allow.empty()) {
        out += "allow:\n";
        for (const model::Allowance& allowance : migration.allow) {
            out += "  - " + write_allowance(allowance) + "\n";
        }
    }
    return out;
}

} // namespace birdhouse::codec

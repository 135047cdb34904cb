#include "codec/text_contract.hpp"

#include "base/text.hpp"
#include "codec/node_rendering.hpp"
#include "codec/pipe_parameters.hpp"
#include "codec/query_output.hpp"
#include "codec/required_parameters.hpp"
#include "syntax/sql_outline.hpp"

#include <optional>
#include <string>

namespace birdhouse::codec {

namespace {

using model::Node;
using model::Pipe;

// The node's SQL when its template is tried out. Nothing when it cannot be.
std::optional<std::string> try_out(const Node& node) {
    NodeValues values;
    values.input.test_mode = true;
    values.has_secret = [](std::string_view) { return true; };
    RenderNotes notes;
    Diagnostics ignored; // the rules of `check` report what does not render
    std::optional<MappedSql> rendered = render_node(node, values, notes, ignored);
    return rendered ? std::optional(std::move(rendered->sql)) : std::nullopt;
}

// The node of the pipe that the query takes its rows from, one for one or fewer; null when it reads several
// tables, or one that is no node.
const Node* only_source(const Pipe& pipe, const Node& node, const std::string& sql) {
    const syntax::SqlOutline outline = syntax::outline_sql(sql);
    if (outline.tables.size() != 1 || !outline.tables.front().database.empty() ||
        outline.tables.front().use != syntax::TableUse::Source) {
        return nullptr;
    }
    const Node* source = model::find_node(pipe, outline.tables.front().name);
    return source == &node ? nullptr : source;
}

// A last node that only picks and orders leaves the grain to the one before it.
QueryOutput inherited_grain(const Pipe& pipe, const Node& result, std::string sql) {
    const Node* node = &result;
    for (std::size_t step = 0; step < pipe.nodes.size(); ++step) { // no longer than a ring could be
        node = only_source(pipe, *node, sql);
        std::optional<std::string> inner = node == nullptr ? std::nullopt : try_out(*node);
        if (!inner) {
            return {};
        }
        if (QueryOutput output = read_output(*inner); !output.group_by.empty()) {
            return output;
        }
        sql = std::move(*inner);
    }
    return {};
}

void add_output(const Pipe& pipe, const Node& result, model::Contract& contract) {
    const std::optional<std::string> sql = try_out(result);
    if (!sql) {
        return;
    }
    QueryOutput output = read_output(*sql);
    if (output.columns) {
        contract.columns.emplace();
        for (std::string& name : *output.columns) {
            contract.columns->push_back({std::move(name), "", result.origin});
        }
    }
    contract.group_by =
        output.group_by.empty() ? inherited_grain(pipe, result, *sql).group_by : std::move(output.group_by);
    contract.order = std::move(output.order);
}

// `LIMIT {limit}` for `LIMIT toInt32('10')`: another default is a change of the parameter, not of the order.
std::string with_parameter_names(std::string text, const std::vector<model::Parameter>& parameters) {
    for (const model::Parameter& parameter : parameters) {
        const std::string value = parameter.default_value.value_or("");
        const bool is_quoted = value.size() > 1 && value.front() == '\'';
        const std::string rendered =
            "to" + parameter.type + "(" + (is_quoted ? value : "'" + value + "'") + ")";
        if (parameter.default_value) {
            text = replace_all(std::move(text), rendered, "{" + parameter.name + "}");
        }
    }
    return text;
}

} // namespace

model::Contract text_contract(const Pipe& pipe) {
    model::Contract contract;
    contract.version = model::version_of(pipe);
    contract.origin = pipe.origin;
    contract.group_origin = pipe.origin;
    contract.order_origin = pipe.origin;
    if (const Node* result = model::result_node(pipe)) {
        add_output(pipe, *result, contract);
    }
    contract.parameters = pipe_parameters(pipe);
    settle_required(pipe, contract.parameters);
    contract.group_by = with_parameter_names(std::move(contract.group_by), contract.parameters);
    contract.order = with_parameter_names(std::move(contract.order), contract.parameters);
    return contract;
}

Grain grain_of(const Pipe& pipe) {
    const Node* result = model::result_node(pipe);
    const std::optional<std::string> sql = result == nullptr ? std::nullopt : try_out(*result);
    if (!sql) {
        return {};
    }
    QueryOutput output = read_output(*sql);
    if (output.group_by.empty()) {
        output = inherited_grain(pipe, *result, *sql);
    }
    std::set<std::string> tables;
    for (const Node& node : pipe.nodes) {
        for (const syntax::SqlTable& table : syntax::outline_sql(try_out(node).value_or("")).tables) {
            tables.insert(table.name);
        }
    }
    return {std::move(output.grain), std::move(output.grain_shape), std::move(tables)};
}

} // namespace birdhouse::codec

#include "ops/rules/names.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

namespace {

// Calls `function(kind, name, origin)` for each name that stands in a datafile or is its own.
template <class Function>
void each_resource(const RuleFacts& facts, Function function) {
    for (const model::Datasource& datasource : facts.project.datasources) {
        if (!facts.is_definition(datasource.origin)) {
            function("datasource", datasource.name, datasource.origin);
        }
    }
    for (const model::Pipe& pipe : facts.project.pipes) {
        if (!facts.is_definition(pipe.origin)) {
            function("pipe", pipe.name, pipe.origin);
        }
    }
    for (const model::Connection& connection : facts.project.connections) {
        if (!facts.is_definition(connection.origin)) {
            function("connection", connection.name, connection.origin);
        }
    }
}

void check_name(std::string_view kind, const std::string& name, const Origin& origin, Diagnostics& problems) {
    if (!codec::is_identifier(name) && !name.empty()) {
        const bool digit = name.front() >= '0' && name.front() <= '9';
        problems.add(
            codes::F306, origin.span,
            std::string(kind) + " " + backquoted(printable(name)) +
                (digit ? " begins with a digit" : " has a name of more than letters, digits and `_`"),
            "rename it: queries would have to quote the name, and the service may refuse it");
    }
}

// One report a datasource: a file made from a spreadsheet has many such columns at once.
void check_columns(const RuleFacts& facts, Diagnostics& problems) {
    const auto is_odd = [](const model::Column& column) {
        const std::vector<std::string_view> parts =
            split(column.name, '.'); // `a.b` is a part of a nested column
        return !std::all_of(parts.begin(), parts.end(), codec::is_identifier);
    };
    for (const model::Datasource& datasource : facts.project.datasources) {
        const auto odd = std::find_if(datasource.columns.begin(), datasource.columns.end(), is_odd);
        if (odd == datasource.columns.end() || facts.is_definition(datasource.origin)) {
            continue;
        }
        const auto more = std::count_if(odd + 1, datasource.columns.end(), is_odd);
        problems.add(codes::F306, odd->origin.span,
                     "column " + backquoted(printable(odd->name)) +
                         (more == 0 ? std::string(" has")
                                    : " and " + counted(static_cast<std::size_t>(more), "other") + " have") +
                         " a name of more than letters, digits and `_`",
                     "rename it: every query would have to quote the name");
    }
}

} // namespace

void check_names(const RuleFacts& facts, Diagnostics& problems) {
    each_resource(facts, [&](std::string_view kind, const std::string& name, const Origin& origin) {
        const std::size_t dot = name.find('.');
        if (kind == "datasource" && dot != std::string::npos) {
            // `workspace.name` is another workspace's datasource.
            check_name(kind, name.substr(0, dot), origin, problems);
            check_name(kind, name.substr(dot + 1), origin, problems);
        } else {
            check_name(kind, name, origin, problems);
        }
    });
    for (const model::Pipe& pipe : facts.project.pipes) {
        for (const model::Node& node : pipe.nodes) {
            if (!facts.is_definition(node.origin)) {
                check_name("node", node.name, node.origin, problems);
            }
        }
    }
    check_columns(facts, problems);
}

void check_reserved_names(const RuleFacts& facts, Diagnostics& problems) {
    const auto check = [&](std::string_view kind, const std::string& name, const Origin& origin) {
        if (codec::is_reserved_word(name)) {
            problems.add(codes::F307, origin.span,
                         std::string(kind) + " " + backquoted(name) + " is called like a word of SQL",
                         "call it something else, such as " + backquoted(name + "_rows"));
        }
    };
    each_resource(facts, check);
    for (const model::Pipe& pipe : facts.project.pipes) {
        for (const model::Node& node : pipe.nodes) {
            if (!facts.is_definition(node.origin)) {
                check("node", node.name, node.origin);
            }
        }
    }
}

// `FROM events` in a pipe that has a node `events` reads the node, whatever was meant.
void check_hidden_resources(const RuleFacts& facts, Diagnostics& problems) {
    for (const codec::Dependency& dependency : facts.dependencies) {
        const auto* read = dependency.table ? std::get_if<codec::NodeTable>(&*dependency.table) : nullptr;
        if (read == nullptr || read->pipe != dependency.pipe || read->node->name != dependency.name ||
            dependency.pipe->name == dependency.name) {
            continue;
        }
        const model::Datasource* datasource = model::find_datasource(facts.project, dependency.name);
        const model::Pipe* pipe = model::find_pipe(facts.project, dependency.name);
        if (datasource == nullptr && pipe == nullptr) {
            continue;
        }
        Diagnostic report{&codes::F308,
                          backquoted(dependency.name) + " is the node beside it, and not the " +
                              (datasource != nullptr ? "datasource" : "pipe") + " of that name",
                          {},
                          "rename the node"};
        report.labels = {{dependency.place, {}}, {read->node->origin.span, "this node"}};
        problems.add(std::move(report));
    }
}

} // namespace birdhouse::ops

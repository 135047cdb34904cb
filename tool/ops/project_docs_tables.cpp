#include "ops/project_docs_tables.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace birdhouse::ops::docs {

namespace {

// Two sentences in one cell, each of which may be missing.
std::string both(const std::string& first, const std::string& second) {
    return first + (first.empty() || second.empty() ? "" : "\n") + second;
}

std::string capital(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    }
    return text;
}

DocTable without_empty_columns(DocTable table) {
    DocTable kept{std::move(table.title), {}, {}};
    kept.rows.resize(table.rows.size());
    for (std::size_t column = 0; column < table.heads.size(); ++column) {
        const bool used = std::any_of(table.rows.begin(), table.rows.end(),
                                      [&](const auto& row) { return !row[column].text.empty(); });
        if (!used) {
            continue;
        }
        kept.heads.push_back(std::move(table.heads[column]));
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            kept.rows[row].push_back(std::move(table.rows[row][column]));
        }
    }
    return kept;
}

DocTable parameters_table(const DocPage& page) {
    DocTable table{
        "Parameters", {"Parameter", "Type", "Default", "Required", "Description", "Asked for by"}, {}};
    for (const DocParameter& one : page.parameters) {
        table.rows.push_back({{one.name, true},
                              {one.type, true},
                              {one.default_value, true},
                              {one.required ? "required" : ""},
                              {both(one.description, capital(one.values))},
                              {one.from, true}});
    }
    return table;
}

DocTable columns_table(const DocPage& page) {
    DocTable table{"Columns", {"Column", "Type", "Path", "Default", "Codec", "Privacy", "Description"}, {}};
    for (const DocColumn& one : page.columns) {
        table.rows.push_back({{one.name, true},
                              {one.type, true},
                              {one.path, true},
                              {one.default_value, true},
                              {one.codec, true},
                              {one.privacy},
                              {both(one.description, capital(one.rules))}});
    }
    return table;
}

DocTable indexes_table(const DocPage& page) {
    DocTable table{"Indexes", {"Index", "Expression", "Type", "Granularity"}, {}};
    for (const DocIndex& one : page.indexes) {
        table.rows.push_back({{one.name, true}, {one.expression, true}, {one.type, true}, {one.granularity}});
    }
    return table;
}

} // namespace

std::vector<DocTable> tables_of(const DocPage& page) {
    std::vector<DocTable> tables;
    for (DocTable table : {parameters_table(page), columns_table(page), indexes_table(page)}) {
        if (!table.rows.empty()) {
            tables.push_back(without_empty_columns(std::move(table)));
        }
    }
    return tables;
}

std::vector<DocGroup> groups_of(const ResourceGraph& graph) {
    std::map<ResourceKind, DocGroup> groups;
    for (std::size_t i = 0; i < graph.resources.size(); ++i) {
        DocGroup& group = groups[graph.resources[i].kind];
        group.title = plural(graph.resources[i].kind);
        group.resources.push_back(i);
    }
    std::vector<DocGroup> out;
    for (auto& [kind, group] : groups) {
        out.push_back(std::move(group));
    }
    return out;
}

} // namespace birdhouse::ops::docs

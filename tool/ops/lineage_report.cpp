#include "ops/lineage_report.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using codec::ColumnLineage;
using codec::LineageColumn;
using codec::MadeColumn;
using codec::NodeLineage;
using Json = nlohmann::ordered_json;

// A column of a pipe's result with the columns of datasources it is made of, nearest first.
struct ToldColumn {
    const MadeColumn* column = nullptr;
    std::vector<LineageColumn> from;
};

// What a pipe gives, and what it reads beside that: to filter, group, order or join.
struct ToldPipe {
    std::vector<ToldColumn> columns;
    std::vector<LineageColumn> also_reads;
};

// A column of a datasource with what is made of it.
struct ToldSource {
    LineageColumn source;
    std::vector<LineageColumn> stored_as; // in the targets of pipes
    std::vector<LineageColumn> shown_as;  // by endpoints
    std::vector<LineageColumn> readers;   // nodes that read it themselves; `column` is empty
};

std::vector<LineageColumn> of_datasources(std::vector<LineageColumn> columns) {
    std::erase_if(columns, [](const LineageColumn& column) { return !column.of_datasource(); });
    return columns;
}

// Columns of datasources that the node reads, itself or through the nodes it reads.
void add_reads(const ColumnLineage& lineage, const NodeLineage& node, std::set<const NodeLineage*>& seen,
               std::set<LineageColumn>& reads) {
    if (!seen.insert(&node).second) {
        return;
    }
    for (const LineageColumn& read : node.reads) {
        if (read.of_datasource()) {
            reads.insert(read);
        } else if (const NodeLineage* inner = lineage.find(read.resource, read.node)) {
            add_reads(lineage, *inner, seen, reads);
        }
    }
}

// Null when the engine did not take the pipe.
const NodeLineage* result_of(const model::Pipe& pipe, const ColumnLineage& lineage) {
    const model::Node* node = model::result_node(pipe);
    return node == nullptr ? nullptr : lineage.find(pipe.name, node->name);
}

ToldPipe tell(const NodeLineage& result, const ColumnLineage& lineage) {
    ToldPipe told;
    std::set<LineageColumn> reads;
    std::set<const NodeLineage*> seen;
    add_reads(lineage, result, seen, reads);
    for (const MadeColumn& column : result.columns) {
        told.columns.push_back({&column, of_datasources(lineage.origins_of(
                                             {result.pipe->name, result.node->name, column.name}))});
        for (const LineageColumn& from : told.columns.back().from) {
            reads.erase(from);
        }
    }
    told.also_reads.assign(reads.begin(), reads.end());
    return told;
}

ToldSource tell(const LineageColumn& source, const ColumnLineage& lineage) {
    ToldSource told{
        source, of_datasources(lineage.made_from(source)), lineage.endpoint_columns_from(source), {}};
    for (const NodeLineage& node : lineage.nodes()) {
        if (lineage.reads(node.pipe->name, node.node->name, source)) {
            told.readers.push_back({node.pipe->name, node.node->name, ""});
        }
    }
    std::sort(told.readers.begin(), told.readers.end());
    return told;
}

std::vector<ToldSource> tell_columns(const LineageSubject& subject, const ColumnLineage& lineage) {
    std::vector<ToldSource> told;
    for (const model::Column& column : subject.datasource->columns) {
        if (subject.column.empty() || subject.column == column.name) {
            told.push_back(tell(LineageColumn{subject.datasource->name, "", column.name}, lineage));
        }
    }
    return told;
}

std::string names_of(const std::vector<LineageColumn>& columns) {
    std::vector<std::string> names;
    for (const LineageColumn& column : columns) {
        names.push_back(column.column.empty() ? column.resource + "/" + column.node
                        : column.node.empty() ? to_string(column)
                                              : column.resource + "." + column.column);
    }
    return join(names, ", ");
}

std::string padded(std::string text, std::size_t width) {
    text.append(width > text.size() ? width - text.size() : 0, ' ');
    return text;
}

std::string text_of(const model::Pipe& pipe, const ColumnLineage& lineage) {
    std::string text = "pipe " + backquoted(pipe.name) + "\n";
    const NodeLineage* result = result_of(pipe, lineage);
    if (result == nullptr) {
        return text + "  the engine does not take it: `birdhouse check` says why\n";
    }
    const ToldPipe told = tell(*result, lineage);
    std::size_t name_width = 0;
    std::size_t type_width = 0;
    for (const ToldColumn& column : told.columns) {
        name_width = std::max(name_width, column.column->name.size());
        type_width = std::max(type_width, column.column->type.size());
    }
    for (const ToldColumn& column : told.columns) {
        text += "  " + padded(column.column->name, name_width) + "  " +
                padded(column.column->type, type_width) + "  " +
                (column.from.empty() ? "of no column" : names_of(column.from)) + "\n";
    }
    if (!told.also_reads.empty()) {
        text += "  reads as well: " + names_of(told.also_reads) + "\n";
    }
    return text;
}

std::string text_of(const ToldSource& told) {
    std::string text = "column " + backquoted(to_string(told.source)) + "\n";
    const auto line = [&](std::string_view label, const std::vector<LineageColumn>& columns) {
        if (!columns.empty()) {
            text += "  " + std::string(label) + names_of(columns) + "\n";
        }
    };
    line("read by:   ", told.readers);
    line("stored as: ", told.stored_as);
    line("shown as:  ", told.shown_as);
    return told.readers.empty() ? text + "  nobody reads it\n" : text;
}

Json json_of(const std::vector<LineageColumn>& columns) {
    Json list = Json::array();
    for (const LineageColumn& column : columns) {
        Json one;
        one[column.of_datasource() ? "datasource" : "pipe"] = column.resource;
        if (!column.of_datasource()) {
            one["node"] = column.node;
        }
        if (!column.column.empty()) {
            one["column"] = column.column;
        }
        list.push_back(std::move(one));
    }
    return list;
}

Json json_of(const model::Pipe& pipe, const ColumnLineage& lineage) {
    Json json = {{"pipe", pipe.name}, {"columns", nullptr}, {"reads_as_well", nullptr}};
    const NodeLineage* result = result_of(pipe, lineage);
    if (result == nullptr) {
        return json;
    }
    const ToldPipe told = tell(*result, lineage);
    Json columns = Json::array();
    for (const ToldColumn& column : told.columns) {
        columns.push_back({{"name", column.column->name},
                           {"type", column.column->type},
                           {"made_of", json_of(column.from)}});
    }
    json["columns"] = std::move(columns);
    json["reads_as_well"] = json_of(told.also_reads);
    return json;
}

Json json_of(const ToldSource& told) {
    return {{"datasource", told.source.resource},
            {"column", told.source.column},
            {"read_by", json_of(told.readers)},
            {"stored_as", json_of(told.stored_as)},
            {"shown_as", json_of(told.shown_as)}};
}

Error not_there(const model::Project& project, const std::string& name) {
    std::vector<std::string> known;
    for (const model::Pipe& pipe : project.pipes) {
        known.push_back(pipe.name);
    }
    for (const model::Datasource& datasource : project.datasources) {
        known.push_back(datasource.name);
        for (const model::Column& column : datasource.columns) {
            known.push_back(datasource.name + "." + column.name);
        }
    }
    const std::vector<std::string_view> names(known.begin(), known.end());
    const std::optional<std::string> near = nearest(name, names);
    return {ExitCode::Usage, "no pipe, datasource or column is called " + backquoted(name),
            near ? "did you mean " + backquoted(*near) + "?"
                 : "name a pipe, a datasource, or DATASOURCE.COLUMN"};
}

std::optional<LineageSubject> find_subject(const model::Project& project, const std::string& name) {
    if (const model::Pipe* pipe = model::find_pipe(project, name)) {
        return LineageSubject{pipe, nullptr, ""};
    }
    if (const model::Datasource* datasource = model::find_datasource(project, name)) {
        return LineageSubject{nullptr, datasource, ""};
    }
    const std::size_t dot = name.find('.');
    const model::Datasource* datasource = model::find_datasource(project, name.substr(0, dot));
    if (dot == std::string::npos || datasource == nullptr ||
        model::find_column(*datasource, name.substr(dot + 1)) == nullptr) {
        return std::nullopt;
    }
    return LineageSubject{nullptr, datasource, name.substr(dot + 1)};
}

} // namespace

Result<std::vector<LineageSubject>> choose_subjects(const model::Project& project,
                                                    const std::vector<std::string>& names) {
    std::vector<LineageSubject> subjects;
    for (const std::string& name : names) {
        const std::optional<LineageSubject> subject = find_subject(project, name);
        if (!subject) {
            return not_there(project, name);
        }
        subjects.push_back(*subject);
    }
    if (names.empty()) {
        for (const model::Pipe& pipe : project.pipes) {
            const model::Node* node = model::published_node(pipe);
            if (node != nullptr && node->type == model::NodeType::Endpoint) {
                subjects.push_back({&pipe, nullptr, ""});
            }
        }
    }
    return subjects;
}

std::string render_lineage_text(const std::vector<LineageSubject>& subjects, const ColumnLineage& lineage) {
    std::string text;
    for (const LineageSubject& subject : subjects) {
        if (subject.pipe != nullptr) {
            text += text_of(*subject.pipe, lineage);
            continue;
        }
        for (const ToldSource& told : tell_columns(subject, lineage)) {
            text += text_of(told);
        }
    }
    return text;
}

std::string render_lineage_json(const std::vector<LineageSubject>& subjects, const ColumnLineage& lineage) {
    Json pipes = Json::array();
    Json columns = Json::array();
    for (const LineageSubject& subject : subjects) {
        if (subject.pipe != nullptr) {
            pipes.push_back(json_of(*subject.pipe, lineage));
            continue;
        }
        for (const ToldSource& told : tell_columns(subject, lineage)) {
            columns.push_back(json_of(told));
        }
    }
    const Json whole = {{"version", 1}, {"pipes", pipes}, {"columns", columns}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

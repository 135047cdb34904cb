#include "unit/queries/query_case.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <sstream>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

constexpr std::string_view kIndent = "    ";

void read_sql(model::Node& node, Span line, std::string_view text) {
    node.sql += (node.line_origins.empty() ? "" : "\n") + std::string(text);
    node.line_origins.push_back({line});
}

void read_run(QueryCase& out, std::istringstream& words) {
    std::string in;
    words >> out.pipe >> in >> out.database;
    if (const std::size_t dot = out.pipe.find('.'); dot != std::string::npos) {
        out.node = out.pipe.substr(dot + 1);
        out.pipe.resize(dot);
    }
}

void read_line(QueryCase& out, std::string_view line, Span span) {
    std::istringstream words{std::string(line)};
    std::string kind;
    std::string name;
    words >> kind;
    if (kind == "run" || kind == "materialize") {
        out.materialized = kind == "materialize";
        return read_run(out, words);
    }
    if (kind == "refused") {
        out.refused = line.substr(kind.size() + 1);
        return;
    }
    words >> name;
    if (kind == "datasource") {
        model::Datasource datasource;
        datasource.name = name;
        for (std::string column; words >> column;) {
            datasource.columns.emplace_back();
            datasource.columns.back().name = column;
            datasource.columns.back().type = "String";
            datasource.columns.back().json_path = "$." + column;
        }
        out.project.datasources.push_back(std::move(datasource));
    } else if (kind == "pipe") {
        model::Pipe pipe;
        pipe.name = name;
        words >> pipe.version;
        pipe.version = pipe.version == 0 ? 1 : pipe.version;
        pipe.origin = {span};
        out.project.pipes.push_back(std::move(pipe));
    } else if (kind == "node") {
        model::Node node;
        node.name = name;
        std::string type;
        words >> type;
        node.type = type.empty() ? model::NodeType::Standard : model::parse_node_type(type).value();
        node.origin = {span};
        out.project.pipes.back().nodes.push_back(std::move(node));
    } else if (kind == "table") {
        out.tables.insert(name);
    } else {
        FAIL("a query case cannot hold " << kind);
    }
}

} // namespace

QueryCase read_query_case(const std::string& name, const std::string& text) {
    QueryCase out;
    const SourceId source = out.sources.add(name, text);
    std::uint32_t begin = 0;
    for (const std::string_view line : split(text, '\n')) {
        const auto end = begin + static_cast<std::uint32_t>(line.size());
        if (line.starts_with(kIndent)) {
            const auto indent = static_cast<std::uint32_t>(kIndent.size());
            read_sql(out.project.pipes.back().nodes.back(), {source, begin + indent, end},
                     line.substr(indent));
        } else if (!line.empty()) {
            read_line(out, line, {source, begin, end});
        }
        begin = end + 1;
    }
    std::sort(out.project.datasources.begin(), out.project.datasources.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(out.project.pipes.begin(), out.project.pipes.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return out;
}

} // namespace birdhouse::testing

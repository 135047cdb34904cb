#include "codec/pipe_file.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/datafile_values.hpp"
#include "codec/node_directives.hpp"

#include <algorithm>
#include <map>

namespace birdhouse::codec {

using model::Node;
using model::NodeType;
using syntax::Directive;

namespace {

bool opens_node(const Directive& directive) { return directive.name == "NODE" || directive.name == "SCOPE"; }

bool needs_node(std::string_view name) {
    return name != "DESCRIPTION" && name != "VERSION" && name != "INCLUDE" && name != "MAINTAINER" &&
           name != "FROM" && name != "SOURCE";
}

class PipeReader {
public:
    explicit PipeReader(DatafileReading reading) : reading_(reading) {}

    std::optional<model::Pipe> read(std::string name) {
        pipe_.name = std::move(name);
        pipe_.origin = {{reading_.file.source, 0, 0}};
        for (const Directive& directive : reading_.file.directives) {
            place(directive);
        }
        report_repeated(reading_, file_lines_);
        for (const NodeLines& lines : nodes_) {
            add_node(lines);
        }
        if (nodes_.empty()) {
            reading_.diagnostics.add(codes::F171, {reading_.file.source, 0, 0}, "the pipe has no node",
                                     "write NODE name, then SQL > and the query");
            return std::nullopt;
        }
        check_names();
        return std::move(pipe_);
    }

private:
    // Tells the lines of the file from those of its nodes: TOKEN and TAGS belong to the file wherever they
    // stand.
    void place(const Directive& directive) {
        if (opens_node(directive)) {
            nodes_.push_back({&directive, {}});
        } else if (directive.name == "TOKEN") {
            read_token(reading_, directive, pipe_.tokens);
        } else if (directive.name == "TAGS") {
            read_tags(reading_, directive, pipe_.tags);
        } else if (directive.name == "VERSION") {
            read_classic_version(reading_, directive, pipe_.classic_version);
        } else if (!is_known(reading_, directive)) {
            return; // reported by the parser
        } else if (!nodes_.empty()) {
            nodes_.back().settings.push_back(&directive);
        } else {
            read_file_line(directive);
        }
    }

    void read_file_line(const Directive& directive) {
        file_lines_.push_back(&directive);
        if (directive.name == "DESCRIPTION") {
            pipe_.description = read_description(reading_, directive);
        } else if (needs_node(directive.name)) {
            reading_.diagnostics.add(codes::F170, directive.command,
                                     backquoted(directive.name) + " stands before any node",
                                     "write NODE name above it");
        }
    }

    void add_node(const NodeLines& lines) {
        report_repeated(reading_, lines.settings);
        Node node = read_node(reading_, lines);
        if (reading_.file.dialect == syntax::Dialect::Forward) {
            check_node_settings(reading_, lines, node);
        }
        if (node.type != NodeType::Standard) {
            if (const Node* published = published_node(pipe_)) {
                reading_.diagnostics.add(
                    {&codes::F173,
                     "pipe " + backquoted(pipe_.name) + " publishes two nodes",
                     {{node.origin.span, "published as " + std::string(to_string(node.type))},
                      {published->origin.span, "published as " + std::string(to_string(published->type))}},
                     "move one of them to a pipe of its own"});
            } else {
                read_node_settings(reading_, lines, pipe_);
            }
        }
        pipe_.nodes.push_back(std::move(node));
    }

    void check_names() {
        std::map<std::string_view, Span> seen;
        for (const Node& node : pipe_.nodes) {
            if (node.name.empty()) {
                continue; // reported by the parser: NODE has no value
            }
            const auto [entry, first_time] = seen.emplace(node.name, node.origin.span);
            if (!first_time) {
                reading_.diagnostics.add(
                    {&codes::F172,
                     "node " + backquoted(node.name) + " is declared twice",
                     {{node.origin.span, "declared again here"}, {entry->second, "first declared here"}},
                     "rename one of the two"});
            } else if (node.name == pipe_.name) {
                reading_.diagnostics.add(codes::F154, node.origin.span,
                                         "node " + backquoted(node.name) + " has the name of its pipe",
                                         "rename the node: Tinybird has refused such pipes (\"The Pipe is "
                                         "already using that name\")");
            }
        }
    }

    DatafileReading reading_;
    model::Pipe pipe_;
    std::vector<NodeLines> nodes_;
    std::vector<const Directive*> file_lines_;
};

} // namespace

std::optional<model::Pipe> read_pipe_file(SourceId source, std::string name, const SourceMap& sources,
                                          Diagnostics& diagnostics, syntax::Dialect dialect) {
    return read_pipe_file(parse_datafile(source, sources, syntax::DatafileKind::Pipe, diagnostics, dialect),
                          std::move(name), sources, diagnostics);
}

std::optional<model::Pipe> read_pipe_file(const syntax::Datafile& file, std::string name,
                                          const SourceMap& sources, Diagnostics& diagnostics) {
    if (file.lines.empty() && !sources.text(file.source).empty()) {
        return std::nullopt; // not text: reported
    }
    return PipeReader({file, sources, diagnostics}).read(std::move(name));
}

} // namespace birdhouse::codec

#include "ops/project_docs.hpp"

#include "base/text.hpp"
#include "ops/project_docs_parts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <variant>

namespace birdhouse::ops {

namespace {

// What a page says of a link, seen from its two ends.
struct LinkWords {
    LinkKind kind;
    std::string_view at_source;
    std::string_view at_target;
};

// Where rows come from is told in this order too, then where they go.
constexpr auto kLinkWords = std::to_array<LinkWords>({
    {LinkKind::Ingests, "Feeds", "Ingests from"},
    {LinkKind::Materializes, "Materializes into", "Materialized by"},
    {LinkKind::Copies, "Copies into", "Copied into by"},
    {LinkKind::Sends, "Sends to", "Receives from"},
    {LinkKind::Reads, "Read by", "Reads"},
    {LinkKind::PutsAside, "Puts refused rows into", "Keeps refused rows of"},
});

struct FormatNames {
    DocsFormat format;
    std::string_view name;
    std::string_view file;
};
constexpr auto kFormats = std::to_array<FormatNames>({{DocsFormat::Html, "html", "index.html"},
                                                      {DocsFormat::Markdown, "markdown", "README.md"},
                                                      {DocsFormat::Mermaid, "mermaid", "graph.mmd"}});

class Relations {
public:
    explicit Relations(const ResourceGraph& graph) : graph_(graph) {}

    std::vector<DocRelation> of(std::size_t resource) const {
        std::vector<DocRelation> relations;
        for (const bool incoming : {true, false}) {
            for (const LinkWords& words : kLinkWords) {
                DocRelation relation{std::string(incoming ? words.at_target : words.at_source), {}};
                for (const ResourceLink& link : graph_.links) {
                    if (link.kind == words.kind && (incoming ? link.to : link.from) == resource) {
                        relation.ends.push_back(incoming ? link.from : link.to);
                    }
                }
                if (!relation.ends.empty()) {
                    relations.push_back(std::move(relation));
                }
            }
        }
        return relations;
    }

private:
    const ResourceGraph& graph_;
};

// The pipes that a pipe reads, directly or through others, the nearest first. Tables end the way: what is
// stored has its parameters behind it.
class ReadPipes {
public:
    explicit ReadPipes(std::span<const codec::Dependency> dependencies) {
        for (const codec::Dependency& dependency : dependencies) {
            const auto* node = dependency.table ? std::get_if<codec::NodeTable>(&*dependency.table) : nullptr;
            if (node != nullptr && node->pipe != dependency.pipe) {
                read_[dependency.pipe].push_back(node->pipe);
            }
        }
    }

    std::vector<const model::Pipe*> of(const model::Pipe& pipe) const {
        std::vector<const model::Pipe*> found{&pipe};
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto next = read_.find(found[i]);
            if (next == read_.end()) {
                continue;
            }
            for (const model::Pipe* other : next->second) {
                if (std::find(found.begin(), found.end(), other) == found.end()) {
                    found.push_back(other);
                }
            }
        }
        found.erase(found.begin());
        return found;
    }

private:
    std::map<const model::Pipe*, std::vector<const model::Pipe*>> read_;
};

std::string first_sentence(std::string_view text) {
    const std::string_view line = trim(text.substr(0, text.find('\n')));
    const std::size_t end = line.find(". ");
    return std::string(end == std::string_view::npos ? line : line.substr(0, end + 1));
}

// What is to say of a resource that no file declares.
std::string undeclared(ResourceKind kind) {
    switch (kind) {
    case ResourceKind::Quarantine:
        return "Rows that ingestion refused, with the columns and reasons.";
    case ResourceKind::Service:
        return "A table of the service or of another workspace.";
    case ResourceKind::Connection:
        return "A connection of the workspace; no file of the project declares it.";
    case ResourceKind::Datasource:
        return "No file of the project declares it; a pipe writes into it.";
    default:
        return "Nothing in the project has this name.";
    }
}

class DocsMaker {
public:
    DocsMaker(const SourceMap& sources, ResourceGraph graph, std::span<const codec::Dependency> dependencies)
        : sources_(sources), read_pipes_(dependencies) {
        docs_.graph = std::move(graph);
        const Relations relations(docs_.graph);
        for (std::size_t i = 0; i < docs_.graph.resources.size(); ++i) {
            const Resource& resource = docs_.graph.resources[i];
            DocPage& page = docs_.pages.emplace_back();
            page.resource = i;
            page.relations = relations.of(i);
            page.description = resource.declared ? "" : undeclared(resource.kind);
            number_.try_emplace({is_pipe(resource.kind) ? ResourceKind::Pipe : resource.kind, resource.name},
                                i);
        }
    }

    template <class Declared>
    void describe(const Declared& declared, ResourceKind kind) {
        DocPage& page = docs_.pages[number_.at({kind, declared.name})];
        docs::describe(declared, page);
        if (declared.origin.span.known()) {
            page.file = sources_.path(declared.origin.span.source);
        }
        page.summary = first_sentence(page.description);
    }

    void add_parameters(const model::Pipe& pipe) {
        DocPage& page = docs_.pages[number_.at({ResourceKind::Pipe, pipe.name})];
        page.parameters = docs::parameters_of(pipe, read_pipes_.of(pipe));
    }

    // The names in the SQL of its nodes that lead to other resources.
    void add_tables(const model::Pipe& pipe) {
        DocPage& page = docs_.pages[number_.at({ResourceKind::Pipe, pipe.name})];
        for (const ResourceLink& link : docs_.graph.links) {
            if (link.kind != LinkKind::Reads || link.to != page.resource) {
                continue;
            }
            for (const LinkMention& mention : link.mentions) {
                for (DocNode& node : page.nodes) {
                    if (node.name == mention.node) {
                        node.tables.push_back({mention.name, link.from});
                    }
                }
            }
        }
    }

    ProjectDocs take(std::string name) {
        docs_.name = std::move(name);
        for (DocPage& page : docs_.pages) {
            page.summary = page.summary.empty() ? first_sentence(page.description) : page.summary;
        }
        return std::move(docs_);
    }

private:
    const SourceMap& sources_;
    ReadPipes read_pipes_;
    ProjectDocs docs_;
    std::map<std::pair<ResourceKind, std::string>, std::size_t> number_;
};

} // namespace

ProjectDocs make_project_docs(const model::Project& project, const SourceMap& sources,
                              std::span<const codec::Dependency> dependencies) {
    DocsMaker maker(sources, make_resource_graph(project, dependencies), dependencies);
    for (const model::Connection& connection : project.connections) {
        maker.describe(connection, ResourceKind::Connection);
    }
    for (const model::Datasource& datasource : project.datasources) {
        maker.describe(datasource, ResourceKind::Datasource);
    }
    for (const model::Pipe& pipe : project.pipes) {
        maker.describe(pipe, ResourceKind::Pipe);
        maker.add_parameters(pipe);
        maker.add_tables(pipe);
    }
    return maker.take(project.config.name);
}

ProjectDocs make_project_docs(const OpenProject& open, Diagnostics& problems) {
    return make_project_docs(open.project, open.sources, codec::find_dependencies(open.project, problems));
}

std::string counted_resources(const ResourceGraph& graph) {
    std::map<ResourceKind, std::size_t> counts;
    for (const Resource& resource : graph.resources) {
        counts[resource.kind] += resource.declared ? 1U : 0U;
    }
    std::string out;
    for (const auto& [kind, count] : counts) {
        if (count != 0) {
            out += (out.empty() ? "" : ", ") + counted(count, singular(kind));
        }
    }
    return out.empty() ? "no resources" : out;
}

std::optional<DocsFormat> parse_docs_format(std::string_view text) {
    const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const FormatNames& names) { return names.name == text; });
    return found == kFormats.end() ? std::nullopt : std::optional(found->format);
}

std::string_view file_name(DocsFormat format) { return kFormats[static_cast<std::size_t>(format)].file; }

std::string render_docs(const ProjectDocs& docs, DocsFormat format) {
    switch (format) {
    case DocsFormat::Html:
        return render_html(docs);
    case DocsFormat::Markdown:
        return render_markdown(docs);
    case DocsFormat::Mermaid:
        break;
    }
    return render_mermaid(docs.graph);
}

} // namespace birdhouse::ops

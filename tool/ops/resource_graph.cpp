#include "ops/resource_graph.hpp"

#include "codec/query_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

namespace birdhouse::ops {

namespace {

struct KindNames {
    ResourceKind kind;
    std::string_view singular;
    std::string_view plural;
    std::string_view id; // what its identifiers begin with
};

constexpr auto kKinds = std::to_array<KindNames>({
    {ResourceKind::Connection, "connection", "Connections", "connection"},
    {ResourceKind::Datasource, "datasource", "Datasources", "datasource"},
    {ResourceKind::Materialized, "materialized pipe", "Materialized pipes", "pipe"},
    {ResourceKind::Copy, "copy pipe", "Copy pipes", "pipe"},
    {ResourceKind::Endpoint, "endpoint", "Endpoints", "pipe"},
    {ResourceKind::Sink, "sink", "Sinks", "pipe"},
    {ResourceKind::Pipe, "pipe", "Pipes", "pipe"},
    {ResourceKind::Quarantine, "quarantine", "Quarantines", "quarantine"},
    {ResourceKind::Service, "table outside of the project", "Tables outside of the project", "outside"},
    {ResourceKind::Unknown, "unknown table", "Unknown tables", "unknown"},
});

const KindNames& names_of(ResourceKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

// Of `datasource.llm_events` every sign can stand in a link and in an identifier as it is.
std::string identifier(ResourceKind kind, std::string_view name, std::set<std::string>& taken) {
    std::string id = std::string(names_of(kind).id) + ".";
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        id += plain || c == '_' || c == '-' || c == '.' ? c : '-';
    }
    const std::string first = id;
    for (int number = 2; !taken.insert(id).second; ++number) {
        id = first + "-" + std::to_string(number);
    }
    return id;
}

// A setting's value by the first of some names: KAFKA_CONNECTION_NAME or IMPORT_CONNECTION_NAME.
std::string connection_named_in(const std::vector<model::Setting>& settings) {
    const auto found = std::find_if(settings.begin(), settings.end(), [](const model::Setting& setting) {
        return setting.name.ends_with("_CONNECTION_NAME");
    });
    // A name that a secret holds is known to the service alone.
    const bool hidden = found == settings.end() || found->value.find("{{") != std::string::npos;
    return hidden ? std::string() : found->value;
}

class GraphMaker {
public:
    explicit GraphMaker(const model::Project& project) : project_(project) {
        for (const model::Connection& connection : project.connections) {
            add(ResourceKind::Connection, connection.name, true);
        }
        for (const model::Datasource& datasource : project.datasources) {
            add(ResourceKind::Datasource, datasource.name, true);
        }
        for (const model::Pipe& pipe : project.pipes) {
            add(kind_of(pipe), pipe.name, true);
        }
    }

    void add_dependency(const codec::Dependency& dependency) {
        if (!is_table(dependency)) {
            return;
        }
        const std::size_t reader = pipe(*dependency.pipe);
        const std::size_t read = table_of(dependency);
        if (read != reader) {
            link(LinkKind::Reads, read, reader, {dependency.node->name, dependency.name});
        }
    }

    void add_ways_of(const model::Datasource& datasource) {
        const std::string connection = connection_named_in(datasource.connector_settings);
        if (!connection.empty()) {
            link(LinkKind::Ingests, find_or_add(ResourceKind::Connection, connection),
                 find_or_add(ResourceKind::Datasource, datasource.name));
        }
    }

    void add_ways_of(const model::Pipe& made) {
        const model::Node* node = model::published_node(made);
        if (node == nullptr) {
            return;
        }
        const std::string connection = connection_named_in(made.export_settings);
        if (node->type == model::NodeType::Sink && !connection.empty()) {
            link(LinkKind::Sends, pipe(made), find_or_add(ResourceKind::Connection, connection),
                 {node->name, connection});
        }
        const bool copies = node->type == model::NodeType::Copy;
        if ((copies || node->type == model::NodeType::Materialized) && !made.target_datasource.empty()) {
            link(copies ? LinkKind::Copies : LinkKind::Materializes, pipe(made), target_of(made, *node),
                 {node->name, made.target_datasource});
        }
    }

    // Sorted; what was numbered as it was found gets its final numbers.
    ResourceGraph take() {
        std::vector<std::size_t> order(resources_.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const auto key = [&](const Resource& one) {
                return std::tuple(is_pipe(one.kind) ? ResourceKind::Pipe : one.kind,
                                  std::string_view(one.name));
            };
            return key(resources_[a]) < key(resources_[b]);
        });
        ResourceGraph graph;
        std::vector<std::size_t> number(order.size());
        std::set<std::string> taken;
        for (const std::size_t old : order) {
            number[old] = graph.resources.size();
            Resource& resource = resources_[old];
            resource.id = identifier(resource.kind, resource.name, taken);
            graph.resources.push_back(std::move(resource));
        }
        for (ResourceLink& one : links_) {
            graph.links.push_back({one.kind, number[one.from], number[one.to], std::move(one.mentions)});
        }
        std::sort(graph.links.begin(), graph.links.end(), [](const ResourceLink& a, const ResourceLink& b) {
            return std::tuple(a.from, a.to, a.kind) < std::tuple(b.from, b.to, b.kind);
        });
        return graph;
    }

private:
    std::size_t add(ResourceKind kind, const std::string& name, bool declared) {
        resources_.push_back({kind, name, "", declared});
        // Two resources of one name are reported by who reads the project; here the first one has it.
        number_.try_emplace({names_of(kind).id, name}, resources_.size() - 1);
        return resources_.size() - 1;
    }

    std::size_t find_or_add(ResourceKind kind, const std::string& name) {
        const auto known = number_.find({names_of(kind).id, name});
        return known == number_.end() ? add(kind, name, false) : known->second;
    }

    std::size_t pipe(const model::Pipe& one) { return find_or_add(kind_of(one), one.name); }

    std::size_t quarantine_of(const model::Datasource& datasource, const std::string& name) {
        const std::size_t number = find_or_add(ResourceKind::Quarantine, name);
        link(LinkKind::PutsAside, find_or_add(ResourceKind::Datasource, datasource.name), number);
        return number;
    }

    // `x IN name` may mean a column or an alias as well, and the engine's own tables hold nothing of the
    // workspace.
    static bool is_table(const codec::Dependency& dependency) {
        const bool maybe_column = dependency.use == syntax::TableUse::Member && dependency.database.empty();
        return dependency.table || !(maybe_column || codec::is_system_database(dependency.database));
    }

    // A target that a pipe makes is a datasource although no file declares it.
    std::size_t undeclared(const std::string& name) {
        const auto made = number_.find({names_of(ResourceKind::Datasource).id, name});
        return made == number_.end() ? find_or_add(ResourceKind::Unknown, name) : made->second;
    }

    std::size_t table_of(const codec::Dependency& dependency) {
        if (!dependency.table) {
            return dependency.database.empty()
                       ? undeclared(dependency.name)
                       : find_or_add(ResourceKind::Service, dependency.database + "." + dependency.name);
        }
        if (const auto* node = std::get_if<codec::NodeTable>(&*dependency.table)) {
            return pipe(*node->pipe);
        }
        if (const auto* kept = std::get_if<codec::QuarantineTable>(&*dependency.table)) {
            return quarantine_of(*kept->datasource, dependency.name);
        }
        if (const auto* made = std::get_if<codec::TargetTable>(&*dependency.table)) {
            return find_or_add(ResourceKind::Datasource, made->pipe->target_datasource);
        }
        return find_or_add(ResourceKind::Datasource,
                           std::get<codec::DatasourceTable>(*dependency.table).datasource->name);
    }

    // By its plain name, or by one with a version. Classic pipes make targets that no file declares.
    std::size_t target_of(const model::Pipe& made, const model::Node& node) {
        const auto found = codec::find_table(project_, made, node, made.target_datasource);
        const auto* table = found ? std::get_if<codec::DatasourceTable>(&*found) : nullptr;
        return find_or_add(ResourceKind::Datasource,
                           table == nullptr ? made.target_datasource : table->datasource->name);
    }

    void link(LinkKind kind, std::size_t from, std::size_t to, LinkMention mention = {}) {
        const auto [known, added] = link_number_.try_emplace({from, to, kind}, links_.size());
        if (added) {
            links_.push_back({kind, from, to, {}});
        }
        std::vector<LinkMention>& mentions = links_[known->second].mentions;
        if (!mention.node.empty() && std::find(mentions.begin(), mentions.end(), mention) == mentions.end()) {
            mentions.push_back(std::move(mention));
        }
    }

    const model::Project& project_;
    std::vector<Resource> resources_;
    std::vector<ResourceLink> links_;
    std::map<std::pair<std::string_view, std::string>, std::size_t> number_;
    std::map<std::tuple<std::size_t, std::size_t, LinkKind>, std::size_t> link_number_;
};

} // namespace

bool is_pipe(ResourceKind kind) { return names_of(kind).id == "pipe"; }

ResourceKind kind_of(const model::Pipe& pipe) {
    const model::Node* node = model::published_node(pipe);
    switch (node == nullptr ? model::NodeType::Standard : node->type) {
    case model::NodeType::Endpoint:
        return ResourceKind::Endpoint;
    case model::NodeType::Materialized:
        return ResourceKind::Materialized;
    case model::NodeType::Copy:
        return ResourceKind::Copy;
    case model::NodeType::Sink:
        return ResourceKind::Sink;
    case model::NodeType::Standard:
        break;
    }
    return ResourceKind::Pipe;
}

std::string_view singular(ResourceKind kind) { return names_of(kind).singular; }
std::string_view plural(ResourceKind kind) { return names_of(kind).plural; }

ResourceGraph make_resource_graph(const model::Project& project,
                                  std::span<const codec::Dependency> dependencies) {
    GraphMaker maker(project);
    for (const model::Datasource& datasource : project.datasources) {
        maker.add_ways_of(datasource);
    }
    for (const model::Pipe& pipe : project.pipes) {
        maker.add_ways_of(pipe);
    }
    for (const codec::Dependency& dependency : dependencies) {
        maker.add_dependency(dependency);
    }
    return maker.take();
}

} // namespace birdhouse::ops

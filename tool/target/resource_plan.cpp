#include "target/resource_plan.hpp"

#include "codec/dependencies.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/ttl_change.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <variant>

namespace birdhouse::target {

namespace {

using model::Datasource;
using model::Pipe;

// Every datasource that the pipe's rows come from, through nodes and other pipes.
std::vector<const Datasource*> sources_of(const std::vector<codec::Dependency>& dependencies,
                                          const Pipe& pipe) {
    std::vector<const Datasource*> sources;
    std::set<const Pipe*> seen = {&pipe};
    std::vector<const Pipe*> waiting = {&pipe};
    while (!waiting.empty()) {
        const Pipe* reader = waiting.back();
        waiting.pop_back();
        for (const codec::Dependency& dependency : dependencies) {
            if (dependency.pipe != reader || !dependency.table) {
                continue;
            }
            if (const auto* table = std::get_if<codec::DatasourceTable>(&*dependency.table)) {
                if (std::find(sources.begin(), sources.end(), table->datasource) == sources.end()) {
                    sources.push_back(table->datasource);
                }
            } else if (const auto* node = std::get_if<codec::NodeTable>(&*dependency.table)) {
                if (seen.insert(node->pipe).second) {
                    waiting.push_back(node->pipe);
                }
            }
        }
    }
    return sources;
}

} // namespace

std::string_view to_string(ActionKind kind) {
    static constexpr std::array<std::string_view, 5> kNames = {"statement", "request", "automatic", "manual",
                                                               "skipped"};
    return kNames.at(static_cast<std::size_t>(kind));
}

std::vector<ResourceChanges> by_resource(std::span<const codec::AssessedChange> changes) {
    std::vector<ResourceChanges> groups;
    for (const codec::AssessedChange& change : changes) {
        const model::Subject& subject = change.change.subject;
        auto group = std::find_if(groups.begin(), groups.end(), [&](const ResourceChanges& one) {
            return one.kind == subject.resource && one.name == subject.name;
        });
        if (group == groups.end()) {
            group = groups.insert(groups.end(), {subject.resource, subject.name, {}});
        }
        group->changes.push_back(&change);
    }
    return groups;
}

std::vector<Filling> fillings_of(const model::Project& project, std::string_view datasource) {
    std::vector<Filling> fillings;
    const bool is_filled = std::any_of(project.pipes.begin(), project.pipes.end(), [&](const Pipe& pipe) {
        return pipe.target_datasource == datasource;
    });
    if (!is_filled) {
        return fillings;
    }
    Diagnostics ignored; // `check` reports templates that do not render
    const std::vector<codec::Dependency> dependencies = codec::find_dependencies(project, ignored);
    for (const Pipe& pipe : project.pipes) {
        if (pipe.target_datasource == datasource && codec::type_of(pipe) == model::NodeType::Materialized) {
            fillings.push_back({&pipe, sources_of(dependencies, pipe)});
        }
    }
    return fillings;
}

bool outlives_source(const Datasource& target, const Filling& filling) {
    return std::any_of(filling.sources.begin(), filling.sources.end(), [&](const Datasource* source) {
        return codec::outlives(target.engine.ttl, source->engine.ttl);
    });
}

} // namespace birdhouse::target

#include "codec/project_diff.hpp"

#include "codec/datasource_diff.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/project_setting_diff.hpp"
#include "codec/resource_parts.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <unordered_map>

namespace birdhouse::codec {

namespace {

using model::Change;
using model::ChangeKind;
using model::Connection;
using model::Datasource;
using model::Pipe;
using model::ResourceKind;

Change added_datasource(const Datasource& datasource) {
    ChangeList changes(ResourceKind::Datasource, datasource.name);
    return changes.add(ChangeKind::DatasourceAdded, "", nothing(),
                       side(datasource.engine.kind, datasource, datasource.origin));
}

Change dropped_datasource(const Datasource& datasource) {
    ChangeList changes(ResourceKind::Datasource, datasource.name);
    return changes.add(ChangeKind::DatasourceDropped, "",
                       side(datasource.engine.kind, datasource, datasource.origin), nothing());
}

Change added_connection(const Connection& connection) {
    ChangeList changes(ResourceKind::Connection, connection.name);
    return changes.add(ChangeKind::ConnectionAdded, "", nothing(),
                       side(connection.type, connection, connection.origin));
}

Change dropped_connection(const Connection& connection) {
    ChangeList changes(ResourceKind::Connection, connection.name);
    return changes.add(ChangeKind::ConnectionDropped, "",
                       side(connection.type, connection, connection.origin), nothing());
}

std::vector<Change> diff_connection(const Connection& before, const Connection& after) {
    ChangeList changes(ResourceKind::Connection, after.name);
    changes.add_if_different(ChangeKind::ConnectionChanged, before.type, after.type, before.origin,
                             after.origin, "TYPE");
    diff_settings(ChangeKind::ConnectionChanged, before.settings, after.settings, changes);
    diff_descriptions(ChangeKind::DescriptionChanged, before.description, after.description, before.origin,
                      after.origin, changes);
    return std::move(changes).take();
}

// How one kind of resource is compared.
template <class Resource>
struct Comparison {
    Change (*added)(const Resource&);
    Change (*dropped)(const Resource&);
    std::vector<Change> (*diff)(const Resource&, const Resource&);
};

template <class Resource>
std::unordered_map<std::string, const Resource*> by_name(const std::vector<Resource>& all) {
    std::unordered_map<std::string, const Resource*> index;
    for (const Resource& one : all) {
        index.emplace(one.name, &one);
    }
    return index;
}

template <class Resource>
void compare(const std::vector<Resource>& before, const std::vector<Resource>& after,
             const Comparison<Resource>& comparison, std::vector<Change>& changes) {
    const auto old = by_name(before);
    const auto now = by_name(after);
    for (const Resource& one : before) {
        if (!now.contains(one.name)) {
            changes.push_back(comparison.dropped(one));
        }
    }
    for (const Resource& one : after) {
        const auto same = old.find(one.name);
        if (same == old.end()) {
            changes.push_back(comparison.added(one));
        } else if (!(*same->second == one)) { // most are equal: that is quickly seen
            std::vector<Change> found = comparison.diff(*same->second, one);
            std::move(found.begin(), found.end(), std::back_inserter(changes));
        }
    }
}

// Where a kind of resource stands in a report.
int rank(ResourceKind kind) {
    switch (kind) {
    case ResourceKind::Datasource:
        return 0;
    case ResourceKind::Pipe:
        return 1;
    case ResourceKind::Connection:
        return 2;
    case ResourceKind::Project:
        return 3;
    }
    return 4;
}

// A target that is declared has the engine of its declaration, whatever the pipe says beside its SQL.
bool says_nothing(const Change& change, const model::Project& before, const model::Project& after) {
    if (change.kind != ChangeKind::ViewEngineChanged) {
        return false;
    }
    const auto is_declared = [&](const model::Project& project) {
        const Pipe* pipe = find_pipe(project, change.subject.name);
        return pipe != nullptr && find_datasource(project, pipe->target_datasource) != nullptr;
    };
    return is_declared(before) && is_declared(after);
}

} // namespace

std::vector<Change> diff_projects(const model::Project& before, const model::Project& after) {
    std::vector<Change> changes;
    compare<Datasource>(before.datasources, after.datasources,
                        {added_datasource, dropped_datasource, diff_datasource}, changes);
    compare<Pipe>(before.pipes, after.pipes, {added_pipe, dropped_pipe, diff_pipe}, changes);
    compare<Connection>(before.connections, after.connections,
                        {added_connection, dropped_connection, diff_connection}, changes);
    std::erase_if(changes, [&](const Change& change) { return says_nothing(change, before, after); });
    std::vector<Change> settings = diff_project_settings(before.config, after.config);
    std::move(settings.begin(), settings.end(), std::back_inserter(changes));
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        const int rank_a = rank(a.subject.resource);
        const int rank_b = rank(b.subject.resource);
        return std::tie(rank_a, a.subject.name, a.subject.part, a.kind) <
               std::tie(rank_b, b.subject.name, b.subject.part, b.kind);
    });
    return changes;
}

} // namespace birdhouse::codec

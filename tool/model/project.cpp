#include "model/project.hpp"

#include <algorithm>

namespace birdhouse::model {

namespace {

template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

const Datasource* find_datasource(const Project& project, std::string_view name) {
    return find_named(project.datasources, name);
}

const Pipe* find_pipe(const Project& project, std::string_view name) {
    return find_named(project.pipes, name);
}

const Connection* find_connection(const Project& project, std::string_view name) {
    return find_named(project.connections, name);
}

const TargetSettings* find_target(const Config& config, std::string_view name) {
    return find_named(config.targets, name);
}

} // namespace birdhouse::model

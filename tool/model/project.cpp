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

IngestionRules strict_ingestion() {
    IngestionRules rules;
    rules.null_with_default = NullWithDefault::Quarantine;
    rules.numeric_text_into_wide_integers = false;
    rules.numeric_text_into_narrow_integers = false;
    rules.epoch_into_datetime = false;
    rules.structures_into_string = false;
    rules.scalars_into_string = false;
    rules.boolean_into_uint8 = false;
    rules.fraction_into_datetime = false;
    rules.offset_in_times = false;
    rules.unknown_keys = false;
    return rules;
}

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

#include "ops/event_states.hpp"

#include "base/text.hpp"
#include "ops/migration_plan.hpp"
#include "ops/validate.hpp"

#include <algorithm>
#include <filesystem>
#include <span>

namespace birdhouse::ops {

namespace {

// `0002_image_columns`, or `0002`.
bool is_called(const model::Migration& migration, const std::string& name) {
    return migration.id == name || migration.id.substr(0, migration.id.find('_')) == name;
}

// The project as its migrations up to this one build it.
Result<DiffSide> open_migration(const std::string& name, const Session& session) {
    TRY_ASSIGN(DiffSide side, open_working_folder(session));
    const std::vector<model::Migration>& all = side.open.migrations;
    const auto last = std::find_if(all.begin(), all.end(), [&](const model::Migration& migration) {
        return is_called(migration, name);
    });
    const auto count = static_cast<std::size_t>(last - all.begin()) + 1;
    model::Schema schema = replay_model(std::span(all).first(count), side.open.problems);
    side.name = last->id;
    side.open.project.datasources = std::move(schema.datasources);
    return side;
}

bool names_migration(const std::string& name, const Session& session) {
    const Result<DiffSide> here = open_working_folder(session);
    return here.ok() && std::any_of(here->open.migrations.begin(), here->open.migrations.end(),
                                    [&](const model::Migration& one) { return is_called(one, name); });
}

Result<DiffSide> open_side(const std::string& name, const Session& session) {
    std::error_code ignored; // what cannot be looked at is no folder
    if (name.empty()) {
        return open_working_folder(session);
    }
    const bool migration = !std::filesystem::is_directory(name, ignored) && names_migration(name, session);
    return migration ? open_migration(name, session) : open_state(name, session);
}

Result<std::optional<events::EventSchema>> compile(const DiffSide& side, const std::string& datasource,
                                                   Diagnostics& problems) {
    if (side.open.problems.has_errors()) {
        return std::optional<events::EventSchema>();
    }
    Result<std::optional<events::EventSchema>> schema =
        compile_events(side.open.project, datasource, problems);
    if (!schema) {
        return Error{schema.error().code, schema.error().message + " in " + side.name, schema.error().hint};
    }
    return schema;
}

} // namespace

Result<EventStates> open_event_states(const EventStatesRequest& request, const Session& session) {
    EventStates states;
    TRY_ASSIGN(states.before, open_side(request.from, session));
    TRY_ASSIGN(states.after, open_side(request.to, session));
    model::Config& rules = states.after.open.project.config;
    if (request.strict) {
        rules.ingestion = model::strict_ingestion();
    }
    states.before.open.project.config.ingestion = rules.ingestion;
    states.before.open.project.config.privacy = rules.privacy;
    TRY_ASSIGN(states.schema_before, compile(states.before, request.datasource, states.problems_before));
    TRY_ASSIGN(states.schema_after, compile(states.after, request.datasource, states.problems_after));
    return states;
}

} // namespace birdhouse::ops

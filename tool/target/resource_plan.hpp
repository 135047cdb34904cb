// What a change between two states of a project means on one target, as a value for people and programs to
// read before anything runs: what is sent, what the target does with it by itself, what it would ignore.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/assessed_change.hpp"
#include "model/project.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

enum class ActionKind : std::uint8_t {
    Statement, // SQL, exactly as it is sent
    Request,   // HTTP, likewise
    Automatic, // the target does it by itself, as a part of a request
    Manual,    // somebody has to do it
    Skipped,   // the target has no such thing
};

std::string_view to_string(ActionKind kind);

struct PlannedAction {
    ActionKind kind = ActionKind::Statement;
    std::string resource;
    std::string text; // the statement, the request, or what is done
    std::string note; // a reason, a cost, a warning; may be empty
};

// The target would take the change, say that all is well, and keep what it has; or it says no.
struct RefusedChange {
    std::string subject; // `datasource`, `datasource.column`
    const Code* code = nullptr;
    std::string why;
    std::string instead;
};

// Another way to the same end.
struct PlanVariant {
    std::string name; // `in place`, `backfill`, `reingest`
    std::string what; // what it leaves and what it costs
    std::vector<PlannedAction> actions;
};

struct ResourcePlan {
    std::string target; // embedded, clickhouse, tinybird_forward, tinybird_classic
    std::vector<PlannedAction> actions;
    std::vector<RefusedChange> refused; // with one of these nothing is sent
    std::vector<PlanVariant> variants;
    bool allows_destruction = false; // Forward asks for allow_destructive_operations
};

struct PlanInput {
    const model::Project& before;
    const model::Project& after;
    std::span<const codec::AssessedChange> changes; // from the one to the other
};

// The changes of one resource, as they stand in the input.
struct ResourceChanges {
    model::ResourceKind kind = model::ResourceKind::Datasource;
    std::string name;
    std::vector<const codec::AssessedChange*> changes;
};
std::vector<ResourceChanges> by_resource(std::span<const codec::AssessedChange> changes);

// Materializations of the project that fill the datasource, with the datasources they read.
struct Filling {
    const model::Pipe* pipe = nullptr;
    std::vector<const model::Datasource*> sources;
};
std::vector<Filling> fillings_of(const model::Project& project, std::string_view datasource);

// Rows of the source are gone while the target, which is made of them, still has theirs.
bool outlives_source(const model::Datasource& target, const Filling& filling);

} // namespace birdhouse::target

// Brings a target up to date with the whole project, as one plan: pending migrations on a target of tables,
// one deployment (or one request a resource) on a Tinybird workspace.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/diff.hpp"
#include "ops/migrate.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"
#include "target/workspace.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

enum class DeployMode {
    DryRun, // what would be sent; the target is only read
    Check,  // and what the target itself says of it
    Apply,
};

struct DeployRequest {
    std::string target;
    DeployMode mode = DeployMode::Apply;
    bool allow_destructive = false;
    std::string confirm;   // the name of a protected target
    bool populate = false; // Classic: new materializations get the rows that are there
};

// Of a target of tables.
struct TablesDeployment {
    std::size_t proven_nodes = 0;   // of pipes, by the engine, before anything was changed
    std::optional<PlanReport> plan; // absent when it was applied
    std::optional<ApplyReport> applied;
};

// Of a Tinybird workspace.
struct WorkspaceDeployment {
    target::WorkspaceIdentity identity;
    std::string host;
    std::string generation; // forward, classic
    DiffReport changes;     // from what is deployed to what is declared
    std::vector<std::string> requests;
    std::vector<std::string> notes;
    std::optional<target::WorkspaceReport> report; // absent when there was nothing to ask or do
    std::vector<std::string> differences;          // that are still there afterwards: X604
};

struct DeployReport {
    std::string target;
    DeployMode mode = DeployMode::Apply;
    std::optional<TablesDeployment> tables;
    std::optional<WorkspaceDeployment> workspace;

    bool refused() const; // by the target's own words, or it has not what was asked for
};

using DeployListener = std::function<void(const std::string&)>;

// Absent when the project's files or pipes have problems, which are in `problems`. `project` must outlive the
// report.
Result<std::optional<DeployReport>> deploy(OpenProject& project, Session& session,
                                           const DeployRequest& request, const DeployListener& listener,
                                           Diagnostics& problems);

std::string render_text(const DeployReport& report);
std::string render_json(const DeployReport& report);
std::string render_markdown(const DeployReport& report);

} // namespace birdhouse::ops

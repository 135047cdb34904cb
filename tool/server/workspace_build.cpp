#include "server/workspace_build.hpp"

#include "server/database_copy.hpp"
#include "server/staging.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::server {

namespace {

// Types that differ and columns that go away, in a datasource that does not say how its rows are converted.
void note_conversions(const model::Datasource& before, const model::Datasource& after,
                      std::vector<std::string>& refusals) {
    if (!after.forward_query.empty() || after.backfill_skip) {
        return;
    }
    for (const model::Column& column : after.columns) {
        const model::Column* old = model::find_column(before, column.name);
        const bool widens = old != nullptr && column.type == "Nullable(" + old->type + ")";
        if (old != nullptr && old->type != column.type && !widens) {
            refusals.push_back("the type of `" + after.name + "." + column.name + "` changes from " +
                               old->type + " to " + column.type +
                               ": a FORWARD_QUERY must say how its rows are converted");
        }
    }
}

std::vector<std::string> refusals_of(const Content& before, const Content& after, const BuildChanges& changes,
                                     bool may_lose) {
    std::vector<std::string> refusals;
    for (const std::string& name : changes.datasources.changed) {
        note_conversions(*model::find_datasource(before.project, name),
                         *model::find_datasource(after.project, name), refusals);
    }
    if (!may_lose) {
        for (const std::string& name : changes.datasources.dropped) {
            refusals.push_back(
                "the datasource `" + name +
                "` would be deleted with its rows: deploy with --allow-destructive-operations");
        }
    }
    return refusals;
}

// As the service says it: clients look for these words.
constexpr std::string_view kInProgress =
    "There's already a deployment in progress.\n\nYou can check the status "
    "of your deployments with `tb deployment ls`.";

class Building {
public:
    Building(Core& core, Workspace& workspace, const BuildRequest& request,
             std::shared_ptr<const Content> after)
        : core_(core), workspace_(workspace), request_(request), live_(live_of(workspace)),
          after_(std::move(after)) {}

    Result<BuildOutcome> run() {
        BuildOutcome outcome;
        const Content& before = *live_.content;
        outcome.changes = changes_between(before, *after_);
        outcome.movements = movements_between(before, *after_);
        if (request_.kind != BuildKind::Check && staging_of(workspace_)) {
            outcome.refusals.emplace_back(kInProgress);
            return outcome;
        }
        if (request_.kind != BuildKind::Build) {
            outcome.refusals = refusals_of(before, *after_, outcome.changes, request_.may_lose);
        }
        TRY_ASSIGN(const EnginePool::Lease engine, core_.engine().lease(EngineUse::Write));
        TRY(try_build(*after_, database_stem(workspace_), *engine, outcome.problems));
        if (!outcome.done() || request_.kind == BuildKind::Check) {
            return outcome;
        }
        if (request_.kind != BuildKind::Stage) {
            const Result<void> applied = apply_build(before, *after_, live_.database, *engine);
            TRY(note(applied, live_.database, outcome));
            if (applied) {
                put_live(outcome);
            }
        } else if (!outcome.changes.empty()) {
            TRY(stage(*engine, outcome));
        }
        return outcome;
    }

private:
    void put_live(BuildOutcome& outcome) {
        const std::scoped_lock lock(workspace_.mutex);
        workspace_.live.content = after_;
        follow_tokens(workspace_, core_);
        if (request_.kind == BuildKind::Deploy && !outcome.changes.empty()) {
            outcome.made = new_deployment(true);
            make_live(workspace_.deployments, outcome.made->id, core_.iso_stamp());
        }
    }

    Result<void> stage(target::SqlChannel& engine, BuildOutcome& outcome) {
        const std::uint64_t id = next_id();
        Staged staged{id, {database_stem(workspace_) + "_" + std::to_string(id), after_}};
        const Result<void> copied =
            copy_database(live_, *after_, CopiedRows::All, staged.deployed.database, engine);
        TRY(note(copied, staged.deployed.database, outcome));
        if (!copied) {
            return {};
        }
        const std::scoped_lock lock(workspace_.mutex);
        workspace_.staging = std::move(staged);
        outcome.made = new_deployment(false);
        return {};
    }

    // Rows that do not convert are the deployment's fault; a disk that is full is not.
    static Result<void> note(const Result<void>& moved, std::string_view database, BuildOutcome& outcome) {
        if (moved || is_unavailable(moved.error())) {
            return moved;
        }
        outcome.refusals.push_back(std::string(kMigrationFailed) +
                                   without_database(moved.error().message, database));
        return {};
    }

    // Deployments are added by builds alone, one at a time.
    std::uint64_t next_id() {
        const std::scoped_lock lock(workspace_.mutex);
        return workspace_.deployments.back().id + 1;
    }

    // The caller holds the workspace's mutex.
    Deployment new_deployment(bool live) {
        const std::string now = core_.iso_stamp();
        workspace_.deployments.push_back(
            {workspace_.deployments.back().id + 1, "data_ready", live, now, now, {}});
        return workspace_.deployments.back();
    }

    Core& core_;
    Workspace& workspace_;
    const BuildRequest& request_;
    Deployed live_;
    std::shared_ptr<const Content> after_;
};

} // namespace

Result<BuildOutcome> build_workspace(Core& core, Workspace& workspace, BuildRequest request) {
    BuildOutcome outcome;
    std::shared_ptr<const Content> after =
        read_content(std::move(request.files), core.options().config, outcome.problems);
    if (after == nullptr) {
        return outcome;
    }
    const std::unique_lock gate(workspace.gate);
    return Building(core, workspace, request, std::move(after)).run();
}

} // namespace birdhouse::server

#include "ops/deploy.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/forward_query.hpp"
#include "codec/project_diff.hpp"
#include "ops/confirmation.hpp"
#include "ops/engine_check.hpp"
#include "ops/project_datafiles.hpp"
#include "ops/stop_signals.hpp"
#include "ops/workspace_session.hpp"
#include "target/resource_plan.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

using target::WorkspaceFile;
using target::WorkspaceOutcome;

constexpr std::chrono::seconds kLockWait{0}; // somebody at work there is for the user to know

Result<std::optional<TablesDeployment>> deploy_tables(const OpenProject& project, Session& session,
                                                      const DeployRequest& request, const std::string& target,
                                                      const DeployListener& listener, Diagnostics& problems) {
    TablesDeployment deployment;
    // Pipes are SQL that is run when it is asked for: nothing of them is stored there. That the new schema
    // carries them is proven first.
    TRY_ASSIGN(const EngineCheck checked,
               check_on_engine(project.project, project.sources, session.targets, problems));
    if (problems.has_errors()) {
        return std::optional<TablesDeployment>();
    }
    deployment.proven_nodes = checked.nodes;
    if (request.mode != DeployMode::Apply) {
        TRY_ASSIGN(deployment.plan, plan_migrations(project, session, target, "", problems));
        return deployment.plan ? std::optional(std::move(deployment)) : std::nullopt;
    }
    TRY_ASSIGN(deployment.applied,
               apply_migrations(project, session, target, "",
                                [&](const StatementEvent& event) {
                                    if (listener) {
                                        listener((event.skipped ? "had: " : "did: ") + event.sql);
                                    }
                                },
                                problems, {kLockWait, true, request.confirm}));
    return deployment.applied ? std::optional(std::move(deployment)) : std::nullopt;
}

// --- a Tinybird workspace ------------------------------------------------------------------------------

Result<std::optional<std::vector<WorkspaceFile>>> files_to_send(OpenProject& project, const Session& session,
                                                                Diagnostics& problems) {
    TRY_ASSIGN(std::vector<ProjectDatafile> datafiles, datafiles_of(project, session.folder, problems));
    if (problems.has_errors()) {
        return std::optional<std::vector<WorkspaceFile>>();
    }
    std::vector<WorkspaceFile> files;
    files.reserve(datafiles.size());
    for (ProjectDatafile& file : datafiles) {
        files.push_back({std::move(file.path), std::move(file.text)});
    }
    return std::optional(std::move(files));
}

// What the workspace has cannot be judged when it cannot be read: it would be taken for missing.
Result<void> refuse_unreadable(const DiffReport& changes) {
    if (changes.refusal) {
        return *changes.refusal;
    }
    if (changes.left_out.empty()) {
        return {};
    }
    return Error{ExitCode::Failed,
                 "the datafile " + backquoted(changes.left_out.front()) +
                     " of the workspace cannot be read here, so nothing can be compared with it",
                 "pull it with Tinybird's own client and look at it with `birdhouse check`"};
}

// Rows that go, said before anything is sent: the services ask for a flag for some of these only.
Result<void> refuse_losses(const DiffReport& changes) {
    std::vector<std::string> losses;
    for (const codec::AssessedChange& one : changes.changes) {
        if (one.assessment.change_class >= model::ChangeClass::Destructive) {
            losses.push_back(model::describe(one.change));
        }
    }
    if (losses.empty()) {
        return {};
    }
    const std::string more =
        losses.size() == 1 ? "" : " (and " + counted(losses.size() - 1, "more change") + " like it)";
    return Error{ExitCode::Refused, losses.front() + ", and what it held is lost" + more,
                 "look at what `--dry-run` prints, then give --allow-destructive"};
}

class WorkspaceRun {
public:
    WorkspaceRun(OpenProject& project, Session& session, const DeployRequest& request,
                 const model::TargetSettings& settings, const DeployListener& listener, Diagnostics& problems)
        : project_(project), session_(session), request_(request), settings_(settings), listener_(listener),
          problems_(problems) {}

    Result<std::optional<WorkspaceDeployment>> run() {
        TRY_ASSIGN(std::optional<std::vector<WorkspaceFile>> files,
                   files_to_send(project_, session_, problems_));
        if (!files) {
            return std::optional<WorkspaceDeployment>();
        }
        const StopSignals signals;
        TRY_ASSIGN(workspace_, open_workspace(settings_, session_, signals.first()));
        WorkspaceDeployment deployment;
        deployment.host = workspace_->host();
        deployment.generation = settings_.kind == model::TargetKind::TinybirdClassic ? "classic" : "forward";
        TRY_ASSIGN(deployment.identity, know_workspace(*workspace_, settings_));
        TRY_ASSIGN(deployment.changes, compare_with(*files));
        TRY(refuse_unreadable(deployment.changes));
        if (settings_.kind == model::TargetKind::TinybirdForward) {
            check_forward_queries(deployment.changes);
        }
        if (problems_.has_errors()) {
            return std::optional<WorkspaceDeployment>();
        }
        if (deployment.changes.changes.empty()) {
            return std::optional(std::move(deployment));
        }
        TRY(go(*files, deployment));
        return std::optional(std::move(deployment));
    }

private:
    Result<DiffReport> compare_with(const std::vector<WorkspaceFile>& files) {
        TRY_ASSIGN(const std::vector<WorkspaceFile> deployed, workspace_->pull());
        TRY_ASSIGN(DiffSide before, read_side("workspace", deployed, settings_, session_));
        TRY_ASSIGN(DiffSide after, read_side("the project", files, settings_, session_));
        return diff_sides(std::move(before), std::move(after), /*use_engine=*/false, session_);
    }

    // Forward would take the files, and fail the deployment over the rows that are there.
    void check_forward_queries(const DiffReport& changes) {
        for (const model::Datasource& now : project_.project.datasources) {
            const model::Datasource* old = find_datasource(changes.before.open.project, now.name);
            const bool is_given = !now.forward_query.empty();
            // What a materialization fills is calculated again by its query.
            if (old == nullptr || (!is_given && !target::fillings_of(project_.project, now.name).empty())) {
                continue;
            }
            for (const codec::ForwardQueryProblem& problem : codec::check_forward_query(*old, now)) {
                report_query(*old, now, problem);
            }
            if (is_given && !is_changed(now.name, changes)) {
                problems_.add(codes::R309, now.origin.span,
                              "the FORWARD_QUERY of " + backquoted(now.name) +
                                  " was left behind: the workspace has the table as it is declared",
                              "remove it: the next change of the table would be written by it");
            }
        }
    }

    static bool is_changed(const std::string& datasource, const DiffReport& changes) {
        return std::any_of(changes.changes.begin(), changes.changes.end(), [&](const auto& one) {
            return one.change.subject.resource == model::ResourceKind::Datasource &&
                   one.change.subject.name == datasource;
        });
    }

    void report_query(const model::Datasource& old, const model::Datasource& now,
                      const codec::ForwardQueryProblem& problem) {
        const std::string columns = "`" + join(problem.columns, "`, `") + "`";
        const std::string name = backquoted(now.name);
        std::string message =
            "Forward does not convert " + columns + " of " + name + " without a FORWARD_QUERY";
        if (problem.fault == codec::ForwardQueryFault::Incomplete) {
            message = "the FORWARD_QUERY of " + name + " does not name " + columns + " exactly once";
        } else if (problem.fault == codec::ForwardQueryFault::Foreign) {
            message = "the FORWARD_QUERY of " + name + " names " + columns + ", which the new schema has not";
        }
        const codec::ForwardQuery right = codec::make_forward_query(old, now);
        problems_.add(codes::R308, now.origin.span, message,
                      right.sql.empty()
                          ? "add a column for the new state, and fill it from the source"
                          : "for this deployment: FORWARD_QUERY > " + replace_all(right.sql, "\n    ", " "));
    }

    Result<void> go(std::vector<WorkspaceFile>& files, WorkspaceDeployment& deployment) {
        const target::WorkspaceChange change{files, deployment.changes.after.open.project,
                                             deployment.changes.before.open.project,
                                             request_.allow_destructive, request_.populate};
        deployment.requests = workspace_->plan(change);
        deployment.notes = workspace_->notes(change);
        if (request_.mode == DeployMode::DryRun) {
            return {};
        }
        if (!request_.allow_destructive) {
            TRY(refuse_losses(deployment.changes));
        }
        if (request_.mode == DeployMode::Check) {
            TRY_ASSIGN(deployment.report, workspace_->check(change));
            return {};
        }
        TRY(refuse_unless_confirmed(settings_, request_.confirm));
        TRY_ASSIGN(deployment.report, workspace_->apply(change, listener_));
        if (deployment.report->outcome == WorkspaceOutcome::Refused) {
            return {};
        }
        return read_back(files, deployment);
    }

    // What was asked for, held against what is there now: a difference was ignored in silence.
    Result<void> read_back(const std::vector<WorkspaceFile>& files, WorkspaceDeployment& deployment) {
        TRY_ASSIGN(const DiffReport left, compare_with(files));
        TRY(refuse_unreadable(left));
        for (const codec::AssessedChange& one : left.changes) {
            deployment.differences.push_back(model::describe(one.change));
        }
        return {};
    }

    OpenProject& project_;
    Session& session_;
    const DeployRequest& request_;
    const model::TargetSettings& settings_;
    const DeployListener& listener_;
    Diagnostics& problems_;
    std::unique_ptr<target::WorkspaceTarget> workspace_;
};

} // namespace

bool DeployReport::refused() const {
    return workspace && ((workspace->report && workspace->report->outcome == WorkspaceOutcome::Refused) ||
                         !workspace->differences.empty());
}

Result<std::optional<DeployReport>> deploy(OpenProject& project, Session& session,
                                           const DeployRequest& request, const DeployListener& listener,
                                           Diagnostics& problems) {
    TRY_ASSIGN(const model::TargetSettings settings, choose_target(project.project.config, request.target));
    if (request.populate && settings.kind != model::TargetKind::TinybirdClassic) {
        return Error{ExitCode::Usage,
                     "--populate is for workspaces of Tinybird Classic, and target " +
                         backquoted(settings.name) + " is none",
                     "Forward fills a new materialized view by itself; on tables `backfill: true` of its "
                     "`create_materialized_view` step does"};
    }
    DeployReport report{settings.name, request.mode, std::nullopt, std::nullopt};
    if (is_workspace(settings)) {
        TRY_ASSIGN(report.workspace,
                   WorkspaceRun(project, session, request, settings, listener, problems).run());
        return report.workspace ? std::optional(std::move(report)) : std::nullopt;
    }
    if (request.mode == DeployMode::Apply) {
        TRY(refuse_unless_confirmed(settings, request.confirm));
    }
    TRY_ASSIGN(report.tables, deploy_tables(project, session, request, settings.name, listener, problems));
    return report.tables ? std::optional(std::move(report)) : std::nullopt;
}

} // namespace birdhouse::ops

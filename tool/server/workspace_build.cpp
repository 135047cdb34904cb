#include "server/workspace_build.hpp"

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
                                     BuildKind kind) {
    std::vector<std::string> refusals;
    for (const std::string& name : changes.datasources.changed) {
        note_conversions(*model::find_datasource(before.project, name),
                         *model::find_datasource(after.project, name), refusals);
    }
    if (kind != BuildKind::DeployDestructive) {
        for (const std::string& name : changes.datasources.dropped) {
            refusals.push_back(
                "the datasource `" + name +
                "` would be deleted with its rows: deploy with --allow-destructive-operations");
        }
    }
    return refusals;
}

// Tokens that datafiles name: made when they are new, with the scopes that the files give now.
void follow_tokens(Workspace& workspace, const Content& content, const Core& core) {
    std::map<std::string, std::vector<Scope>> wanted;
    for (const model::Datasource& datasource : content.project.datasources) {
        for (const model::Token& token : datasource.tokens) {
            const ScopeKind kind = token.scope == model::TokenScope::Append ? ScopeKind::DatasourcesAppend
                                                                            : ScopeKind::DatasourcesRead;
            wanted[token.name].push_back({kind, datasource.name, {}});
        }
    }
    for (const model::Pipe& pipe : content.project.pipes) {
        for (const model::Token& token : pipe.tokens) {
            wanted[token.name].push_back({ScopeKind::PipesRead, pipe.name, {}});
        }
    }
    for (auto& [name, scopes] : wanted) {
        const auto known =
            std::find_if(workspace.tokens.begin(), workspace.tokens.end(),
                         [&, &wanted_name = name](const Token& token) { return token.name == wanted_name; });
        if (known == workspace.tokens.end()) {
            workspace.tokens.push_back(core.new_token(workspace, name, std::move(scopes)));
        } else if (known != workspace.tokens.begin()) { // the admin token stays what it is
            known->scopes = std::move(scopes);
        }
    }
}

} // namespace

Result<BuildOutcome> build_workspace(Core& core, Workspace& workspace, std::vector<Datafile> files,
                                     BuildKind kind) {
    BuildOutcome outcome;
    const std::shared_ptr<const Content> after =
        read_content(std::move(files), core.options().config, outcome.problems);
    if (after == nullptr) {
        return outcome;
    }
    const std::unique_lock gate(workspace.gate);
    const std::shared_ptr<const Content> before = content_of(workspace);
    outcome.changes = changes_between(*before, *after);
    if (kind != BuildKind::Build) {
        outcome.refusals = refusals_of(*before, *after, outcome.changes, kind);
    }
    TRY_ASSIGN(const EnginePool::Lease engine, core.engine().lease(EngineUse::Write));
    TRY(try_build(*after, workspace.database, *engine, outcome.problems));
    if (!outcome.done() || kind == BuildKind::Check) {
        return outcome;
    }
    TRY(apply_build(*before, *after, workspace.database, *engine));
    const std::scoped_lock lock(workspace.mutex);
    workspace.content = after;
    follow_tokens(workspace, *after, core);
    return outcome;
}

} // namespace birdhouse::server

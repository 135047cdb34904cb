#include "server/staging.hpp"

#include "server/workspace_build.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <iterator>

namespace birdhouse::server {

namespace {

void end(std::vector<Deployment>& deployments, std::uint64_t id, const std::string& now,
         std::vector<std::string> errors = {}) {
    for (Deployment& deployment : deployments) {
        if (deployment.id == id) {
            deployment.status = "deleted";
            deployment.live = false;
            deployment.updated_at = now;
            deployment.errors = std::move(errors);
            return;
        }
    }
}

Result<void> drop_database(Core& core, const std::string& database) {
    TRY_ASSIGN(const EnginePool::Lease engine, core.engine().lease(EngineUse::Write));
    return engine->execute("DROP DATABASE IF EXISTS " + target::identifier(database));
}

// What was written to its tables meanwhile by others fails, and they find it gone.
Result<void> give_up(Core& core, Workspace& workspace, const Staged& staged, const std::string& why) {
    {
        const std::scoped_lock lock(workspace.mutex);
        if (!workspace.staging || workspace.staging->deployment != staged.deployment) {
            return {};
        }
        workspace.staging.reset();
        end(workspace.deployments, staged.deployment, core.iso_stamp(), {why});
    }
    TRY(core.save()); // before the write is acknowledged: no later start may promote what lacks it
    return drop_database(core, staged.deployed.database);
}

} // namespace

bool is_for_staging(const Call& call) {
    return net::find(call.request.query, "__tb__deployment").value_or("") == "staging";
}

Deployed deployed_of(const Call& call) { return deployed_of(*call.workspace, is_for_staging(call)); }

Deployed deployed_of(Workspace& workspace, bool for_staging) {
    const std::scoped_lock lock(workspace.mutex);
    return for_staging && workspace.staging ? workspace.staging->deployed : workspace.live;
}

ApiStatus write_to_staging(const Call& call, const std::string& datasource, const Write& write) {
    return is_for_staging(call) ? ApiStatus(Done{})
                                : write_to_staging(call.core, *call.workspace, datasource, write);
}

ApiStatus write_to_staging(Core& core, Workspace& workspace, const std::string& datasource,
                           const Write& write) {
    const std::optional<Staged> staged = staging_of(workspace);
    if (!staged || model::find_datasource(staged->deployed.content->project, datasource) == nullptr) {
        return Done{};
    }
    if (const ApiStatus written = write(staged->deployed); !written) {
        TRY(give_up(core, workspace, *staged,
                    std::string(kMigrationFailed) +
                        without_database(written.error().text, staged->deployed.database)));
    }
    return Done{};
}

Result<void> promote_staging(Core& core, Workspace& workspace, std::uint64_t id) {
    const std::unique_lock gate(workspace.gate);
    std::optional<Staged> staged = staging_of(workspace);
    if (!staged || staged->deployment != id) { // promoted or discarded by another request meanwhile
        return {};
    }
    const Deployed before = live_of(workspace);
    std::vector<Token> tokens;
    std::vector<Deployment> deployments;
    {
        const std::scoped_lock lock(workspace.mutex);
        tokens = workspace.tokens;
        deployments = workspace.deployments;
        workspace.live = staged->deployed;
        workspace.staging.reset();
        make_live(workspace.deployments, staged->deployment, core.iso_stamp());
        follow_tokens(workspace, core);
    }
    if (Result<void> saved = core.save(); !saved) {
        const std::scoped_lock lock(workspace.mutex);
        workspace.tokens = std::move(tokens);
        workspace.deployments = std::move(deployments);
        workspace.live = before;
        workspace.staging = std::move(staged);
        return saved;
    }
    return drop_database(core, before.database);
}

Result<void> discard_staging(Core& core, Workspace& workspace, std::uint64_t id) {
    const std::unique_lock gate(workspace.gate);
    const std::optional<Staged> staged = staging_of(workspace);
    if (!staged || staged->deployment != id) {
        return {};
    }
    {
        const std::scoped_lock lock(workspace.mutex);
        workspace.staging.reset();
        end(workspace.deployments, id, core.iso_stamp());
    }
    TRY(core.save());
    return drop_database(core, staged->deployed.database);
}

void make_live(std::vector<Deployment>& deployments, std::uint64_t id, const std::string& now) {
    for (Deployment& deployment : deployments) {
        if (deployment.id == id) {
            deployment.live = true;
            deployment.updated_at = now;
        } else if (deployment.live) {
            deployment.status = "deleted";
            deployment.live = false;
            deployment.updated_at = now;
        }
    }
}

void follow_tokens(Workspace& workspace, const Core& core) {
    const Content& content = *workspace.live.content;
    std::map<std::string, std::vector<Scope>> wanted;
    for (const model::Datasource& datasource : content.project.datasources) {
        for (const model::Token& token : datasource.tokens) {
            const ScopeKind kind = token.scope == model::TokenScope::Append ? ScopeKind::DatasourcesAppend
                                                                            : ScopeKind::DatasourcesRead;
            wanted[token.name].push_back({kind, datasource.name, {}, ""});
        }
    }
    for (const model::Pipe& pipe : content.project.pipes) {
        for (const model::Token& token : pipe.tokens) {
            wanted[token.name].push_back({ScopeKind::PipesRead, pipe.name, {}, ""});
        }
    }
    for (auto& [name, scopes] : wanted) {
        const auto known =
            std::find_if(workspace.tokens.begin(), workspace.tokens.end(),
                         [&, &wanted_name = name](const Token& token) { return token.name == wanted_name; });
        if (known == workspace.tokens.end()) {
            workspace.tokens.push_back(core.new_token(workspace, name, std::move(scopes)));
        } else if (known != workspace.tokens.begin()) { // the admin token stays what it is
            const auto filtered = [](const Scope& scope) { return !scope.filter.empty(); };
            std::copy_if(known->scopes.begin(), known->scopes.end(), std::back_inserter(scopes), filtered);
            known->scopes = std::move(scopes); // of filters files know nothing
        }
    }
}

} // namespace birdhouse::server

#include "ops/workspace_session.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "ops/credentials.hpp"
#include "ops/temporary_folder.hpp"

namespace birdhouse::ops {

namespace {

Result<TinybirdAccess> access_of(const model::TargetSettings& settings, const Session& session) {
    const AccessQuestion question{settings.name, settings.host, settings.token_env};
    TRY_ASSIGN(const std::optional<TinybirdAccess> access,
               find_tinybird_access(session.environment, session.folder, question));
    return access ? Result<TinybirdAccess>(*access) : no_token(question);
}

// Classic's resources have none: a tag is a record of the workspace that lists them.
void forget_tags(model::Project& project) {
    for (model::Datasource& datasource : project.datasources) {
        datasource.tags.clear();
    }
    for (model::Pipe& pipe : project.pipes) {
        pipe.tags.clear();
    }
}

} // namespace

bool is_workspace(const model::TargetSettings& settings) {
    return settings.kind == model::TargetKind::TinybirdForward ||
           settings.kind == model::TargetKind::TinybirdClassic;
}

Result<std::unique_ptr<target::WorkspaceTarget>>
open_workspace(const model::TargetSettings& settings, const Session& session, const std::stop_token& stop) {
    if (session.network == nullptr) {
        return Error{ExitCode::Failed, "no other machine can be called from here", ""};
    }
    TRY_ASSIGN(TinybirdAccess access, access_of(settings, session));
    return session.targets.open_workspace(settings, session.folder,
                                          {std::move(access.host), std::move(access.token),
                                           session.network->http_client(stop),
                                           session.network->waiting(stop)});
}

Result<target::WorkspaceIdentity> know_workspace(target::WorkspaceTarget& workspace,
                                                 const model::TargetSettings& settings) {
    TRY_ASSIGN(target::WorkspaceIdentity identity, workspace.identity());
    if (!settings.workspace.empty() && settings.workspace != identity.name) {
        return Error{ExitCode::Refused,
                     "the token is of workspace " + backquoted(printable(identity.name)) + ", and target " +
                         backquoted(settings.name) + " is workspace " + backquoted(settings.workspace),
                     "give the token of that workspace, or change `workspace:` in birdhouse.yaml"};
    }
    return identity;
}

void forget_ways(model::Project& project) {
    for (model::Datasource& datasource : project.datasources) {
        datasource.forward_query.clear();
        datasource.backfill_skip = false;
    }
    for (model::Pipe& pipe : project.pipes) {
        pipe.deployment_method.clear();
    }
}

Result<DiffSide> read_side(const std::string& name, std::span<const target::WorkspaceFile> files,
                           const model::TargetSettings& settings, const Session& session) {
    TRY_ASSIGN(const TemporaryFolder folder, TemporaryFolder::make());
    std::vector<FileText> texts;
    texts.reserve(files.size());
    for (const target::WorkspaceFile& file : files) {
        texts.push_back({folder.path() / file.path, file.text});
    }
    TRY(write_all_if_changed(texts));
    DiffSide side;
    side.name = name;
    const bool classic = settings.kind == model::TargetKind::TinybirdClassic;
    if (!files.empty()) {
        side.open = open_project(folder.path(),
                                 datafile_options(session.environment, classic ? "classic" : "forward"));
    }
    forget_ways(side.open.project);
    if (classic) {
        forget_tags(side.open.project);
    }
    return side;
}

} // namespace birdhouse::ops

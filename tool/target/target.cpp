#include "target/target.hpp"

#include "net/http_client.hpp"
#include "net/http_retry.hpp"

namespace birdhouse::target {

Result<std::unique_ptr<SqlChannel>> TargetOpener::open_channel(const std::filesystem::path&, ChannelUse) {
    return Error{ExitCode::Failed, "no engine can be opened here", ""};
}

Result<std::unique_ptr<WorkspaceTarget>>
TargetOpener::open_workspace(const model::TargetSettings&, const std::filesystem::path&, WorkspaceAccess) {
    return Error{ExitCode::Failed, "no workspace can be opened here", ""};
}

} // namespace birdhouse::target

#include "server/workspace.hpp"

namespace birdhouse::server {

namespace {

constexpr std::size_t kStemDigits = 12; // of the workspace's id

} // namespace

Deployed live_of(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    return workspace.live;
}

std::optional<Staged> staging_of(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    return workspace.staging;
}

std::shared_ptr<const Content> content_of(Workspace& workspace) { return live_of(workspace).content; }

std::string database_stem(const Workspace& workspace) { return "d_" + workspace.id.substr(0, kStemDigits); }

} // namespace birdhouse::server

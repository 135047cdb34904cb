#include "server/workspace.hpp"

namespace birdhouse::server {

std::shared_ptr<const Content> content_of(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    return workspace.content;
}

} // namespace birdhouse::server

#include "server/branch.hpp"

#include "server/staging.hpp"

#include <mutex>
#include <shared_mutex>

namespace birdhouse::server {

Result<std::shared_ptr<Workspace>> make_branch(Core& core, Workspace& main, const std::string& name,
                                               CopiedRows rows) {
    std::shared_ptr<Workspace> branch = core.draft_workspace(name, main.id);
    {
        const std::shared_lock gate(main.gate); // its tables stay until they are copied
        const Deployed live = live_of(main);
        TRY_ASSIGN(const EnginePool::Lease engine, core.engine().lease(EngineUse::Write));
        TRY(copy_database(live, *live.content, rows, branch->live.database, *engine));
        branch->live.content = live.content;
    }
    {
        const std::scoped_lock lock(main.mutex);
        branch->variables = main.variables;
    }
    follow_tokens(*branch, core);
    core.add_workspace(branch);
    return branch;
}

} // namespace birdhouse::server

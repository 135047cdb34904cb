#include "ops/migration_base.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/git_tree.hpp"
#include "ops/temporary_folder.hpp"

namespace birdhouse::ops {

Result<std::unique_ptr<OpenProject>> open_base(const Session& session, const std::string& revision) {
    TRY_ASSIGN(const GitTree tree, read_git_tree(session.folder, revision, session.environment));
    TRY_ASSIGN(const TemporaryFolder folder, TemporaryFolder::make());
    std::vector<FileText> files;
    for (const TreeFile& file : tree.files) {
        files.push_back({folder.path() / file.path, file.content});
    }
    TRY(write_all_if_changed(files));
    auto base =
        std::make_unique<OpenProject>(open_project(folder.path(), datafile_options(session.environment)));
    if (!base->usable()) {
        return Error{ExitCode::Problems, "the project of " + backquoted(revision) + " cannot be read",
                     "`birdhouse check` there says why; or verify from nothing, without --from"};
    }
    return base;
}

} // namespace birdhouse::ops

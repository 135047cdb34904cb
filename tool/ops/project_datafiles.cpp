#include "ops/project_datafiles.hpp"

#include "ops/generate.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace fs = std::filesystem;

Result<std::vector<ProjectDatafile>> datafiles_of(OpenProject& open, const fs::path& folder,
                                                  Diagnostics& problems) {
    std::vector<ProjectDatafile> files;
    for (const codec::DatafileSource& file : open.datafiles) {
        if (file.kind != syntax::DatafileKind::Include) {
            files.push_back(
                {std::string(open.sources.path(file.source)), std::string(open.sources.text(file.source))});
        }
    }
    std::error_code ignored; // a folder that cannot be looked at has no definitions
    if (fs::exists(folder / "birdhouse.yaml", ignored)) {
        TRY_ASSIGN(const std::vector<RenderedFile> rendered,
                   render_datafiles(open.project, folder, open.sources, problems));
        for (const RenderedFile& file : rendered) {
            files.push_back({file.path, file.text});
        }
    }
    std::sort(files.begin(), files.end(),
              [](const ProjectDatafile& a, const ProjectDatafile& b) { return a.path < b.path; });
    return files;
}

} // namespace birdhouse::ops

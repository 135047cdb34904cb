#include "regeneration.hpp"

#include "base/files.hpp"
#include "ops/generate.hpp"
#include "ops/import.hpp"

#include <algorithm>
#include <vector>

namespace birdhouse::corpus {

namespace fs = std::filesystem;

namespace {

// What stands beside the definitions as a datafile is generated too, when it has no errors: else it is as it
// was.
template <class Resource>
std::size_t add_kept(const std::vector<Resource>& from, const SourceMap& sources, std::vector<Resource>& to) {
    std::size_t kept = 0;
    for (const Resource& resource : from) {
        const bool stays =
            codec::datafile_kind(fs::path(sources.path(resource.origin.span.source))).has_value();
        kept += stays ? 1 : 0;
        if (stays && std::ranges::find(to, resource.name, &Resource::name) == to.end()) {
            to.push_back(resource);
        }
    }
    return kept;
}

} // namespace

Regenerated regenerate(const ops::OpenProject& open, const fs::path& folder, bool groups) {
    const ops::ImportPlan plan = ops::plan_import(open, {"imported", groups});
    if (const Result<void> written = ops::write_import(plan, folder); !written) {
        return {{}, 0, "import: " + written.error().message};
    }
    ops::OpenProject made = ops::open_project(folder);
    // What `generate` writes, but for files with errors: for their sake it would write none at all.
    const auto rendered = ops::render_datafiles(made.project, folder, made.sources, made.problems);
    if (!rendered) {
        return {{}, 0, "generate: " + rendered.error().message};
    }
    const fs::path output = folder / "build/tinybird";
    for (const ops::RenderedFile& file : *rendered) {
        if (const auto written = write_if_changed(output / file.path, file.text); !written) {
            return {{}, 0, "generate: " + written.error().message};
        }
    }
    codec::DatafileOptions options;
    options.dialect = open.sign.dialect;
    ops::OpenProject read = ops::open_project(output, options);
    Regenerated regenerated{std::move(read.project), 0, ""};
    regenerated.kept = add_kept(made.project.datasources, made.sources, regenerated.project.datasources) +
                       add_kept(made.project.pipes, made.sources, regenerated.project.pipes) +
                       add_kept(made.project.connections, made.sources, regenerated.project.connections);
    return regenerated;
}

} // namespace birdhouse::corpus

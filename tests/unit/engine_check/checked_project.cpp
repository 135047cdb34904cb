#include "unit/engine_check/checked_project.hpp"

#include "base/text.hpp"
#include "target/embedded.hpp"

namespace birdhouse::testing {

Result<std::unique_ptr<target::SqlTarget>> ScratchOpener::open(const model::TargetSettings&,
                                                               const std::filesystem::path&) {
    return Error{ExitCode::Failed, "a check opens no target", {}};
}

bool ScratchOpener::exists(const model::TargetSettings&, const std::filesystem::path&) { return false; }

Result<std::unique_ptr<target::SqlChannel>> ScratchOpener::open_scratch() {
    return target::open_scratch(library_);
}

Result<std::string> ScratchOpener::engine_version() { return target::engine_version(library_); }

CheckedProject check_project(const std::filesystem::path& folder, target::TargetOpener& targets) {
    CheckedProject checked;
    checked.open = ops::open_project(folder);
    checked.found.append(checked.open.problems);
    checked.figures =
        ops::check_on_engine(checked.open.project, checked.open.sources, targets, checked.found);
    return checked;
}

std::string figures_of(const ops::EngineCheck& figures) {
    return counted(figures.datasources, "datasource") + " taken, " +
           std::to_string(figures.refused_datasources) + " refused; " + counted(figures.nodes, "node") +
           " accepted, " + std::to_string(figures.refused_nodes) + " refused, " +
           std::to_string(figures.unchecked_nodes) + " not judged\n";
}

} // namespace birdhouse::testing

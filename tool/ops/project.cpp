#include "ops/project.hpp"

#include "base/text.hpp"
#include "codec/definitions.hpp"

#include <optional>
#include <string_view>

namespace birdhouse::ops {

OpenProject open_project(const std::filesystem::path& folder) {
    OpenProject open;
    if (std::optional<codec::LoadedProject> loaded =
            codec::load_project(folder, open.sources, open.problems)) {
        open.project = std::move(loaded->project);
        open.migrations = std::move(loaded->migrations);
    }
    return open;
}

Result<model::TargetSettings> choose_target(const model::Config& config, const std::string& name) {
    const std::string& wanted = name.empty() ? config.default_target : name;
    if (const model::TargetSettings* found = model::find_target(config, wanted)) {
        model::TargetSettings settings = *found;
        settings.database = settings.database.empty() ? config.name : settings.database;
        return settings;
    }
    std::vector<std::string_view> names;
    std::vector<std::string> shown;
    for (const model::TargetSettings& target : config.targets) {
        names.push_back(target.name);
        shown.push_back(backquoted(target.name));
    }
    const std::optional<std::string> near = nearest(wanted, names);
    return Error{ExitCode::Usage, "no target is called " + backquoted(wanted),
                 near ? "did you mean " + backquoted(*near) + "?"
                      : "birdhouse.yaml has " + join(shown, ", ")};
}

} // namespace birdhouse::ops

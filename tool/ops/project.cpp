#include "ops/project.hpp"

#include "base/text.hpp"
#include "codec/contract_file.hpp"
#include "codec/definitions.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

// What marks the root of a project, the surest first.
constexpr auto kRootMarks = std::to_array<std::string_view>(
    {"birdhouse.yaml", ".tinyb", ".tinyenv", "tinybird.config.json", "tinybird.config.mjs"});

bool holds_datafiles(const fs::path& folder) {
    const Result<std::vector<fs::path>> files = codec::list_datafiles(folder);
    return files.ok() && !files->empty();
}

} // namespace

OpenProject open_project(const fs::path& folder, const codec::DatafileOptions& options) {
    OpenProject open;
    if (std::optional<codec::LoadedProject> loaded =
            codec::load_project(folder, options, open.sources, open.problems)) {
        open.project = std::move(loaded->project);
        open.migrations = std::move(loaded->migrations);
        open.sign = std::move(loaded->sign);
        open.datafiles = std::move(loaded->datafiles);
        open.contracts = codec::load_contracts(folder, open.sources, open.problems);
    }
    return open;
}

codec::DatafileOptions datafile_options(const Environment& environment, const std::string& generation) {
    codec::DatafileOptions options;
    options.variable = [&environment](std::string_view name) { return environment.get(name); };
    if (!generation.empty()) {
        options.dialect = generation == "classic" ? syntax::Dialect::Classic : syntax::Dialect::Forward;
    }
    return options;
}

bool holds_project(const fs::path& folder) {
    std::error_code ignored; // what cannot be looked at is no project
    return fs::exists(folder / kRootMarks.front(), ignored) || holds_datafiles(folder);
}

std::optional<fs::path> find_project(const fs::path& from) {
    std::error_code ignored; // an unreadable parent holds no project for us
    for (const std::string_view mark : kRootMarks) {
        for (fs::path folder = from;; folder = folder.parent_path()) {
            if (fs::exists(folder / mark, ignored)) {
                return folder;
            }
            if (folder == folder.parent_path()) {
                break;
            }
        }
    }
    return holds_datafiles(from) ? std::optional(from) : std::nullopt;
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

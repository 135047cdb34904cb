#include "ops/doctor.hpp"

#include "ops/project.hpp"

#include <system_error>

namespace birdhouse::ops {

namespace {

EngineHealth examine_engine(target::TargetOpener& targets) {
    EngineHealth health;
    const Result<std::string> version = targets.engine_version();
    health.path = targets.engine_path().string(); // known even when it loads and then does not start
    if (!version) {
        health.failure = version.error();
        return health;
    }
    health.version = *version;
    return health;
}

ProjectHealth examine_project(const OpenProject& open) {
    return {open.project.config.name, open.project.datasources.size(), open.project.pipes.size(),
            open.migrations.size(),   open.problems.errors(),          open.problems.warnings()};
}

TargetHealth examine_target(const model::TargetSettings& settings, const model::Config& config,
                            const std::filesystem::path& folder) {
    TargetHealth health{settings.name, settings.kind, settings.name == config.default_target, settings.path,
                        std::nullopt};
    if (settings.kind == model::TargetKind::Embedded) {
        health.state = engine::look_at_storage(folder / settings.path);
    }
    return health;
}

} // namespace

DoctorReport examine(Session& session) {
    DoctorReport report;
    report.version = session.version;
    report.folder = session.folder.string();
    report.engine = examine_engine(session.targets);
    std::error_code unreadable; // counts as no project
    if (!std::filesystem::exists(session.folder / "birdhouse.yaml", unreadable)) {
        return report;
    }
    const OpenProject open = open_project(session.folder);
    report.project = examine_project(open);
    for (const model::TargetSettings& settings : open.project.config.targets) {
        report.targets.push_back(examine_target(settings, open.project.config, session.folder));
    }
    return report;
}

} // namespace birdhouse::ops

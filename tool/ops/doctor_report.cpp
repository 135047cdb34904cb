// The doctor's findings, for people and for programs.
#include "base/text.hpp"
#include "ops/doctor.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(model::TargetKind kind) {
    switch (kind) {
    case model::TargetKind::Embedded:
        return "embedded";
    case model::TargetKind::ClickHouse:
        return "clickhouse";
    case model::TargetKind::TinybirdForward:
        return "tinybird forward";
    case model::TargetKind::TinybirdClassic:
        return "tinybird classic";
    }
    return "";
}

std::string_view name_of(const std::optional<engine::StorageState>& state) {
    if (!state) {
        return "not looked at";
    }
    switch (*state) {
    case engine::StorageState::Missing:
        return "not made yet";
    case engine::StorageState::Free:
        return "ready";
    case engine::StorageState::InUse:
        return "in use";
    case engine::StorageState::Blocked:
        return "not usable";
    }
    return "";
}

// What `name_of` leaves open.
std::string_view remark_on(const std::optional<engine::StorageState>& state) {
    if (state == engine::StorageState::Missing) {
        return ": the first command that needs it makes it";
    }
    if (state == engine::StorageState::InUse) {
        return ": another process has it open, a `serve` perhaps";
    }
    if (state == engine::StorageState::Blocked) {
        return ": it is not a folder, or may not be written";
    }
    return "";
}

std::string render_engine(const EngineHealth& engine) {
    if (engine.works()) {
        return "engine    ClickHouse " + engine.version + " from " + printable(engine.path) + "\n";
    }
    std::string text = "engine    none: " + engine.failure->message + "\n";
    if (!engine.failure->hint.empty()) {
        text += "          = help: " + engine.failure->hint + "\n";
    }
    return text +
           "          commands that only read and write files work without it: `generate`, `validate`\n";
}

std::string render_project(const DoctorReport& report) {
    if (!report.project) {
        return "project   none: no birdhouse.yaml in " + printable(report.folder) + " or above\n";
    }
    const ProjectHealth& project = *report.project;
    std::string text = "project   " + printable(project.name) + " in " + printable(report.folder) + ": " +
                       counted(project.datasources, "datasource") + ", " + counted(project.pipes, "pipe") +
                       ", " + counted(project.migrations, "migration") + "\n";
    if (project.errors + project.warnings != 0) {
        text += "          its files have " + counted(project.errors, "error") + " and " +
                counted(project.warnings, "warning") + ": `birdhouse generate --check` shows them\n";
    }
    return text;
}

std::string render_target(const TargetHealth& target) {
    std::string text = "target    " + printable(target.name) + (target.is_default ? " (default)" : "") +
                       ": " + std::string(name_of(target.kind));
    if (target.state) {
        text += " in " + printable(target.storage);
    }
    return text + ", " + std::string(name_of(target.state)) + std::string(remark_on(target.state)) + "\n";
}

Json json_of(const EngineHealth& engine) {
    Json json = {{"works", engine.works()},
                 {"version", engine.works() ? Json(engine.version) : Json()},
                 {"path", engine.path.empty() ? Json() : Json(engine.path)}};
    if (engine.failure) {
        json["error"] = engine.failure->message;
        json["help"] = engine.failure->hint;
    }
    return json;
}

Json json_of(const std::optional<ProjectHealth>& project) {
    if (!project) {
        return {};
    }
    return {{"name", project->name},     {"datasources", project->datasources},
            {"pipes", project->pipes},   {"migrations", project->migrations},
            {"errors", project->errors}, {"warnings", project->warnings}};
}

Json json_of(const std::vector<TargetHealth>& targets) {
    Json list = Json::array();
    for (const TargetHealth& target : targets) {
        list.push_back({{"name", target.name},
                        {"kind", name_of(target.kind)},
                        {"default", target.is_default},
                        {"path", target.state ? Json(target.storage) : Json()},
                        {"state", name_of(target.state)}});
    }
    return list;
}

} // namespace

std::string render_text(const DoctorReport& report) {
    std::string text =
        "birdhouse " + report.version + "\n" + render_engine(report.engine) + render_project(report);
    for (const TargetHealth& target : report.targets) {
        text += render_target(target);
    }
    return text;
}

std::string render_json(const DoctorReport& report) {
    const Json json = {{"version", report.version},
                       {"folder", report.folder},
                       {"engine", json_of(report.engine)},
                       {"project", json_of(report.project)},
                       {"targets", json_of(report.targets)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; // a path need not be UTF-8
}

} // namespace birdhouse::ops

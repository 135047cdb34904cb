// What works here: the engine, the project, the storage of its targets. Changes nothing.
#pragma once

#include "base/result.hpp"
#include "engine/storage.hpp"
#include "model/project.hpp"
#include "ops/session.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct EngineHealth {
    std::string version;          // "26.7.2.1"; empty when it does not work
    std::string path;             // of libchdb.so
    std::optional<Error> failure; // why not, and how to get it
    bool works() const { return !failure; }
};

struct ProjectHealth {
    std::string name;
    std::size_t datasources = 0;
    std::size_t pipes = 0;
    std::size_t migrations = 0;
    std::size_t errors = 0; // in its files
    std::size_t warnings = 0;
};

struct TargetHealth {
    std::string name;
    model::TargetKind kind = model::TargetKind::Embedded;
    bool is_default = false;
    std::string storage;                       // the folder, as configured
    std::optional<engine::StorageState> state; // absent for kinds that keep no folder here
};

struct DoctorReport {
    std::string version; // of birdhouse
    std::string folder;
    EngineHealth engine;
    std::optional<ProjectHealth> project; // absent outside of one
    std::vector<TargetHealth> targets;
};

DoctorReport examine(Session& session);

std::string render_text(const DoctorReport& report);
std::string render_json(const DoctorReport& report);

} // namespace birdhouse::ops

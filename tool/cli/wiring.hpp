// Real objects for a session: environment, clock, targets. The only place that names concrete targets.
#pragma once

#include "ops/session.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::cli {

class ProcessEnvironment final : public ops::Environment {
public:
    std::optional<std::string> get(std::string_view name) const override;
};

class SystemClock final : public ops::Clock {
public:
    std::chrono::system_clock::time_point now() const override { return std::chrono::system_clock::now(); }
};

// Looks for the engine library beside `executable` and where the environment says.
std::unique_ptr<target::TargetOpener> make_target_opener(const ops::Environment& environment,
                                                         const std::filesystem::path& executable);

// The engine in memory still keeps its parts in files, below TMPDIR, and removes them at its end. On a disk
// they are most of what proving a migration costs: unless TMPDIR is set they go to /dev/shm, where that is
// memory with room. To be called before anything else runs.
void keep_engine_files_in_memory(const ops::Environment& environment);

// The running program's file.
std::filesystem::path executable_path();

} // namespace birdhouse::cli

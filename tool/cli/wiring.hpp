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

// The running program's file.
std::filesystem::path executable_path();

} // namespace birdhouse::cli

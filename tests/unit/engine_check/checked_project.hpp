// A project checked on the engine, for tests: the opener, and all that is found as text.
#pragma once

#include "engine/library.hpp"
#include "ops/engine_check.hpp"
#include "ops/project.hpp"
#include "target/target.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace birdhouse::testing {

// Opens engines in memory and nothing else.
class ScratchOpener final : public target::TargetOpener {
public:
    explicit ScratchOpener(std::shared_ptr<engine::Library> library) : library_(std::move(library)) {}
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& project_folder) override;
    bool exists(const model::TargetSettings& settings, const std::filesystem::path& project_folder) override;
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override;
    Result<std::string> engine_version() override;

private:
    std::shared_ptr<engine::Library> library_;
};

struct CheckedProject {
    ops::OpenProject open;
    Diagnostics found; // by reading it and by the engine
    Result<ops::EngineCheck> figures = ops::EngineCheck{};
};

CheckedProject check_project(const std::filesystem::path& folder, target::TargetOpener& targets);

// "3 datasources, 5 nodes" and what was refused.
std::string figures_of(const ops::EngineCheck& figures);

} // namespace birdhouse::testing

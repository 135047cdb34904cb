// What a run that was stopped left behind on this machine: which deployment it had asked for. It tells our
// own deployment from somebody else's, which is never touched.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::target {

struct DeploymentRecord {
    std::string workspace;           // its id
    std::string files;               // the hash of what was sent
    std::string deployment;          // empty: asked for, and not answered yet
    std::vector<std::string> before; // the ids that were there before it was asked for
    friend bool operator==(const DeploymentRecord&, const DeploymentRecord&) = default;
};

class DeploymentJournal {
public:
    explicit DeploymentJournal(std::filesystem::path file) : file_(std::move(file)) {}

    // Nothing when no run was stopped. A file that cannot be read counts as none: it is only a help.
    std::optional<DeploymentRecord> read() const;
    Result<void> write(const DeploymentRecord& record) const;
    Result<void> clear() const;

private:
    std::filesystem::path file_;
};

} // namespace birdhouse::target

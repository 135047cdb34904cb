// Where changes go. What each kind of target does with them is behind this interface.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/channel.hpp"
#include "target/workspace.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace birdhouse::target {

// A target that speaks SQL: embedded, or a ClickHouse server. A Tinybird workspace is a WorkspaceTarget.
class SqlTarget {
public:
    virtual ~SqlTarget() = default;
    SqlTarget() = default;
    SqlTarget(const SqlTarget&) = delete;
    SqlTarget& operator=(const SqlTarget&) = delete;

    virtual const std::string& name() const = 0;     // as in birdhouse.yaml
    virtual const std::string& database() const = 0; // holds the datasources and the ledger; exists once open
    virtual SqlChannel& channel() = 0;
    // Can no other process have it open meanwhile? What another left there was left by a dead one then.
    virtual bool is_exclusive() const { return false; }
};

// Opens targets. The only place that knows the concrete kinds stands in cli/.
enum class ChannelUse { ReadOnly, ReadAndWrite };

class TargetOpener {
public:
    virtual ~TargetOpener() = default;
    TargetOpener() = default;
    TargetOpener(const TargetOpener&) = delete;
    TargetOpener& operator=(const TargetOpener&) = delete;

    virtual Result<std::unique_ptr<SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& project_folder) = 0;
    // Was anything ever stored there? A target that was never used need not be opened, and so not be made.
    virtual bool exists(const model::TargetSettings& settings,
                        const std::filesystem::path& project_folder) = 0;
    // A fresh engine in memory, for proofs. At most one engine is open in a process at a time:
    // destroy it before `open`.
    virtual Result<std::unique_ptr<SqlChannel>> open_scratch() = 0;
    // One of several connections to an engine over `storage`, or in memory when it is empty. What is read
    // only has limits of time, memory and size as well: its statements come from outside.
    virtual Result<std::unique_ptr<SqlChannel>> open_channel(const std::filesystem::path& storage,
                                                             ChannelUse use);
    // A Tinybird workspace. Nothing is asked of it yet.
    virtual Result<std::unique_ptr<WorkspaceTarget>>
    open_workspace(const model::TargetSettings& settings, const std::filesystem::path& project_folder,
                   WorkspaceAccess access);
    // Can an engine be loaded here? The error says how to get it. Loads it to find out.
    virtual Result<std::string> engine_version() = 0;
    // The file the engine was loaded from; empty while none is.
    virtual std::filesystem::path engine_path() const { return {}; }
};

} // namespace birdhouse::target

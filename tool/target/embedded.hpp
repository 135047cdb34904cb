// The engine in this process as a target: a folder that keeps what is applied to it, or memory for proofs.
#pragma once

#include "base/result.hpp"
#include "engine/connection.hpp"
#include "model/project.hpp"
#include "target/channel.hpp"
#include "target/target.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace birdhouse::target {

class EmbeddedChannel final : public SqlChannel {
public:
    explicit EmbeddedChannel(engine::Connection connection) : connection_(std::move(connection)) {}

    Result<QueryResult> query(std::string_view sql, std::string_view format,
                              std::span<const Parameter> parameters) override;
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override;

private:
    engine::Connection connection_;
};

class EmbeddedTarget final : public SqlTarget {
public:
    EmbeddedTarget(std::string name, std::string database, engine::Connection connection)
        : name_(std::move(name)), database_(std::move(database)), channel_(std::move(connection)) {}

    const std::string& name() const override { return name_; }
    const std::string& database() const override { return database_; }
    SqlChannel& channel() override { return channel_; }
    bool is_exclusive() const override { return true; } // the engine locks its folder

private:
    std::string name_;
    std::string database_;
    EmbeddedChannel channel_;
};

// The storage folder of an embedded target.
std::filesystem::path storage_folder(const model::TargetSettings& settings,
                                     const std::filesystem::path& project_folder);

// Makes the folder and the database when they are missing; the database is the channel's current one.
Result<std::unique_ptr<SqlTarget>> open_embedded(const std::shared_ptr<engine::Library>& library,
                                                 const model::TargetSettings& settings,
                                                 const std::filesystem::path& project_folder);

// An empty engine in memory. It has no database of the project's: make one and `USE` it.
Result<std::unique_ptr<SqlChannel>> open_scratch(const std::shared_ptr<engine::Library>& library);

// One of several connections, see TargetOpener.
Result<std::unique_ptr<SqlChannel>> open_channel(const std::shared_ptr<engine::Library>& library,
                                                 const std::filesystem::path& storage, ChannelUse use);

// The engine's own version, "26.7.2.1". Asks an engine in memory, so no other storage may be open.
Result<std::string> engine_version(const std::shared_ptr<engine::Library>& library);

} // namespace birdhouse::target

// A ClickHouse server, or a cluster of them, as a target.
#pragma once

#include "base/result.hpp"
#include "model/project.hpp"
#include "target/http_channel.hpp"
#include "target/target.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace birdhouse::target {

class ClickHouseTarget final : public SqlTarget {
public:
    ClickHouseTarget(model::TargetSettings settings, std::unique_ptr<SqlChannel> channel)
        : settings_(std::move(settings)), channel_(std::move(channel)) {}

    const std::string& name() const override { return settings_.name; }
    const std::string& database() const override { return settings_.database; }
    SqlChannel& channel() override { return *channel_; }

private:
    model::TargetSettings settings_;
    std::unique_ptr<SqlChannel> channel_;
};

// Looks up an environment variable.
using Variable = std::function<std::optional<std::string>(std::string_view)>;

// Makes the database when it is missing.
Result<std::unique_ptr<SqlTarget>> open_clickhouse(const model::TargetSettings& settings,
                                                   const Variable& variable, const std::stop_token& stop);

} // namespace birdhouse::target

// What a run is given in tests: an environment and a clock that stand still, a target that plays back
// answers.
#pragma once

#include "ops/run.hpp"
#include "ops/session.hpp"

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::testing {

struct FixedEnvironment final : ops::Environment {
    std::map<std::string, std::string, std::less<>> variables;
    std::optional<std::string> get(std::string_view name) const override;
};

struct FixedClock final : ops::Clock {
    std::chrono::system_clock::time_point now() const override; // 2026-11-20 12:00:00 UTC
};

struct Asked {
    std::string sql;
    std::string format;
    std::vector<std::pair<std::string, std::string>> parameters;
};

// Answers every query with `answer`, except SET and the question whether a table exists.
struct PlaybackTarget final : target::SqlTarget, target::SqlChannel {
    std::vector<Asked> asked;
    Result<target::QueryResult> answer = target::QueryResult{};
    std::string tables = "0";

    const std::string& name() const override { return name_; }
    const std::string& database() const override { return database_; }
    target::SqlChannel& channel() override { return *this; }
    Result<target::QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const target::Parameter> parameters) override;
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override;

private:
    std::string name_ = "local";
    std::string database_ = "shop";
};

struct NoTargets final : target::TargetOpener {
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& project_folder) override;
    bool exists(const model::TargetSettings& settings, const std::filesystem::path& project_folder) override;
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override;
    Result<std::string> engine_version() override;
};

struct RunWorld {
    FixedEnvironment environment;
    FixedClock clock;
    NoTargets targets;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    ops::Session session{{}, in, out, err, environment, clock, targets, false, false, {}};
};

ops::RunRequest ask(std::string pipe, std::vector<std::pair<std::string, std::string>> parameters = {},
                    std::string node = {}, ops::RunFormat format = ops::RunFormat::Table);

} // namespace birdhouse::testing

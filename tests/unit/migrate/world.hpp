// A project in a folder of its own and everything a verb of `migrate` needs, over the real engine. What
// reaches the target passes a hook, which may count it, kill the process, or do what another would.
#pragma once

#include "engine/library.hpp"
#include "ops/migrate.hpp"
#include "ops/session.hpp"
#include "support/golden.hpp"
#include "support/migrations.hpp"
#include "target/target.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

namespace birdhouse::testing {

// Called with each statement before the target gets it, and the channel it goes to; rows of the ledger are
// statements too. Reads are not.
using StatementHook = std::function<void(target::SqlChannel& channel, std::string_view sql)>;

class HookedOpener final : public target::TargetOpener {
public:
    explicit HookedOpener(StatementHook hook) : hook_(std::move(hook)) {}

    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& folder) override;
    bool exists(const model::TargetSettings& settings, const std::filesystem::path& folder) override;
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override;
    Result<std::string> engine_version() override { return std::string("test"); }

private:
    Result<std::shared_ptr<engine::Library>> load();

    StatementHook hook_;
    std::shared_ptr<engine::Library> library_;
};

class NoEnvironment final : public ops::Environment {
public:
    std::optional<std::string> get(std::string_view) const override { return std::nullopt; }
};

class NoClock final : public ops::Clock {
public:
    std::chrono::system_clock::time_point now() const override { return {}; }
};

struct World {
    std::filesystem::path folder;
    NoEnvironment environment;
    NoClock clock;
    HookedOpener opener;
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    ops::Session session;
    explicit World(std::filesystem::path where, StatementHook hook = {})
        : folder(std::move(where)),
          opener(std::move(hook)), session{folder, in,     out,   err,   environment,
                                           clock,  opener, false, false, "test"} {}
};

// How `apply` ended: its exit code, and what it said.
struct Outcome {
    int code = 0;
    std::string message;
    std::string hint;
    std::string problems;
    std::vector<std::string> notes;
};
Outcome apply(const std::filesystem::path& folder, StatementHook hook = {}, const std::string& up_to = "",
              const ops::RunOptions& options = {});

// On the default target. `query` gives TSV, or the error's message.
std::string query(const std::filesystem::path& folder, const std::string& sql);

} // namespace birdhouse::testing

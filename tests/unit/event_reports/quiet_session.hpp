// A session whose streams are texts, whose clock stands still and which has no targets to open.
#pragma once

#include "ops/session.hpp"

#include <sstream>

namespace birdhouse::testing {

class QuietSession {
public:
    explicit QuietSession(const std::string& input, std::filesystem::path folder = {})
        : in_(input), session_{.folder = std::move(folder),
                               .in = in_,
                               .out = out_,
                               .err = err_,
                               .environment = environment_,
                               .clock = clock_,
                               .targets = targets_,
                               .colour = false,
                               .progress = false,
                               .version = {}} {}
    ops::Session& get() { return session_; }

private:
    class NoEnvironment : public ops::Environment {
        std::optional<std::string> get(std::string_view) const override { return std::nullopt; }
    };
    class StoppedClock : public ops::Clock {
        std::chrono::system_clock::time_point now() const override {
            return std::chrono::system_clock::time_point(
                std::chrono::seconds(1'750'237'923)); // 2025-06-18 09:12:03
        }
    };
    class NoTargets : public target::TargetOpener {
        Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                        const std::filesystem::path&) override {
            return Error{ExitCode::Bug, "no targets here", ""};
        }
        bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
        Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
            return Error{ExitCode::Bug, "no engine here", ""};
        }
        Result<std::string> engine_version() override { return Error{ExitCode::Bug, "no engine here", ""}; }
    };

    std::istringstream in_;
    std::ostringstream out_;
    std::ostringstream err_;
    NoEnvironment environment_;
    StoppedClock clock_;
    NoTargets targets_;
    ops::Session session_;
};

} // namespace birdhouse::testing

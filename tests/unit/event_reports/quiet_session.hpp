// A session whose streams are texts, whose clock stands still where it is put, and which has no targets to
// open.
#pragma once

#include "ops/session.hpp"

#include <sstream>

namespace birdhouse::testing {

// 2025-06-18 09:12:03
inline constexpr std::chrono::system_clock::time_point kSomeMoment{std::chrono::seconds(1'750'237'923)};

class QuietSession {
public:
    explicit QuietSession(const std::string& input, std::filesystem::path folder = {},
                          std::chrono::system_clock::time_point now = kSomeMoment)
        : in_(input), clock_(now), session_{.folder = std::move(folder),
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
    public:
        explicit StoppedClock(std::chrono::system_clock::time_point now) : now_(now) {}
        std::chrono::system_clock::time_point now() const override { return now_; }

    private:
        std::chrono::system_clock::time_point now_;
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

// A command: its names, its flags, and the function that runs it. Adding one is a file beside this one and
// a line in list.cpp. Commands turn flags into a call of an op and print the op's report; nothing else.
#pragma once

#include "base/result.hpp"
#include "ops/session.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::commands {

// What a command says about its flags. Implemented over the argument library in cli/.
class FlagBinder {
public:
    virtual ~FlagBinder() = default;
    FlagBinder() = default;
    FlagBinder(const FlagBinder&) = delete;
    FlagBinder& operator=(const FlagBinder&) = delete;

    virtual void flag(std::string_view name, bool& value, std::string_view help) = 0;
    // `value_name` stands for the value in the help: "--target NAME".
    virtual void text(std::string_view name, std::string& value, std::string_view value_name,
                      std::string_view help) = 0;
    virtual void number(std::string_view name, std::uint64_t& value, std::string_view value_name,
                        std::string_view help) = 0;
    virtual void choice(std::string_view name, std::string& value, std::vector<std::string> choices,
                        std::string_view help) = 0;
    // May be given several times.
    virtual void list(std::string_view name, std::vector<std::string>& values, std::string_view value_name,
                      std::string_view help) = 0;
    virtual void positional(std::string_view name, std::string& value, bool required,
                            std::string_view help) = 0;
    virtual void rest(std::string_view name, std::vector<std::string>& values, std::string_view help) = 0;
};

struct Command {
    std::vector<std::string> path; // {"migrate", "apply"}
    std::string summary;           // one line for the list of commands
    std::string details;           // what the command does, examples; shown by --help after the flags
    // Binds the flags and gives the function to call once they are parsed.
    std::function<std::function<ExitCode(ops::Session&)>(FlagBinder&)> bind;
    bool needs_project = true; // false: runs outside of any project folder
};

// `Flags` has `void bind(FlagBinder&)`; `run` is `ExitCode run(const Flags&, ops::Session&)`.
template <class Flags>
Command make_command(std::vector<std::string> path, std::string summary, std::string details,
                     ExitCode (*run)(const Flags&, ops::Session&)) {
    Command command;
    command.path = std::move(path);
    command.summary = std::move(summary);
    command.details = std::move(details);
    command.bind = [run](FlagBinder& binder) -> std::function<ExitCode(ops::Session&)> {
        auto flags = std::make_shared<Flags>();
        flags->bind(binder);
        return [flags, run](ops::Session& session) { return run(*flags, session); };
    };
    return command;
}

// Prints `error: ...` and its hint to `session.err`; gives the exit code to leave with.
ExitCode report_failure(const Error& error, ops::Session& session);

} // namespace birdhouse::commands

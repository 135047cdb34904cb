// Arguments to a chosen command with its flags bound, through CLI11: the only place that knows it.
#pragma once

#include "base/result.hpp"
#include "commands/command.hpp"

#include <functional>
#include <string>
#include <vector>

namespace birdhouse::cli {

// What the arguments came to: a command to run, or text that is all there is to say.
struct Parsed {
    std::function<ExitCode(ops::Session&)> run; // empty when only `text` is to be printed
    std::string project;
    bool needs_project = true;
    std::string text;               // help or version for stdout; a usage error for stderr
    ExitCode code = ExitCode::Fine; // when `run` is empty
};

// `version` is what --version prints, without a line end.
Parsed parse_arguments(const std::vector<commands::Command>& commands,
                       const std::vector<std::string>& arguments, const std::string& version);

} // namespace birdhouse::cli

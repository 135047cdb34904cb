#include "cli/app.hpp"

#include "base/text.hpp"
#include "cli/argv.hpp"
#include "cli/version.hpp"
#include "cli/wiring.hpp"
#include "commands/list.hpp"
#include "ops/network.hpp"
#include "ops/project.hpp"

#include <exception>
#include <filesystem>
#include <iostream>

#include <unistd.h>

namespace birdhouse::cli {

namespace {

namespace fs = std::filesystem;

std::string version_line() {
    return "birdhouse " + std::string(kVersion) + " (" + std::string(kCommit) + ")";
}

Result<fs::path> choose_folder(const Parsed& parsed) {
    std::error_code failure;
    const fs::path here = fs::current_path(failure);
    if (failure) {
        return Error{ExitCode::Failed, "the working folder cannot be read: " + failure.message(), ""};
    }
    if (parsed.project.empty()) {
        const std::optional<fs::path> found = parsed.needs_project ? ops::find_project(here) : std::nullopt;
        if (!found && parsed.needs_project) {
            return Error{ExitCode::Usage,
                         "no birdhouse.yaml here or in a folder above, and no datafiles here",
                         "go to a project's folder, or name it with --project DIR"};
        }
        return found.value_or(here);
    }
    const bool is_project = ops::holds_project(parsed.project);
    if (parsed.needs_project && !is_project) {
        return Error{ExitCode::Usage,
                     backquoted(parsed.project) + " holds no birdhouse.yaml and no datafiles",
                     "name the folder of a project"};
    }
    return fs::path(parsed.project);
}

Ending run_command(const Parsed& parsed) {
    const ProcessEnvironment environment;
    keep_engine_files_in_memory(environment);
    const SystemClock clock;
    const std::unique_ptr<target::TargetOpener> targets = make_target_opener(environment, executable_path());
    ops::RealNetwork network("birdhouse/" + std::string(kVersion));
    const bool no_colour = !environment.get("NO_COLOR").value_or("").empty();
    const Result<fs::path> folder = choose_folder(parsed);
    ops::Session session{folder ? *folder : fs::path("."),
                         std::cin,
                         std::cout,
                         std::cerr,
                         environment,
                         clock,
                         *targets,
                         ::isatty(STDOUT_FILENO) != 0 && !no_colour,
                         ::isatty(STDERR_FILENO) != 0,
                         std::string(kVersion) + " (" + std::string(kCommit) + ")",
                         &network};
    if (!folder) {
        return {commands::report_failure(folder.error(), session), false};
    }
    ExitCode code = parsed.run(session);
    std::cout.flush();
    if (!std::cout) {
        code = commands::report_failure(
            {ExitCode::Failed, "the output could not be written", "is the disk full?"}, session);
    }
    return {code, !targets->engine_path().empty()};
}

} // namespace

Ending run(const std::vector<std::string>& arguments) {
    try {
        std::ios::sync_with_stdio(false);
        const Parsed parsed = parse_arguments(commands::all(), arguments, version_line());
        if (parsed.run) {
            return run_command(parsed);
        }
        (parsed.code == ExitCode::Fine ? std::cout : std::cerr) << parsed.text << std::flush;
        return {parsed.code, false};
    } catch (const std::exception& failure) {
        std::cerr << "error: birdhouse failed in a way it should not: " << failure.what()
                  << "\n  = help: please report this with the command and the files that led to it\n";
    } catch (...) {
        std::cerr << "error: birdhouse failed in a way it should not\n";
    }
    return {ExitCode::Bug, false};
}

} // namespace birdhouse::cli

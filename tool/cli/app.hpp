// The program: arguments in, exit code out.
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace birdhouse::cli {

struct Ending {
    ExitCode code = ExitCode::Fine;
    bool loaded_engine = false; // its threads are there until the process is not
};

// `arguments` as main receives them, the program's name first. Never throws.
Ending run(const std::vector<std::string>& arguments);

} // namespace birdhouse::cli

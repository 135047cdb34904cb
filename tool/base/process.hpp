// Another program, run as a child. Its arguments reach it as they are given here: no shell reads them.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace birdhouse {

struct Program {
    std::vector<std::string> arguments;   // the first is the program, found on PATH
    std::vector<std::string> environment; // NAME=value: all that the child sees of it
    std::string input;                    // what it reads from standard input
    std::size_t most_output = std::size_t{256}
                              << 20U; // bytes of either stream; a child that prints more is stopped
};

struct ProgramOutput {
    int exit_code = 0; // 128 and the signal's number when a signal ended it
    std::string out;
    std::string err;
};

// Waits for the program to end. An Error means that it did not run to its end, not that it was unhappy.
Result<ProgramOutput> run_program(const Program& program);

} // namespace birdhouse

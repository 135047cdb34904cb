#include "cli/app.hpp"

#include <cstdio>
#include <iostream>

#include <unistd.h>

namespace {

// Threads of the engine outlive its connections, some twenty of them, and would still be there while the
// destructors of its own globals run: a process that is busy enough could crash there, after all was done.
// What is open is closed by now, so only the streams are left to be written.
[[noreturn]] void end_at_once(int code) {
    std::cout.flush();
    std::cerr.flush();
    static_cast<void>(std::fflush(nullptr));
    ::_exit(code);
}

} // namespace

int main(int argc, char** argv) {
    const birdhouse::cli::Ending ending = birdhouse::cli::run({argv, argv + argc});
    const int code = static_cast<int>(ending.code);
    if (ending.loaded_engine) {
        end_at_once(code);
    }
    return code;
}

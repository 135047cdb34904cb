// The program: arguments in, exit code out.
#pragma once

#include <string>
#include <vector>

namespace birdhouse::cli {

// `arguments` as main receives them, the program's name first. Never throws.
int run(const std::vector<std::string>& arguments);

} // namespace birdhouse::cli

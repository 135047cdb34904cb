#include "cli/app.hpp"

int main(int argc, char** argv) { return birdhouse::cli::run({argv, argv + argc}); }

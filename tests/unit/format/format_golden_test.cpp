// Datafiles and their canonical form. Of a file with errors the expectation holds the problems.
#include "formatting.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

TEST_CASE("datafiles are formatted as their golden cases say") {
    for (const auto& input : golden_inputs("fmt")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const Formatted formatted =
                format_whole(input.filename().string(), read_text(input), formatting_of_file(input));
            CHECK(formatted.difference == "");
            check_golden(input, formatted.text ? formatted.problems + *formatted.text
                                               : formatted.problems + "== left alone\n");
        }
    }
}

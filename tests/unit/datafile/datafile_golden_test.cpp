#include "datafile_reading.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::testing;

TEST_CASE("datafiles read as their golden cases say") {
    for (const auto& input : golden_inputs("datafiles")) {
        DYNAMIC_SECTION(input.filename().string()) {
            check_golden(input, describe_datafile(input, read_text(input)));
        }
    }
}

#include "events/numbers.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::events;

TEST_CASE("integer limits are the powers of two") {
    CHECK(integer_limits(8, false).highest == "255");
    CHECK(integer_limits(8, true).highest == "127");
    CHECK(integer_limits(8, true).lowest == "128");
    CHECK(integer_limits(64, false).highest == "18446744073709551615");
    CHECK(integer_limits(256, true).highest ==
          "57896044618658097711785492504343953926634992332820282019728792003956564819967");
}

TEST_CASE("a number has the shape that JSON gives it") {
    for (const char* good : {"0", "-0", "10", "0.5", "1e5", "1E+5", "1.25e-7", "-1.0"}) {
        INFO(good);
        CHECK(number_shape(good).well_formed);
    }
    for (const char* bad :
         {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "1.e5", "1x", "0x1", "1 ", "NaN", "--1", "1-"}) {
        INFO(bad);
        CHECK_FALSE(number_shape(bad).well_formed);
    }
    CHECK(number_shape("12").integral);
    CHECK_FALSE(number_shape("12.0").integral);
    CHECK_FALSE(number_shape("1e2").integral);
}

TEST_CASE("leading zeros of a number in quotes do not count as digits") {
    CHECK(fits("000000000000000000255", integer_limits(8, false)));
    CHECK(fits("-000", integer_limits(8, false)));
}

TEST_CASE("an exponent moves the point of a decimal") {
    CHECK(fits_decimal("0.001e5", 5, 2));
    CHECK_FALSE(fits_decimal("0.001e6", 5, 2));
    CHECK(fits_decimal("123456e-3", 5, 2));
    CHECK(fits_decimal("0e999999999999999999999", 5, 2));
    CHECK_FALSE(fits_decimal("1e999999999999999999999", 5, 2));
    CHECK(fits_decimal("1e-999999999999999999999", 5, 2));
}

TEST_CASE("a float is told infinite from too small, however it is written") {
    CHECK_FALSE(fits_float(std::string(400, '9'), 64));
    CHECK(fits_float("0." + std::string(400, '0') + "1", 64));
    CHECK(fits_float("1" + std::string(400, '0') + "e-400", 64));
    CHECK_FALSE(fits_float("-1e39", 32));
    CHECK(fits_float("-1e38", 32));
}

TEST_CASE("numbers compare exactly past the digits of a double") {
    CHECK(compare_numbers("9007199254740993", "9007199254740992") > 0);
    CHECK(compare_numbers("-9007199254740993", "-9007199254740992") < 0);
    CHECK(compare_numbers("-1", "1") < 0);
    CHECK(compare_numbers("1.5", "1") > 0);
    CHECK(compare_numbers("-0", "0") == 0);
}

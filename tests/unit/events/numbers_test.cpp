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

TEST_CASE("a decimal is written without its exponent, and cut to its scale") {
    const auto written = [](std::string_view number, unsigned scale) {
        std::string out;
        append_decimal(out, number, scale);
        return out;
    };
    CHECK(written("12.345", 2) == "12.34");
    CHECK(written("-1.5e3", 4) == "-1500");
    CHECK(written("-6856410E-487", 0) == "-0");
    CHECK(written("1234567e-1", 2) == "123456.7");
    CHECK(written("0.00012e2", 4) == "0.012");
    CHECK(written("0.00012e2", 2) == "0.01");
    CHECK(written("0e57", 2) == "0");
    CHECK(written("-0.0", 2) == "0");
    CHECK(written("12", 0) == "12");
    CHECK(written("1e-99999999999999999999", 3) == "0.000");
}

TEST_CASE("a Float32 is what its text rounds to") {
    CHECK(fits_float("3.4028235e38", 32));
    CHECK_FALSE(fits_float("3.4028236e38", 32));
    CHECK(fits_float("1e-60", 32));
    CHECK_FALSE(fits_float("-1e39", 32));
}

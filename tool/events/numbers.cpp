#include "events/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace birdhouse::events {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) {
        ++end;
    }
    return end - at;
}

struct Magnitude {
    bool negative = false;
    std::string_view digits; // without leading zeros; at least one digit
};

Magnitude magnitude_of(std::string_view integer) {
    const bool negative = integer.starts_with('-');
    integer.remove_prefix(negative ? 1 : 0);
    const std::size_t first = integer.find_first_not_of('0');
    const std::string_view digits =
        first == std::string_view::npos ? integer.substr(integer.size() - 1) : integer.substr(first);
    return {negative && digits != "0", digits};
}

int compare_magnitudes(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) {
        return a.size() < b.size() ? -1 : 1;
    }
    return a.compare(b);
}

// 2 to the power of `exponent`, in decimal.
std::string power_of_two(unsigned exponent) {
    std::string reversed = "1";
    for (unsigned i = 0; i < exponent; ++i) {
        int carry = 0;
        for (char& digit : reversed) {
            const int doubled = (digit - '0') * 2 + carry;
            digit = static_cast<char>('0' + doubled % 10);
            carry = doubled / 10;
        }
        if (carry != 0) {
            reversed += '1';
        }
    }
    return {reversed.rbegin(), reversed.rend()};
}

// No power of two but 1 ends in 0, so only the last digit changes.
std::string less_one(std::string power) {
    --power.back();
    return power;
}

// Past every type's range either way it is clamped, and small enough to add to.
std::int64_t read_exponent(std::string_view digits) {
    constexpr std::int64_t kBeyondAllTypes = std::int64_t{1} << 40U;
    std::int64_t exponent = 0;
    digits.remove_prefix(digits.starts_with('+') ? 1 : 0);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (failure != std::errc() || exponent > kBeyondAllTypes || exponent < -kBeyondAllTypes) {
        return digits.starts_with('-') ? -kBeyondAllTypes : kBeyondAllTypes;
    }
    return exponent;
}

// Digits before the point once the exponent has moved it, not positive when there are none; nothing for zero.
std::optional<std::int64_t> digits_before_point(std::string_view number) {
    number.remove_prefix(number.starts_with('-') ? 1 : 0);
    const std::size_t e = number.find_first_of("eE");
    const std::string_view mantissa = number.substr(0, e);
    const std::size_t first = mantissa.find_first_not_of("0.");
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    const std::int64_t exponent = e == std::string_view::npos ? 0 : read_exponent(number.substr(e + 1));
    const auto position = [](std::size_t at) { return static_cast<std::int64_t>(at); };
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    const std::int64_t whole =
        first < point ? position(point - first) : position(point) + 1 - position(first);
    return whole + exponent;
}

// Infinite values come back as such; those too near zero as zero.
double to_double(std::string_view number) {
    double value = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (failure != std::errc::result_out_of_range) {
        return value;
    }
    const bool huge = digits_before_point(number).value_or(0) > 0;
    return huge ? std::numeric_limits<double>::infinity() * (number.starts_with('-') ? -1 : 1) : 0.0;
}

} // namespace

NumberShape number_shape(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) {
        return {};
    }
    at += whole;
    NumberShape shape{true, at == text.size()};
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits_at(text, at + 1);
        shape.well_formed = fraction != 0;
        at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        const bool is_signed = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
        at += is_signed ? 2U : 1U;
        const std::size_t exponent = digits_at(text, at);
        shape.well_formed = shape.well_formed && exponent != 0;
        at += exponent;
    }
    shape.well_formed = shape.well_formed && at == text.size();
    return shape;
}

IntegerLimits integer_limits(unsigned bits, bool is_signed) {
    if (!is_signed) {
        return {less_one(power_of_two(bits)), "0"};
    }
    const std::string half = power_of_two(bits - 1);
    return {less_one(half), half};
}

bool fits(std::string_view integral_number, const IntegerLimits& limits) {
    const Magnitude magnitude = magnitude_of(integral_number);
    return compare_magnitudes(magnitude.digits, magnitude.negative ? limits.lowest : limits.highest) <= 0;
}

bool fits_float(std::string_view number, unsigned bits) {
    // Without an exponent 38 digits stay below both limits: the usual case is decided by the length.
    constexpr std::size_t kSurelyFinite = 38;
    if (number.size() <= kSurelyFinite && number.find_first_of("eE") == std::string_view::npos) {
        return true;
    }
    if (bits == 32) {
        // Rounded to the nearest Float32, which may be the largest: 3.4028235e38 is how that one is written.
        float value = 0;
        const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
        return failure != std::errc::result_out_of_range || digits_before_point(number).value_or(0) <= 0;
    }
    return std::isfinite(to_double(number));
}

bool fits_decimal(std::string_view number, unsigned precision, unsigned scale) {
    const std::int64_t room = static_cast<std::int64_t>(precision) - static_cast<std::int64_t>(scale);
    return digits_before_point(number).value_or(room) <= room;
}

void append_decimal(std::string& out, std::string_view number, unsigned scale) {
    const std::size_t e = std::min(number.find_first_of("eE"), number.size());
    const std::int64_t exponent = e == number.size() ? 0 : read_exponent(number.substr(e + 1));
    std::string digits(number.substr(0, e));
    const bool negative = digits.front() == '-';
    digits.erase(0, negative ? 1 : 0);
    const std::size_t written_point = std::min(digits.find('.'), digits.size());
    digits.erase(written_point, 1);
    // Zeroes in front take no part, and their number must not be one to pad to.
    const std::size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) {
        out += '0';
        return;
    }
    digits.erase(0, first);
    const std::int64_t point =
        static_cast<std::int64_t>(written_point) - static_cast<std::int64_t>(first) + exponent;
    const auto whole = static_cast<std::size_t>(std::max<std::int64_t>(point, 0));
    out += negative ? "-" : "";
    out += whole == 0 ? "0" : digits.substr(0, whole);
    out.append(whole > digits.size() ? whole - digits.size() : 0, '0');
    const auto zeroes =
        static_cast<std::size_t>(std::min<std::int64_t>(std::max<std::int64_t>(-point, 0), scale));
    const std::string fraction =
        std::string(zeroes, '0') + (whole < digits.size() ? digits.substr(whole) : std::string());
    if (scale != 0 && whole < digits.size()) {
        out += '.';
        out += fraction.substr(0, scale);
    }
}

int compare_numbers(std::string_view a, std::string_view b) {
    if (!number_shape(a).integral || !number_shape(b).integral) {
        const double difference = to_double(a) - to_double(b);
        return difference < 0 ? -1 : difference > 0 ? 1 : 0;
    }
    const Magnitude left = magnitude_of(a);
    const Magnitude right = magnitude_of(b);
    if (left.negative != right.negative) {
        return left.negative ? -1 : 1;
    }
    const int order = compare_magnitudes(left.digits, right.digits);
    return left.negative ? -order : order;
}

} // namespace birdhouse::events

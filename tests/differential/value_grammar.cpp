#include "value_grammar.hpp"

#include "events/json_text.hpp"

#include <array>
#include <string_view>

namespace birdhouse::differential {

namespace {

Leaf number(std::string digits) { return {Kind::Number, digits, digits, digits}; }

Leaf text(std::string meaning) {
    Leaf leaf{Kind::Text, "", std::move(meaning), ""};
    events::append_json_string(leaf.json, leaf.text);
    leaf.escaped = leaf.json;
    const auto first = static_cast<unsigned char>(leaf.text.empty() ? '\0' : leaf.text.front());
    if (first >= 0x20 && first < 0x7F && first != '"' && first != '\\') {
        constexpr std::string_view kHex = "0123456789abcdef";
        leaf.escaped = std::string("\"\\u00") + kHex[first >> 4U] + kHex[first & 15U] + leaf.json.substr(2);
    }
    return leaf;
}

std::string random_digits(Chance& chance, std::uint64_t longest) {
    std::string digits;
    for (std::uint64_t length = 1 + chance.below(longest); length > 0; --length) {
        digits += static_cast<char>('0' + chance.below(10));
    }
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string::npos ? "0" : digits.substr(first);
}

// One more or one less in decimal, of a number without a sign.
std::string neighbour(std::string digits, Chance& chance) {
    const bool up = chance.one_in(2);
    for (std::size_t at = digits.size(); at-- > 0;) {
        const char edge = up ? '9' : '0';
        if (digits[at] != edge) {
            digits[at] = static_cast<char>(digits[at] + (up ? 1 : -1));
            const std::size_t first = digits.find_first_not_of('0');
            return first == std::string::npos ? "0" : digits.substr(first);
        }
        digits[at] = up ? '0' : '9';
    }
    return up ? "1" + digits : digits;
}

constexpr auto kEdges = std::to_array<std::string_view>(
    {"0",
     "1",
     "127",
     "128",
     "255",
     "256",
     "32767",
     "32768",
     "65535",
     "65536",
     "2147483647",
     "2147483648",
     "4294967295",
     "4294967296",
     "9223372036854775807",
     "9223372036854775808",
     "18446744073709551615",
     "18446744073709551616",
     "170141183460469231731687303715884105727",
     "170141183460469231731687303715884105728",
     "340282366920938463463374607431768211455",
     "57896044618658097711785492504343953926634992332820282019728792003956564819967",
     "57896044618658097711785492504343953926634992332820282019728792003956564819968",
     "115792089237316195423570985008687907853269984665640564039457584007913129639935",
     "99999999",
     "100000000"});

std::string random_integer(Chance& chance) {
    std::string digits = chance.one_in(2) ? std::string(chance.pick(kEdges))
                                          : random_digits(chance, chance.one_in(4) ? 80 : 12);
    digits = chance.one_in(3) ? neighbour(std::move(digits), chance) : std::move(digits);
    return chance.one_in(3) ? "-" + digits : digits;
}

std::string random_fraction(Chance& chance) {
    std::string digits = (chance.one_in(4) ? "-" : "") + random_digits(chance, chance.one_in(8) ? 60 : 9);
    if (!chance.one_in(4)) {
        digits += "." + std::to_string(chance.below(1'000'000));
    }
    if (chance.one_in(3)) {
        constexpr auto kSigns = std::to_array<std::string_view>({"e", "E", "e+", "e-", "E-"});
        digits +=
            std::string(chance.pick(kSigns)) + std::to_string(chance.below(chance.one_in(3) ? 500 : 40));
    }
    return digits;
}

std::string padded(std::uint64_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

std::string random_date(Chance& chance) {
    constexpr auto kYears = std::to_array<std::uint64_t>(
        {1899, 1900, 1969, 1970, 2024, 2025, 2105, 2106, 2149, 2261, 2262, 2299, 2300});
    constexpr auto kDays = std::to_array<std::string_view>(
        {"02-28", "02-29", "01-01", "12-31", "04-30", "04-31", "06-06", "06-07", "02-07", "04-11"});
    const std::uint64_t year = chance.one_in(3) ? chance.pick(kYears) : 1880 + chance.below(450);
    return padded(year, 4) + "-" +
           (chance.one_in(4) ? std::string(chance.pick(kDays))
                             : padded(1 + chance.below(12), 2) + "-" + padded(1 + chance.below(31), 2));
}

std::string random_time(Chance& chance) {
    std::string moment = random_date(chance) + (chance.one_in(2) ? "T" : " ") + padded(chance.below(24), 2) +
                         ":" + padded(chance.below(60), 2) + ":" + padded(chance.below(60), 2);
    if (chance.one_in(2)) {
        moment += "." + padded(chance.below(1'000'000'000), 9).substr(0, 1 + chance.below(9));
    }
    constexpr auto kOffsets = std::to_array<std::string_view>(
        {"Z", "Z", "Z", "+02:00", "-01:30", "+0545", "-11", "+14:00", "+00:00"});
    return chance.one_in(3) ? moment : moment + std::string(chance.pick(kOffsets));
}

std::string random_uuid(Chance& chance) {
    std::string uuid = "00000000-0000-0000-0000-000000000000";
    for (char& sign : uuid) {
        sign = sign == '-' ? '-' : "0123456789abcdefABCDEF"[chance.below(22)];
    }
    return uuid;
}

std::string random_words(Chance& chance) {
    constexpr auto kParts =
        std::to_array<std::string_view>({"a", "word", " ", "\"", "\\", "\n", "\t", "\x01", "é", "日本", "🚀",
                                         "'", "{}", "null", "0", "-", "Bearer abcdefgh", ""});
    std::string words;
    for (std::uint64_t count = chance.below(6); count > 0; --count) {
        words += chance.pick(kParts);
    }
    return words;
}

// A text that is nearly right.
std::string damaged(std::string right, Chance& chance) {
    constexpr std::string_view kSigns = "0123456789-+:TZ.eE xg";
    if (right.empty()) {
        return " ";
    }
    const std::size_t at = chance.below(right.size());
    switch (chance.below(3)) {
    case 0:
        right[at] = kSigns[chance.below(kSigns.size())];
        break;
    case 1:
        right.erase(at, 1);
        break;
    default:
        right.insert(at, 1, kSigns[chance.below(kSigns.size())]);
        break;
    }
    return right;
}

bool starts(const std::string& type, std::string_view name) { return type.starts_with(name); }

std::string right_text(const std::string& type, Chance& chance) {
    if (starts(type, "UUID")) {
        return random_uuid(chance);
    }
    if (starts(type, "DateTime")) {
        return random_time(chance);
    }
    if (starts(type, "Date")) {
        return random_date(chance);
    }
    if (starts(type, "Int") || starts(type, "UInt")) {
        return random_integer(chance);
    }
    if (starts(type, "Float") || starts(type, "Decimal")) {
        return random_fraction(chance);
    }
    return random_words(chance);
}

// No key stands twice: which of two counts is not asked here.
std::string random_object(Chance& chance, int depth) {
    std::string object = "{";
    for (std::uint64_t key = 0, count = chance.below(4); key < count; ++key) {
        object += (key == 0 ? "\"k" : ",\"k") + std::to_string(key) + "\":";
        switch (chance.below(depth < 3 ? 5 : 3)) {
        case 0:
            object += std::to_string(chance.below(1'000'000));
            break;
        case 1:
            object += text(random_words(chance)).json;
            break;
        case 2:
            object += chance.one_in(2) ? "true" : "null";
            break;
        case 3:
            object += "[" + random_object(chance, depth + 1) + "]";
            break;
        default:
            object += random_object(chance, depth + 1);
            break;
        }
    }
    return object + "}";
}

Leaf of_another_kind(Chance& chance) {
    switch (chance.below(7)) {
    case 0:
        return {Kind::Null, "null", "null", "null"};
    case 1:
        return {Kind::Truth, "true", "true", "true"};
    case 2:
        return {Kind::Truth, "false", "false", "false"};
    case 3:
        return number(random_integer(chance));
    case 4:
        return number(random_fraction(chance));
    case 5:
        return {Kind::Structure, R"({"a": 1})", R"({"a": 1})", R"({"a": 1})"};
    default:
        return text(random_words(chance));
    }
}

} // namespace

Leaf random_leaf(const std::string& type, Chance& chance) {
    if (chance.one_in(10)) {
        return of_another_kind(chance);
    }
    if (starts(type, "JSON")) {
        const std::string object = random_object(chance, 0);
        return {Kind::Structure, object, object, object};
    }
    if (starts(type, "Bool")) {
        const std::string truth = chance.one_in(2) ? "true" : "false";
        return {Kind::Truth, truth, truth, truth};
    }
    const bool numeric =
        starts(type, "Int") || starts(type, "UInt") || starts(type, "Float") || starts(type, "Decimal");
    std::string right = right_text(type, chance);
    if (numeric && !chance.one_in(5)) {
        return number(starts(type, "Decimal") && chance.one_in(3) ? random_integer(chance) : right);
    }
    return text(chance.one_in(6) ? damaged(std::move(right), chance) : right);
}

} // namespace birdhouse::differential

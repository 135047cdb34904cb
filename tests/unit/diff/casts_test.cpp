// The classifier against the engine's own casts: what is said to keep every value keeps the extreme ones, and
// what is said to narrow loses one of them.
#include "base/text.hpp"
#include "codec/type_change.hpp"
#include "engine/connection.hpp"
#include "scalar_types.hpp"
#include "support/engine_library.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using model::ChangeKind;

namespace {

// The ends of each type and something between, as ClickHouse literals that cast to it.
const std::map<std::string, std::string>& extremes() {
    static const std::map<std::string, std::string> values = {
        {"Bool", "'true', 'false'"},
        {"UInt8", "'0', '255'"},
        {"UInt16", "'0', '65535'"},
        {"UInt32", "'0', '4294967295'"},
        {"UInt64", "'0', '18446744073709551615'"},
        {"UInt128", "'0', '340282366920938463463374607431768211455'"},
        {"UInt256", "'0', '115792089237316195423570985008687907853269984665640564039457584007913129639935'"},
        {"Int8", "'-128', '127'"},
        {"Int16", "'-32768', '32767'"},
        {"Int32", "'-2147483648', '2147483647'"},
        {"Int64", "'-9223372036854775808', '9223372036854775807'"},
        {"Int128", "'-170141183460469231731687303715884105728', '170141183460469231731687303715884105727'"},
        {"Int256", "'-57896044618658097711785492504343953926634992332820282019728792003956564819968', "
                   "'57896044618658097711785492504343953926634992332820282019728792003956564819967'"},
        {"BFloat16", "'0', '-2', '0.0078125', '300000000000000000000000000000000000000'"},
        {"Float32", "'0', '-1.5', '0.1', '3.4028235e38', '1.4e-45'"},
        {"Float64", "'0', '-1.5', '0.1', '1.7976931348623157e308', '5e-324'"},
        {"Decimal(9, 0)", "'-999999999', '999999999'"},
        {"Decimal(9, 2)", "'-9999999.99', '9999999.99', '0.01'"},
        {"Decimal(18, 4)", "'-99999999999999.9999', '99999999999999.9999', '0.0001'"},
        {"Decimal(38, 10)", "'9999999999999999999999999999.9999999999', '0.0000000001', '-1'"},
        {"Date", "'1970-01-01', '2149-06-06'"},
        {"Date32", "'1900-01-01', '2299-12-31'"},
        {"DateTime('UTC')", "'1970-01-01 00:00:00', '2106-02-07 06:28:15'"},
        {"DateTime64(0, 'UTC')", "'1900-01-01 00:00:00', '2299-12-31 23:59:59'"},
        {"DateTime64(3, 'UTC')", "'1900-01-01 00:00:00.001', '2299-12-31 23:59:59.999'"},
        {"DateTime64(9, 'UTC')", "'1900-01-01 00:00:00.000000001', '2262-04-11 23:47:16.854775807'"},
        {"FixedString(4)", "'', 'ab', 'abcd'"},
        {"FixedString(16)", "'', 'ab', 'abcdefghijklmnop'"},
        {"Enum8('a' = 1, 'b' = 2)", "'a', 'b'"},
        {"Enum16('a' = 1, 'b' = 2, 'c' = 300)", "'a', 'c'"},
        {"UUID", "'00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'"},
        {"IPv4", "'0.0.0.0', '255.255.255.255'"},
        {"IPv6", "'::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"},
    };
    return values;
}

std::string type_literal(std::string_view type) {
    return "'" + replace_all(std::string(type), "'", "\\'") + "'";
}

// Is the condition true for every extreme value `v`? False when the engine cannot work it out.
bool holds(const engine::Connection& connection, const std::string& type, const std::string& condition) {
    const auto answer =
        connection.query("SELECT countIf(NOT (" + condition + ")) FROM (SELECT CAST(arrayJoin([" +
                             extremes().at(type) + "]), " + type_literal(type) + ") AS v)",
                         "TSV", {});
    return answer.ok() && trim(answer->bytes) == "0";
}

bool comes_back(const engine::Connection& connection, const std::string& from, const std::string& to) {
    return holds(connection, from,
                 "CAST(CAST(v, " + type_literal(to) + "), " + type_literal(from) +
                     ") IS NOT DISTINCT FROM v");
}

// Zero bytes behind a FixedString are its padding.
bool reads_the_same(const engine::Connection& connection, const std::string& from, const std::string& to) {
    return holds(connection, from,
                 "trimRight(toString(CAST(v, " + type_literal(to) +
                     ")), char(0)) = trimRight(toString(v), char(0))");
}

// -1 comes back from a UInt8 as it was, and is 255 there.
bool wraps(const std::string& from, const std::string& to) {
    return from.find("Int") < 2 && to.find("Int") < 2;
}

// The engine does not hold a Decimal to its digits; and a Float holds nine digits, but not what they add up
// to.
bool is_known_to_survive(const std::string& from, const std::string& to) {
    return (from == "Int32" && to == "Decimal(9, 0)") || (from == "Decimal(9, 2)" && to == "Float64");
}

} // namespace

TEST_CASE("what the classifier says of scalar types is what the engine's casts do") {
    REQUIRE_ENGINE(library);
    const auto connection = engine::Connection::open(library, engine::Storage{}, {});
    REQUIRE(connection.ok());
    const auto input = std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "tests/golden/diff/scalars.types";
    std::size_t kept = 0;
    std::size_t lost = 0;
    for (const std::string& from : scalar_types(input)) {
        for (const std::string& to : scalar_types(input)) {
            const std::vector<ChangeKind> kinds = codec::compare_types(from, to);
            if (from == "String" || kinds.empty()) {
                continue; // a text may hold anything
            }
            INFO(from << " -> " << to << ": " << to_string(kinds.front()));
            if (codec::keeps_every_value(from, to)) {
                CHECK((comes_back(*connection, from, to) || reads_the_same(*connection, from, to)));
                ++kept;
            } else if (kinds.front() == ChangeKind::TypeNarrowed && !is_known_to_survive(from, to)) {
                CHECK_FALSE((wraps(from, to) ? reads_the_same : comes_back)(*connection, from, to));
                ++lost;
            }
        }
    }
    CHECK(kept > 150);
    CHECK(lost > 150);
}

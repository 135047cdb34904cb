// What is decided eight or sixteen bytes at a time, held against the functions that look at every byte.
#include "events/numbers.hpp"
#include "events/privacy.hpp"
#include "events/text_scan.hpp"
#include "events/times.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

// The text with what may be looked at behind it: other signs, so that looking too far is seen.
class Padded {
public:
    explicit Padded(const std::string& text, char behind = '7')
        : text_(text + std::string(64, behind)), size_(text.size()) {}
    const char* data() const { return text_.data(); }
    std::size_t size() const { return size_; }

private:
    std::string text_;
    std::size_t size_;
};

} // namespace

TEST_CASE("a short integer is read as its value, or not at all") {
    for (const std::string text : {"0", "7", "10", "4294967", "12345678", "99999999"}) {
        for (const char behind : {'7', 'x', ' ', '\0'}) {
            const Padded padded(text, behind);
            std::uint64_t value = 0;
            REQUIRE(events::read_short_integer(padded.data(), padded.size(), value));
            CHECK(value == std::stoull(text));
        }
    }
    for (const std::string text :
         {"", "00", "01", "-1", "1.5", "1e3", "123456789", "12a", "\"1\"", " 1", "1 ", "\xC3\xA4"}) {
        INFO(text);
        const Padded padded(text);
        std::uint64_t value = 0;
        CHECK_FALSE(events::read_short_integer(padded.data(), padded.size(), value));
    }
}

TEST_CASE("a short number is a JSON number, whatever bytes it is made of") {
    std::mt19937 chance(7); // NOLINT(cert-msc51-cpp): the same texts in every run
    const std::string signs = "0011223.,-+eE\" x";
    for (int round = 0; round < 200'000; ++round) {
        std::string text(1 + chance() % 17, ' ');
        for (char& sign : text) {
            sign = signs[chance() % signs.size()];
        }
        const Padded padded(text, signs[chance() % signs.size()]);
        std::size_t point = 0;
        if (events::is_short_number(padded.data(), padded.size(), point)) {
            INFO(text);
            REQUIRE(events::number_shape(text).well_formed);
            REQUIRE(point == std::min(text.find('.'), text.size()));
        }
    }
    std::size_t point = 0;
    for (const std::string text :
         {"0", "0.5", "12.25", "0.0025768978", "1234567890123456", "123456789012.456"}) {
        INFO(text);
        const Padded padded(text);
        CHECK(events::is_short_number(padded.data(), padded.size(), point));
    }
}

TEST_CASE("a usual time is a time, and the usual times are found") {
    std::mt19937 chance(11); // NOLINT(cert-msc51-cpp)
    const std::string good = "2025-06-18T09:12:03.411Z";
    unsigned year = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text = good.substr(0, 10 + chance() % 15);
        for (std::uint64_t changes = chance() % 4; changes > 0; --changes) {
            text[chance() % text.size()] = "0123456789-:TZ .+"[chance() % 17];
        }
        INFO(text);
        const Padded padded(text);
        if (events::is_usual_time(padded.data(), padded.size(), year)) {
            REQUIRE(events::parse_time(text));
            REQUIRE(static_cast<int>(year) == events::parse_time(text)->date.year);
        }
        if (events::is_usual_date(padded.data(), padded.size(), year)) {
            REQUIRE(events::parse_date(text));
            REQUIRE(static_cast<int>(year) == events::parse_date(text)->year);
        }
    }
    for (const std::string text : {"2025-06-18T09:12:03.411Z", "2025-06-18 09:12:03", "2025-12-31T23:59:59Z",
                                   "2024-02-28 00:00:00.12345678"}) {
        INFO(text);
        const Padded padded(text);
        CHECK(events::is_usual_time(padded.data(), padded.size(), year));
    }
}

TEST_CASE("every backslash is seen, wherever it stands") {
    for (std::size_t length = 1; length < 100; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, 'a');
            INFO(length << " " << at);
            CHECK_FALSE(events::scan_text(Padded(text, '\\').data(), length).backslash);
            text[at] = '\\';
            CHECK(events::scan_text(Padded(text).data(), length).backslash);
        }
    }
}

TEST_CASE("what may hold a credential is never passed over") {
    for (const std::string secret : {"Bearer abcdefgh", "bearer abcdefgh", "sk-abcdefghijkl",
                                     "ghp_abcdefghijklmnop", "gho_abcdefghijklmnop", "ghs_abcdefghijklmnop",
                                     "github_pat_abcdefghijklmnop", "eyJabcdefghijklmnopqrst", "?token=abcd",
                                     "token=abcd", "key=abcdefgh", "secret=abcd", "password=abcd"}) {
        REQUIRE(events::find_credential(secret));
        for (std::size_t before = 0; before < 40; ++before) {
            const std::string text = std::string(before, ' ') + secret;
            INFO(text);
            CHECK(events::scan_text(Padded(text).data(), text.size()).credential);
        }
    }
    const std::string harmless = "write a short story about a lighthouse keeper";
    CHECK(events::scan_text(Padded(harmless).data(), harmless.size()).nothing());
}

TEST_CASE("an identifier has hexadecimal digits and four dashes, each in its place") {
    const std::string good = "61f0c404-5cb3-11e7-907b-A6006aD3dba0";
    CHECK(events::is_uuid(Padded(good).data(), good.size()));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char wrong : {'g', '-', '/', ':', '@', '`', 'G', '\x80', '0'}) {
            std::string text = good;
            text[at] = wrong;
            const bool dash = good[at] == '-';
            INFO(text);
            CHECK(events::is_uuid(Padded(text).data(), text.size()) == (dash ? wrong == '-' : wrong == '0'));
        }
    }
}

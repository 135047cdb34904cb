#include "base/hash.hpp"
#include "base/text.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace birdhouse;

TEST_CASE("splitting keeps empty parts and joining gives the text back") {
    const std::vector<std::string_view> parts = split("a,,b,", ',');
    CHECK(parts == std::vector<std::string_view>{"a", "", "b", ""});
    const std::vector<std::string> words{"one", "two", "three"};
    CHECK(join(words, ", ") == "one, two, three");
    CHECK(join(std::vector<std::string>{}, ", ").empty());
}

TEST_CASE("trimming takes blanks off both ends only") {
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \n ").empty());
}

TEST_CASE("the first byte that is not UTF-8 is found") {
    CHECK_FALSE(find_invalid_utf8("plain, é, 漢, 😀"));
    CHECK(find_invalid_utf8("ab\xff") == 2U);
    CHECK(find_invalid_utf8("a\xc3") == 1U);            // cut short
    CHECK(find_invalid_utf8("\xc0\x80") == 0U);         // overlong NUL
    CHECK(find_invalid_utf8("\xed\xa0\x80") == 0U);     // surrogate
    CHECK(find_invalid_utf8("\xf4\x90\x80\x80") == 0U); // past U+10FFFF
    CHECK(find_invalid_utf8("ok \x80") == 3U);          // stray continuation
}

TEST_CASE("shortening counts code points, not bytes") {
    CHECK(shorten("héllo", 5) == "héllo");
    CHECK(shorten("héllo!", 5) == "héllo…");
    CHECK(shorten("漢字漢字", 2) == "漢字…");
    CHECK(shorten("", 0).empty());
}

TEST_CASE("what is printed cannot move the cursor or fake a line") {
    CHECK(printable("a\nb\tc\x1b[31m") == "a\\nb\\tc\\x1b[31m");
    CHECK(printable("é\xff") == "é\\xff");
    CHECK(printable("\xc2\x9b"
                    "31m") == "\\xc2\\x9b31m"); // a one-byte CSI in U+0080 to U+009F
}

TEST_CASE("counts read as sentences do") {
    CHECK(counted(1, "row") == "1 row");
    CHECK(counted(0, "row") == "0 rows");
    CHECK(counted(1234567, "row") == "1,234,567 rows");
    CHECK(with_thousands(999) == "999");
    CHECK(with_thousands(1000) == "1,000");
}

TEST_CASE("the nearest name is offered only when it is near") {
    const std::array<std::string_view, 3> names = {"datasource", "description", "columns"};
    CHECK(nearest("colums", names) == "columns");
    CHECK(nearest("Description", names) == "description");
    CHECK_FALSE(nearest("banana", names));
    CHECK_FALSE(nearest(std::string(100000, 'x'), names));
}

TEST_CASE("sha256 agrees with the published vectors") {
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#include "net/http.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::net;

TEST_CASE("a form's fields keep their order and may come twice") {
    CHECK(parse_form("b=2&a=1&b=3") == Fields{{"b", "2"}, {"a", "1"}, {"b", "3"}});
    CHECK(parse_form("").empty());
    CHECK(parse_form("&&a&=b&c=") == Fields{{"a", ""}, {"", "b"}, {"c", ""}});
}

TEST_CASE("names and values of a form are decoded, and what is no escape stays") {
    CHECK(parse_form("a%20b=c+d%2B%c3%a9") == Fields{{"a b", "c d+\xC3\xA9"}});
    CHECK(parse_form("a=100%&b=%4&c=%zz") == Fields{{"a", "100%"}, {"b", "%4"}, {"c", "%zz"}});
    CHECK(percent_decode("a+b%2fc") == "a+b/c");
}

TEST_CASE("the first field of a name is found") {
    const Fields fields = {{"a", "1"}, {"a", "2"}};
    CHECK(find(fields, "a") == "1");
    CHECK_FALSE(find(fields, "b"));
}

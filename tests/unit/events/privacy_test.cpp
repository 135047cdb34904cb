#include "events/privacy.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::events;

TEST_CASE("what looks like a credential is found and masked") {
    const auto masked = std::vector<std::pair<std::string, std::string>>{
        {"Authorization: Bearer abc.def-123", "Authorization: Bearer (masked)"},
        {"key sk-none-1111INVENTED1111 was used", "key sk-(masked) was used"},
        {"ghp_abcdefghijklmnop1234", "ghp_(masked)"},
        {"github_pat_11AAAAAAAAAAAAAAAAAAAA", "github_pat_(masked)"},
        {"p.eyJ1IjogImludmVudGVkIn0.c2lnbmF0dXJl", "p.eyJ(masked)"},
        {"https://a.example/?token=zz9plural&x=1", "https://a.example/?token=(masked)&x=1"},
        {"password=hunter22 secret=abcd", "password=(masked) secret=(masked)"},
    };
    for (const auto& [text, expected] : masked) {
        INFO(text);
        CHECK(may_hold_credential(text));
        CHECK(find_credential(text));
        CHECK(mask_credentials(text) == expected);
        // The place of it does not matter to the fast filter.
        CHECK(may_hold_credential(std::string(61, 'x') + " " + text));
        CHECK(may_hold_credential(std::string(63, 'x') + " " + text + std::string(200, 'x')));
    }
}

TEST_CASE("words that only begin like a credential are left alone") {
    for (const std::string text : {"the bearer of news", "sk-8", "ask-someone-about-this-thing", "ghp_short",
                                   "eyJabc", "tokens=", "", "a", "ab", "monkey business"}) {
        INFO(text);
        CHECK_FALSE(find_credential(text));
        CHECK(mask_credentials(text) == text);
    }
    CHECK_FALSE(
        may_hold_credential(R"({"id":"a","count":12,"text":"nothing to see here, move along please"})"));
}

TEST_CASE("an address is full when its last part is not cut") {
    for (const char* full : {"198.51.100.23", "10.0.0.1", "2001:db8:1:2::1", "::1", "2001:db8:aaaa:1::"}) {
        INFO(full);
        CHECK(is_full_address(full));
    }
    for (const char* cut : {"198.51.100.0", "203.0.113.0/24", "2001:db8:aaaa::", "b9c6f1d2a7e84c30", "",
                            "not an address", "999.1.1.1", "1.2.3"}) {
        INFO(cut);
        CHECK_FALSE(is_full_address(cut));
    }
}

#include "base/base64.hpp"
#include "base/hash.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

TEST_CASE("base64 goes there and back, and refuses what it is not") {
    for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xFF\xFE\x00"}) {
        CHECK(decode_base64url(encode_base64url(text)) == text);
    }
    CHECK(encode_base64url("\xFB\xFF") == "-_8"); // + and / in the other alphabet
    CHECK(decode_base64url("Zm9vYg==") == "foob");
    CHECK_FALSE(decode_base64url("Zm9v+w"));
    CHECK_FALSE(decode_base64url("Zm9vY")); // six bits are no byte
}

TEST_CASE("HMAC-SHA256 is that of RFC 4231") {
    CHECK(hexadecimal(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hexadecimal(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST_CASE("secrets are compared as texts are") {
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK(equal_in_constant_time("", ""));
    CHECK(random_bytes(16) != random_bytes(16));
}

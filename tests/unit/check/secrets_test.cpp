#include "ops/rules/secrets.hpp"

#include <string>

#include <catch2/catch.hpp>

using birdhouse::ops::find_secret;

namespace {

// The part that would be hidden.
std::string found(std::string_view text) {
    const auto place = find_secret(text);
    return place ? std::string(text.substr(place->begin, place->end - place->begin)) : "";
}

} // namespace

TEST_CASE("passwords in URLs, AWS keys and tokens are found, and only their secret part") {
    CHECK(found("'https://bird:swordfish@example.org/x'") == "swordfish");
    CHECK(found("postgres://u:p4ss@db:5432/x") == "p4ss");
    CHECK(found("'AKIAABCDEFGHIJKLMNOP'") == "AKIAABCDEFGHIJKLMNOP");
    CHECK(found("'Bearer abcdefgh12345678'") == "abcdefgh12345678");
    CHECK(found("https://api.example.org/v0/x?token=abcd1234efgh") == "abcd1234efgh");
}

TEST_CASE("what only looks a little like one is none") {
    for (const char* text :
         {"https://example.org:8080/a@b", "https://example.org/a:b@c", "http://user@example.org",
          "https://user:{{ tb_secret(\"X\") }}@example.org", "https://user:$PASSWORD@example.org",
          "https://user:<password>@example.org", "AKIA", "AKIAABCDEFGHIJKLMNOPQ", "XAKIAABCDEFGHIJKLMNOP",
          "Bearer xxxxxxxxxxxx", "sk-", "://:@", "a://b:", ""}) {
        CAPTURE(text);
        CHECK(found(text) == "");
    }
}

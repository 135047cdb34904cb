#include "base/process.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

Program shell(const std::string& script) { return {{"sh", "-c", script}, {}, "", 1U << 20U}; }

} // namespace

TEST_CASE("a program's output, talk and exit code come back apart") {
    const auto done = run_program(shell("echo data; echo talk >&2; exit 3"));
    REQUIRE(done.ok());
    CHECK(done->exit_code == 3);
    CHECK(done->out == "data\n");
    CHECK(done->err == "talk\n");
}

TEST_CASE("arguments reach the program as they are") {
    const std::string odd = "$(id) `id` 'x' \"y\" ; | \n *";
    const auto done = run_program({{"printf", "%s|", odd, "", "-n"}, {}, "", 1U << 20U});
    REQUIRE(done.ok());
    CHECK(done->out == odd + "||-n|");
}

TEST_CASE("a program reads its input whole, however much it prints meanwhile") {
    std::string text;
    for (int line = 0; line < 200'000; ++line) {
        text += "line " + std::to_string(line) + "\n";
    }
    const auto done = run_program({{"cat"}, {}, text, 64U << 20U});
    REQUIRE(done.ok());
    CHECK(done->out == text);
}

TEST_CASE("input that nobody reads is no failure") {
    const auto done = run_program({{"true"}, {}, std::string(1U << 20U, 'x'), 1U << 20U});
    REQUIRE(done.ok());
    CHECK(done->exit_code == 0);
}

TEST_CASE("a program sees the environment it is given and no other") {
    const auto done = run_program({{"env"}, {"COLOUR=green"}, "", 1U << 20U});
    REQUIRE(done.ok());
    CHECK(done->out == "COLOUR=green\n");
}

TEST_CASE("a program that is not there is an error that says so") {
    const auto done = run_program({{"birdhouse-no-such-program"}, {}, "", 1U << 20U});
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().message == "`birdhouse-no-such-program` is not installed, or not on the PATH");
}

TEST_CASE("a program that prints without end is stopped") {
    const auto done = run_program({{"yes"}, {}, "", 1'000'000});
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().message == "`yes` printed more than 1,000,000 bytes");
}

TEST_CASE("a program that a signal ends says which") {
    const auto done = run_program(shell("kill -9 $$"));
    REQUIRE(done.ok());
    CHECK(done->exit_code == 137);
}

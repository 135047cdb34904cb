#include "engine/failure.hpp"

#include <catch2/catch.hpp>

using birdhouse::Error;
using birdhouse::ExitCode;
using birdhouse::engine::Failure;
using birdhouse::engine::parse_failure;
using birdhouse::engine::refused;

TEST_CASE("a failure is taken apart into code, name and first line") {
    CHECK(parse_failure(
              "Code: 60. DB::Exception: Unknown table expression identifier 'shop.t' in scope SELECT 1. "
              "(UNKNOWN_TABLE)") ==
          Failure{60, "UNKNOWN_TABLE", "Unknown table expression identifier 'shop.t' in scope SELECT 1"});
}

TEST_CASE("the name is found behind a message of several lines") {
    CHECK(parse_failure(
              "Code: 62. DB::Exception: Syntax error: failed at position 9 (FRM) (line 2, col 1): FRM t\n"
              "WHERE x. Expected one of: FROM, WHERE. (SYNTAX_ERROR)\n") ==
          Failure{62, "SYNTAX_ERROR", "Syntax error: failed at position 9 (FRM) (line 2, col 1): FRM t"});
}

TEST_CASE("the engine's version behind the name is left out") {
    CHECK(parse_failure("Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. "
                        "(NOT_ENOUGH_SPACE) (version 26.7.2.1)") ==
          Failure{243, "NOT_ENOUGH_SPACE", "Cannot reserve 1.00 MiB, not enough space"});
}

TEST_CASE("the list of what the grammar would take is left out") {
    CHECK(parse_failure(
              "Code: 62. DB::Exception: Syntax error: failed at position 7 (1): 1. Expected one of: token, "
              "FROM. (SYNTAX_ERROR)")
              .message == "Syntax error: failed at position 7 (1): 1");
}

TEST_CASE("a text of another shape is a message as it stands") {
    CHECK(parse_failure("out of luck") == Failure{0, "", "out of luck"});
    CHECK(parse_failure("") == Failure{});
    CHECK(parse_failure("Code: ") == Failure{0, "", "Code:"});
    CHECK(parse_failure("Code: 99999999999999. x") == Failure{0, "", "Code: 99999999999999. x"});
    CHECK(parse_failure("Code: 60") == Failure{0, "", "Code: 60"});
    CHECK(parse_failure("f(x)") == Failure{0, "", "f(x)"});
}

TEST_CASE("a very long message is shortened") {
    const Failure failure = parse_failure(std::string(100000, 'x'));
    CHECK(failure.message == std::string(400, 'x') + "…");
}

TEST_CASE("a refusal carries code and name, and no control characters") {
    const Error error = refused({60, "UNKNOWN_TABLE", "Unknown table\x1b[2J"});
    CHECK(error.code == ExitCode::Failed);
    CHECK(error.message == "the engine refused: Unknown table\\x1b[2J (60 UNKNOWN_TABLE)");
    CHECK(refused({0, "", "out of luck"}).message == "the engine refused: out of luck");
    CHECK(refused({7, "", "odd"}).message == "the engine refused: odd (7)");
}

#include "support/engine_library.hpp"
#include "target/embedded.hpp"
#include "target/sql_text.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::target;

namespace {

const std::string kAwkward = std::string("it's `a` \"b\" \\ \n \t \r é \x01") + '\0' + "end";

} // namespace

TEST_CASE("names and texts are quoted and escaped") {
    CHECK(identifier("id") == "`id`");
    CHECK(identifier("a`b\\") == "`a\\`b\\\\`");
    CHECK(qualified_name("my-db", "t") == "`my-db`.`t`");
    CHECK(string_literal("it's \\") == "'it\\'s \\\\'");
}

TEST_CASE("TSV fields come back as they went") {
    CHECK(escape_tsv("a\tb\nc\\") == "a\\tb\\nc\\\\");
    CHECK(unescape_tsv(escape_tsv(kAwkward)) == kAwkward);
    CHECK(unescape_tsv("it\\'s \\") == "it's \\");
}

TEST_CASE("TSV is rows of fields") {
    CHECK(parse_tsv("").empty());
    CHECK(parse_tsv("a\tb\\tc\n\t\n") == std::vector<std::vector<std::string>>{{"a", "b\tc"}, {"", ""}});
    CHECK(parse_tsv("a") == std::vector<std::vector<std::string>>{{"a"}});
}

TEST_CASE("the engine reads back what was quoted, escaped or bound") {
    REQUIRE_ENGINE(library);
    const auto scratch = open_scratch(library);
    REQUIRE(scratch);
    const auto literal = (*scratch)->query("SELECT " + string_literal(kAwkward), "TSV", {});
    REQUIRE(literal);
    CHECK(parse_tsv(literal->bytes) == std::vector<std::vector<std::string>>{{kAwkward}});
    const std::vector<Parameter> parameters = {{"text", escape_tsv(kAwkward)}};
    const auto bound = (*scratch)->query("SELECT {text:String}", "TSV", parameters);
    REQUIRE(bound);
    CHECK(parse_tsv(bound->bytes) == std::vector<std::vector<std::string>>{{kAwkward}});
    const auto named = (*scratch)->query("SELECT 1 AS " + identifier("a`b \\ 'c' é"), "TSVWithNames", {});
    REQUIRE(named);
    CHECK(parse_tsv(named->bytes) == std::vector<std::vector<std::string>>{{"a`b \\ 'c' é"}, {"1"}});
}

// The proof itself: a text that lost something is found out.
#include "codec/datafile_formatter.hpp"
#include "codec/datafile_formatter_proof.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::find_difference;
using codec::SqlMay;

namespace {

std::string difference(const std::string& before, const std::string& after,
                       syntax::DatafileKind kind = syntax::DatafileKind::Pipe, SqlMay sql = SqlMay::Stay) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("before", before);
    const auto file = codec::parse_for_formatting(source, sources, kind, syntax::Dialect::Forward, problems);
    REQUIRE(file.has_value());
    return find_difference(*file, after, sources, sql).value_or("none");
}

const std::string kPipe = "# head\nTOKEN a READ # why\n\nNODE n\nSQL >\n    SELECT 1\n\nTYPE endpoint\n";

std::string changed(std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

} // namespace

TEST_CASE("blanks, quotes, case and order make no difference") {
    CHECK(difference(kPipe, kPipe) == "none");
    CHECK(
        difference(kPipe, "# head\nTOKEN \"a\" read  # why\nNODE n\ntype \"ENDPOINT\"\nSQL >\n  SELECT 1") ==
        "none");
}

TEST_CASE(
    "the indentation that the lines of a block share is none, also in a directive of another kind of file") {
    const auto in_datasource = [](const std::string& before, const std::string& after) {
        return difference(before, after, syntax::DatafileKind::Datasource);
    };
    CHECK(in_datasource("SQL >\n    SELECT 1\n  FROM t\n", "SQL >\n      SELECT 1\n    FROM t\n") == "none");
    CHECK(in_datasource("SQL >\n    SELECT 1\n  FROM t\n", "SQL >\n    SELECT 1\n    FROM t\n") != "none");
}

TEST_CASE("a lost or changed line is a difference") {
    CHECK(difference(kPipe, changed(kPipe, "TYPE endpoint\n", "")) == "`TYPE endpoint` would be lost");
    CHECK(difference(kPipe, changed(kPipe, "endpoint", "copy")) ==
          "`TYPE endpoint` would become `TYPE copy`");
    CHECK(difference(kPipe, changed(kPipe, "TOKEN a READ", "TOKEN b READ")) ==
          "`TOKEN a\\nread` would become `TOKEN b\\nread`");
    CHECK(difference(kPipe, changed(kPipe, "SELECT 1", "SELECT 2")) ==
          "`SQL SELECT 1` would become `SQL SELECT 2`");
    CHECK(difference(kPipe, kPipe + "TAGS x\n") == "`TAGS x` would be new");
}

TEST_CASE("a line that moves to another node is a difference") {
    const std::string two = "NODE a\nSQL >\n  SELECT 1\nNODE b\nTYPE endpoint\nSQL >\n  SELECT 1\n";
    CHECK(difference(two, "NODE a\nTYPE endpoint\nSQL >\n  SELECT 1\nNODE b\nSQL >\n  SELECT 1\n") ==
          "`TYPE endpoint` would be new");
}

TEST_CASE("a lost comment is a difference") {
    CHECK(difference(kPipe, changed(kPipe, "# head\n", "")) == "a comment would be lost");
    CHECK(difference(kPipe, changed(kPipe, " # why", "")) == "a comment would be lost");
    const std::string schema = "SCHEMA >\n    `a` Int32 -- why\n";
    CHECK(difference(schema, changed(schema, " -- why", ""), syntax::DatafileKind::Datasource) ==
          "a comment would be lost");
}

TEST_CASE("which of two lines is the last one is a difference") {
    CHECK(difference("SCHEMA >\n    `a` Int32\nENGINE_TTL a\nENGINE_TTL b\n",
                     "SCHEMA >\n    `a` Int32\nENGINE_TTL b\nENGINE_TTL a\n",
                     syntax::DatafileKind::Datasource) == "`ENGINE_TTL a` would become `ENGINE_TTL b`");
}

TEST_CASE("a text that does not read is a difference") {
    CHECK(difference(kPipe, changed(kPipe, "NODE", "ODE")) ==
          "the formatted text does not read: `ODE` is not a directive of .pipe files");
}

TEST_CASE("SQL may differ only where it was formatted on purpose") {
    const std::string other = changed(kPipe, "SELECT 1", "SELECT\n        1");
    CHECK(difference(kPipe, other, syntax::DatafileKind::Pipe, SqlMay::Change) == "none");
    CHECK(difference(kPipe, changed(other, "endpoint", "copy"), syntax::DatafileKind::Pipe, SqlMay::Change) ==
          "`TYPE endpoint` would become `TYPE copy`");
}

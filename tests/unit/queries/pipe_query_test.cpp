#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/pipe_query.hpp"
#include "support/golden.hpp"
#include "unit/queries/query_case.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::QueryCase;
using birdhouse::testing::read_query_case;

namespace {

std::optional<codec::MappedSql> compose(const QueryCase& test, Diagnostics& problems) {
    const model::Pipe* pipe = model::find_pipe(test.project, test.pipe);
    REQUIRE(pipe != nullptr);
    if (test.materialized) {
        return codec::compose_materialized(test.project, *pipe, problems);
    }
    const model::Node* node =
        test.node.empty() ? model::result_node(*pipe) : model::find_node(*pipe, test.node);
    REQUIRE(node != nullptr);
    codec::ComposeOptions options;
    options.database = test.database;
    options.table_exists = [&](std::string_view name) { return test.tables.contains(name); };
    const auto render = [](const model::Node& written, Diagnostics&) { return codec::written_sql(written); };
    return codec::compose_query(test.project, *pipe, *node, render, options, problems);
}

// Every piece that was copied byte by byte reads the same at both of its ends.
void check_pieces(const codec::MappedSql& query, const SourceMap& sources) {
    std::uint32_t end = 0;
    for (const codec::SqlPiece& piece : query.pieces) {
        REQUIRE(piece.offset >= end);
        REQUIRE(piece.length > 0);
        end = piece.offset + piece.length;
        REQUIRE(end <= query.sql.size());
        const std::string_view source = sources.slice(piece.source);
        const std::string_view made = std::string_view(query.sql).substr(piece.offset, piece.length);
        if (source.size() == piece.length &&
            source.find(' ') != std::string_view::npos) { // no renamed qualifier
            CHECK(source == made);
        }
    }
}

std::string outcome(const QueryCase& test) {
    Diagnostics problems;
    const std::optional<codec::MappedSql> query = compose(test, problems);
    CHECK(query.has_value() == !problems.has_errors());
    if (!query) {
        return render_text(problems, test.sources);
    }
    check_pieces(*query, test.sources);
    return query->sql + "\n";
}

} // namespace

TEST_CASE("pipes compose as the golden cases say") {
    for (const auto& input : birdhouse::testing::golden_inputs("queries")) {
        if (input.extension() != ".query") {
            continue;
        }
        const QueryCase test =
            read_query_case(input.filename().string(), birdhouse::testing::read_text(input));
        const std::string actual = outcome(test);
        const bool failed = actual.find(": error[") != std::string::npos;
        INFO(input.string() << "\n" << actual);
        CHECK(failed == input.filename().string().starts_with("bad-"));
        birdhouse::testing::check_golden(input, actual);
    }
}

TEST_CASE("a place in the composed query leads back to its line in the source") {
    const QueryCase test = read_query_case("case", "datasource events id\n"
                                                   "pipe top\n"
                                                   "node a\n"
                                                   "    SELECT id,\n"
                                                   "      nosuch\n"
                                                   "    FROM events\n"
                                                   "node b\n"
                                                   "    SELECT * FROM a\n"
                                                   "run top in shop\n");
    Diagnostics problems;
    const std::optional<codec::MappedSql> query = compose(test, problems);
    REQUIRE(query);
    CHECK(query->sql == "SELECT * FROM (\nSELECT id,\n  nosuch\nFROM `shop`.`events` AS events\n) AS a");
    const auto place = [&](std::string_view text) {
        const std::size_t at = query->sql.find(text);
        const Span span = query->source_of(at, at + text.size());
        const LineColumn where = test.sources.locate(span.source, span.begin);
        return std::to_string(where.line) + ":" + std::to_string(where.column) + " " +
               std::string(test.sources.slice(span));
    };
    CHECK(place("nosuch") == "5:7 nosuch");
    CHECK(place("SELECT id") == "4:5 SELECT id");
    CHECK(place("`events`") == "6:10 events"); // a name that was replaced points at the name as a whole
    CHECK(place("(") == "8:19 a");
    CHECK(place(") AS a") == "8:19 a");
    const Span end = query->source_of(query->sql.size(), query->sql.size());
    CHECK(test.sources.locate(end.source, end.begin) == LineColumn{8, 20});
}

TEST_CASE("nodes that use nodes twice each stop at the length the engine reads") {
    std::ostringstream text;
    text << "datasource events id\npipe big\nnode n0\n    SELECT id FROM events\n";
    for (int i = 1; i <= 40; ++i) {
        text << "node n" << i << "\n    SELECT * FROM n" << i - 1 << " UNION ALL SELECT * FROM n" << i - 1
             << "\n";
    }
    text << "run big\n";
    const QueryCase test = read_query_case("case", text.str());
    Diagnostics problems;
    CHECK_FALSE(compose(test, problems));
    REQUIRE(problems.all().size() == 1);
    CHECK(problems.all()[0].code == &codes::T059);
}

TEST_CASE("a chain of nodes stops at its limit") {
    std::ostringstream text;
    text << "datasource events id\npipe deep\nnode n0\n    SELECT id FROM events\n";
    for (int i = 1; i <= 120; ++i) {
        text << "node n" << i << "\n    SELECT * FROM n" << i - 1 << "\n";
    }
    text << "run deep\n";
    const QueryCase test = read_query_case("case", text.str());
    Diagnostics problems;
    CHECK_FALSE(compose(test, problems));
    REQUIRE(problems.all().size() == 1);
    CHECK(problems.all()[0].code == &codes::T058);
}

TEST_CASE("a node made by a program composes without places") {
    model::Project project;
    project.datasources.emplace_back();
    project.datasources.back().name = "events";
    model::Pipe pipe;
    pipe.name = "p";
    pipe.nodes.emplace_back();
    pipe.nodes.back().name = "n";
    pipe.nodes.back().sql = "SELECT * FROM events";
    Diagnostics problems;
    const std::optional<codec::MappedSql> query = codec::compose_materialized(project, pipe, problems);
    REQUIRE(query);
    CHECK(query->sql == "SELECT * FROM events");
    CHECK(query->pieces.empty());
    pipe.nodes[0].sql = "SELECT * FROM event";
    CHECK_FALSE(codec::compose_materialized(project, pipe, problems));
    REQUIRE(problems.all().size() == 1);
    CHECK(problems.all()[0].message == "Resource 'event' not found");
    CHECK(problems.all()[0].help == "did you mean `events`?");
}

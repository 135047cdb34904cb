// What becomes of SQL when the engine is asked to lay it out: a made-up engine answers.
#include "ops/format_sql.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

using Answers = std::map<std::string, Result<std::string>>;

struct Engine final : target::SqlChannel {
    const Answers& answers;
    explicit Engine(const Answers& given) : answers(given) {}

    Result<target::QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const target::Parameter> parameters) override {
        CHECK(sql == "SELECT formatQuery({sql:String})");
        CHECK(format == "RawBLOB");
        REQUIRE(parameters.size() == 1);
        const Result<std::string>& answer = answers.at(parameters[0].value);
        if (!answer) {
            return answer.error();
        }
        return target::QueryResult{*answer, 0, 0, 0};
    }
    Result<std::uint64_t> insert(std::string_view, std::string_view, std::string_view) override {
        return Error{ExitCode::Bug, "nothing is stored", ""};
    }
};

struct Engines final : target::TargetOpener {
    Answers answers;
    int opened = 0;

    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                    const std::filesystem::path&) override {
        return Error{ExitCode::Bug, "no target is wanted", ""};
    }
    bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
        ++opened;
        return std::unique_ptr<target::SqlChannel>(std::make_unique<Engine>(answers));
    }
    Result<std::string> engine_version() override { return std::string("1"); }
};

struct Laid {
    Result<codec::FormattedSql> sql = codec::FormattedSql{};
    std::string problems;
    std::vector<std::string> notices;
};

Laid lay_out(Engines& engines, const std::string& text) {
    SourceMap sources;
    Diagnostics problems;
    Laid laid;
    const SourceId source = sources.add("a.pipe", text);
    const auto file = codec::parse_for_formatting(source, sources, syntax::DatafileKind::Pipe,
                                                  syntax::Dialect::Forward, problems);
    REQUIRE(file.has_value());
    ops::SqlFormatter formatter(engines);
    laid.sql = formatter.format(*file, sources, problems, laid.notices);
    laid.problems = render_text(problems, sources);
    return laid;
}

const std::string kNode = "NODE n\nSQL >\n    select 1\n";

} // namespace

TEST_CASE("the engine's text takes the place of the SQL once it settles") {
    Engines engines;
    engines.answers = {{"select 1", std::string("SELECT 1")}, {"SELECT 1", std::string("SELECT 1")}};
    const Laid laid = lay_out(engines, kNode + "NODE m\nSQL >\n  select 1");
    REQUIRE(laid.sql.ok());
    CHECK(laid.sql.value() == codec::FormattedSql{{1, "SELECT 1"}, {3, "SELECT 1"}});
    CHECK(laid.problems.empty());
    CHECK(laid.notices.empty());
    CHECK(engines.opened == 1);
}

TEST_CASE("templates and comments stay, and need no engine") {
    Engines engines;
    const Laid laid = lay_out(engines, "NODE a\nSQL >\n    %\n    SELECT 1\n"
                                       "NODE b\nSQL >\n    SELECT 1 -- why\n"
                                       "NODE c\nSQL >\n    SELECT 1\n    # why\n");
    REQUIRE(laid.sql.ok());
    CHECK(laid.sql->empty());
    CHECK(
        laid.notices ==
        std::vector<std::string>{
            "a.pipe: the SQL of node `b` is left as it is: the engine's formatter would lose its comments",
            "a.pipe: the SQL of node `c` is left as it is: the engine's formatter would lose its comments"});
    CHECK(engines.opened == 0);
}

TEST_CASE("a text that does not settle, or hides a password, is not taken") {
    Engines engines;
    engines.answers = {{"select 1", std::string("SELECT 1")}, {"SELECT 1", std::string("SELECT 1.")}};
    Laid laid = lay_out(engines, kNode);
    REQUIRE(laid.sql.ok());
    CHECK(laid.sql->empty());
    CHECK(laid.notices ==
          std::vector<std::string>{"a.pipe: the SQL of node `n` is left as it is: the engine's "
                                   "formatter does not settle on one text"});
    engines.answers = {{"select 1", std::string("SELECT '[HIDDEN]'")},
                       {"SELECT '[HIDDEN]'", std::string("SELECT '[HIDDEN]'")}};
    laid = lay_out(engines, kNode);
    REQUIRE(laid.sql.ok());
    CHECK(laid.sql->empty());
    CHECK(laid.notices ==
          std::vector<std::string>{"a.pipe: the SQL of node `n` is left as it is: the engine's "
                                   "formatter would hide its passwords"});
}

TEST_CASE("SQL that the engine refuses is warned of at its place") {
    Engines engines;
    engines.answers = {{"select 1", Error{ExitCode::Failed,
                                          "the engine refused: Syntax error: failed at position 8 (1) (line "
                                          "1, col 8): 1. (62 SYNTAX_ERROR)",
                                          ""}}};
    const Laid laid = lay_out(engines, kNode);
    REQUIRE(laid.sql.ok());
    CHECK(laid.sql->empty());
    CHECK(laid.problems ==
          "a.pipe:3:12: warning[F205]: the engine cannot format the SQL of node `n`: Syntax error "
          "(62 SYNTAX_ERROR)\n"
          "3 |     select 1\n"
          "  |            ^\n"
          "  = help: mend the SQL; it is left as it is\n");
}

TEST_CASE("an engine that fails ends the work") {
    Engines engines;
    engines.answers = {{"select 1", Error{ExitCode::Failed, "the engine is gone", ""}}};
    const Laid laid = lay_out(engines, kNode);
    REQUIRE(!laid.sql.ok());
    CHECK(laid.sql.error().message == "the engine is gone");
}

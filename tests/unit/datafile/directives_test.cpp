#include "syntax/directives.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::syntax;

TEST_CASE("a directive is found in any case") {
    REQUIRE(find_directive("engine_Ttl") != nullptr);
    CHECK(find_directive("engine_Ttl")->name == "ENGINE_TTL");
    CHECK(find_directive("ENGINE_TT") == nullptr);
    CHECK(find_directive("") == nullptr);
    CHECK(find_directive(std::string(1000, 'A')) == nullptr);
}

TEST_CASE("standing depends on the kind of file and on the dialect") {
    const DirectiveRule& engine = *find_directive("ENGINE");
    CHECK(standing(engine, DatafileKind::Datasource, Dialect::Forward) == Standing::Known);
    CHECK(standing(engine, DatafileKind::Pipe, Dialect::Forward) == Standing::Unknown);
    CHECK(standing(engine, DatafileKind::Pipe, Dialect::Classic) == Standing::Known);
    const DirectiveRule& version = *find_directive("VERSION");
    CHECK(standing(version, DatafileKind::Pipe, Dialect::Forward) == Standing::Ignored);
    CHECK(standing(version, DatafileKind::Connection, Dialect::Forward) == Standing::Unknown);
    const DirectiveRule& forward_query = *find_directive("FORWARD_QUERY");
    CHECK(standing(forward_query, DatafileKind::Datasource, Dialect::Classic) == Standing::Unknown);
    CHECK(standing(*find_directive("SETTINGS"), DatafileKind::Datasource, Dialect::Forward) ==
          Standing::Removed);
    CHECK(standing(*find_directive("INCLUDE"), DatafileKind::Include, Dialect::Forward) == Standing::Known);
}

TEST_CASE("what is ignored or refused says what to do instead") {
    for (const DirectiveRule& rule : directive_rules()) {
        INFO(rule.name);
        CHECK(rule.mend.empty() == (rule.ignored == kNoKind && rule.removed == kNoKind));
    }
}

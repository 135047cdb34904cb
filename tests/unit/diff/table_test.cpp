#include "model/change_assessment.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse::model;

TEST_CASE("the table of changes has one row a kind, in the order of the kinds") {
    const auto rows = change_rows();
    const std::vector<ChangeKind> kinds = all_change_kinds();
    REQUIRE(rows.size() == kinds.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(to_string(kinds[i]));
        CHECK(to_string(rows[i].kind) == to_string(kinds[i]));
    }
}

TEST_CASE("every row says what happened, why it matters and what to do about it") {
    for (const ChangeRow& row : change_rows()) {
        INFO(to_string(row.kind));
        CHECK_FALSE(row.says.empty());
        CHECK_FALSE(row.why.empty());
        const bool is_harmless = row.change_class == ChangeClass::Safe && row.breaks != Breaks::Consumers;
        CHECK((is_harmless || !row.recipe.empty() || row.codes[0]->id.starts_with("B215")));
        for (const std::string_view sentence : {row.says, row.why, row.recipe}) {
            CHECK_FALSE(sentence.ends_with('.'));
            CHECK(sentence.find('\n') == std::string_view::npos);
        }
    }
}

TEST_CASE("what is destroyed has a code of its family and cannot be fully taken back") {
    for (const ChangeRow& row : change_rows()) {
        if (row.change_class != ChangeClass::Destructive) {
            continue;
        }
        INFO(to_string(row.kind));
        REQUIRE(row.codes[0] != nullptr);
        const bool is_told = row.codes[0]->id.starts_with('D') || row.kind == ChangeKind::EndpointDropped;
        CHECK(is_told);
    }
}

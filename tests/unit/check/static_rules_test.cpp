#include "base/codes.hpp"
#include "ops/check.hpp"
#include "ops/ignores.hpp"
#include "ops/rules/rule.hpp"
#include "support/golden.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

using namespace birdhouse;

TEST_CASE("the table of rules names each code once, in order, and only codes that check reports") {
    std::set<std::string_view> seen;
    std::string_view before;
    for (const ops::Rule& rule : ops::static_rules()) {
        CHECK(seen.insert(rule.code->id).second);
        CHECK(ops::is_checked(*rule.code, false));
        CHECK((before.empty() || before < rule.code->id));
        before = rule.code->id;
    }
}

TEST_CASE("every code of the static rules has a rule or belongs to the ignores") {
    for (const Code* code : codes::kAll) {
        if (code->id < "F300" || code->id >= "F340") {
            continue;
        }
        const auto rules = ops::static_rules();
        CAPTURE(code->id);
        CHECK(std::any_of(rules.begin(), rules.end(),
                          [&](const ops::Rule& rule) { return rule.code == code; }));
        CHECK(ops::can_be_ignored(*code));
    }
}

TEST_CASE("codes of other commands are not looked for") {
    CHECK_FALSE(ops::is_checked(codes::F220, true));
    CHECK_FALSE(ops::is_checked(codes::D101, true));
    CHECK_FALSE(ops::is_checked(codes::E010, true));
    CHECK_FALSE(ops::is_checked(codes::P001, true));
    CHECK(ops::is_checked(codes::P010, false));
    CHECK(ops::is_checked(codes::T062, true));
    CHECK_FALSE(ops::is_checked(codes::T062, false));
}

TEST_CASE("the shipped project has no errors") {
    const ops::OpenProject open = ops::open_project(BIRDHOUSE_SOURCE_DIR);
    const ops::CheckReport report = ops::check_project(open, nullptr, Date{});
    INFO(render_text(report.problems, open.sources));
    CHECK(report.problems.errors() == 0);
}

TEST_CASE("checking twice says the same") {
    const ops::OpenProject open = ops::open_project(BIRDHOUSE_SOURCE_DIR);
    CHECK(render_text(ops::check_project(open, nullptr, Date{}).problems, open.sources) ==
          render_text(ops::check_project(open, nullptr, Date{}).problems, open.sources));
}

TEST_CASE("long chains and rings of nodes end") {
    const testing::TemporaryFolder folder;
    std::string pipe;
    for (int i = 0; i < 400; ++i) {
        pipe += "NODE n" + std::to_string(i) + "\nSQL >\n    SELECT a FROM n" +
                std::to_string((i + 1) % 400) + "\n\n";
    }
    folder.write("pipes/ring.pipe", pipe);
    const ops::OpenProject open = ops::open_project(folder.path());
    const ops::CheckReport report = ops::check_project(open, nullptr, Date{});
    const auto all = report.problems.all();
    CHECK(std::count_if(all.begin(), all.end(),
                        [](const Diagnostic& one) { return one.code == &codes::T057; }) == 1);
}

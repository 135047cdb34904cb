// Laws of the difference over random projects: equal projects differ in nothing, a single change is found,
// named and placed, alone; the way back has as many changes as the way there.
#include "codec/assessed_change.hpp"
#include "codec/project_diff.hpp"
#include "random_project.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using model::Change;
using model::ChangeKind;

namespace {

std::string shown(const std::vector<Change>& changes) {
    std::string text;
    for (const Change& change : changes) {
        text += std::string(to_string(change.kind)) + " " + full_name(change.subject) + "\n";
    }
    return text;
}

} // namespace

TEST_CASE("a project does not differ from itself") {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        const model::Project project = random_project(random);
        CHECK(codec::diff_projects(project, project).empty());
    }
}

TEST_CASE("every single change of a random project is found, named and placed, and no other") {
    std::map<ChangeKind, std::size_t> applied;
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        for (const Mutation& mutation : mutations()) {
            Random random(seed);
            const model::Project before = random_project(random);
            model::Project after = before;
            const std::optional<model::Subject> subject = mutation.apply(after, random);
            if (!subject) {
                continue;
            }
            ++applied[mutation.kind];
            const std::vector<Change> changes = codec::diff_projects(before, after);
            INFO("seed " << seed << ", " << to_string(mutation.kind) << " " << full_name(*subject) << "\n"
                         << shown(changes));
            REQUIRE(changes.size() == 1);
            CHECK(changes.front().kind == mutation.kind);
            CHECK(changes.front().subject == *subject);
            CHECK(codec::diff_projects(before, after) == changes);
        }
    }
    for (const Mutation& mutation : mutations()) {
        INFO(to_string(mutation.kind));
        CHECK(applied[mutation.kind] > 5);
    }
}

TEST_CASE("several changes are all found, in an order that does not depend on how they came about") {
    const std::vector<Mutation> all = mutations();
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        Random random(seed);
        const model::Project before = random_project(random);
        model::Project after = before;
        for (int i = 0; i < 6; ++i) {
            all[random.below(all.size())].apply(after, random);
        }
        const std::vector<Change> there = codec::diff_projects(before, after);
        const std::vector<Change> back = codec::diff_projects(after, before);
        INFO("seed " << seed << "\n" << shown(there) << "back\n" << shown(back));
        CHECK(there.empty() == (before == after));
        CHECK(there.empty() == back.empty());
        const auto assessed = codec::assess_changes(there, before, after);
        REQUIRE(assessed.size() == there.size());
        for (std::size_t i = 0; i < there.size(); ++i) {
            CHECK(assessed[i].change == there[i]);
        }
    }
}

#include "base/text.hpp"
#include "ops/migration_files.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

std::vector<model::Migration> three() {
    std::vector<model::Migration> migrations(3);
    migrations[0].id = "0001_a";
    migrations[0].checksum = "aa";
    migrations[1].id = "0002_b";
    migrations[1].checksum = "bb";
    migrations[2].id = "0003_c";
    migrations[2].checksum = "cc";
    return migrations;
}

std::vector<std::string> messages(const std::vector<ops::SumProblem>& problems) {
    std::vector<std::string> out;
    for (const ops::SumProblem& problem : problems) {
        out.push_back(problem.message);
    }
    return out;
}

} // namespace

TEST_CASE("what was written is found intact") {
    const auto migrations = three();
    CHECK(ops::check_sum(ops::write_sum(migrations), migrations).empty());
    CHECK(ops::check_sum(ops::write_sum({}), {}).empty());
    CHECK(ops::check_sum("", {}).empty());
}

TEST_CASE("an edited, a removed and an unrecorded migration are each named") {
    const std::string sum = ops::write_sum(three());
    auto edited = three();
    edited[1].checksum = "b2";
    CHECK(messages(ops::check_sum(sum, edited)) ==
          std::vector<std::string>{"`0002_b` was edited after it was recorded in birdhouse.sum"});
    auto removed = three();
    removed.erase(removed.begin());
    CHECK(messages(ops::check_sum(sum, removed)) ==
          std::vector<std::string>{"a migration before `0002_b` was added or changed after it",
                                   "`0001_a` is recorded in birdhouse.sum but its file is gone"});
    auto added = three();
    added.push_back(added.back());
    added.back().id = "0004_d";
    CHECK(messages(ops::check_sum(sum, added)) ==
          std::vector<std::string>{"`0004_d` is not recorded in birdhouse.sum"});
}

TEST_CASE("a migration slipped in between breaks the chain even when each line is right") {
    const auto migrations = three();
    auto without = migrations;
    without.erase(without.begin() + 1);
    // As a merge of two branches would leave it: every file has a line, the chain does not hold.
    const std::string sum = ops::write_sum(without) + "0002_b bb feed\n";
    CHECK(messages(ops::check_sum(sum, migrations)) ==
          std::vector<std::string>{"a migration before `0002_b` was added or changed after it"});
}

TEST_CASE("a sum file that makes no sense records nothing") {
    CHECK(ops::check_sum("\x01\x02 nonsense\n0001_a\n", three()).size() == 3);
}

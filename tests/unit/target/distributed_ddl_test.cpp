#include "target/distributed_ddl.hpp"
#include "target/engine_clause.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using target::distributed_ddl;

namespace {

model::TargetSettings cluster(bool replicated = false) {
    model::TargetSettings settings;
    settings.kind = model::TargetKind::ClickHouse;
    settings.cluster = "all-nodes";
    settings.replicated = replicated;
    return settings;
}

} // namespace

TEST_CASE("ON CLUSTER stands behind the name of what is changed") {
    CHECK(distributed_ddl("CREATE TABLE `a`.`b`\n(\n    `x` UInt8\n)\nENGINE = MergeTree\nORDER BY x",
                          cluster()) ==
          "CREATE TABLE `a`.`b` ON CLUSTER `all-nodes`\n(\n    `x` UInt8\n)\nENGINE = MergeTree\nORDER BY x");
    CHECK(distributed_ddl("CREATE TABLE IF NOT EXISTS b (x UInt8) ENGINE = Null", cluster(true)) ==
          "CREATE TABLE IF NOT EXISTS b ON CLUSTER `all-nodes` (x UInt8) ENGINE = Null");
    CHECK(distributed_ddl("ALTER TABLE `a`.`b` ADD COLUMN `c` UInt8", cluster()) ==
          "ALTER TABLE `a`.`b` ON CLUSTER `all-nodes` ADD COLUMN `c` UInt8");
    CHECK(distributed_ddl("CREATE MATERIALIZED VIEW a.v TO a.t\nAS SELECT 1", cluster(true)) ==
          "CREATE MATERIALIZED VIEW a.v ON CLUSTER `all-nodes` TO a.t\nAS SELECT 1");
    CHECK(distributed_ddl("EXCHANGE TABLES `a`.`b` AND `a`.`c`", cluster()) ==
          "EXCHANGE TABLES `a`.`b` AND `a`.`c` ON CLUSTER `all-nodes`");
    CHECK(distributed_ddl("DROP TABLE IF EXISTS `a`.`b`", cluster()) ==
          "DROP TABLE IF EXISTS `a`.`b` ON CLUSTER `all-nodes`");
    CHECK(distributed_ddl("CREATE DATABASE IF NOT EXISTS a", cluster()) ==
          "CREATE DATABASE IF NOT EXISTS a ON CLUSTER `all-nodes`");
}

TEST_CASE("tables get the Replicated engine of their kind, whatever names stand before it") {
    CHECK(distributed_ddl("CREATE TABLE t (ENGINE String) ENGINE = ReplacingMergeTree(ts) ORDER BY x",
                          cluster(true)) ==
          "CREATE TABLE t ON CLUSTER `all-nodes` (ENGINE String) ENGINE = ReplicatedReplacingMergeTree(ts) "
          "ORDER BY x");
    CHECK(
        distributed_ddl("CREATE TABLE t (x UInt8) ENGINE = ReplicatedMergeTree ORDER BY x", cluster(true)) ==
        "CREATE TABLE t ON CLUSTER `all-nodes` (x UInt8) ENGINE = ReplicatedMergeTree ORDER BY x");
}

TEST_CASE("what changes no table is sent as it is, and so is everything without a cluster") {
    for (const char* sql : {"INSERT INTO t SELECT 1", "SELECT 'ALTER TABLE t'", "", "-- nothing"}) {
        CHECK(distributed_ddl(sql, cluster(true)) == sql);
    }
    CHECK(distributed_ddl("ALTER TABLE t DROP COLUMN c", {}) == "ALTER TABLE t DROP COLUMN c");
    CHECK(target::is_read("/* a */ (SELECT 1)"));
    CHECK(target::is_read("with 1 as x select x"));
    CHECK_FALSE(target::is_read("INSERT INTO t SELECT 1"));
    CHECK_FALSE(target::is_read("OPTIMIZE TABLE t"));
}

TEST_CASE("a replicated or shared engine is described as the plain one of its kind") {
    const auto engine = [](const char* text) { return target::parse_engine_clause(text).engine; };
    CHECK(engine("ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') ORDER BY x") ==
          "MergeTree");
    CHECK(engine("SharedReplacingMergeTree('/c/{uuid}', '{replica}', ts) ORDER BY x SETTINGS a = 1") ==
          "ReplacingMergeTree(ts)");
    CHECK(engine("ReplicatedSummingMergeTree ORDER BY x") == "SummingMergeTree");
    CHECK(engine("ReplacingMergeTree(ts) ORDER BY x") == "ReplacingMergeTree(ts)");
}

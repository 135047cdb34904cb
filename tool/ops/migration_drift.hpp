// What a target holds against what its migrations build: the same engine prints one side, the target the
// other, and each difference has a reason that a program can read.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/migration_proof.hpp"
#include "ops/session.hpp"
#include "target/catalog.hpp"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct Drift {
    std::string reason; // missing_object, extra_object, missing_column, extra_column, type, sorting_key ...
    std::string object;
    std::string message; // "column `kind` is String, expected LowCardinality(String)"
    friend bool operator==(const Drift&, const Drift&) = default;
};

// `expected` is what the migrations build. Tables that birdhouse keeps for itself are nobody's drift.
std::vector<Drift> find_drift(const target::Catalog& expected, const target::Catalog& found,
                              const std::set<std::string>& kept);

// What rebuilds of these migrations leave beside their tables, whether they still do or not.
std::set<std::string> kept_tables(std::span<const model::Migration> migrations);

// "type" for "type of column `id`".
std::string_view reason_of(const target::FieldDifference& difference);

// What `migrations` build, from nothing, on a fresh engine in memory. Absent when a step is refused.
Result<std::optional<target::Catalog>> build_in_memory(Session& session, const std::string& database,
                                                       std::span<const PlannedMigration> migrations,
                                                       Diagnostics& problems);

} // namespace birdhouse::ops

// migrations/birdhouse.sum: the integrity file. It names every migration with the hash of its bytes and of
// all before it, so that an edit, a removal or a migration slipped in between is seen, and so that two
// branches that each add one conflict in git instead of in production.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/migration.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct SumProblem {
    std::string migration;
    std::string message; // "`0002_image_columns` was edited after it was recorded"
    std::string hint;
};

// The text of the sum file for these migrations, in their order.
std::string write_sum(std::span<const model::Migration> migrations);

// What of `sum_text` (empty: no file) disagrees with the migrations on disk.
std::vector<SumProblem> check_sum(std::string_view sum_text, std::span<const model::Migration> migrations);

// The number after the newest, and the name: `0007_image_columns`.
Result<std::string> next_migration_id(std::span<const model::Migration> migrations, const std::string& name);

std::filesystem::path sum_path(const std::filesystem::path& project_folder);

// Reads and checks; a missing file counts as empty.
Result<std::vector<SumProblem>> check_sum_file(const std::filesystem::path& project_folder,
                                               std::span<const model::Migration> migrations);

} // namespace birdhouse::ops

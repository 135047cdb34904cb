#include "ops/migration_files.hpp"

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace birdhouse::ops {

namespace {

constexpr std::string_view kHeader = "birdhouse.sum 1";
constexpr const char* kRecord =
    "run `birdhouse migrate verify --write-sum` once the files are as they should be";
constexpr const char* kRestore = "restore the file from git: change the schema with a new migration instead";

struct SumLine {
    std::string checksum;
    std::string chain;
};

// Malformed lines are left out: their migrations then count as not recorded.
std::map<std::string, SumLine> parse_sum(std::string_view text) {
    std::map<std::string, SumLine> lines;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split(trim(line), ' ');
        if (words.size() == 3) {
            lines[std::string(words[0])] = {std::string(words[1]), std::string(words[2])};
        }
    }
    return lines;
}

std::string next_link(const std::string& chain, const model::Migration& migration) {
    return sha256(chain + " " + migration.id + " " + migration.checksum);
}

} // namespace

std::string write_sum(std::span<const model::Migration> migrations) {
    std::string text = std::string(kHeader) + "\n";
    std::string chain;
    for (const model::Migration& migration : migrations) {
        chain = next_link(chain, migration);
        text += migration.id + " " + migration.checksum + " " + chain + "\n";
    }
    return text;
}

std::vector<SumProblem> check_sum(std::string_view sum_text, std::span<const model::Migration> migrations) {
    std::map<std::string, SumLine> lines = parse_sum(sum_text);
    std::vector<SumProblem> problems;
    std::string chain;
    for (const model::Migration& migration : migrations) {
        chain = next_link(chain, migration);
        const auto line = lines.find(migration.id);
        const std::string name = backquoted(migration.id);
        if (line == lines.end()) {
            problems.push_back({migration.id, name + " is not recorded in birdhouse.sum", kRecord});
            continue;
        }
        if (line->second.checksum != migration.checksum) {
            problems.push_back(
                {migration.id, name + " was edited after it was recorded in birdhouse.sum", kRestore});
        } else if (line->second.chain != chain && problems.empty()) {
            problems.push_back(
                {migration.id, "a migration before " + name + " was added or changed after it", kRecord});
        }
        lines.erase(line);
    }
    for (const auto& [id, line] : lines) {
        problems.push_back(
            {id, backquoted(id) + " is recorded in birdhouse.sum but its file is gone", kRestore});
    }
    return problems;
}

Result<std::string> next_migration_id(std::span<const model::Migration> migrations, const std::string& name) {
    constexpr int kLargest = 9999;
    const bool fits =
        !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!fits) {
        return Error{ExitCode::Usage,
                     "a migration's name is made of a to z, 0 to 9 and _, not " + backquoted(name),
                     "for example `image_columns`"};
    }
    // The reader holds ids to four digits.
    const int number = migrations.empty() ? 1 : std::stoi(migrations.back().id.substr(0, 4)) + 1;
    if (number > kLargest) {
        return Error{ExitCode::Refused, "there are 9999 migrations already", ""};
    }
    const std::string digits = std::to_string(number);
    return std::string(4 - digits.size(), '0') + digits + "_" + name;
}

std::filesystem::path sum_path(const std::filesystem::path& project_folder) {
    return project_folder / "migrations" / "birdhouse.sum";
}

Result<std::vector<SumProblem>> check_sum_file(const std::filesystem::path& project_folder,
                                               std::span<const model::Migration> migrations) {
    std::error_code ignored;
    const std::filesystem::path path = sum_path(project_folder);
    if (!std::filesystem::exists(path, ignored)) {
        return check_sum("", migrations);
    }
    TRY_ASSIGN(const std::string text, read_file(path));
    return check_sum(text, migrations);
}

} // namespace birdhouse::ops

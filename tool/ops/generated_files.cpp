#include "ops/generated_files.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/datafile_project.hpp"
#include "ops/line_diff.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

using TextByPath = std::map<std::string, std::string>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPlaces = {
    {{"connections", ".connection"}, {"datasources", ".datasource"}, {"pipes", ".pipe"}}};

bool is_ours(std::string_view text) { return text.starts_with(codec::kGeneratedMark); }

// All datafiles of the folder, by their path in it.
Result<TextByPath> read_folder(const fs::path& output) {
    TextByPath texts;
    for (const auto& [folder, extension] : kPlaces) {
        TRY_ASSIGN(const std::vector<fs::path> files, list_files(output / folder, extension));
        for (const fs::path& file : files) {
            TRY_ASSIGN(std::string text, read_file(file));
            texts.emplace(file.lexically_relative(output).generic_string(), std::move(text));
        }
    }
    return texts;
}

Result<void> refuse_strangers(const std::vector<RenderedFile>& wanted, const TextByPath& present,
                              const fs::path& output) {
    for (const RenderedFile& file : wanted) {
        const auto found = present.find(file.path);
        if (found != present.end() && !is_ours(found->second)) {
            return Error{ExitCode::Refused,
                         backquoted((output / file.path).generic_string()) +
                             " was not written by birdhouse, and a definition would replace it",
                         "move it away or delete it, then run again"};
        }
    }
    return {};
}

FileChange change_of(const RenderedFile& file, const TextByPath& present) {
    const auto found = present.find(file.path);
    if (found == present.end()) {
        return FileChange::Created;
    }
    return found->second == file.text ? FileChange::Unchanged : FileChange::Changed;
}

Result<void> remove_file(const fs::path& path) {
    std::error_code failure;
    fs::remove(path, failure);
    if (failure) {
        return Error{ExitCode::Failed,
                     "cannot remove " + backquoted(path.generic_string()) + ": " + failure.message(),
                     "check the permissions of the folder"};
    }
    return {};
}

std::string difference(const std::string& path, const std::string& before, const std::string& after) {
    return unified_diff(before, after, before.empty() ? "/dev/null" : path,
                        after.empty() ? "/dev/null" : path);
}

// What stands there and no definition makes: ours goes, the rest is a stranger.
Result<void> clear_away(const TextByPath& unwanted, const fs::path& output, GenerateReport& report) {
    const bool write = report.mode == GenerateMode::Write;
    for (const auto& [path, text] : unwanted) {
        if (!is_ours(text)) {
            report.strangers.push_back(path);
            continue;
        }
        if (write) {
            TRY(remove_file(output / path));
        }
        report.files.push_back({path, FileChange::Removed, write ? "" : difference(path, text, "")});
    }
    return {};
}

} // namespace

Result<void> bring_up_to_date(const std::vector<RenderedFile>& wanted, const fs::path& output,
                              GenerateReport& report) {
    TRY_ASSIGN(TextByPath present, read_folder(output));
    TRY(refuse_strangers(wanted, present, output));
    const bool write = report.mode == GenerateMode::Write;
    std::vector<FileText> to_write;
    for (const RenderedFile& file : wanted) {
        const FileChange change = change_of(file, present);
        std::string shown;
        if (write && change != FileChange::Unchanged) {
            to_write.push_back({output / file.path, file.text});
        } else if (change != FileChange::Unchanged) {
            shown = difference(file.path, change == FileChange::Created ? "" : present[file.path], file.text);
        }
        report.files.push_back({file.path, change, std::move(shown)});
        present.erase(file.path);
    }
    TRY(write_all_if_changed(to_write));
    TRY(clear_away(present, output, report));
    std::ranges::sort(report.files, {}, &GeneratedFile::path);
    return {};
}

} // namespace birdhouse::ops

// Reading and writing files. Writes are atomic: a reader sees the old bytes or the new ones, never a part.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse {

inline constexpr std::size_t kLargestTextFile = std::size_t{16} << 20U; // bytes; definitions and datafiles

// The whole file. Fails when it is missing, a folder, unreadable or larger than `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = kLargestTextFile);

enum class Written { Created, Changed, Unchanged };

// Writes beside the target, syncs, then renames over it. Makes missing parent folders.
// When the file holds `content` already nothing is touched.
Result<Written> write_if_changed(const std::filesystem::path& path, std::string_view content);

struct FileText {
    std::filesystem::path path;
    std::string_view content;
};

// The same for many files, and syncing costs what it costs for one. All are written beside their targets
// before the first takes its place: a full disk leaves every old file as it was.
Result<void> write_all_if_changed(std::span<const FileText> files);

// Regular files below `folder` whose name ends in one of `suffixes`, at any depth up to 8, sorted by path.
// A missing folder holds no files. Hidden entries, links to folders and node_modules are passed over.
Result<std::vector<std::filesystem::path>> list_files(const std::filesystem::path& folder,
                                                      std::span<const std::string_view> suffixes);
Result<std::vector<std::filesystem::path>> list_files(const std::filesystem::path& folder,
                                                      std::string_view suffix);

} // namespace birdhouse

// The folder an engine keeps its tables in. Looking at it does not need the library.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace birdhouse::engine {

// A folder, or memory when the path is empty.
struct Storage {
    std::filesystem::path path;
    bool in_memory() const { return path.empty(); }
    friend bool operator==(const Storage&, const Storage&) = default;
};

enum class StorageState {
    Missing, // nothing there yet: it is made when it is first opened
    Free,
    InUse,   // another process, or this one, has it open
    Blocked, // something is there that is not a folder, or may not be read
};

StorageState look_at_storage(const std::filesystem::path& folder);

// Makes the folder when it is missing and says why the engine would not be able to open it.
Result<void> prepare_storage(const std::filesystem::path& folder);

} // namespace birdhouse::engine

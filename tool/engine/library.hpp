// libchdb, ClickHouse as a shared library. It is half a gigabyte, so it is loaded only by the commands that
// need it and never unloaded: its threads do not survive a dlclose.
#pragma once

#include "base/result.hpp"
#include "engine/functions.hpp"
#include "engine/storage.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace birdhouse::engine {

// Where to look. The caller knows the environment and where the program stands; this layer knows neither.
struct LibraryPlaces {
    std::string named; // BIRDHOUSE_LIBCHDB; when it is given nothing else is tried
    std::filesystem::path executable_folder;
};

// The files that would be tried, in order. The last resort, the system's own `libchdb.so`, is a bare name.
std::vector<std::filesystem::path> library_candidates(const LibraryPlaces& places);

class Library {
public:
    static Result<std::shared_ptr<Library>> load(const LibraryPlaces& places);

    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    const std::filesystem::path& path() const { return path_; }
    const Functions& functions() const { return functions_; }

    // A process holds one storage at a time, with any number of connections. The library answers a second
    // storage with a null that could mean anything, so who is in is counted here.
    // `open` gives a Result and is told whether it opens the storage for the first time.
    template <class Open>
    auto enter(const Storage& storage, Open open) -> decltype(open(true)) {
        const std::scoped_lock lock(mutex_); // held while connecting: the first connection boots the engine
        TRY(admit(storage));
        auto opened = open(connections_ == 0);
        if (opened) {
            storage_ = storage;
            ++connections_;
        }
        return opened;
    }
    void close(RawConnection** connection);

private:
    Library(std::filesystem::path path, const Functions& functions);
    Result<void> admit(const Storage& storage) const;

    std::filesystem::path path_;
    Functions functions_;
    std::mutex mutex_;
    Storage storage_;
    std::size_t connections_ = 0;
};

} // namespace birdhouse::engine

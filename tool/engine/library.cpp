#include "engine/library.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <dlfcn.h>

namespace birdhouse::engine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFileName = "libchdb.so";
constexpr std::string_view kHowToGet =
    "run `make engine` in a checkout of birdhouse, or set BIRDHOUSE_LIBCHDB to the path of libchdb.so";

// A build tree keeps the npm package; its folder is named after the machine: lib-linux-x64-gnu.
std::vector<fs::path> packages_of_build_tree(const fs::path& executable_folder) {
    std::vector<fs::path> found;
    std::error_code missing; // no build tree here: nothing to list
    const fs::path packages = (executable_folder / "../engine/node_modules/@chdb").lexically_normal();
    for (const auto& entry : fs::directory_iterator(packages, missing)) {
        if (entry.path().filename().string().starts_with("lib-")) {
            found.push_back(entry.path() / kFileName);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string last_loader_message() {
    const char* message = ::dlerror();
    return message == nullptr ? "the loader gives no reason" : printable(message);
}

Error cannot_load(const std::string& path, const std::string& reason) {
    return Error{ExitCode::Failed, "the engine " + backquoted(path) + " cannot be loaded: " + reason,
                 std::string(kHowToGet)};
}

Error not_found(const std::vector<fs::path>& tried) {
    std::vector<std::string> names;
    names.reserve(tried.size());
    for (const fs::path& path : tried) {
        names.push_back(backquoted(path.string()));
    }
    return Error{ExitCode::Failed, "the engine libchdb.so was not found: tried " + join(names, ", "),
                 std::string(kHowToGet)};
}

// Fills one function pointer after the other and remembers the names the library does not have.
class Symbols {
public:
    explicit Symbols(void* library) : library_(library) {}

    template <class Function>
    void bind(Function*& function, const char* name) {
        // POSIX promises that an object pointer from dlsym holds a function; C++ leaves the cast to us.
        function = reinterpret_cast<Function*>(::dlsym(library_, name));
        if (function == nullptr) {
            missing_.push_back(backquoted(name));
        }
    }
    const std::vector<std::string>& missing() const { return missing_; }

private:
    void* library_;
    std::vector<std::string> missing_;
};

Functions bind_all(Symbols& symbols) {
    Functions f;
    symbols.bind(f.version, "chdb_version");
    symbols.bind(f.set_signal_handlers_enabled, "chdb_set_signal_handlers_enabled");
    symbols.bind(f.connect, "chdb_connect");
    symbols.bind(f.close, "chdb_close_conn");
    symbols.bind(f.query, "chdb_query_n");
    symbols.bind(f.query_with_parameters, "chdb_query_with_params_n");
    symbols.bind(f.result_buffer, "chdb_result_buffer");
    symbols.bind(f.result_length, "chdb_result_length");
    symbols.bind(f.result_elapsed, "chdb_result_elapsed");
    symbols.bind(f.result_rows_read, "chdb_result_storage_rows_read");
    symbols.bind(f.result_bytes_read, "chdb_result_storage_bytes_read");
    symbols.bind(f.result_rows_written, "chdb_result_rows_written");
    symbols.bind(f.result_error, "chdb_result_error");
    symbols.bind(f.destroy_result, "chdb_destroy_query_result");
    symbols.bind(f.insert, "chdb_stream_insert_n");
    symbols.bind(f.insert_append, "chdb_stream_append");
    symbols.bind(f.insert_done, "chdb_stream_done");
    symbols.bind(f.insert_error, "chdb_stream_insert_error");
    symbols.bind(f.destroy_insert, "chdb_destroy_insert_stream");
    return f;
}

// The file behind a bare name that the loader looked up itself.
fs::path path_of(void* library, const fs::path& asked) {
    Dl_info place{};
    void* symbol = ::dlsym(library, "chdb_connect");
    const bool known = symbol != nullptr && ::dladdr(symbol, &place) != 0 && place.dli_fname != nullptr;
    return known ? fs::path(place.dli_fname) : asked;
}

bool is_bare_name(const fs::path& path) { return !path.has_parent_path(); }

} // namespace

std::vector<fs::path> library_candidates(const LibraryPlaces& places) {
    if (!places.named.empty()) {
        // Absolute, so that a name without a slash is a file here and not looked up by the loader.
        std::error_code failure;
        const fs::path absolute = fs::absolute(places.named, failure);
        return {failure ? fs::path(places.named) : absolute};
    }
    std::vector<fs::path> candidates = {
        (places.executable_folder / "../lib/birdhouse" / kFileName).lexically_normal()};
    const std::vector<fs::path> packages = packages_of_build_tree(places.executable_folder);
    candidates.insert(candidates.end(), packages.begin(), packages.end());
    candidates.emplace_back(kFileName);
    return candidates;
}

Result<std::shared_ptr<Library>> Library::load(const LibraryPlaces& places) {
    const std::vector<fs::path> candidates = library_candidates(places);
    for (const fs::path& candidate : candidates) {
        std::error_code unreadable; // counts as not there
        if (!is_bare_name(candidate) && !fs::exists(candidate, unreadable)) {
            continue;
        }
        void* library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr && is_bare_name(candidate)) {
            continue; // the system has none: not worth a message of its own
        }
        if (library == nullptr) {
            return cannot_load(candidate.string(), last_loader_message());
        }
        Symbols symbols(library);
        const Functions functions = bind_all(symbols);
        const fs::path path = path_of(library, candidate);
        if (!symbols.missing().empty()) {
            return cannot_load(path.string(), "it lacks " + join(symbols.missing(), ", "));
        }
        functions.set_signal_handlers_enabled(0); // signals belong to the program, not to a library
        return std::shared_ptr<Library>(new Library(path, functions));
    }
    return not_found(candidates);
}

Library::Library(fs::path path, const Functions& functions) : path_(std::move(path)), functions_(functions) {}

Result<void> Library::admit(const Storage& storage) const {
    if (connections_ == 0 || storage == storage_) {
        return {};
    }
    const auto described = [](const Storage& one) {
        return one.in_memory() ? std::string("memory") : backquoted(one.path.string());
    };
    return Error{ExitCode::Failed,
                 "the engine cannot open " + described(storage) + " while it has " + described(storage_) +
                     " open",
                 "one storage a process: close the first before opening the second"};
}

void Library::close(RawConnection** connection) {
    const std::scoped_lock lock(mutex_);
    functions_.close(connection);
    --connections_;
}

} // namespace birdhouse::engine

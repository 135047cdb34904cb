// A session with the engine: statements, bound parameters, inserts in a stream. A connection runs one
// statement at a time; several connections to one storage run side by side.
#pragma once

#include "base/result.hpp"
#include "engine/library.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace birdhouse::engine {

// A query setting that holds for one connection: {"async_insert", "0"}.
struct Setting {
    std::string name;
    std::string value;
};

// Bound by the engine to `{name:Type}`. The value is in ClickHouse's escaped text form, as in TSV.
struct Binding {
    std::string_view name;
    std::string_view value;
};

struct Answer {
    std::string bytes;
    double elapsed_seconds = 0;
    std::uint64_t rows_read = 0; // from storage
    std::uint64_t bytes_read = 0;
};

class Connection {
public:
    // A locked storage is refused (ExitCode::Refused); a folder that cannot be made or written fails, and so
    // does one with parts that the engine put aside, since it could not read them: rows are missing there.
    static Result<Connection> open(const std::shared_ptr<Library>& library, const Storage& storage,
                                   std::span<const Setting> settings);

    Result<Answer> query(std::string_view sql, std::string_view format,
                         std::span<const Binding> bindings) const;
    // `INSERT INTO ...` without FORMAT. The rows written, those of materialised views included.
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format, std::string_view bytes) const;

private:
    struct Close {
        std::shared_ptr<Library> library;
        void operator()(RawConnection** connection) const { library->close(connection); }
    };
    using Handle = std::unique_ptr<RawConnection*, Close>;

    explicit Connection(Handle handle) : handle_(std::move(handle)) {}
    const Functions& functions() const { return handle_.get_deleter().library->functions(); }

    Handle handle_;
};

} // namespace birdhouse::engine

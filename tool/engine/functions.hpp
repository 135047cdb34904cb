// The C functions of libchdb that are used here, declared in our own words: the library is loaded at run time
// and its header is not needed to build. Handles are opaque; `Library` fills the table.
#pragma once

#include <cstddef>
#include <cstdint>

namespace birdhouse::engine {

struct RawConnection; // what the library calls chdb_connection_
struct RawResult;
struct RawInsert;

struct Functions {
    const char* (*version)() = nullptr;
    void (*set_signal_handlers_enabled)(int) = nullptr;

    // Null when the storage cannot be opened; the reason is not given.
    RawConnection** (*connect)(int, char**) = nullptr;
    void (*close)(RawConnection**) = nullptr;

    RawResult* (*query)(RawConnection*, const char* sql, std::size_t, const char* format,
                        std::size_t) = nullptr;
    RawResult* (*query_with_parameters)(RawConnection*, const char* sql, std::size_t, const char* format,
                                        std::size_t, const char* const* names, const std::size_t* name_sizes,
                                        const char* const* values, const std::size_t* value_sizes,
                                        std::size_t count) = nullptr;

    char* (*result_buffer)(RawResult*) = nullptr;
    std::size_t (*result_length)(RawResult*) = nullptr;
    double (*result_elapsed)(RawResult*) = nullptr;
    std::uint64_t (*result_rows_read)(RawResult*) = nullptr;
    std::uint64_t (*result_bytes_read)(RawResult*) = nullptr;
    std::uint64_t (*result_rows_written)(RawResult*) = nullptr;
    const char* (*result_error)(RawResult*) = nullptr; // null when there is none
    void (*destroy_result)(RawResult*) = nullptr;

    RawInsert* (*insert)(RawConnection*, const char* sql, std::size_t, const char* format,
                         std::size_t) = nullptr;
    int (*insert_append)(RawInsert*, const void*, std::size_t) = nullptr; // 0 when the bytes were taken
    RawResult* (*insert_done)(RawInsert*) = nullptr;
    const char* (*insert_error)(RawInsert*) = nullptr;
    void (*destroy_insert)(RawInsert*) = nullptr;
};

} // namespace birdhouse::engine

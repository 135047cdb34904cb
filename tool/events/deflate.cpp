#include "events/deflate.hpp"

#include <limits>

#define ZLIB_CONST // what it reads is const
#include <zlib.h>
#include <zstd.h>

namespace birdhouse::events {

namespace {

// Fast ones: events shrink to a tenth with any, and the next batch waits.
constexpr int kGzipLevel = 1;
constexpr int kZstdLevel = 1;

std::optional<std::string> deflate_gzip(std::string_view bytes) {
    constexpr int kGzipHeader = 15 + 16; // the largest window, with a gzip header
    constexpr int kMemory = 8;
    z_stream stream{};
    if (bytes.size() > std::numeric_limits<uInt>::max() ||
        deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipHeader, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
        return std::nullopt;
    }
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool whole = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return whole ? std::optional(std::move(packed)) : std::nullopt;
}

std::optional<std::string> deflate_zstd(std::string_view bytes) {
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size =
        ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kZstdLevel);
    if (ZSTD_isError(size) != 0) {
        return std::nullopt;
    }
    packed.resize(size);
    return packed;
}

} // namespace

std::optional<std::string> deflate(Packing packing, std::string_view bytes) {
    switch (packing) {
    case Packing::Gzip:
        return deflate_gzip(bytes);
    case Packing::Zstd:
        return deflate_zstd(bytes);
    case Packing::None:
        break;
    }
    return std::string(bytes);
}

} // namespace birdhouse::events

// With deflate.cpp the only files that know zlib and zstd.
#include "events/inflate.hpp"

#include <memory>
#include <string>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace birdhouse::events {

namespace {

constexpr std::size_t kPacked = std::size_t{64} << 10U;
constexpr std::size_t kUnpacked = std::size_t{128} << 10U;
constexpr int kLargestWindow = 25; // as a power of two: 32 MiB, what `zstd -19` needs four times over
constexpr std::string_view kEndsEarly = "the compressed data ends too early";

struct EndInflate {
    void operator()(z_stream* stream) const {
        inflateEnd(stream);
        delete stream;
    }
};

std::string_view inflate_gzip(const ReadBytes& read, const WriteBytes& write) {
    constexpr int kGzipOnly = 15 + 16; // the largest window, with a gzip header
    std::unique_ptr<z_stream, EndInflate> stream(new z_stream());
    if (inflateInit2(stream.get(), kGzipOnly) != Z_OK) {
        return "there is no memory to unpack gzip";
    }
    std::string packed(kPacked, '\0');
    std::string unpacked(kUnpacked, '\0');
    bool inside = false; // of a member: the input must not end here
    while (true) {
        if (stream->avail_in == 0) {
            const std::size_t got = read(packed.data(), packed.size());
            if (got == 0) {
                return inside ? kEndsEarly : std::string_view();
            }
            stream->next_in = reinterpret_cast<Bytef*>(packed.data());
            stream->avail_in = static_cast<uInt>(got);
        }
        inside = true;
        stream->next_out = reinterpret_cast<Bytef*>(unpacked.data());
        stream->avail_out = static_cast<uInt>(unpacked.size());
        const int state = ::inflate(stream.get(), Z_NO_FLUSH);
        if (!write(std::string_view(unpacked).substr(0, unpacked.size() - stream->avail_out))) {
            return {};
        }
        if (state == Z_STREAM_END) {
            inside = false;
            inflateReset(stream.get());
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            return "the gzip data is damaged";
        }
    }
}

struct FreeDecoder {
    void operator()(ZSTD_DCtx* decoder) const { ZSTD_freeDCtx(decoder); }
};

std::string_view inflate_zstd(const ReadBytes& read, const WriteBytes& write) {
    const std::unique_ptr<ZSTD_DCtx, FreeDecoder> decoder(ZSTD_createDCtx());
    if (decoder == nullptr) {
        return "there is no memory to unpack zstd";
    }
    ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, kLargestWindow);
    std::string packed(kPacked, '\0');
    std::string unpacked(kUnpacked, '\0');
    std::size_t wanted = 0; // more input; 0 between frames
    while (const std::size_t got = read(packed.data(), packed.size())) {
        ZSTD_inBuffer in{packed.data(), got, 0};
        ZSTD_outBuffer out{unpacked.data(), unpacked.size(), unpacked.size()};
        // A full output may have left something inside of the decoder.
        while (in.pos < in.size || out.pos == out.size) {
            out.pos = 0;
            wanted = ZSTD_decompressStream(decoder.get(), &out, &in);
            if (ZSTD_isError(wanted) != 0) {
                return ZSTD_getErrorCode(wanted) == ZSTD_error_frameParameter_windowTooLarge
                           ? "the zstd data was packed with a window of more than 32 MiB"
                           : "the zstd data is damaged";
            }
            if (!write(std::string_view(unpacked).substr(0, out.pos))) {
                return {};
            }
            if (wanted == 0 && in.pos == in.size) {
                break;
            }
        }
    }
    return wanted == 0 ? std::string_view() : kEndsEarly;
}

} // namespace

Packing packing_of(std::string_view start) {
    if (start.starts_with("\x1F\x8B")) {
        return Packing::Gzip;
    }
    return start.starts_with("\x28\xB5\x2F\xFD") ? Packing::Zstd : Packing::None;
}

std::string_view inflate(Packing packing, const ReadBytes& read, const WriteBytes& write) {
    return packing == Packing::Gzip ? inflate_gzip(read, write) : inflate_zstd(read, write);
}

} // namespace birdhouse::events

// The bytes of an input as they are meant: gzip and zstd, known by their first bytes, are unpacked on the way
// by a thread of their own, a few pieces ahead of the reader.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>

namespace birdhouse::events {

class InputBytes {
public:
    // `stream` must outlive this, and is read by nobody else.
    explicit InputBytes(std::istream& stream);
    InputBytes(const InputBytes&) = delete;
    InputBytes& operator=(const InputBytes&) = delete;
    ~InputBytes();

    // Fewer bytes than asked for: the end, or a failure.
    std::size_t read(char* into, std::size_t most);
    // Why reading ended before the end of the input; empty when it did not.
    const std::string& failure() const { return failure_; }
    // Bytes taken from the stream, packed as they are; any thread may ask.
    std::uint64_t taken() const { return taken_; }

private:
    class Unpacker;
    std::size_t read_stream(char* into, std::size_t most);

    std::istream& stream_;
    std::string start_; // read to know the packing, not yet handed on
    bool started_ = false;
    std::atomic<std::uint64_t> taken_ = 0;
    std::unique_ptr<Unpacker> unpacker_;
    std::string failure_;
};

} // namespace birdhouse::events

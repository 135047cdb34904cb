// A bar on the terminal while a long input is read: how far, how fast, how long still.
#pragma once

#include "ops/session.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

// Bytes of all these files together; nothing when one of them is standard input or no regular file, or when
// there are none.
std::optional<std::uint64_t> total_size(const std::vector<std::string>& files);

// What the bar says once `read` bytes of events, unpacked, have come out of `taken` bytes of input.
std::string progress_line(std::uint64_t read, std::uint64_t taken, std::optional<std::uint64_t> total,
                          std::chrono::duration<double> spent);

class ReadingProgress {
public:
    // Prints only where the session has a terminal for it, and nothing about what is read at once.
    ReadingProgress(std::optional<std::uint64_t> total, const Session& session);
    ReadingProgress(const ReadingProgress&) = delete;
    ReadingProgress& operator=(const ReadingProgress&) = delete;
    ~ReadingProgress(); // takes the line back

    // Of the input that is being read.
    void show(std::uint64_t read, std::uint64_t taken);
    void end_input();

private:
    const Session& session_;
    std::optional<std::uint64_t> total_;
    std::chrono::system_clock::time_point start_;
    std::chrono::system_clock::time_point shown_;
    std::uint64_t read_before_ = 0; // of earlier inputs
    std::uint64_t taken_before_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t taken_ = 0;
    bool printed_ = false;
};

} // namespace birdhouse::ops

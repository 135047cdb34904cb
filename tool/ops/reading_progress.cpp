#include "ops/reading_progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <ostream>

namespace birdhouse::ops {

namespace {

constexpr std::chrono::milliseconds kBetween{100};
constexpr std::chrono::seconds kAtOnce{1}; // what is read sooner needs no bar
constexpr std::string_view kStartOfClearedLine = "\r\x1b[K";

std::string fixed(double value, int digits, const char* unit) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, unit);
    return text.data();
}

std::string size_text(double bytes) {
    constexpr double kThousand = 1000;
    for (const char* unit : {"B", "kB", "MB"}) {
        if (bytes < kThousand) {
            return fixed(bytes, unit[0] == 'B' ? 0 : 1, unit);
        }
        bytes /= kThousand;
    }
    return fixed(bytes, 2, "GB");
}

std::string bar(double share) {
    constexpr std::size_t kWidth = 24;
    const auto done = static_cast<std::size_t>(share * static_cast<double>(kWidth));
    return "[" + std::string(done, '#') + std::string(kWidth - done, '-') + "]";
}

} // namespace

std::optional<std::uint64_t> total_size(const std::vector<std::string>& files) {
    std::uint64_t total = 0;
    for (const std::string& file : files) {
        std::error_code failure;
        const bool regular = std::filesystem::is_regular_file(file, failure);
        const std::uintmax_t size = regular ? std::filesystem::file_size(file, failure) : 0;
        if (!regular || failure) {
            return std::nullopt;
        }
        total += size;
    }
    return files.empty() ? std::nullopt : std::optional(total);
}

std::string progress_line(std::uint64_t read, std::uint64_t taken, std::optional<std::uint64_t> total,
                          std::chrono::duration<double> spent) {
    const double seconds = std::max(spent.count(), 1e-3);
    const std::string rate = size_text(static_cast<double>(read) / seconds) + "/s";
    if (!total || *total == 0) {
        return size_text(static_cast<double>(read)) + " read, " + rate;
    }
    const double share = std::min(1.0, static_cast<double>(taken) / static_cast<double>(*total));
    const double left = share == 0 ? 0 : seconds / share - seconds;
    return bar(share) + " " + fixed(share * 100, 0, "%") + ", " + rate + ", " + fixed(left, 0, "s left");
}

ReadingProgress::ReadingProgress(std::optional<std::uint64_t> total, const Session& session)
    : session_(session), total_(total), start_(session.clock.now()), shown_(start_) {}

ReadingProgress::~ReadingProgress() {
    if (printed_) {
        session_.err << kStartOfClearedLine << std::flush;
    }
}

void ReadingProgress::show(std::uint64_t read, std::uint64_t taken) {
    read_ = read;
    taken_ = taken;
    const std::chrono::system_clock::time_point now = session_.clock.now();
    if (!session_.progress || now - start_ < kAtOnce || now - shown_ < kBetween) {
        return;
    }
    shown_ = now;
    printed_ = true;
    session_.err << kStartOfClearedLine
                 << progress_line(read_before_ + read_, taken_before_ + taken_, total_, now - start_)
                 << std::flush;
}

void ReadingProgress::end_input() {
    read_before_ += read_;
    taken_before_ += taken_;
    read_ = taken_ = 0;
}

} // namespace birdhouse::ops

// The file that keeps refused rows as they were, with the reasons: to be mended and sent again.
#pragma once

#include "base/result.hpp"
#include "events/schema.hpp"
#include "events/verdict.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

class DeadLetter {
public:
    // Nothing is opened before the first row; an older file of the same name is added to.
    explicit DeadLetter(std::filesystem::path path) : path_(std::move(path)) {}

    Result<void> add(const events::EventSchema& schema, std::string_view row, std::uint64_t line,
                     const std::vector<events::RowNote>& notes);
    // What was added is handed to the system: a killed program does not lose it.
    Result<void> flush();
    Result<void> close();

    bool used() const { return used_; }
    const std::filesystem::path& path() const { return path_; }

private:
    Result<void> open();

    std::filesystem::path path_;
    std::ofstream file_;
    bool used_ = false;
    std::string line_;
};

// `.birdhouse/refused/llm_events-20250618T091203Z.ndjson` in the project's folder.
std::filesystem::path default_dead_letter(const std::filesystem::path& folder, const std::string& datasource,
                                          std::chrono::system_clock::time_point now);

// 26 signs that sort by time, as ingestion gives its imports: 48 bits of milliseconds, 80 of chance.
std::string new_import_id(std::chrono::system_clock::time_point now);

} // namespace birdhouse::ops

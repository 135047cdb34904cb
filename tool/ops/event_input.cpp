#include "ops/event_input.hpp"

#include "base/text.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <istream>

namespace birdhouse::ops {

namespace {

constexpr std::string_view kStandardInput = "-";
constexpr std::string_view kStandardInputName = "standard input";

Error cannot_read(const std::string& file, std::string_view reason) {
    return {ExitCode::Usage, "cannot read " + backquoted(file) + ": " + std::string(reason),
            "name a file of NDJSON, or `-`"};
}

Result<void> probe(const std::string& file) {
    std::error_code failure;
    if (std::filesystem::is_directory(file, failure)) {
        return cannot_read(file, "it is a folder");
    }
    errno = 0;
    if (!std::ifstream(file, std::ios::binary)) {
        return cannot_read(file, std::strerror(errno));
    }
    return {};
}

Result<void> read_one(std::string_view name, std::istream& stream, std::size_t longest_line,
                      const TakeLine& take, std::vector<RefusedInput>& refused) {
    events::EventReader reader(stream, longest_line);
    if (std::optional<events::InputFault> fault = reader.fault()) {
        refused.push_back({std::string(name), std::move(fault->message), std::move(fault->help)});
        return {};
    }
    while (const std::optional<events::EventLine> line = reader.next()) {
        TRY(take(name, *line));
    }
    return reader.failed() ? broke_off(name, reader.bytes_read(), reader.failure()) : Result<void>();
}

} // namespace

Result<void> read_inputs(const std::vector<std::string>& files, std::istream& standard_input,
                         const TakeInput& take) {
    for (const std::string& file : files) {
        if (file != kStandardInput) {
            TRY(probe(file));
        }
    }
    if (files.empty()) {
        return take(kStandardInputName, standard_input);
    }
    for (const std::string& file : files) {
        if (file == kStandardInput) {
            TRY(take(kStandardInputName, standard_input));
            continue;
        }
        std::ifstream stream(file, std::ios::binary);
        TRY(take(file, stream));
    }
    return {};
}

Error broke_off(std::string_view name, std::uint64_t bytes_read, const std::string& reason) {
    return {ExitCode::Failed,
            "reading " + backquoted(name) + " broke off after " + with_thousands(bytes_read) +
                " bytes: " + reason,
            ""};
}

Result<std::vector<RefusedInput>> read_events(const std::vector<std::string>& files,
                                              std::istream& standard_input, std::size_t longest_line,
                                              const TakeLine& take) {
    std::vector<RefusedInput> refused;
    const auto read = [&](std::string_view name, std::istream& stream) {
        return read_one(name, stream, longest_line, take, refused);
    };
    TRY(read_inputs(files, standard_input, read));
    return refused;
}

} // namespace birdhouse::ops

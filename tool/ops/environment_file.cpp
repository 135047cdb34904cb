#include "ops/environment_file.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

namespace birdhouse::ops {

namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20U;

std::string value_of(std::string_view written) {
    written = trim(written);
    const char quote = written.empty() ? '\0' : written.front();
    if (quote == '\'' || quote == '"') {
        const std::size_t end = written.find(quote, 1);
        return std::string(end == std::string_view::npos ? written : written.substr(1, end - 1));
    }
    if (written.starts_with('#')) {
        return {};
    }
    return std::string(trim(written.substr(0, written.find(" #"))));
}

} // namespace

Variables parse_environment_file(std::string_view text) {
    constexpr std::string_view kExport = "export ";
    Variables variables;
    for (std::string_view line : split(text, '\n')) {
        line = trim(line);
        if (line.starts_with(kExport)) {
            line = trim(line.substr(kExport.size()));
        }
        const std::size_t equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos || equals == 0) {
            continue;
        }
        variables[std::string(trim(line.substr(0, equals)))] = value_of(line.substr(equals + 1));
    }
    return variables;
}

Result<Variables> read_environment_file(const std::filesystem::path& path) {
    std::error_code failure;
    if (!std::filesystem::exists(path, failure) && !failure) {
        return Variables();
    }
    TRY_ASSIGN(const std::string text, read_file(path, kLargest));
    return parse_environment_file(text);
}

} // namespace birdhouse::ops

// `.env`: variables in a file, as tools for many languages read it.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace birdhouse::ops {

using Variables = std::map<std::string, std::string, std::less<>>;

// `KEY=value`, `export KEY='value'`, `KEY="value"`, comments behind `#`. Nothing is expanded. Lines that are
// none of these are passed over; of two with one key the last counts.
Variables parse_environment_file(std::string_view text);

// Empty when there is no such file.
Result<Variables> read_environment_file(const std::filesystem::path& path);

} // namespace birdhouse::ops

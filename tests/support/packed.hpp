// Texts as gzip and zstd files hold them.
#pragma once

#include <string>
#include <string_view>

namespace birdhouse::testing {

std::string gzipped(std::string_view text);
std::string zstd_packed(std::string_view text);

} // namespace birdhouse::testing

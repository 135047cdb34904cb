// Base64 for addresses and tokens (RFC 4648, section 5): `-` and `_`, no padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace birdhouse {

std::string encode_base64url(std::string_view bytes);
// Takes padding as well. Nothing for any other character.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace birdhouse

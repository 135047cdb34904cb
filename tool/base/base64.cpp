#include "base/base64.hpp"

#include <cstdint>

namespace birdhouse {

namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::string encode_base64url(std::string_view bytes) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (have += 8; have >= 6; have -= 6) {
            out += kDigits[(bits >> (have - 6)) & 63U];
        }
    }
    if (have != 0) {
        out += kDigits[(bits << (6 - have)) & 63U];
    }
    return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>((bits >> have) & 255U);
        }
    }
    return have < 6 ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace birdhouse

#include "base/hash.hpp"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace birdhouse {

std::string sha256(std::string_view bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        // Only a broken or restricted OpenSSL comes here; there is nothing a caller could do.
        throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex += kHex[digest[i] >> 4U];
        hex += kHex[digest[i] & 15U];
    }
    return hex;
}

} // namespace birdhouse

#include "base/hash.hpp"

#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace birdhouse {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string bytes_of(const Digest& digest, unsigned int length) {
    return {reinterpret_cast<const char*>(digest.data()), length};
}

// Only a broken or restricted OpenSSL comes here; there is nothing a caller could do.
void require(bool done, const char* what) {
    if (!done) {
        throw std::runtime_error(std::string("OpenSSL offers no ") + what);
    }
}

} // namespace

std::string sha256(std::string_view bytes) {
    Digest digest{};
    unsigned int length = 0;
    require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1,
            "SHA-256");
    return hexadecimal(bytes_of(digest, length));
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    Digest digest{};
    unsigned int length = 0;
    const unsigned char* const done =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &length);
    require(done != nullptr, "HMAC-SHA256");
    return bytes_of(digest, length);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    require(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1,
            "random bytes");
    return bytes;
}

std::string hexadecimal(std::string_view bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kHex[byte >> 4U];
        hex += kHex[byte & 15U];
    }
    return hex;
}

} // namespace birdhouse

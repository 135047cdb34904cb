// Hashes, signatures and random bytes: what OpenSSL is for here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace birdhouse {

// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

// HMAC-SHA256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Takes as long for texts that differ at once as for equal ones of their lengths, which it does tell.
bool equal_in_constant_time(std::string_view left, std::string_view right);

// From the system's generator, good enough for keys.
std::string random_bytes(std::size_t count);

std::string hexadecimal(std::string_view bytes);

} // namespace birdhouse

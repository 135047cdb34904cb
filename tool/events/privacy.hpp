// What in a text leads to a person or opens a door: credentials by their shape, network addresses that
// were not cut. Shapes only; a finding is a hint to look, not a proof.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::events {

struct CredentialPlace {
    std::size_t begin = 0;  // the whole of it: `Bearer abc...`
    std::size_t secret = 0; // where the part begins that must not be shown
    std::size_t end = 0;
};

// The first text like `Bearer ...`, `sk-...`, `ghp_...`, `p.eyJ...`, `?token=...`.
std::optional<CredentialPlace> find_credential(std::string_view text);
// A fast no: false only when no part of `text` can be a credential. For whole rows, before their values.
bool may_hold_credential(std::string_view text);
// Each credential cut to its first letters: `Bearer (masked)`.
std::string mask_credentials(std::string_view text);

// True for an IPv4 address whose last octet is not 0, and for an IPv6 address with bits behind the first
// 48. A subnet (`203.0.113.0/24`), a hash and any other text are not addresses.
bool is_full_address(std::string_view text);

} // namespace birdhouse::events

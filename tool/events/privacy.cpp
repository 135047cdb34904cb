#include "events/privacy.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>

namespace birdhouse::events {

namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_token_sign(char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '+' || c == '/' ||
           c == '=';
}

struct CredentialShape {
    std::string_view prefix;
    std::size_t shortest; // token signs behind the prefix
    bool inside_words;    // true: a letter may stand before the prefix
};

// Every prefix must be found by `may_hold_credential` too: a test walks the list of both.
constexpr auto kShapes = std::to_array<CredentialShape>({
    {"Bearer ", 8, true},
    {"bearer ", 8, true},
    {"sk-", 12, false},
    {"ghp_", 16, false},
    {"gho_", 16, false},
    {"ghs_", 16, false},
    {"github_pat_", 16, false},
    {"eyJ", 20, false}, // JSON Web Tokens; Tinybird's own are `p.eyJ...`
    {"token=", 4, true},
    {"key=", 8, true},
    {"secret=", 4, true},
    {"password=", 4, true},
});

// Is there a shape that begins with this letter?
constexpr auto kStarts = [] {
    std::array<bool, 256> starts{};
    for (const CredentialShape& shape : kShapes) {
        starts[static_cast<unsigned char>(shape.prefix.front())] = true;
    }
    return starts;
}();

std::optional<CredentialPlace> match_at(std::string_view text, std::size_t at, const CredentialShape& shape) {
    const bool begins = text.size() - at >= shape.prefix.size() && text[at + 1] == shape.prefix[1] &&
                        text.substr(at).starts_with(shape.prefix);
    if (!begins || (!shape.inside_words && at != 0 && is_letter_or_digit(text[at - 1]))) {
        return std::nullopt;
    }
    const std::size_t secret = at + shape.prefix.size();
    std::size_t end = secret;
    while (end < text.size() && is_token_sign(text[end])) {
        ++end;
    }
    return end - secret >= shape.shortest ? std::optional(CredentialPlace{at, secret, end}) : std::nullopt;
}

// Sixteen letters at a time, since every byte of every row is looked at: neither compiler makes vector
// instructions of the plain loop reliably, and both do of this type, on any machine.
using Block [[gnu::vector_size(16)]] = char;
constexpr std::size_t kBlockSize = sizeof(Block);
constexpr std::size_t kLookAhead = 3;

Block load(const char* from) {
    Block block;
    std::memcpy(&block, from, sizeof block);
    return block;
}

// Does the end of some prefix stand at one of the sixteen places from `at`? Reads three bytes more.
bool has_trigger(const char* at) {
    const Block a = load(at);
    const Block b = load(at + 1);
    const Block c = load(at + 2);
    const Block d = load(at + 3);
    const auto found =
        ((a == 'r') & (b == 'e') & (c == 'r') & (d == ' ')) |                             // Bearer
        ((a == 's') & (b == 'k') & (c == '-')) |                                          // sk-
        ((a == 'g') & (b == 'h') & ((c == 'p') | (c == 'o') | (c == 's')) & (d == '_')) | // ghp_
        ((a == 'p') & (b == 'a') & (c == 't') & (d == '_')) |                             // github_pat_
        ((a == 'e') & (b == 'y') & (c == 'J')) |                                          // eyJ
        ((d == '=') & (((a == 'k') & (b == 'e') & ((c == 'n') | (c == 'y'))) |            // token=, key=
                       ((a == 'r') & (b == 'e') & (c == 't')) |                           // secret=
                       ((a == 'o') & (b == 'r') & (c == 'd'))));                          // password=
    std::array<std::uint64_t, 2> halves{};
    static_assert(sizeof halves == sizeof found);
    std::memcpy(halves.data(), &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

} // namespace

std::optional<CredentialPlace> find_credential(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!kStarts[static_cast<unsigned char>(text[at])]) {
            continue;
        }
        for (const CredentialShape& shape : kShapes) {
            if (const std::optional<CredentialPlace> place = match_at(text, at, shape)) {
                return place;
            }
        }
    }
    return std::nullopt;
}

bool may_hold_credential(std::string_view text) {
    std::size_t at = 0;
    for (; at + kBlockSize + kLookAhead <= text.size(); at += kBlockSize) {
        if (has_trigger(text.data() + at)) {
            return true;
        }
    }
    // What is left, and zeroes behind it, which are part of no trigger.
    std::array<char, 2 * kBlockSize> rest{};
    std::memcpy(rest.data(), text.data() + at, text.size() - at);
    return has_trigger(rest.data()) || has_trigger(rest.data() + kLookAhead);
}

std::string mask_credentials(std::string_view text) {
    std::string out;
    while (const std::optional<CredentialPlace> place = find_credential(text)) {
        out += text.substr(0, place->secret);
        out += "(masked)";
        text.remove_prefix(place->end);
    }
    out += text;
    return out;
}

bool is_full_address(std::string_view text) {
    constexpr std::size_t kPrefixBytes = 6; // 48 bits
    if (text.size() >= INET6_ADDRSTRLEN) {
        return false;
    }
    const std::string terminated(text);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) {
        return bytes[3] != 0;
    }
    return inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1 &&
           std::any_of(bytes.begin() + kPrefixBytes, bytes.end(),
                       [](unsigned char byte) { return byte != 0; });
}

} // namespace birdhouse::events

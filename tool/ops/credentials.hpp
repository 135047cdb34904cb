// Where a Tinybird target's host and token come from. Never from birdhouse.yaml: that file is shared.
//
//   token   1  TINYBIRD_TOKEN_<TARGET>                      environment, then `.env`
//           2  TINYBIRD_TOKEN, TB_TOKEN, TINYBIRD_API_KEY   environment, then `.env`
//           3  `token` of `.tinyb`, which Tinybird's own client writes
//   host    1  the target's own, of birdhouse.yaml
//           2  TINYBIRD_URL_<TARGET>                        environment, then `.env`
//           3  TINYBIRD_URL, TB_HOST, TINYBIRD_HOST, TINYBIRD_API_URL, TINYBIRD_API_HOST   likewise
//           4  `host` of `.tinyb`, only beside its token: a token goes to no host but its own
//           5  https://api.tinybird.co
//
// <TARGET> is the target's name in upper case, `-` as `_`. `.env` and `.tinyb` are looked for in the
// project's folder. A variable of the environment that is set and empty switches the target off, as it does
// for Tinybird's trackers.
#pragma once

#include "ops/session.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace birdhouse::ops {

struct TinybirdAccess {
    std::string host;   // `https://api.tinybird.co`: no path, no slash at its end
    std::string token;  // never printed
    std::string source; // of the token, for messages: "TB_TOKEN of .env"
};

// What is known of the target without any secret.
struct AccessQuestion {
    std::string_view target; // its name
    std::string_view host;   // as birdhouse.yaml has it; empty when it has none
    // `token_env:` of birdhouse.yaml: the one variable that holds the token. Empty: those of the table above.
    std::string_view token_variable = {};
};

// Nothing when there is no token. An error when a file cannot be read, a host is no address to send a token
// to, or `.tinyb` is for another host than the target.
Result<std::optional<TinybirdAccess>> find_tinybird_access(const Environment& environment,
                                                           const std::filesystem::path& folder,
                                                           const AccessQuestion& question);

// What to say when there is none: how one is given.
Error no_token(const AccessQuestion& question);

// `text`, which came from elsewhere, with stars in the place of the token.
std::string redacted(std::string text, std::string_view token);

} // namespace birdhouse::ops

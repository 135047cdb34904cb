#include "ops/credentials.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/environment_file.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultHost = "https://api.tinybird.co";
constexpr std::array<std::string_view, 3> kTokenNames = {"TINYBIRD_TOKEN", "TB_TOKEN", "TINYBIRD_API_KEY"};
constexpr std::array<std::string_view, 5> kHostNames = {"TINYBIRD_URL", "TB_HOST", "TINYBIRD_HOST",
                                                        "TINYBIRD_API_URL", "TINYBIRD_API_HOST"};
constexpr std::size_t kLargestFile = std::size_t{1} << 20U;

struct Found {
    std::string value;
    std::string source;
};

// The environment, and behind it what `.env` adds.
class Places {
public:
    Places(const Environment& environment, Variables file)
        : environment_(environment), file_(std::move(file)) {}

    std::optional<Found> find(std::string_view name) const {
        if (std::optional<Found> found = find_set(name); found && !found->value.empty()) {
            return found;
        }
        const auto in_file = file_.find(name);
        return in_file == file_.end() || in_file->second.empty()
                   ? std::nullopt
                   : std::optional(Found{in_file->second, std::string(name) + " of .env"});
    }
    std::optional<Found> find(std::span<const std::string_view> names) const {
        for (const auto lookup : {&Places::find_set, &Places::find_one}) {
            for (const std::string_view name : names) {
                if (std::optional<Found> found = (this->*lookup)(name); found && !found->value.empty()) {
                    return found;
                }
            }
        }
        return std::nullopt;
    }
    // Some name is set, and none of them has a value.
    bool switches_off(std::span<const std::string_view> names) const {
        const auto value = [&](std::string_view name) { return find_set(name); };
        return std::any_of(names.begin(), names.end(), value) &&
               std::none_of(names.begin(), names.end(), [&](std::string_view name) {
                   const std::optional<Found> found = value(name);
                   return found && !found->value.empty();
               });
    }

private:
    std::optional<Found> find_set(std::string_view name) const {
        const std::optional<std::string> value = environment_.get(name);
        return value ? std::optional(Found{std::string(trim(*value)), std::string(name)}) : std::nullopt;
    }
    std::optional<Found> find_one(std::string_view name) const { return find(name); }

    const Environment& environment_;
    Variables file_;
};

std::string variable_of(std::string_view name, std::string_view target) {
    return std::string(name) + "_" + replace_all(to_upper_ascii(target), "-", "_");
}

Error bad_host(std::string_view text, std::string_view source, std::string_view reason) {
    return {ExitCode::Usage,
            "the host " + backquoted(shorten(printable(text), 80)) + " of " + std::string(source) + " " +
                std::string(reason),
            "write it as " + backquoted(kDefaultHost)};
}

// Loopback, or a name that only a network of one's own resolves, such as a container's.
bool is_near(std::string_view name) {
    const bool is_address = name.find_first_not_of("0123456789.") == std::string_view::npos;
    return (is_address && name.starts_with("127.")) || name == "[::1]" ||
           name.find('.') == std::string_view::npos;
}

// Scheme, name and port. Trackers have the whole address of a route in such variables: a path is cut.
Result<std::string> origin_of(const Found& host) {
    constexpr std::string_view kScheme = "://";
    const std::string_view text = host.value;
    const std::size_t scheme_end = text.find(kScheme);
    const std::string scheme = to_lower_ascii(text.substr(0, scheme_end));
    if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) {
        return bad_host(text, host.source, "does not begin with `https://`");
    }
    std::string_view name = text.substr(scheme_end + kScheme.size());
    name = name.substr(0, name.find_first_of("/?#"));
    if (name.find('@') != std::string_view::npos) {
        return bad_host("...", host.source, "holds a user or password");
    }
    constexpr std::string_view kNameSigns =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";
    if (name.empty() || name.find_first_not_of(kNameSigns) != std::string_view::npos) {
        return bad_host(text, host.source, "names no machine");
    }
    const std::string_view machine =
        name.starts_with('[') ? name.substr(0, name.find(']') + 1) : name.substr(0, name.find(':'));
    if (scheme == "http" && !is_near(machine)) {
        return bad_host(text, host.source, "is not encrypted, and the token would be read on its way");
    }
    return scheme + std::string(kScheme) + std::string(name);
}

// What `.tinyb` says. Empty texts when there is no such file.
struct TinybFile {
    std::string host;
    std::string token;
};

Result<TinybFile> read_tinyb(const fs::path& path) {
    std::error_code failure;
    if (!fs::exists(path, failure) && !failure) {
        return TinybFile();
    }
    TRY_ASSIGN(const std::string text, read_file(path, kLargestFile));
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return Error{ExitCode::Usage, backquoted(path.string()) + " is not the JSON of Tinybird's client",
                     "log in again with `tb login`, or set TINYBIRD_TOKEN"};
    }
    const auto text_of = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    return TinybFile{text_of("host"), text_of("token")};
}

Result<std::optional<TinybirdAccess>> access_of(Found token, const Found& host) {
    const auto is_sign = [](char c) { return c > ' ' && c <= '~'; };
    if (!std::all_of(token.value.begin(), token.value.end(), is_sign)) {
        return Error{ExitCode::Usage, "the token of " + token.source + " holds signs that no token has",
                     "copy it again, without spaces and line ends"};
    }
    TRY_ASSIGN(std::string origin, origin_of(host));
    return std::optional(TinybirdAccess{std::move(origin), std::move(token.value), std::move(token.source)});
}

Found host_of(const Places& places, const AccessQuestion& question) {
    if (!question.host.empty()) {
        return {std::string(question.host), "target " + backquoted(question.target)};
    }
    if (std::optional<Found> own = places.find(variable_of("TINYBIRD_URL", question.target))) {
        return *own;
    }
    return places.find(kHostNames).value_or(Found{std::string(kDefaultHost), "Tinybird"});
}

} // namespace

Result<std::optional<TinybirdAccess>>
find_tinybird_access(const Environment& environment, const fs::path& folder, const AccessQuestion& question) {
    TRY_ASSIGN(Variables file, read_environment_file(folder / ".env"));
    const Places places(environment, std::move(file));
    if (!question.token_variable.empty()) {
        std::optional<Found> named = places.find(question.token_variable);
        if (!named) {
            return std::optional<TinybirdAccess>();
        }
        return access_of(std::move(*named), host_of(places, question));
    }
    const std::string own_name = variable_of("TINYBIRD_TOKEN", question.target);
    const std::array<std::string_view, 1> own_names = {own_name};
    std::optional<Found> token;
    for (const std::span<const std::string_view> names :
         {std::span<const std::string_view>(own_names), std::span<const std::string_view>(kTokenNames)}) {
        if (places.switches_off(names)) {
            return std::optional<TinybirdAccess>();
        }
        if (token = places.find(names); token) {
            return access_of(std::move(*token), host_of(places, question));
        }
    }
    TRY_ASSIGN(TinybFile tinyb, read_tinyb(folder / ".tinyb"));
    if (tinyb.token.empty()) {
        return std::optional<TinybirdAccess>();
    }
    const Found own_host{tinyb.host.empty() ? std::string(kDefaultHost) : tinyb.host, ".tinyb"};
    if (!question.host.empty()) {
        TRY_ASSIGN(const std::string wanted,
                   origin_of({std::string(question.host), "target " + backquoted(question.target)}));
        TRY_ASSIGN(const std::string written, origin_of(own_host));
        if (wanted != written) {
            return Error{ExitCode::Usage,
                         "the token of .tinyb is for " + written + ", and target " +
                             backquoted(question.target) + " is at " + wanted,
                         "give the target's own token: " + own_name};
        }
    }
    return access_of({std::move(tinyb.token), ".tinyb"}, own_host);
}

Error no_token(const AccessQuestion& question) {
    const std::string names =
        question.token_variable.empty()
            ? "TINYBIRD_TOKEN, or " + variable_of("TINYBIRD_TOKEN", question.target) +
                  " for this target alone,"
            : std::string(question.token_variable) + ", which `token_env:` of birdhouse.yaml names,";
    return {ExitCode::Usage, "there is no token for target " + backquoted(question.target),
            "set " + names + " in the environment or in `.env`"};
}

std::string redacted(std::string text, std::string_view token) {
    return token.empty() ? std::move(text) : replace_all(std::move(text), token, "***");
}

} // namespace birdhouse::ops

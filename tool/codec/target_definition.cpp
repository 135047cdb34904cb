#include "codec/target_definition.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/sql_scan.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

enum Owner : std::uint8_t { Embedded = 1, ClickHouse = 2, Tinybird = 4 };

struct OwnedKey {
    std::string_view key;
    std::uint8_t owners; // the kinds of target that have it
};

constexpr auto kOwnedKeys = std::to_array<OwnedKey>({{"path", Embedded},
                                                     {"database", Embedded | ClickHouse},
                                                     {"url", ClickHouse},
                                                     {"user", ClickHouse},
                                                     {"password_env", ClickHouse},
                                                     {"cluster", ClickHouse},
                                                     {"replicated", ClickHouse},
                                                     {"settings", ClickHouse},
                                                     {"generation", Tinybird},
                                                     {"host", Tinybird},
                                                     {"workspace", Tinybird},
                                                     {"token_env", Tinybird}});

std::string owners_text(std::uint8_t owners) {
    std::vector<std::string> names;
    for (const auto& [bit, name] : {std::pair(Embedded, "embedded"), std::pair(ClickHouse, "clickhouse"),
                                    std::pair(Tinybird, "tinybird")}) {
        if ((owners & bit) != 0) {
            names.emplace_back(name);
        }
    }
    return join(names, " and ");
}

std::uint8_t owner_of(const std::string& kind) {
    return kind == "tinybird" ? Tinybird : kind == "clickhouse" ? ClickHouse : Embedded;
}

model::TargetKind kind_of(const Fields& fields) {
    switch (owner_of(fields.text("kind"))) {
    case Tinybird:
        return fields.text("generation") == "classic" ? model::TargetKind::TinybirdClassic
                                                      : model::TargetKind::TinybirdForward;
    case ClickHouse:
        return model::TargetKind::ClickHouse;
    default:
        return model::TargetKind::Embedded;
    }
}

void refuse_keys_of_others(const Fields& fields, Reading reading) {
    const std::string kind = fields.text("kind");
    for (const OwnedKey& owned : kOwnedKeys) {
        if (fields.has(owned.key) && fields.has("kind") && (owned.owners & owner_of(kind)) == 0) {
            reading.problems.add(codes::F023, fields.place_of(owned.key),
                                 backquoted(owned.key) + " is a setting of " + owners_text(owned.owners) +
                                     " targets, and this one is `" + kind + "`",
                                 "remove it");
        }
    }
}

// What stands there may be a credential that somebody wrote into the wrong place: no message shows it.
void report_secret(Span place, std::string message, std::string help, Reading reading) {
    reading.problems.add({&codes::F023, std::move(message), {{place, "", /*secret=*/true}}, std::move(help)});
}

void check_variable(const Fields& fields, std::string_view key, Reading reading) {
    const std::string name = fields.text(key);
    const bool fits =
        !name.empty() && kDigits.find(name.front()) == std::string_view::npos &&
        name.find_first_not_of(std::string(kLetters) + std::string(kDigits) + "_") == std::string::npos;
    if (fields.has(key) && !fits) {
        report_secret(fields.place_of(key), backquoted(key) + " holds no name of an environment variable",
                      "put the secret itself into the environment, and the variable's name here", reading);
    }
}

// `https://host:8443`, with a path where the server stands behind one.
void check_address(const Fields& fields, std::string_view key, Reading reading) {
    const std::string url = fields.text(key);
    if (!fields.has(key)) {
        return;
    }
    const bool http = url.starts_with("http://") || url.starts_with("https://");
    if (url.find('@') != std::string::npos || url.find('?') != std::string::npos) {
        report_secret(fields.place_of(key),
                      backquoted(key) + " holds more than an address: a user, a password or parameters",
                      "keep the address alone; a password or token belongs into the environment", reading);
    } else if (!http || url.size() <= std::string_view("https://").size()) {
        reading.problems.add(codes::F023, fields.place_of(key), backquoted(key) + " is no HTTP address",
                             "write it as `https://host:port`");
    }
}

std::vector<model::Setting> read_settings(const Fields& fields, Reading reading) {
    std::vector<model::Setting> settings;
    if (!fields.has("settings")) {
        return settings;
    }
    for (const std::string& text : syntax::split_list(fields.joined("settings"))) {
        const std::size_t equals = text.find('=');
        const std::string name(trim(std::string_view(text).substr(0, equals)));
        const bool fits =
            equals != std::string::npos && !name.empty() &&
            name.find_first_not_of(std::string(kLetters) + std::string(kDigits) + "_") == std::string::npos;
        if (!fits) {
            reading.problems.add(codes::F023, fields.place_of("settings"),
                                 backquoted(shorten(text, 80)) + " is no setting",
                                 "write each as `name = value`");
            continue;
        }
        std::string_view value = trim(std::string_view(text).substr(equals + 1));
        if (value.size() > 1 && value.front() == '\'' && value.back() == '\'') {
            value = value.substr(1, value.size() - 2);
        }
        settings.push_back({name, std::string(value), {}});
    }
    return settings;
}

void require_key(const Fields& fields, std::string_view key, const std::string& why, Reading reading) {
    if (!fields.mentions(key)) {
        reading.problems.add(codes::F016, fields.place(), "the target has no " + backquoted(key), why);
    }
}

void read_clickhouse(model::TargetSettings& target, const Fields& fields, Reading reading) {
    require_key(fields, "url", "add `url:`, the server's HTTP address", reading);
    check_address(fields, "url", reading);
    check_variable(fields, "password_env", reading);
    target.url = fields.text("url");
    target.user = fields.text("user");
    target.password_env = fields.text("password_env");
    target.cluster = fields.text("cluster");
    target.replicated = fields.boolean("replicated");
    target.settings = read_settings(fields, reading);
    while (target.url.ends_with('/')) {
        target.url.pop_back();
    }
}

void read_tinybird(model::TargetSettings& target, const Fields& fields, Reading reading) {
    if (target.is_protected) {
        require_key(fields, "workspace",
                    "add `workspace:`: a protected target must not change another workspace by a wrong token",
                    reading);
    }
    check_address(fields, "host", reading);
    check_variable(fields, "token_env", reading);
    target.host = fields.text("host");
    target.workspace = fields.text("workspace");
    target.token_env = fields.text("token_env");
    while (target.host.ends_with('/')) {
        target.host.pop_back();
    }
}

// The target without its secrets. Whatever else would be said of such a line would print it.
syntax::YamlNode without_secrets(const syntax::YamlEntry& entry, Reading reading) {
    constexpr std::array<std::string_view, 5> kSecretKeys = {"token", "admin_token", "user_token", "api_key",
                                                             "password"};
    syntax::YamlNode target = entry.value;
    std::erase_if(target.entries, [&](const syntax::YamlEntry& setting) {
        const bool secret =
            std::find(kSecretKeys.begin(), kSecretKeys.end(), setting.key.text) != kSecretKeys.end() ||
            setting.value.text.starts_with("p.ey");
        if (secret) {
            reading.problems.add(
                {&codes::P012,
                 backquoted(setting.key.text) + " of target " + backquoted(entry.key.text) +
                     " is a secret, and stands in a file that is shared",
                 {{setting.value.span, {}, true}},
                 "take it out and change it; the environment, `.env` or `.tinyb` may hold it: "
                 "TINYBIRD_TOKEN"});
        }
        return secret;
    });
    return target;
}

} // namespace

void check_setting_name(const std::string& name, Span place, Reading reading) {
    const std::string known = std::string(kLetters) + std::string(kDigits) + "_-";
    if (name.empty() || name.find_first_not_of(known) != std::string::npos) {
        reading.problems.add(codes::F030, place,
                             "the name " + backquoted(shorten(name, 80)) +
                                 " holds more than letters, digits, `_` and `-`",
                             "write a name that can be a folder's");
    }
}

model::TargetSettings read_target(const syntax::YamlEntry& entry, const std::string& project,
                                  Reading reading) {
    model::TargetSettings target;
    target.name = entry.key.text;
    target.origin.span = entry.key.span;
    target.path = ".birdhouse/" + target.name;
    target.database = project;
    check_setting_name(target.name, entry.key.span, reading);
    const syntax::YamlNode node = without_secrets(entry, reading);
    const std::optional<Fields> fields = Fields::check(node, ObjectKind::Target, reading);
    if (!fields) {
        return target;
    }
    target.kind = kind_of(*fields);
    target.is_protected = fields->boolean("protected");
    refuse_keys_of_others(*fields, reading);
    const bool tinybird = owner_of(fields->text("kind")) == Tinybird;
    if (target.kind != model::TargetKind::Embedded) {
        target.path.clear();
    }
    target.path = fields->optional_text("path").value_or(target.path);
    target.database = fields->optional_text("database").value_or(tinybird ? "" : target.database);
    if (target.kind == model::TargetKind::ClickHouse) {
        read_clickhouse(target, *fields, reading);
    } else if (tinybird) {
        read_tinybird(target, *fields, reading);
    }
    return target;
}

} // namespace birdhouse::codec

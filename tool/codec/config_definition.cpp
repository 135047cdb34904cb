// birdhouse.yaml.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"
#include "codec/fields.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

using syntax::YamlEntry;
using syntax::YamlNode;

namespace {

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

// These names become folders and databases.
void check_setting_name(const std::string& name, Span place, Reading reading) {
    if (name.empty() || name.find_first_not_of(kNameCharacters) != std::string::npos) {
        reading.problems.add(codes::F030, place,
                             "the name " + backquoted(shorten(name, 80)) +
                                 " holds more than letters, digits, `_` and `-`",
                             "write a name that can be a folder's");
    }
}

model::TargetKind read_target_kind(const Fields& fields) {
    const std::string kind = fields.text("kind");
    if (kind == "tinybird") {
        return fields.text("generation") == "classic" ? model::TargetKind::TinybirdClassic
                                                      : model::TargetKind::TinybirdForward;
    }
    return kind == "clickhouse" ? model::TargetKind::ClickHouse : model::TargetKind::Embedded;
}

void refuse_setting(const Fields& fields, std::string_view key, std::string_view owner, Reading reading) {
    if (fields.has(key) && fields.has("kind")) {
        reading.problems.add(codes::F023, fields.place_of(key),
                             backquoted(key) + " is a setting of " + std::string(owner) +
                                 " targets, and this one is `" + fields.text("kind") + "`",
                             "remove it");
    }
}

// The target without its secrets. Whatever else would be said of such a line would print it.
YamlNode without_secrets(const YamlEntry& entry, Reading reading) {
    constexpr std::array<std::string_view, 5> kSecretKeys = {"token", "admin_token", "user_token", "api_key",
                                                             "password"};
    YamlNode target = entry.value;
    std::erase_if(target.entries, [&](const YamlEntry& setting) {
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

model::TargetSettings read_target(const YamlEntry& entry, const std::string& project, Reading reading) {
    model::TargetSettings target;
    target.name = entry.key.text;
    target.origin.span = entry.key.span;
    target.path = ".birdhouse/" + target.name;
    target.database = project;
    check_setting_name(target.name, entry.key.span, reading);
    const YamlNode settings = without_secrets(entry, reading);
    const std::optional<Fields> fields = Fields::check(settings, ObjectKind::Target, reading);
    if (!fields) {
        return target;
    }
    target.kind = read_target_kind(*fields);
    const bool tinybird = fields->text("kind") == "tinybird";
    if (!tinybird) {
        refuse_setting(*fields, "generation", "tinybird", reading);
    } else {
        refuse_setting(*fields, "database", "embedded and clickhouse", reading);
    }
    if (target.kind != model::TargetKind::Embedded) {
        refuse_setting(*fields, "path", "embedded", reading);
        target.path.clear();
    }
    target.path = fields->optional_text("path").value_or(target.path);
    target.database = fields->optional_text("database").value_or(tinybird ? "" : target.database);
    return target;
}

void read_targets(model::Config& config, const Fields& fields, Reading reading) {
    const YamlNode* targets = fields.find("targets");
    if (targets == nullptr || targets->entries.empty()) {
        config.targets = default_config(config.name).targets;
    } else {
        for (const YamlEntry& entry : targets->entries) {
            config.targets.push_back(read_target(entry, config.name, reading));
        }
    }
    config.default_target = fields.optional_text("default_target").value_or(config.targets.front().name);
    if (model::find_target(config, config.default_target) == nullptr) {
        std::vector<std::string_view> names;
        for (const model::TargetSettings& target : config.targets) {
            names.push_back(target.name);
        }
        const std::optional<std::string> near = nearest(config.default_target, names);
        reading.problems.add(codes::F022, fields.place_of("default_target"),
                             "no target is called " + backquoted(shorten(config.default_target, 80)),
                             near ? "did you mean " + backquoted(*near) + "?"
                                  : "name a target of `targets:`");
    }
}

void read_ingestion(model::IngestionRules& rules, const YamlNode& node, Reading reading) {
    const std::optional<Fields> fields = Fields::check(node, ObjectKind::Ingestion, reading);
    if (!fields) {
        return;
    }
    if (fields->text("null_with_default") == "quarantine") {
        rules.null_with_default = model::NullWithDefault::Quarantine;
    }
    const auto read_switch = [&](std::string_view key, bool& accepts) {
        if (fields->has(key)) {
            accepts = fields->text(key) == "accept";
        }
    };
    read_switch("numeric_text_into_wide_integers", rules.numeric_text_into_wide_integers);
    read_switch("numeric_text_into_narrow_integers", rules.numeric_text_into_narrow_integers);
    read_switch("epoch_into_datetime", rules.epoch_into_datetime);
    read_switch("structures_into_string", rules.structures_into_string);
    read_switch("scalars_into_string", rules.scalars_into_string);
    read_switch("boolean_into_uint8", rules.boolean_into_uint8);
    read_switch("fraction_into_datetime", rules.fraction_into_datetime);
    read_switch("offset_in_times", rules.offset_in_times);
    read_switch("unknown_keys", rules.unknown_keys);
}

void read_privacy(model::PrivacyRules& rules, const YamlNode& node, Reading reading) {
    if (const std::optional<Fields> fields = Fields::check(node, ObjectKind::Privacy, reading)) {
        rules.prompt_max_chars =
            static_cast<std::uint32_t>(fields->number("prompt_max_chars").value_or(rules.prompt_max_chars));
    }
}

} // namespace

model::Config default_config(std::string name) {
    model::Config config;
    model::TargetSettings local;
    local.name = "local";
    local.path = ".birdhouse/local";
    local.database = name;
    config.name = std::move(name);
    config.default_target = local.name;
    config.targets.push_back(std::move(local));
    return config;
}

std::optional<model::Config> read_config(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    const Reading reading{sources, problems};
    const std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    const std::optional<Fields> fields =
        root ? Fields::check(*root, ObjectKind::Project, reading) : std::nullopt;
    if (!fields) {
        return std::nullopt;
    }
    model::Config config;
    config.name = fields->text("name");
    if (fields->has("name")) {
        check_setting_name(config.name, fields->place(), reading);
    }
    read_targets(config, *fields, reading);
    config.output_folder = fields->optional_text("output").value_or(config.output_folder);
    if (const YamlNode* node = fields->find("ingestion")) {
        read_ingestion(config.ingestion, *node, reading);
    }
    if (const YamlNode* node = fields->find("privacy")) {
        read_privacy(config.privacy, *node, reading);
    }
    return config;
}

} // namespace birdhouse::codec

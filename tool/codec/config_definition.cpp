// birdhouse.yaml.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"
#include "codec/fields.hpp"
#include "codec/target_definition.hpp"

#include <algorithm>

namespace birdhouse::codec {

using syntax::YamlEntry;
using syntax::YamlNode;

namespace {

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

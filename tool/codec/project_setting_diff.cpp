#include "codec/project_setting_diff.hpp"

#include "codec/change_list.hpp"

#include <array>
#include <set>
#include <string_view>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Config;
using model::TargetSettings;

std::string_view kind_name(model::TargetKind kind) {
    static constexpr std::array<std::string_view, 4> kNames = {"embedded", "clickhouse", "tinybird forward",
                                                               "tinybird classic"};
    return kNames.at(static_cast<std::size_t>(kind));
}

std::string text_of(bool flag) { return flag ? "true" : "false"; }

std::string target_text(const TargetSettings* target) {
    if (target == nullptr) {
        return "";
    }
    std::string text(kind_name(target->kind));
    text += target->path.empty() ? "" : ", path " + target->path;
    for (const auto& [name, value] :
         {std::pair(", database ", &target->database), std::pair(", url ", &target->url),
          std::pair(", user ", &target->user), std::pair(", password of ", &target->password_env),
          std::pair(", cluster ", &target->cluster), std::pair(", host ", &target->host),
          std::pair(", workspace ", &target->workspace), std::pair(", token of ", &target->token_env)}) {
        text += value->empty() ? "" : name + *value;
    }
    for (const model::Setting& setting : target->settings) {
        text += ", " + setting.name + " = " + setting.value;
    }
    text += target->replicated ? ", replicated" : "";
    return text + (target->is_protected ? ", protected" : "");
}

struct NamedText {
    std::string_view name; // as birdhouse.yaml writes it
    std::string text;
};

std::array<NamedText, 9> settings_of(const Config& config) {
    const model::IngestionRules& rules = config.ingestion;
    const bool uses_default = rules.null_with_default == model::NullWithDefault::UseDefault;
    return {
        {{"name", config.name},
         {"default_target", config.default_target},
         {"output", config.output_folder},
         {"ingestion.null_with_default", uses_default ? "default" : "quarantine"},
         {"ingestion.numeric_text_into_wide_integers", text_of(rules.numeric_text_into_wide_integers)},
         {"ingestion.numeric_text_into_narrow_integers", text_of(rules.numeric_text_into_narrow_integers)},
         {"ingestion.epoch_into_datetime", text_of(rules.epoch_into_datetime)},
         {"ingestion.structures_into_string", text_of(rules.structures_into_string)},
         {"privacy.prompt_max_chars", std::to_string(config.privacy.prompt_max_chars)}}};
}

std::set<std::string> target_names(const Config& before, const Config& after) {
    std::set<std::string> names;
    for (const Config* config : {&before, &after}) {
        for (const TargetSettings& target : config->targets) {
            names.insert(target.name);
        }
    }
    return names;
}

} // namespace

std::vector<model::Change> diff_project_settings(const Config& before, const Config& after) {
    ChangeList changes(model::ResourceKind::Project, "");
    const auto old = settings_of(before);
    const auto now = settings_of(after);
    for (std::size_t i = 0; i < old.size(); ++i) {
        changes.add_if_different(ChangeKind::ProjectSettingChanged, old.at(i).text, now.at(i).text, {}, {},
                                 std::string(old.at(i).name));
    }
    for (const std::string& name : target_names(before, after)) {
        const TargetSettings* old_target = model::find_target(before, name);
        const TargetSettings* new_target = model::find_target(after, name);
        changes.add_if_different(ChangeKind::ProjectSettingChanged, target_text(old_target),
                                 target_text(new_target),
                                 old_target == nullptr ? Origin{} : old_target->origin,
                                 new_target == nullptr ? Origin{} : new_target->origin, "targets." + name);
    }
    return std::move(changes).take();
}

} // namespace birdhouse::codec

#include "codec/resource_parts.hpp"

#include "base/text.hpp"
#include "codec/sql_form.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Setting;
using model::Token;

template <class Value>
bool holds(const std::vector<Value>& all, const Value& wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

const Setting* find_setting(const std::vector<Setting>& settings, std::string_view name) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const Setting& setting) { return setting.name == name; });
    return found == settings.end() ? nullptr : &*found;
}

model::ChangeSide setting_side(const Setting* setting) {
    if (setting == nullptr) {
        return nothing();
    }
    return side(is_secret_setting(setting->name) ? "..." : setting->value, *setting, setting->origin);
}

} // namespace

void diff_descriptions(ChangeKind kind, const std::string& before, const std::string& after,
                       Origin origin_before, Origin origin_after, ChangeList& changes,
                       const std::string& part) {
    changes.add_if_different(kind, std::string(trim(before)), std::string(trim(after)), origin_before,
                             origin_after, part);
}

void diff_tokens(const std::vector<Token>& before, const std::vector<Token>& after, ChangeList& changes) {
    const auto text = [](const Token& token) { return std::string(to_string(token.scope)); };
    for (const Token& token : before) {
        if (!holds(after, token)) {
            changes.add(ChangeKind::TokenRemoved, token.name, side(text(token), token, token.origin),
                        nothing());
        }
    }
    for (const Token& token : after) {
        if (!holds(before, token)) {
            changes.add(ChangeKind::TokenAdded, token.name, nothing(),
                        side(text(token), token, token.origin));
        }
    }
}

void diff_tags(const std::vector<std::string>& before, const std::vector<std::string>& after,
               Origin origin_before, Origin origin_after, ChangeList& changes) {
    const auto text = [](const std::vector<std::string>& tags) {
        const std::set<std::string> sorted(tags.begin(), tags.end());
        return join(std::vector<std::string>(sorted.begin(), sorted.end()), ", ");
    };
    changes.add_if_different(ChangeKind::TagsChanged, text(before), text(after), origin_before, origin_after);
}

void diff_settings(ChangeKind kind, const std::vector<Setting>& before, const std::vector<Setting>& after,
                   ChangeList& changes) {
    for (const Setting& setting : before) {
        const Setting* now = find_setting(after, setting.name);
        if (now == nullptr || trim(now->value) != trim(setting.value)) {
            changes.add(kind, setting.name, setting_side(&setting), setting_side(now));
        }
    }
    for (const Setting& setting : after) {
        if (find_setting(before, setting.name) == nullptr) {
            changes.add(kind, setting.name, nothing(), setting_side(&setting));
        }
    }
}

bool is_secret_setting(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kWords = {"SECRET", "PASSWORD", "TOKEN", "CREDENTIAL",
                                                               "ACCESS_KEY"};
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

} // namespace birdhouse::codec

// The parts that several kinds of resources have, compared: descriptions, tokens, tags, settings.
#pragma once

#include "codec/change_list.hpp"
#include "model/project.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// Lines and blanks at the ends do not count.
void diff_descriptions(model::ChangeKind kind, const std::string& before, const std::string& after,
                       Origin origin_before, Origin origin_after, ChangeList& changes,
                       const std::string& part = {});

void diff_tokens(const std::vector<model::Token>& before, const std::vector<model::Token>& after,
                 ChangeList& changes);

// As sets.
void diff_tags(const std::vector<std::string>& before, const std::vector<std::string>& after,
               Origin origin_before, Origin origin_after, ChangeList& changes);

// By name. Each that differs becomes a change whose part is the setting's name; the values of secret ones are
// not shown.
void diff_settings(model::ChangeKind kind, const std::vector<model::Setting>& before,
                   const std::vector<model::Setting>& after, ChangeList& changes);

// Passwords, keys and the like: reports go to places where these must not.
bool is_secret_setting(std::string_view name);

} // namespace birdhouse::codec

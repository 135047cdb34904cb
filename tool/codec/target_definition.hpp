// A target of birdhouse.yaml: where changes go, and by which credentials. Secrets themselves never stand in
// the file: it names the environment variables that hold them.
#pragma once

#include "codec/fields.hpp"
#include "model/project.hpp"

#include <string>

namespace birdhouse::codec {

// `project` is the project's name, after which a database is called.
model::TargetSettings read_target(const syntax::YamlEntry& entry, const std::string& project,
                                  Reading reading);

// Names of projects and targets become folders and databases.
void check_setting_name(const std::string& name, Span place, Reading reading);

} // namespace birdhouse::codec

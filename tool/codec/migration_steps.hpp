// What each kind of migration step is made of.
#pragma once

#include "codec/fields.hpp"
#include "model/migration.hpp"

#include <optional>

namespace birdhouse::codec {

// `kind` is a kind of step. Nothing, after a report, when it cannot be told what is to be done.
std::optional<model::StepAction> read_step_action(ObjectKind kind, const syntax::YamlNode& node,
                                                  Reading reading);

} // namespace birdhouse::codec

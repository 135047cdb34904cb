// The parts of the table of changes, one a family of kinds, and the runs of effects that many rows share.
#pragma once

#include "model/change_assessment.hpp"

#include <span>
#include <string_view>

namespace birdhouse::model {

// In the order of change_kinds.def.
std::span<const ChangeRow> column_rows();
std::span<const ChangeRow> datasource_rows();
std::span<const ChangeRow> pipe_rows();
std::span<const ChangeRow> resource_rows();

// What all targets change in place.
constexpr TargetEffects altered(std::string_view statement) {
    return {{TargetAction::Alter, statement}, {TargetAction::Alter}, {TargetAction::Alter}};
}
// What ClickHouse changes in place, and Tinybird only by writing the rows again.
constexpr TargetEffects converted(std::string_view statement) {
    return {{TargetAction::Alter, statement}, {TargetAction::ForwardQuery}, {TargetAction::Recreate}};
}
// What lies in the order or the parts of the stored rows.
constexpr TargetEffects rebuilt(std::string_view how) {
    return {{TargetAction::Rebuild, how}, {TargetAction::Rewrite}, {TargetAction::Ignored}};
}
// What a table knows nothing of.
constexpr TargetEffects deployed() {
    return {{TargetAction::Nothing}, {TargetAction::Update}, {TargetAction::Update}};
}
// What only birdhouse knows of.
constexpr TargetEffects nowhere() { return {}; }

} // namespace birdhouse::model

// A difference as text for people, as JSON for programs, and as Markdown for the comment on a pull request.
#pragma once

#include "ops/diff.hpp"

#include <string>

namespace birdhouse::ops {

std::string render_text(const DiffReport& report);
std::string render_json(const DiffReport& report);
std::string render_markdown(const DiffReport& report);

// What the three share.

// The changes of one resource, the worst first.
struct ChangeGroup {
    model::ResourceKind resource = model::ResourceKind::Datasource;
    std::string name;
    std::vector<const codec::AssessedChange*> changes;
};
// The worst resource first.
std::vector<ChangeGroup> grouped(const DiffReport& report);

// "4 changes, 1 destructive, 1 breaking"
std::string summary_of(const DiffReport& report);
// Where the change stands, in the later state when it stands there; empty when no file says it.
std::string place_of(const codec::AssessedChange& change, const DiffReport& report);
// "pipes/hourly_usage.yaml:14:22"; empty when it is not known.
std::string place_in(const DiffSide& side, Span span);
// "destructive, breaking"
std::string verdict_of(const model::Assessment& assessment);

} // namespace birdhouse::ops

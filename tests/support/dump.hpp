// Model values as text, for golden cases: one thing a line, nothing left out, defaults left unsaid.
#pragma once

#include "base/source.hpp"
#include "model/migration.hpp"
#include "model/project.hpp"

#include <string>
#include <vector>

namespace birdhouse::testing {

std::string dump(const model::Config& config);
std::string dump(const std::vector<model::Column>& columns);
std::string dump(const model::Connection& connection);
std::string dump(const model::Datasource& datasource);
// With the place of each line of SQL, when the pipe was read from `sources`.
std::string dump(const model::Pipe& pipe, const SourceMap& sources);
std::string dump(const model::Migration& migration);

} // namespace birdhouse::testing

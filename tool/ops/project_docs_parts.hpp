// The parts of project_docs.cpp: the pages of each kind of resource. Nothing here has a place on a page yet.
#pragma once

#include "model/project.hpp"
#include "ops/project_docs.hpp"

#include <span>
#include <vector>

namespace birdhouse::ops::docs {

void describe(const model::Connection& connection, DocPage& page);
void describe(const model::Datasource& datasource, DocPage& page);
void describe(const model::Pipe& pipe, DocPage& page);

// What a caller of `pipe` can give: its own parameters first, then those of the pipes it reads, which pass
// them on. `read` are these pipes, the nearest first.
std::vector<DocParameter> parameters_of(const model::Pipe& pipe, std::span<const model::Pipe* const> read);

} // namespace birdhouse::ops::docs

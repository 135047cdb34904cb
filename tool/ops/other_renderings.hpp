// Other texts that a refused query could be: a placeholder takes a branch that no caller takes, or stands
// where only a date or a number can. What the engine takes in one of them is not the author's mistake.
#pragma once

#include "codec/mapped_sql.hpp"
#include "codec/pipe_query.hpp"
#include "model/project.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

// The node's query as it is when the parameters it cannot do without are given, and no other; nothing when it
// does not render then either.
std::optional<codec::MappedSql> least_call(const model::Project& project, const model::Pipe& pipe,
                                           const model::Node& node, const codec::ComposeOptions& options);

// True when the bytes at `place` are part of the query.
bool comes_from(const codec::MappedSql& query, Span place);

// `sql` with a value of another form for each text that stands for no value; empty where none does.
std::vector<std::string> with_other_values(const std::string& sql);

} // namespace birdhouse::ops

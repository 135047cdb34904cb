// Statements that change tables, as a cluster wants them. Pure: the text that a plan prints is the text that
// is sent. Everything else comes back as it was.
#pragma once

#include "model/project.hpp"

#include <string>
#include <string_view>

namespace birdhouse::target {

// The word a statement begins with, in capitals; empty when it begins with none.
std::string first_word(std::string_view sql);

// Does the statement only read? SELECT, SHOW, DESCRIBE, EXPLAIN, EXISTS and WITH do.
bool is_read(std::string_view sql);

// With ON CLUSTER behind the name of what is changed, and with the Replicated engine of a new table's kind,
// where the target's settings ask for them. `sql` is one statement.
std::string distributed_ddl(std::string_view sql, const model::TargetSettings& settings);

} // namespace birdhouse::target

// Which columns come out of a query? The engine says so without running it.
#pragma once

#include "base/result.hpp"
#include "codec/mapped_sql.hpp"
#include "target/channel.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct OutputColumn {
    std::string name;
    std::string type; // as the engine prints it
};

// The statement that asks; a query that is no SELECT asks for itself.
codec::MappedSql describe_statement(const codec::MappedSql& query);

// Secrets in it get a text that is none.
Result<std::vector<OutputColumn>> describe(target::SqlChannel& channel, std::string_view statement);

} // namespace birdhouse::ops

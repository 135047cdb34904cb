// New rows in the place of all that a table has.
#pragma once

#include "server/api_result.hpp"
#include "target/channel.hpp"

#include <functional>
#include <string>

namespace birdhouse::server {

// `fill` writes into the table whose name it is given, which then takes the place of `table`: readers see the
// old rows or the new ones. Whoever calls it keeps others from writing meanwhile.
ApiStatus replace_table(const std::string& database, const std::string& table, target::SqlChannel& engine,
                        const std::function<ApiStatus(const std::string&)>& fill);

} // namespace birdhouse::server

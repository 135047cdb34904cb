// Taking apart what ClickHouse prints: the engine clause of a table, and names that carry their database.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// "ReplacingMergeTree(ts) ORDER BY id TTL ts + toIntervalDay(30) SETTINGS index_granularity = 8192"
struct EngineClause {
    std::string engine; // with its arguments; a replicated or shared engine is the plain one of its kind
    std::string ttl;
    std::vector<std::string> settings; // sorted
    friend bool operator==(const EngineClause&, const EngineClause&) = default;
};

EngineClause parse_engine_clause(std::string_view engine_full);

// `sql` without the database before the names of its tables. `shop.id` stays when `shop` is an alias and `id`
// no table: a name loses its database behind FROM and JOIN, or when it is one of `tables`.
std::string without_database(std::string_view sql, std::string_view database,
                             const std::set<std::string, std::less<>>& tables);

} // namespace birdhouse::target

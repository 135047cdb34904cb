// Model values as ClickHouse statements. Pure: nothing here runs them. Tables are named with their database;
// the SELECT of a view is taken as it stands, so its tables are those of the channel's current database.
#pragma once

#include "model/datasource.hpp"
#include "model/migration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// `name` is the table's, which is not always the datasource's: rebuilds make shadows.
std::string create_table(const model::Datasource& datasource, std::string_view database,
                         std::string_view name);

// `view` writes into the table `into`.
std::string create_materialized_view(std::string_view view, std::string_view into, std::string_view sql,
                                     std::string_view database);

// The statements of one step, in order. `before` is the datasource as it stands before the step; SetNullable
// reads the column's type from it. A step that changes only how events are read gives none. Backfills are not
// among them, and AddIndex leaves the rows that exist unindexed: both rewrite data and are planned apart.
std::vector<std::string> statements_for(const model::StepAction& action, const model::Datasource* before,
                                        std::string_view database);

} // namespace birdhouse::target

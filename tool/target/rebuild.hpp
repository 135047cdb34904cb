// A table rebuilt beside itself, for what no ALTER can do: a shadow of the new shape is filled partition by
// partition, held against the table, and takes its name in one atomic statement. The old table is kept. Pure.
#pragma once

#include "model/schema.hpp"
#include "target/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::target {

// `events_before_0003_key`: what the table as it was is called afterwards. `kept_as` is `before_0003_key`.
std::string kept_table(std::string_view datasource, std::string_view kept_as);

// The step is known to fit `before`.
std::vector<Statement> plan_rebuild(const model::RebuildDatasource& step, const model::Datasource& before,
                                    std::string_view database, std::string_view kept_as);

// The value that the new table gets in `column`, an expression over the old one.
std::string converted(const model::RebuildDatasource& step, const model::Column& before,
                      const model::Column& after);

// Are the rows only linked into the new table, not written again?
bool copies_nothing(const model::RebuildDatasource& step, const model::Datasource& before);

} // namespace birdhouse::target

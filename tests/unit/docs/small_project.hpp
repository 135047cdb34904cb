// A project with every kind of resource, as values.
#pragma once

#include "model/project.hpp"

#include <string>
#include <utility>
#include <vector>

namespace birdhouse::testing {

struct NodeDraft {
    std::string name;
    std::string sql;
    model::NodeType type = model::NodeType::Standard;
};

model::Datasource make_datasource(std::string name,
                                  const std::vector<std::pair<std::string, std::string>>& columns);
model::Pipe make_pipe(std::string name, const std::vector<NodeDraft>& nodes);

// Kafka fills orders, a view sums them, a copy keeps the sums by day, a sink sends those away; two endpoints,
// one of which reads a name that stands for nothing.
model::Project small_project();

} // namespace birdhouse::testing

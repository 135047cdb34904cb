// What a name in a table position stands for, seen from a node of a pipe.
#pragma once

#include "model/project.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace birdhouse::codec {

struct NodeTable {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
};
struct DatasourceTable {
    const model::Datasource* datasource = nullptr;
};
// The rows that ingestion put aside; the table is made with the first of them.
struct QuarantineTable {
    const model::Datasource* datasource = nullptr;
};
// A target that no file declares but a pipe of Classic makes, with the engine it names beside its SQL.
struct TargetTable {
    const model::Pipe* pipe = nullptr;
};
using NamedTable = std::variant<NodeTable, DatasourceTable, QuarantineTable, TargetTable>;

// A node of the same pipe comes first, then datasources, pipes and targets that pipes make, then quarantines.
// `name__v2` is `name` at version 2, and a bare `name` the latest `name__vN` when nothing else is called so.
// A node does not see itself where a datasource or pipe has its name, as a WITH table does not see itself.
std::optional<NamedTable> find_table(const model::Project& project, const model::Pipe& pipe,
                                     const model::Node& node, std::string_view name);

// The mend for a name that stands for nothing: the nearest that would, or a note on versions.
std::string nearest_table(const model::Project& project, const model::Pipe& pipe, std::string_view name);

// `null('...')` of the quarantine table's columns: an empty stand-in as long as no row was put aside.
std::string empty_quarantine(const model::Datasource& datasource);

} // namespace birdhouse::codec

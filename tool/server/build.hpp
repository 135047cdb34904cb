// From one content of a workspace to the next: tables, views and rows follow. What cannot work is found out
// in a database of its own, before anything that holds rows is touched.
#pragma once

#include "server/content.hpp"
#include "target/channel.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::server {

struct NameChanges {
    std::vector<std::string> added; // by name, as all of these
    std::vector<std::string> changed;
    std::vector<std::string> dropped;
    bool empty() const { return added.empty() && changed.empty() && dropped.empty(); }
};

struct BuildChanges {
    NameChanges datasources;
    NameChanges pipes;
    NameChanges connections;
    bool empty() const { return datasources.empty() && pipes.empty() && connections.empty(); }
};

// By what the files say, not by their bytes.
BuildChanges changes_between(const Content& before, const Content& after);

// Builds `content` in an empty database beside the workspace's and drops it again: every table and view made,
// every node described. What the engine refuses goes to `problems`.
Result<void> try_build(const Content& content, std::string_view database, target::SqlChannel& channel,
                       std::vector<FileProblem>& problems);

// Brings `database` from `before` to `after`, which was tried. Rows stay where their table or one of its name
// goes on; they are converted by FORWARD_QUERY, or column by column. An error leaves the tables as they were.
Result<void> apply_build(const Content& before, const Content& after, std::string_view database,
                         target::SqlChannel& channel);

struct DataMovement {
    std::string datasource;
    std::string source_view; // whose query fills it; empty: it is filled from its live rows
};
// Which tables are written anew on the way.
std::vector<DataMovement> movements_between(const Content& before, const Content& after);

} // namespace birdhouse::server

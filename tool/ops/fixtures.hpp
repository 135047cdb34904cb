// Fixtures: rows for a project's tables, in files called like the datasources. Loaded into an engine in
// memory as ingestion would take them, views included.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/project.hpp"
#include "ops/scratch_tables.hpp"
#include "ops/session.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct LoadedFixture {
    std::string path; // relative to the project's folder
    std::string datasource;
    std::size_t rows = 0;
    std::size_t quarantined = 0;
};

struct FixtureTables {
    std::vector<LoadedFixture> loaded;
    std::vector<std::string> notices; // files that were passed over, rows that were refused
};

// The database that the tables are made in; each connection has to USE it.
inline constexpr std::string_view kFixtureDatabase = ScratchTables::kDatabase;

// Makes the tables without their TTL, since fixtures are as old as they are, then the views, then loads
// fixtures/ and datasources/fixtures/. A table that the engine refuses is a problem of its datasource.
Result<FixtureTables> make_fixture_tables(const model::Project& project, const Session& session,
                                          const SourceMap& sources, target::SqlTarget& engine,
                                          Diagnostics& problems);

} // namespace birdhouse::ops

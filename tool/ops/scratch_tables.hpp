// The tables of a project on a scratch engine: each as its datasource declares it, or, where the engine
// refuses that, a stand-in of what it does take, so that those who read it can still be checked.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/datasource.hpp"
#include "target/channel.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct StoredColumn {
    std::string name;
    std::string type;    // as the engine prints it
    bool filled = false; // by its default or by an expression, whatever is inserted
};

class ScratchTables {
public:
    static constexpr std::string_view kDatabase = "birdhouse_check";
    using GuessedColumns = std::set<std::string, std::less<>>;

    ScratchTables(target::SqlChannel& channel, const SourceMap& sources, Diagnostics& diagnostics)
        : channel_(channel), sources_(sources), diagnostics_(diagnostics) {}

    // Sets limits and makes the databases; once, before anything else.
    Result<void> prepare();

    // Reports F350 for each part of it that the engine refuses, F357 for columns that merging rows would mix
    // up.
    Result<void> add(const model::Datasource& datasource);
    // A table of another database, known to be taken.
    Result<void> add_foreign(std::string_view database, const model::Datasource& table);

    // False: not even a stand-in could be made.
    bool has(std::string_view name) const { return tables_.contains(name); }
    bool has_foreign(std::string_view database, std::string_view name) const;
    // Columns that have another type here than they will have once they are mended.
    const GuessedColumns& guessed(std::string_view name) const;
    Result<std::vector<StoredColumn>> columns(std::string_view name);

    std::size_t taken() const { return taken_; }     // as declared
    std::size_t refused() const { return refused_; } // a part of them

private:
    Result<void> create(std::string_view database, const model::Datasource& datasource);
    Result<void> create_stand_in(std::string_view database, const model::Datasource& stored,
                                 const Error& refusal);
    Result<void> ensure_database(std::string_view database);

    target::SqlChannel& channel_;
    const SourceMap& sources_;
    Diagnostics& diagnostics_;
    std::map<std::string, GuessedColumns, std::less<>> tables_;
    std::set<std::string, std::less<>> foreign_; // "database.table"
    std::set<std::string, std::less<>> databases_;
    std::size_t probes_ = 0;
    std::size_t taken_ = 0;
    std::size_t refused_ = 0;
};

} // namespace birdhouse::ops

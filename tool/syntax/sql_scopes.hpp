// Which names are in sight while a statement is walked: the tables WITH binds, and the tables each SELECT's
// columns can be qualified with. Writes what it finds out into the outline.
#pragma once

#include "syntax/sql_outline.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace birdhouse::syntax {

class SqlScopes {
public:
    explicit SqlScopes(SqlOutline& outline) : outline_(outline) {}

    // Tables bound by WITH are in sight from `begin` until the brackets round them close.
    void bind(const std::string& table, std::uint32_t begin);
    bool is_bound(const std::string& table) const;
    std::size_t bound() const { return open_commons_.size(); }
    // Forgets what was bound since `bound()` was `keep`.
    void unbind(std::size_t keep, std::uint32_t end);

    void open_select() { selects_.push_back({}); }
    // Gives each qualifier to the nearest SELECT that has a table of that name.
    void close_select();

    // A table of the outline unless WITH bound the name.
    void read_table(std::string table, std::string database, SqlRange place, TableUse use);
    // A subquery, a table function: only its alias can qualify columns.
    void read_unnamed_table();
    // Names the table read last.
    void alias(std::string name, SqlRange place);
    void qualify(std::string table, SqlRange place);

private:
    struct Exposed {
        std::string name;
        std::string alias;
        std::size_t table = kBound; // in SqlOutline::tables
    };
    struct Qualifier {
        std::string table;
        SqlRange place;
    };
    struct Select {
        std::vector<Exposed> exposed;
        std::vector<Qualifier> qualifiers;
    };
    static constexpr std::size_t kBound = SIZE_MAX;

    SqlOutline& outline_;
    std::vector<Select> selects_;
    std::unordered_map<std::string, std::size_t> bound_; // how many times
    std::vector<std::size_t> open_commons_;              // in SqlOutline::common_tables
};

} // namespace birdhouse::syntax

// What a reading statement names: its tables with their aliases and uses, its table functions, its settings,
// and what keeps it from being one reading statement at all. Found by walking the tokens with a stack of
// brackets: no grammar of expressions is needed to know a table position from a column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

inline constexpr std::size_t kDeepestSql = 500; // brackets in brackets; the engine stops at 1,000

// Half-open range of bytes of the statement's text.
struct SqlRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const SqlRange&, const SqlRange&) = default;
};

enum class TableUse {
    Source,    // FROM t, JOIN t, a comma list of tables
    Member,    // x IN t
    Described, // DESCRIBE t
};

struct SqlTable {
    std::string name;
    std::string database; // empty when the name stands alone
    TableUse use = TableUse::Source;
    SqlRange place; // of the name, its database included
    std::optional<SqlRange> alias;
    std::vector<SqlRange>
        qualifiers; // each `t` of a `t.column` that means this table although it has an alias
};

struct SqlFunction {
    std::string name;
    SqlRange place;
};

struct SqlSetting {
    std::string name;
    std::string value; // its first token, as written
    SqlRange place;
};

// A table bound by WITH: other texts pasted into this range would see it.
struct CommonTable {
    std::string name;
    SqlRange visible;
};

enum class SqlProblemKind {
    Empty,
    NotReading, // `what` is the word found where SELECT should be
    SeveralStatements,
    OutputClause, // FORMAT or INTO OUTFILE
    Unclosed,     // a quote or comment
    Unbalanced,   // a bracket
    TooDeep,
};

struct SqlProblem {
    SqlProblemKind kind = SqlProblemKind::Empty;
    std::string what;
    SqlRange place;
};

struct SqlOutline {
    SqlRange statement;           // without what surrounds it: blanks, comments, a last semicolon
    std::vector<SqlTable> tables; // in the order of the text; names bound by WITH are not among them
    std::vector<SqlFunction> table_functions;
    std::vector<SqlSetting> settings;
    std::vector<CommonTable> common_tables;
    std::vector<SqlProblem> problems;
};

SqlOutline outline_sql(std::string_view sql);

} // namespace birdhouse::syntax

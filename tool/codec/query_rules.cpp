#include "codec/query_rules.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace birdhouse::codec {

namespace {

using syntax::SqlOutline;
using syntax::SqlProblem;
using syntax::SqlProblemKind;
using syntax::SqlRange;

constexpr auto kTableFunctions = std::to_array<std::string_view>(
    {"generaterandom", "null", "numbers", "numbers_mt", "values", "zeros", "zeros_mt"});
constexpr auto kSystemTables = std::to_array<std::string_view>({"functions", "numbers", "numbers_mt", "one"});
constexpr auto kSettings = std::to_array<std::string_view>(
    {"join_use_nulls", "join_algorithm", "date_time_output_format", "max_threads", "max_memory_usage",
     "max_execution_time", "use_query_condition_cache", "prefer_column_name_to_alias"});

template <class Names>
bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Names>
std::string listed(const Names& names) {
    std::string out;
    for (const std::string_view name : names) {
        out += (out.empty() ? "" : ", ") + backquoted(name);
    }
    return out;
}

class Checker {
public:
    Checker(const MappedSql& text, Span node, Diagnostics& diagnostics)
        : text_(text), node_(node), diagnostics_(diagnostics) {}

    // Messages with a capital letter are Tinybird's own words: people look them up.
    void problem(const SqlProblem& found) {
        switch (found.kind) {
        case SqlProblemKind::Empty:
            return report(codes::T061, found.place, "the SQL is empty", "write a SELECT");
        case SqlProblemKind::NotReading:
            return report(codes::T050, found.place,
                          "Only SELECT or DESCRIBE queries are supported. Got: " +
                              printable(shorten(found.what, 40)),
                          "begin with SELECT or WITH; tables are changed by migrations");
        case SqlProblemKind::SeveralStatements:
            return report(codes::T051, found.place,
                          "a second statement begins with " + backquoted(found.what),
                          "keep one SELECT in a node");
        case SqlProblemKind::OutputClause:
            return report(codes::T055, found.place,
                          backquoted(found.what) + " says where or how to print the rows",
                          "take it out: whoever asks for the pipe names the format");
        case SqlProblemKind::Unclosed:
            return report(codes::T060, {found.place.begin, found.place.begin + 1},
                          backquoted(found.what) + " is not closed",
                          "close it, or double it inside of a text");
        case SqlProblemKind::Unbalanced:
            return report(codes::T060, found.place, backquoted(found.what) + " is without its partner",
                          "open and close each bracket in the same node");
        case SqlProblemKind::TooDeep:
            return report(codes::T058, found.place,
                          "brackets stand in more than " + std::to_string(syntax::kDeepestSql) + " others",
                          "split the query into nodes");
        }
    }

    void function(const syntax::SqlFunction& used) {
        if (!holds(kTableFunctions, to_lower_ascii(used.name))) {
            report(codes::T052, used.place,
                   "The query uses disabled table functions: '" + printable(used.name) + "'",
                   "pipes may use generateRandom, null, numbers, numbers_mt, values, zeros and zeros_mt");
        }
    }

    void table(const syntax::SqlTable& used) {
        if (is_system_database(used.database) &&
            !(used.database == "system" && holds(kSystemTables, used.name))) {
            report(codes::T053, used.place,
                   backquoted(used.database + "." + used.name) + " is a system table that pipes do not see",
                   "of `system`, pipes may read " + listed(kSystemTables));
        }
    }

    void setting(const syntax::SqlSetting& used) {
        const bool direct = used.name == "join_algorithm" && used.value.find("direct") != std::string::npos;
        if (!holds(kSettings, used.name) || direct) {
            report(codes::T054, used.place, "Usage of setting '" + printable(used.name) + "' is restricted",
                   direct ? "of the join algorithms, `direct` is closed to pipes"
                          : "pipes may set " + listed(kSettings));
        }
    }

    bool clean() const { return clean_; }

private:
    void report(const Code& code, SqlRange place, std::string message, std::string help) {
        clean_ = false;
        const Span written = text_.source_of(place.begin, place.end);
        diagnostics_.add(code, written.known() ? written : node_, std::move(message), std::move(help));
    }

    const MappedSql& text_;
    Span node_;
    Diagnostics& diagnostics_;
    bool clean_ = true;
};

} // namespace

bool check_query_rules(const SqlOutline& outline, const MappedSql& text, Span node,
                       Diagnostics& diagnostics) {
    Checker checker(text, node, diagnostics);
    for (const SqlProblem& problem : outline.problems) {
        checker.problem(problem);
    }
    for (const syntax::SqlFunction& function : outline.table_functions) {
        checker.function(function);
    }
    for (const syntax::SqlTable& table : outline.tables) {
        checker.table(table);
    }
    for (const syntax::SqlSetting& setting : outline.settings) {
        checker.setting(setting);
    }
    return checker.clean();
}

bool is_system_database(std::string_view database) {
    return database == "system" || to_lower_ascii(database) == "information_schema";
}

} // namespace birdhouse::codec

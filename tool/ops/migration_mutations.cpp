#include "ops/migration_mutations.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

using target::string_literal;

std::vector<target::Parameter> table_parameters(const std::string& database, const std::string& table) {
    return {{"database", target::escape_tsv(database)}, {"table", target::escape_tsv(table)}};
}

// "Code: 6. DB::Exception: Cannot parse ... (CANNOT_PARSE_TEXT)": the first line is what a person needs.
std::string first_line(std::string_view text) {
    return std::string(trim(text.substr(0, std::min(text.find('\n'), text.size()))));
}

std::string column_text(const target::ColumnState& column) {
    return target::identifier(column.name) + " " + column.type +
           (column.default_kind.empty() ? "" : " " + column.default_kind + " " + column.default_expression);
}

// Always an error: the mutation's, or that of looking into it.
Result<void> failure_of(target::SqlChannel& channel, const std::string& database, const std::string& table,
                        const std::optional<target::TableState>& before,
                        const std::vector<OpenMutation>& failed) {
    Error error{ExitCode::Partial,
                "rewriting the rows of " + backquoted(table) + " failed (mutation `" + failed.front().id +
                    "`: " + failed.front().command + "): " + first_line(failed.front().failure),
                ""};
    TRY_ASSIGN(const std::optional<target::TableState> now, target::read_table(channel, database, table));
    std::vector<std::string> statements;
    if (before && now) {
        statements = way_back(*before, *now, database, failed);
    }
    error.hint = "the table has its new columns already, and rows that were not rewritten cannot be read";
    if (!statements.empty()) {
        error.hint += "; the way back: " + join(statements, "; ") +
                      "; then mend the rows or the step, and run the same command again";
    }
    return error;
}

} // namespace

Result<std::vector<OpenMutation>> read_open_mutations(target::SqlChannel& channel,
                                                      const std::string& database, const std::string& table) {
    TRY_ASSIGN(const target::QueryResult result,
               channel.query("SELECT mutation_id, command, toString(parts_to_do), latest_fail_reason"
                             " FROM system.mutations WHERE database = {database:String}"
                             " AND table = {table:String} AND NOT is_done ORDER BY create_time, mutation_id",
                             "TSV", table_parameters(database, table)));
    std::vector<OpenMutation> open;
    for (const std::vector<std::string>& row : target::parse_tsv(result.bytes)) {
        if (row.size() != 4) {
            return Error{ExitCode::Failed, "the engine lists its mutations in a way that is not known here",
                         ""};
        }
        open.push_back({row[0], row[1], std::stoull("0" + row[2]), row[3]});
    }
    return open;
}

Result<void> await_mutations(target::SqlChannel& channel, const std::string& database,
                             const std::string& table, const std::optional<target::TableState>& before,
                             const std::function<void(const OpenMutation&)>& pause) {
    for (;;) {
        TRY_ASSIGN(const std::vector<OpenMutation> open, read_open_mutations(channel, database, table));
        if (open.empty()) {
            return {};
        }
        std::vector<OpenMutation> failed;
        std::ranges::copy_if(open, std::back_inserter(failed),
                             [](const OpenMutation& one) { return !one.failure.empty(); });
        if (!failed.empty()) {
            return failure_of(channel, database, table, before, failed);
        }
        pause(open.front());
    }
}

std::vector<std::string> way_back(const target::TableState& before, const target::TableState& now,
                                  const std::string& database, const std::vector<OpenMutation>& failed) {
    std::vector<std::string> statements;
    for (const target::ColumnState& old : before.columns) {
        const auto column = std::ranges::find(now.columns, old.name, &target::ColumnState::name);
        if (column != now.columns.end() && column->type != old.type) {
            statements.push_back("ALTER TABLE " + target::qualified_name(database, before.name) +
                                 " MODIFY COLUMN " + column_text(old) + " SETTINGS mutations_sync = 1");
        }
    }
    if (!statements.empty()) {
        for (const OpenMutation& one : failed) {
            statements.push_back("KILL MUTATION WHERE database = " + string_literal(database) +
                                 " AND table = " + string_literal(before.name) +
                                 " AND mutation_id = " + string_literal(one.id));
        }
    }
    return statements;
}

} // namespace birdhouse::ops

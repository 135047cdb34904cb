#include "ops/migration_rebuild.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <charconv>

namespace birdhouse::ops {

namespace {

using target::parse_tsv;
using target::RebuildCheck;
using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kPause =
    "nothing was swapped and nothing is lost: pause what writes to it, its producers "
    "and the sources of its views, then run the same command again";

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::vector<target::Parameter> table_parameters(const std::string& database, const std::string& table) {
    return {{"database", target::escape_tsv(database)}, {"table", target::escape_tsv(table)}};
}

Result<Rows> rows_of(target::SqlChannel& channel, std::string_view sql,
                     std::span<const target::Parameter> parameters = {}) {
    TRY_ASSIGN(const target::QueryResult result, channel.query(sql, "TSV", parameters));
    return parse_tsv(result.bytes);
}

Result<void> execute_for(target::SqlChannel& channel, std::string_view sql, const std::string& partition) {
    const std::vector<target::Parameter> parameters{{"partition", target::escape_tsv(partition)}};
    TRY(channel.query(sql, "Null", parameters));
    return {};
}

std::string shown(const std::vector<std::string>& partitions) {
    constexpr std::size_t kMost = 5;
    std::vector<std::string> some(partitions.begin(),
                                  partitions.begin() +
                                      static_cast<std::ptrdiff_t>(std::min(kMost, partitions.size())));
    for (std::string& one : some) {
        one = backquoted(one);
    }
    return join(some, ", ") + (partitions.size() > kMost ? " and more" : "");
}

// The partitions of `now` that are not as they were.
std::vector<std::string> changed(const std::vector<PartitionState>& was,
                                 const std::vector<PartitionState>& now) {
    std::vector<std::string> partitions;
    for (const PartitionState& one : now) {
        if (std::ranges::find(was, one) == was.end()) {
            partitions.push_back(one.partition);
        }
    }
    for (const PartitionState& one : was) {
        if (std::ranges::find(now, one.partition, &PartitionState::partition) == now.end()) {
            partitions.push_back(one.partition);
        }
    }
    return partitions;
}

Error came_in(const RebuildCheck& check, const std::vector<std::string>& partitions, const char* when) {
    return {ExitCode::Partial,
            backquoted(check.table) + " changed while it was " + when + ": " +
                counted(partitions.size(), "partition") + " took or lost rows (" + shown(partitions) + ")",
            kPause};
}

Result<std::optional<Error>> unequal(const SwapRun& run) {
    const RebuildCheck& check = *run.statement.rebuild;
    if (check.table_digest.empty()) {
        return std::optional<Error>();
    }
    TRY_ASSIGN(const Rows table, rows_of(run.channel, check.table_digest));
    TRY_ASSIGN(const Rows shadow, rows_of(run.channel, check.shadow_digest));
    if (table == shadow) {
        return std::optional<Error>();
    }
    std::string where;
    for (std::size_t i = 0; i < std::max(table.size(), shadow.size()) && where.empty(); ++i) {
        const bool both = i < table.size() && i < shadow.size();
        if (!both || table[i] != shadow[i]) {
            const auto& one = i < table.size() ? table[i] : shadow[i];
            where = (one[0].empty() ? "" : "partition " + backquoted(one[0]) + ": ") +
                    (both ? table[i][1] + " rows and checksum " + table[i][2] + ", copied " + shadow[i][1] +
                                " and " + shadow[i][2]
                     : i < table.size() ? "nothing was copied"
                                        : "copied, and not in the table");
        }
    }
    return std::optional<Error>(
        Error{ExitCode::Partial, "the copy of " + backquoted(check.table) + " is not equal to it: " + where,
              "nothing was swapped: if something writes to it, pause it and run the same command again; a "
              "conversion that gives another value each time, as now() does, cannot be checked"});
}

Result<std::optional<Error>> refused_before(const SwapRun& run) {
    const RebuildCheck& check = *run.statement.rebuild;
    if (run.copied) {
        TRY_ASSIGN(const std::vector<PartitionState> now,
                   read_partitions(run.channel, run.database, check.table));
        if (const std::vector<std::string> partitions = changed(*run.copied, now); !partitions.empty()) {
            return std::optional<Error>(came_in(check, partitions, "copied"));
        }
    }
    return unequal(run);
}

Result<Rows> readers_of(const SwapRun& run) {
    return rows_of(run.channel,
                   "SELECT arrayJoin(arraySort(dependencies_table)) FROM system.tables"
                   " WHERE database = {database:String} AND name = {table:String}",
                   table_parameters(run.database, run.statement.rebuild->table));
}

// What the swap must not have done; the old table goes by the shadow's name now.
Result<std::optional<Error>> refused_after(const SwapRun& run, const std::optional<Rows>& readers) {
    const RebuildCheck& check = *run.statement.rebuild;
    if (run.copied) {
        TRY_ASSIGN(const std::vector<PartitionState> now,
                   read_partitions(run.channel, run.database, check.shadow));
        if (const std::vector<std::string> partitions = changed(*run.copied, now); !partitions.empty()) {
            return std::optional<Error>(came_in(check, partitions, "swapped"));
        }
    }
    TRY_ASSIGN(const Rows bound, readers_of(run));
    for (const std::vector<std::string>& reader : readers.value_or(Rows())) {
        if (std::ranges::find(bound, reader) == bound.end()) {
            return std::optional<Error>(
                Error{ExitCode::Partial,
                      "after the swap materialized view " + backquoted(reader[0]) + " no longer reads " +
                          backquoted(check.table) + ": this server's EXCHANGE TABLES loses it",
                      "the tables were swapped back: upgrade the server before you rebuild what views read"});
        }
    }
    return std::optional<Error>();
}

// Rows that reached the new table while it had the name are in no other table: it must not be dropped.
Result<void> swap_back(const SwapRun& run, Error& error) {
    const RebuildCheck& check = *run.statement.rebuild;
    TRY(run.channel.execute(run.statement.sql));
    if (!run.copied) {
        return {};
    }
    std::uint64_t copied = 0;
    for (const PartitionState& one : *run.copied) {
        copied += one.rows;
    }
    const std::string shadow = target::qualified_name(run.database, check.shadow);
    TRY_ASSIGN(const Rows counted_rows, rows_of(run.channel, "SELECT count() FROM " + shadow));
    const std::uint64_t rows = number_in<std::uint64_t>(counted_rows.at(0).at(0)).value_or(copied);
    if (rows <= copied) {
        return {};
    }
    const std::string strays = check.kept + "_strays";
    TRY(run.channel.execute("RENAME TABLE " + shadow + " TO " +
                            target::qualified_name(run.database, strays)));
    error.message += "; " + counted(rows - copied, "row") + " that came in between the swaps " +
                     (rows - copied == 1 ? "is" : "are") + " in " + backquoted(strays) + " alone";
    error.hint = "put those rows back by hand and drop that table; pause what writes to " +
                 backquoted(check.table) + ", then run the same command again";
    return {};
}

} // namespace

std::string write_partition(const PartitionState& state) {
    return state.partition + " " + std::to_string(state.rows) + " " + std::to_string(state.newest_block);
}

std::optional<PartitionState> parse_partition(std::string_view text) {
    const std::vector<std::string_view> words = split(text, ' ');
    if (words.size() != 3) {
        return std::nullopt;
    }
    const auto rows = number_in<std::uint64_t>(words[1]);
    const auto block = number_in<std::int64_t>(words[2]);
    return rows && block ? std::optional(PartitionState{std::string(words[0]), *rows, *block}) : std::nullopt;
}

Result<std::vector<PartitionState>> read_partitions(target::SqlChannel& channel, const std::string& database,
                                                    const std::string& table) {
    TRY_ASSIGN(const Rows rows,
               rows_of(channel,
                       "SELECT partition_id || ' ' || toString(sum(rows)) || ' ' ||"
                       " toString(max(max_block_number)) FROM system.parts"
                       " WHERE database = {database:String} AND table = {table:String} AND active"
                       " GROUP BY partition_id ORDER BY partition_id",
                       table_parameters(database, table)));
    std::vector<PartitionState> states;
    for (const std::vector<std::string>& row : rows) {
        const std::optional<PartitionState> state = parse_partition(row.at(0));
        if (!state) {
            return Error{ExitCode::Failed, "the engine lists its parts in a way that is not known here", ""};
        }
        states.push_back(*state);
    }
    return states;
}

Result<void> refuse_kept_table(target::SqlChannel& channel, const std::string& database,
                               const RebuildCheck& check) {
    TRY_ASSIGN(const Rows found,
               rows_of(channel,
                       "SELECT name FROM system.tables WHERE database = {database:String} AND name = "
                       "{table:String}",
                       table_parameters(database, check.kept)));
    if (found.empty()) {
        return {};
    }
    return Error{
        ExitCode::Refused,
        backquoted(check.kept) + " is there from an earlier rebuild, and this one would keep the old " +
            backquoted(check.table) + " under that name",
        "once you need it no more: `DROP TABLE " + target::qualified_name(database, check.kept) + "`"};
}

Result<void> copy_partitions(const CopyRun& run) {
    const RebuildCheck& check = *run.statement.rebuild;
    TRY_ASSIGN(const std::vector<PartitionState> partitions,
               read_partitions(run.channel, run.database, check.table));
    for (const PartitionState& one : partitions) {
        if (std::ranges::find(run.copied, one.partition, &PartitionState::partition) != run.copied.end()) {
            continue; // grown since or not: the swap looks
        }
        if (run.begun && !check.clear.empty()) {
            TRY(execute_for(run.channel, check.clear, one.partition));
        }
        TRY(execute_for(run.channel, run.statement.sql, one.partition));
        TRY(run.on_copied(one));
    }
    return {};
}

Result<std::optional<Error>> swap_checked(const SwapRun& run) {
    std::optional<Rows> readers;
    if (!run.swapped) {
        TRY_ASSIGN(std::optional<Error> refused, refused_before(run));
        if (refused) {
            return refused;
        }
        TRY_ASSIGN(readers, readers_of(run));
        TRY(run.channel.execute(run.statement.sql));
    }
    TRY_ASSIGN(std::optional<Error> refused, refused_after(run, readers));
    if (refused) {
        TRY(swap_back(run, *refused));
    }
    return refused;
}

Result<void> execute_alone(target::SqlChannel& channel, const std::string& database,
                           const target::Statement& statement) {
    if (statement.resume == target::Resume::EachPartition) {
        // Bound to no partition, so that the engine has read it even when there is nothing to copy.
        if (statement.sql.starts_with("INSERT")) {
            TRY(execute_for(channel, statement.sql, ""));
        }
        return copy_partitions(
            {channel, database, statement, {}, false, [](const PartitionState&) { return Result<void>(); }});
    }
    if (statement.resume == target::Resume::CheckedSwap) {
        TRY_ASSIGN(std::optional<Error> refused,
                   swap_checked({channel, database, statement, std::nullopt, false}));
        return refused ? Result<void>(std::move(*refused)) : Result<void>();
    }
    return channel.execute(statement.sql);
}

} // namespace birdhouse::ops

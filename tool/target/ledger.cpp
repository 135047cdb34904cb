#include "target/ledger.hpp"

#include "target/sql_text.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

// In the order of LedgerEvent; stored, so never renamed.
constexpr std::array<std::string_view, 8> kEventNames = {"started",     "done",  "failed",    "applied",
                                                         "rolled_back", "noted", "restarted", "baselined"};

std::string_view name_of(LedgerEvent event) { return kEventNames[static_cast<std::size_t>(event)]; }

Result<LedgerEvent> event_named(const std::string& name) {
    const auto found = std::find(kEventNames.begin(), kEventNames.end(), name);
    if (found == kEventNames.end()) {
        return Error{ExitCode::Failed, "the ledger holds an event this birdhouse does not know: " + name,
                     "a newer birdhouse wrote it: use that version"};
    }
    return static_cast<LedgerEvent>(found - kEventNames.begin());
}

Result<LedgerEntry> entry_from(const nlohmann::json& row) {
    TRY_ASSIGN(const LedgerEvent event, event_named(row.at("event").get<std::string>()));
    return LedgerEntry{row.at("sequence").get<std::uint64_t>(),
                       row.at("migration").get<std::string>(),
                       row.at("checksum").get<std::string>(),
                       row.at("direction").get<std::string>() == "down" ? Direction::Down : Direction::Up,
                       event,
                       row.at("step").get<std::uint32_t>(),
                       row.at("statement").get<std::uint32_t>(),
                       row.at("statement_hash").get<std::string>(),
                       row.at("detail").get<std::string>(),
                       row.at("at").get<std::string>(),
                       row.at("who").get<std::string>(),
                       row.at("tool_version").get<std::string>(),
                       row.at("git_revision").get<std::string>()};
}

} // namespace

std::string write_entry(const LedgerEntry& entry) {
    nlohmann::json row = {{"sequence", entry.sequence},
                          {"migration", entry.migration},
                          {"checksum", entry.checksum},
                          {"direction", entry.direction == Direction::Down ? "down" : "up"},
                          {"event", name_of(entry.event)},
                          {"step", entry.step},
                          {"statement", entry.statement},
                          {"statement_hash", entry.statement_hash},
                          {"detail", entry.detail},
                          {"who", entry.who},
                          {"tool_version", entry.tool_version},
                          {"git_revision", entry.git_revision}};
    if (!entry.at.empty()) {
        row["at"] = entry.at;
    }
    return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<std::vector<LedgerEntry>> parse_entries(std::string_view rows) {
    std::vector<LedgerEntry> entries;
    try {
        for (std::size_t begin = 0; begin < rows.size();) {
            const std::size_t end = std::min(rows.find('\n', begin), rows.size());
            TRY_ASSIGN(LedgerEntry entry, entry_from(nlohmann::json::parse(rows.substr(begin, end - begin))));
            entries.push_back(std::move(entry));
            begin = end + 1;
        }
    } catch (const nlohmann::json::exception& failure) {
        return Error{ExitCode::Failed, std::string("the ledger cannot be read: ") + failure.what(), ""};
    }
    return entries;
}

Result<std::vector<LedgerEntry>> Ledger::read() {
    const std::array<Parameter, 2> parameters{
        {{"database", database_}, {"table", std::string(kLedgerTable)}}};
    TRY_ASSIGN(
        const QueryResult exists,
        channel_.query(
            "SELECT count() FROM system.tables WHERE database = {database:String} AND name = {table:String}",
            "TSV", parameters));
    if (exists.bytes.starts_with('0')) {
        return std::vector<LedgerEntry>{};
    }
    const std::string sql = "SELECT * FROM " + qualified_name(database_, kLedgerTable) +
                            " ORDER BY sequence SETTINGS output_format_json_quote_64bit_integers = 0";
    TRY_ASSIGN(const QueryResult rows, channel_.query(sql, "JSONEachRow", {}));
    TRY_ASSIGN(std::vector<LedgerEntry> entries, parse_entries(rows.bytes));
    last_sequence_ = entries.empty() ? 0 : entries.back().sequence;
    return entries;
}

Result<void> Ledger::prepare() {
    TRY(channel_.execute(
        "CREATE TABLE IF NOT EXISTS " + qualified_name(database_, kLedgerTable) +
        " (sequence UInt64, migration String, checksum String, direction LowCardinality(String),"
        " event LowCardinality(String), step UInt32, statement UInt32, statement_hash String,"
        " detail String, at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'), who String,"
        " tool_version String, git_revision String)"
        " ENGINE = MergeTree ORDER BY sequence COMMENT 'written by birdhouse; rows are only added'"));
    TRY(read());
    return {};
}

Result<void> Ledger::append(LedgerEntry entry) {
    entry.sequence = last_sequence_ + 1;
    TRY(channel_.insert("INSERT INTO " + qualified_name(database_, kLedgerTable), "JSONEachRow",
                        write_entry(entry)));
    last_sequence_ = entry.sequence;
    return {};
}

} // namespace birdhouse::target

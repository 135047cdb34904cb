#include "server/ingestion.hpp"

#include "events/checker.hpp"
#include "events/inflate.hpp"
#include "events/reader.hpp"
#include "events/row_writer.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::server {

namespace {

constexpr std::string_view kRowFormat = "JSONEachRow";

// A document over several lines as one: outside of texts line ends are blanks, and inside there are none.
std::string on_one_line(std::string_view document) {
    std::string line(document);
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::replace(line.begin(), line.end(), '\r', ' ');
    return line;
}

ApiError no_event(const events::EventLine& line, const events::Verdict& verdict) {
    const std::string_view why =
        verdict.reasons.empty() ? std::string_view("it is no event") : verdict.reasons.front().detail;
    return {400, "invalid JSON in line " + std::to_string(line.number) + ": " + std::string(why) +
                     ". No row of this request was written"};
}

} // namespace

ApiResult<JudgedRows> judge_rows(std::string_view body, bool single, const events::EventSchema& schema,
                                 const IngestStamp& stamp) {
    const std::string line = single ? on_one_line(body) : std::string();
    const std::string_view text = single ? std::string_view(line) : body;
    JudgedRows rows;
    rows.good.reserve(text.size()); // rows are written about as long as they came
    events::EventChecker checker(schema);
    events::EventReader reader(text, text.size() + 1);
    const events::QuarantineStamp quarantine_stamp{stamp.import_id, stamp.insertion_date};
    while (const std::optional<events::EventLine> next = reader.next()) {
        const events::Verdict& verdict = checker.check(next->text, &rows.good);
        switch (verdict.status) {
        case events::RowStatus::Accepted:
            ++rows.counts.successful;
            break;
        case events::RowStatus::Quarantined:
            events::append_quarantine_row(rows.bad, schema, checker.row(), verdict, quarantine_stamp);
            ++rows.counts.quarantined;
            break;
        case events::RowStatus::NotAnEvent:
            return no_event(*next, verdict);
        }
    }
    return rows;
}

ApiResult<IngestCounts> ingest(std::string_view body, const events::EventSchema& schema,
                               const IngestTables& tables, const IngestStamp& stamp,
                               target::SqlChannel& channel) {
    TRY_ASSIGN(const JudgedRows rows, judge_rows(body, false, schema, stamp));
    const auto insert = [&](const std::string& table, const std::string& bytes) -> Result<void> {
        TRY(channel.insert("INSERT INTO " + target::qualified_name(tables.database, table), kRowFormat,
                           bytes));
        return {};
    };
    if (rows.counts.successful != 0) {
        if (const Result<void> stored = insert(tables.rows, rows.good); !stored) {
            return insert_error(stored.error());
        }
    }
    if (rows.counts.quarantined != 0) {
        TRY(target::ensure_quarantine(channel, tables.database, schema));
        TRY(insert(target::quarantine_name(schema.datasource()), rows.bad));
    }
    return rows.counts;
}

ApiResult<IngestCounts> ingest(const JudgedRows& rows, const events::EventSchema& schema,
                               const std::string& database, InsertGroups& inserts, EnginePool& engine) {
    if (rows.counts.successful != 0) {
        const std::string table = target::qualified_name(database, schema.datasource());
        if (const Result<void> stored = inserts.insert(table, rows.good); !stored) {
            return insert_error(stored.error());
        }
    }
    if (rows.counts.quarantined != 0) {
        {
            TRY_ASSIGN(const EnginePool::Lease channel, engine.lease(EngineUse::Write));
            TRY(target::ensure_quarantine(*channel, database, schema));
        }
        const std::string table =
            target::qualified_name(database, target::quarantine_name(schema.datasource()));
        if (const Result<void> stored = inserts.insert(table, rows.bad); !stored) {
            return insert_error(stored.error());
        }
    }
    return rows.counts;
}

ApiError insert_error(const Error& error) {
    const bool in_view = error.message.find("while pushing to view") != std::string::npos;
    return in_view && !is_unavailable(error) ? ApiError{422, error.message} : api_error(error);
}

ApiResult<std::string_view> unpacked(std::string_view body, std::size_t most, std::string& room) {
    const events::Packing packing = events::packing_of(body.substr(0, events::kPackingMark));
    if (packing == events::Packing::None) {
        return body;
    }
    bool too_large = false;
    const auto read = [&](char* into, std::size_t wanted) {
        const std::size_t size = body.copy(into, wanted);
        body.remove_prefix(size);
        return size;
    };
    const auto write = [&](std::string_view bytes) {
        too_large = room.size() + bytes.size() > most;
        room += too_large ? std::string_view() : bytes;
        return !too_large;
    };
    const std::string_view fault = events::inflate(packing, read, write);
    if (too_large) {
        return ApiError{413, "the body is larger than this server takes once it is unpacked"};
    }
    return fault.empty() ? ApiResult<std::string_view>(room) : ApiError{400, std::string(fault)};
}

} // namespace birdhouse::server

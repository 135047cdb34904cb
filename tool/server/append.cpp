#include "server/append.hpp"

#include "base/text.hpp"
#include "server/closed_functions.hpp"
#include "server/csv_rows.hpp"
#include "server/ingestion.hpp"
#include "server/query_guard.hpp"
#include "server/staging.hpp"
#include "server/table_replacement.hpp"
#include "syntax/sql_outline.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <algorithm>

namespace birdhouse::server {

namespace {

// Are all names of the first line columns?
bool has_header(std::string_view csv, char delimiter, const model::Datasource& datasource) {
    const std::string_view line = trim(csv.substr(0, csv.find('\n')));
    for (std::string_view name : split(line, delimiter)) {
        name = trim(name);
        const bool quoted = name.size() >= 2 && name.front() == '"' && name.back() == '"';
        name = quoted ? name.substr(1, name.size() - 2) : name;
        if (model::find_column(datasource, name) == nullptr) {
            return false;
        }
    }
    return !line.empty();
}

class Append {
public:
    Append(const Call& call, const Deployed& deployed, const model::Datasource& datasource,
           const AppendRequest& request, target::SqlChannel& engine)
        : call_(call), deployed_(deployed), datasource_(datasource), request_(request), engine_(engine) {}

    ApiResult<AppendCounts> into(const std::string& table) {
        if (request_.format == FileFormat::Ndjson) {
            return ndjson_into(table);
        }
        if (request_.format == FileFormat::Parquet) {
            return table_into(table, "Parquet", "");
        }
        return csv_into(table);
    }

    // Of the new rows those that the condition takes, and of the old ones those that it does not.
    ApiResult<AppendCounts> in_place_of(const std::string& old_rows, const std::string& table) {
        TRY_ASSIGN(const AppendCounts counts, into(table));
        if (request_.replace_condition.empty()) {
            return counts;
        }
        const std::string stays = " WHERE NOT ifNull((" + request_.replace_condition + "\n), 0)";
        const std::string to = target::qualified_name(deployed_.database, table);
        TRY(engine_.execute("ALTER TABLE " + to + " DELETE" + stays + " SETTINGS mutations_sync = 1"));
        TRY(engine_.execute("INSERT INTO " + to + " SELECT * FROM " +
                            target::qualified_name(deployed_.database, old_rows) + stays));
        return counts;
    }

private:
    ApiResult<AppendCounts> csv_into(const std::string& table) {
        const CsvForm form{has_header(request_.bytes, request_.delimiter, datasource_), request_.delimiter};
        // A replacement is whole, or nothing of it is done.
        const bool can_judge = !request_.replaces && deployed_.content->schemas.contains(datasource_.name);
        if (const std::optional<std::string> column = empty_number_in(request_.bytes, form, datasource_)) {
            return can_judge ? judged_into(table, form)
                             : ApiError{400, "value '' on column '" + *column + "' is not " +
                                                 model::find_column(datasource_, *column)->type};
        }
        TRY_ASSIGN(const std::uint64_t before, rows_in(table));
        ApiResult<AppendCounts> counts = table_into(table, form.format(), form.settings());
        TRY_ASSIGN(const std::uint64_t after, rows_in(table));
        return counts || counts.error().status != 400 || before != after || !can_judge
                   ? std::move(counts)
                   : judged_into(table, form);
    }

    ApiResult<AppendCounts> table_into(const std::string& table, std::string_view format,
                                       const std::string& settings) {
        TRY_ASSIGN(const std::uint64_t before, rows_in(table));
        const Result<std::uint64_t> written =
            engine_.insert("INSERT INTO " + target::qualified_name(deployed_.database, table) + settings,
                           format, request_.bytes);
        if (!written) {
            return ApiError{is_unavailable(written.error()) ? 503 : 400, written.error().message};
        }
        TRY_ASSIGN(const std::uint64_t after,
                   rows_in(table)); // what was written counts the rows of views too
        return AppendCounts{after - std::min(before, after), 0, 0};
    }

    // Nothing of the file was written, since some of its rows do not fit: these are put aside.
    ApiResult<AppendCounts> judged_into(const std::string& table, const CsvForm& form) {
        const events::EventSchema& schema = deployed_.content->schemas.find(datasource_.name)->second;
        const IngestStamp stamp{call_.core.new_id(""), call_.core.stamp().substr(0, 19)};
        TRY_ASSIGN(const JudgedCsv judged, judge_csv(request_.bytes, form, datasource_, stamp, engine_));
        TRY_ASSIGN(const std::uint64_t before, rows_in(table));
        const Result<std::uint64_t> written = engine_.insert(
            "INSERT INTO " + target::qualified_name(deployed_.database, table) + form.settings(),
            form.format(), judged.good);
        if (!written) {
            return insert_error(written.error());
        }
        TRY_ASSIGN(const std::uint64_t after, rows_in(table));
        TRY(target::ensure_quarantine(engine_, deployed_.database, schema));
        const std::string quarantine = target::quarantine_name(datasource_.name);
        TRY(engine_.insert("INSERT INTO " + target::qualified_name(deployed_.database, quarantine),
                           "JSONEachRow", judged.bad));
        return AppendCounts{after - std::min(before, after), judged.quarantined, judged.invalid_lines};
    }

    ApiResult<AppendCounts> ndjson_into(const std::string& table) {
        const auto schema = deployed_.content->schemas.find(datasource_.name);
        if (schema == deployed_.content->schemas.end()) {
            return ApiError{400, "the data source \"" + datasource_.name +
                                     "\" has no JSON paths and takes no NDJSON"};
        }
        const IngestStamp stamp{call_.core.new_id(""), call_.core.stamp().substr(0, 19)};
        TRY_ASSIGN(const IngestCounts counts,
                   ingest(request_.bytes, schema->second, {deployed_.database, table}, stamp, engine_));
        return AppendCounts{counts.successful, counts.quarantined, 0};
    }

    Result<std::uint64_t> rows_in(const std::string& table) {
        TRY_ASSIGN(const target::QueryResult rows,
                   engine_.query("SELECT count() FROM " + target::qualified_name(deployed_.database, table),
                                 "TSV", {}));
        return std::uint64_t{std::stoull(std::string(trim(rows.bytes)))};
    }

    const Call& call_;
    const Deployed& deployed_;
    const model::Datasource& datasource_;
    const AppendRequest& request_;
    target::SqlChannel& engine_;
};

// Brackets that close what stands before it would make it something else than it seems.
bool is_row_expression(const std::string& text) {
    const std::string query = "SELECT 1 WHERE (" + text + "\n)";
    const syntax::SqlOutline outline = syntax::outline_sql(query);
    const syntax::SqlOutline alone = syntax::outline_sql("SELECT " + text + "\n");
    return !trim(text).empty() && outline.problems.empty() && alone.problems.empty() &&
           outline.tables.empty() && outline.table_functions.empty() && outline.settings.empty() &&
           !find_closed_function(text) && guard_query(query, outline, QueryOrigin::Request);
}

} // namespace

ApiResult<AppendCounts> append_file(const Call& call, const model::Datasource& datasource,
                                    const AppendRequest& request) {
    const auto append_to = [&](const Deployed& deployed) -> ApiResult<AppendCounts> {
        const model::Datasource* here = model::find_datasource(deployed.content->project, datasource.name);
        if (here == nullptr) { // it went in the meantime
            return ApiError{404, "Data Source \"" + datasource.name + "\" does not exist"};
        }
        TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Write));
        Append append(call, deployed, *here, request, *engine);
        if (!request.replaces) {
            return append.into(here->name);
        }
        AppendCounts counts;
        const auto fill = [&](const std::string& table) -> ApiStatus {
            TRY_ASSIGN(counts, append.in_place_of(here->name, table));
            return Done{};
        };
        TRY(replace_table(deployed.database, here->name, *engine, fill));
        return counts;
    };
    std::shared_lock shared(call.workspace->gate, std::defer_lock);
    std::unique_lock alone(call.workspace->gate, std::defer_lock);
    if (request.replaces) {
        alone.lock(); // no row may go into the table that leaves
    } else {
        shared.lock();
    }
    const auto append_too = [&](const Deployed& staged) -> ApiStatus {
        TRY(append_to(staged));
        return Done{};
    };
    TRY_ASSIGN(const AppendCounts counts, append_to(deployed_of(call)));
    TRY(write_to_staging(call, datasource.name, append_too));
    return counts;
}

std::string text_of(const AppendCounts& counts) {
    if (counts.quarantined == 0 && counts.invalid_lines == 0) {
        return {};
    }
    std::string text = "There was an error with file contents: ";
    if (counts.quarantined != 0) {
        text += counted(counts.quarantined, "row") + " in quarantine";
    }
    if (counts.invalid_lines != 0) {
        text += (counts.quarantined != 0 ? " and " : "") + counted(counts.invalid_lines, "invalid line");
    }
    return text + ".";
}

ApiStatus check_condition(const std::string& condition) {
    if (trim(condition).empty()) {
        return ApiError{400, "the parameter `delete_condition` is missing"};
    }
    return is_row_expression(condition)
               ? ApiStatus(Done{})
               : ApiError{400, "`delete_condition` must be one expression over the rows of the data source"};
}

ApiStatus check_filter(const std::string& filter) {
    return is_row_expression(filter)
               ? ApiStatus(Done{})
               : ApiError{400, "a filter must be one expression over the rows of its data source"};
}

} // namespace birdhouse::server

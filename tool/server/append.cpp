#include "server/append.hpp"

#include "base/text.hpp"
#include "server/closed_functions.hpp"
#include "server/ingestion.hpp"
#include "server/query_guard.hpp"
#include "server/staging.hpp"
#include "server/table_replacement.hpp"
#include "syntax/sql_outline.hpp"
#include "target/sql_text.hpp"

#include <algorithm>

namespace birdhouse::server {

namespace {

const net::FormPart* file_part(const net::HttpRequest& request) {
    const auto found = std::find_if(request.parts.begin(), request.parts.end(),
                                    [](const net::FormPart& part) { return !part.filename.empty(); });
    return found == request.parts.end() ? nullptr : &*found;
}

std::string extension_of(std::string name) {
    name.resize(name.size() - (name.ends_with(".gz") ? 3 : 0));
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? "" : to_lower_ascii(name.substr(dot + 1));
}

std::optional<FileFormat> format_called(std::string_view name) {
    if (name == "csv" || name == "tsv") {
        return name == "csv" ? std::optional(FileFormat::Csv) : std::nullopt;
    }
    if (name == "ndjson" || name == "jsonl" || name == "json") {
        return FileFormat::Ndjson;
    }
    return name == "parquet" ? std::optional(FileFormat::Parquet) : std::nullopt;
}

// Are all names of the first line columns?
bool has_header(std::string_view csv, const model::Datasource& datasource) {
    const std::string_view line = trim(csv.substr(0, csv.find('\n')));
    for (std::string_view name : split(line, ',')) {
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
        const bool csv = request_.format == FileFormat::Csv;
        const std::string_view format = !csv                                      ? "Parquet"
                                        : has_header(request_.bytes, datasource_) ? "CSVWithNames"
                                                                                  : "CSV";
        const std::string settings = csv ? " SETTINGS input_format_csv_allow_variable_number_of_columns = 1, "
                                           "input_format_defaults_for_omitted_fields = 1"
                                         : "";
        TRY_ASSIGN(const std::uint64_t before, rows_in(table));
        const Result<std::uint64_t> written =
            engine_.insert("INSERT INTO " + target::qualified_name(deployed_.database, table) + settings,
                           format, request_.bytes);
        if (!written) {
            return ApiError{400, written.error().message};
        }
        TRY_ASSIGN(const std::uint64_t after,
                   rows_in(table)); // what was written counts the rows of views too
        return AppendCounts{after - std::min(before, after), 0, 0};
    }

private:
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

ApiResult<AppendRequest> read_append(const Call& call, const model::Datasource& datasource,
                                     const std::string& mode) {
    if (mode != "append" && mode != "replace") {
        return ApiError{400, "the mode `" + printable(mode) + "` is not served: append and replace are"};
    }
    if (field(call, "url")) {
        return ApiError{400, "imports from an address are not served: send the file itself"};
    }
    if (field(call, "replace_condition")) {
        return ApiError{400, "replacing by a condition is not served: delete the rows, then append"};
    }
    const net::FormPart* part = file_part(call.request);
    const std::string by_name = part == nullptr ? "" : extension_of(part->filename);
    const std::string by_table = model::takes_events(datasource) && part == nullptr ? "ndjson" : "csv";
    const std::string name = field(call, "format").value_or(format_called(by_name) ? by_name : by_table);
    const std::optional<FileFormat> format = format_called(name);
    if (!format) {
        return ApiError{400,
                        "the format `" + printable(name) + "` is not served: csv, ndjson and parquet are"};
    }
    TRY_ASSIGN(std::string bytes, unpacked(part == nullptr ? call.request.body : part->content,
                                           call.core.options().largest_body));
    return AppendRequest{std::move(bytes), *format, mode == "replace"};
}

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
            TRY_ASSIGN(counts, append.into(table));
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

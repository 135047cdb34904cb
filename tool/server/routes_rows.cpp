// The rows of datasources: files that are appended by routes of their own, what is truncated and deleted.
#include "base/text.hpp"
#include "server/append.hpp"
#include "server/json_answer.hpp"
#include "server/routes.hpp"
#include "server/staging.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;
using model::Datasource;

std::uint64_t number_of(std::string_view text) {
    return std::strtoull(std::string(text).c_str(), nullptr, 10);
}

// The name behind which rows are to be dropped: a datasource, or the quarantine of one.
ApiResult<std::string> table_to_empty(const Call& call) {
    TRY(require(call, ScopeKind::DatasourcesCreate, call.path.front()));
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const std::string& name = call.path.front();
    if (const Datasource* datasource = find_datasource(*content, *call.workspace, name)) {
        return datasource->name;
    }
    for (const Datasource& datasource : content->project.datasources) {
        if (target::quarantine_name(datasource.name) == name) {
            return name;
        }
    }
    return no_such_datasource(name);
}

ApiStatus execute_write(Core& core, const std::string& sql) {
    TRY_ASSIGN(const EnginePool::Lease engine, core.engine().lease(EngineUse::Write));
    TRY(engine->execute(sql));
    return Done{};
}

RouteAnswer truncate(const Call& call) {
    TRY_ASSIGN(const std::string table, table_to_empty(call));
    const auto empty = [&](const Deployed& deployed) {
        return execute_write(call.core, "TRUNCATE TABLE " + target::qualified_name(deployed.database, table));
    };
    const std::shared_lock gate(call.workspace->gate);
    if (const ApiStatus done = empty(deployed_of(call)); !done) {
        return table.ends_with("_quarantine") ? RouteAnswer(no_such_datasource(table))
                                              : RouteAnswer(done.error());
    }
    TRY(write_to_staging(call, table, empty));
    return json_answer(Json::object());
}

struct Deletion {
    std::string table;
    std::string condition;
};

ApiResult<Deletion> read_deletion(const Call& call) {
    TRY_ASSIGN(std::string table, table_to_empty(call));
    std::string condition = field(call, "delete_condition").value_or("");
    TRY(check_condition(condition));
    return Deletion{std::move(table), std::move(condition)};
}

std::string whole_name(const Deployed& deployed, const Deletion& deletion) {
    return target::qualified_name(deployed.database, deletion.table);
}

// The engine says of a condition that does not fit the table what the caller did wrong.
ApiError bad_request(const ApiError& error) { return {error.status == 500 ? 400 : error.status, error.text}; }

// The caller holds the gate, as of the next.
ApiResult<std::uint64_t> rows_to_delete(const Call& call, const Deletion& deletion) {
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Write));
    const Result<target::QueryResult> rows = engine->query(
        "SELECT count() FROM " + whole_name(deployed_of(call), deletion) + " WHERE " + deletion.condition,
        "TSV", {});
    return rows ? ApiResult<std::uint64_t>(number_of(trim(rows->bytes)))
                : bad_request(api_error(rows.error()));
}

ApiStatus remove_rows(const Call& call, const Deletion& deletion) {
    const auto remove = [&](const Deployed& deployed) {
        return execute_write(call.core, "ALTER TABLE " + whole_name(deployed, deletion) + " DELETE WHERE " +
                                            deletion.condition + " SETTINGS mutations_sync = 1");
    };
    if (const ApiStatus done = remove(deployed_of(call)); !done) {
        return bad_request(done.error());
    }
    return write_to_staging(call, deletion.table, remove);
}

net::HttpResponse deletion_job(const Call& call, const Deletion& deletion) {
    Job job;
    job.id = call.core.new_id("");
    job.workspace_id = call.workspace->id;
    job.kind = "delete_data";
    job.datasource = deletion.table;
    job.delete_condition = deletion.condition;
    call.core.jobs().add_done(job);
    const Json datasource = {{"id", resource_id(*call.workspace, deletion.table)}, {"name", deletion.table}};
    return json_answer({{"id", job.id},
                        {"job_id", job.id},
                        {"job_url", call.core.url() + "/v0/jobs/" + job.id},
                        {"status", "done"},
                        {"job",
                         {{"kind", job.kind},
                          {"id", job.id},
                          {"job_id", job.id},
                          {"status", "done"},
                          {"datasource", datasource},
                          {"delete_condition", deletion.condition}}},
                        {"delete_id", job.id}});
}

RouteAnswer delete_rows(const Call& call) {
    TRY_ASSIGN(const Deletion deletion, read_deletion(call));
    const std::shared_lock gate(call.workspace->gate);
    if (field(call, "dry_run").value_or("false") == "true") {
        TRY_ASSIGN(const std::uint64_t rows, rows_to_delete(call, deletion));
        return json_answer({{"rows_to_be_deleted", rows}});
    }
    TRY(remove_rows(call, deletion));
    return deletion_job(call, deletion);
}

// Newer clients delete by a route that waits, and tells how many rows went.
RouteAnswer delete_rows_v1(const Call& call) {
    TRY_ASSIGN(const Deletion deletion, read_deletion(call));
    if (field(call, "partition")) {
        return ApiError{400, "deleting in one partition is not served: say it in `delete_condition`"};
    }
    const std::shared_lock gate(call.workspace->gate);
    TRY_ASSIGN(const std::uint64_t rows, rows_to_delete(call, deletion));
    TRY(remove_rows(call, deletion));
    if (field(call, "wait").value_or("true") == "false") {
        return deletion_job(call, deletion);
    }
    return json_answer({{"rows_affected", rows}, {"mutation", Json::object()}});
}

// Newer clients append by a route of its own, with the data as the body, and take the answer for an import
// that goes on: an `error` in it would mean that it did not begin.
RouteAnswer append_as_import(const Call& call, const std::string& mode) {
    const std::shared_ptr<const Content> content = deployed_of(call).content;
    const Datasource* datasource = find_datasource(*content, *call.workspace, call.path.front());
    if (datasource == nullptr) {
        return no_such_datasource(call.path.front());
    }
    return import_file(call, *datasource, mode);
}

RouteAnswer append_v1(const Call& call) { return append_as_import(call, "append"); }
RouteAnswer replace_v1(const Call& call) { return append_as_import(call, "replace"); }

constexpr auto kRoutes = std::to_array<Route>({{"POST", "/v0/datasources/*/truncate", truncate},
                                               {"POST", "/v0/datasources/*/delete", delete_rows},
                                               {"POST", "/v1/datasources/*/delete", delete_rows_v1},
                                               {"POST", "/v1/datasources/*/append", append_v1},
                                               {"POST", "/v1/datasources/*/replace", replace_v1}});

} // namespace

RouteAnswer import_file(const Call& call, const Datasource& datasource, const std::string& mode) {
    TRY(require(call, ScopeKind::DatasourcesAppend, datasource.name));
    TRY_ASSIGN(const AppendRequest request, read_append(call, mode));
    TRY_ASSIGN(const AppendCounts counts, append_file(call, datasource, request));
    Job job;
    job.id = call.core.new_id("");
    job.workspace_id = call.workspace->id;
    job.kind = "import";
    job.datasource = datasource.name;
    call.core.jobs().add_done(job);
    return json_answer(
        {{"id", job.id},
         {"job_id", job.id},
         {"job_url", call.core.url() + "/v0/jobs/" + job.id},
         {"import_id", job.id},
         {"kind", job.kind},
         {"status", "done"},
         {"datasource", {{"id", resource_id(*call.workspace, datasource.name)}, {"name", datasource.name}}},
         {"successful_rows", counts.successful},
         {"quarantined_rows", counts.quarantined},
         {"quarantine_rows", counts.quarantined},
         {"invalid_lines", counts.invalid_lines}});
}

std::span<const Route> row_routes() { return kRoutes; }

} // namespace birdhouse::server

#include "server/copies.hpp"

#include "server/query_request.hpp"
#include "server/staging.hpp"
#include "server/table_maker.hpp"
#include "server/table_replacement.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace birdhouse::server {

namespace {

// As the service's plans allow copies; queries from outside have far less.
constexpr std::string_view kLimits = " SETTINGS max_execution_time = 3600, max_memory_usage = 4000000000";

// By which a statement is found when its job is cancelled.
std::string mark_of(const std::string& job) { return "/* job " + job + " */ "; }

// What a job needs of the request that began it.
struct Order {
    Core& core;
    std::shared_ptr<Workspace> workspace;
    bool for_staging = false;
    std::string job;
    std::string datasource;
};

using OneWrite = std::function<ApiStatus(const Order&, const Deployed&)>;

std::string start(const Call& call, std::string_view kind, const std::string& datasource,
                  const std::string& pipe, bool alone, OneWrite write) {
    Order order{call.core, call.workspace, is_for_staging(call), call.core.new_id(""), datasource};
    Job job;
    job.id = order.job;
    job.workspace_id = call.workspace->id;
    job.kind = kind;
    job.datasource = datasource;
    job.pipe = pipe;
    call.core.jobs().start(std::move(job), [order, alone, write = std::move(write)]() -> ApiStatus {
        std::shared_lock shared(order.workspace->gate, std::defer_lock);
        std::unique_lock exclusive(order.workspace->gate, std::defer_lock);
        if (alone) {
            exclusive.lock(); // no row may go into a table that leaves
        } else {
            shared.lock();
        }
        const auto write_one = [&](const Deployed& deployed) -> ApiStatus {
            ApiStatus written = write(order, deployed);
            return written ? std::move(written)
                           : ApiError{written.error().status,
                                      without_database(written.error().text, deployed.database)};
        };
        TRY(write_one(deployed_of(*order.workspace, order.for_staging)));
        return order.for_staging
                   ? ApiStatus(Done{})
                   : write_to_staging(order.core, *order.workspace, order.datasource, write_one);
    });
    return order.job;
}

// The composed query, and the names of its columns. It is described by a connection that may only read, which
// refuses what a query from outside may not do.
struct Source {
    ComposedQuery query;
    std::string columns;
};

ApiResult<Source> read_source(const Order& order, const Deployed& deployed, const model::Pipe& pipe,
                              const CopyRequest& request) {
    TRY_ASSIGN(const EnginePool::Lease reader, order.core.engine().lease(EngineUse::Read));
    const Access all({Scope{ScopeKind::Admin, "", {}, ""}});
    QueryContext context{*deployed.content, all, deployed.database, request.parameters, {}, {}, *reader};
    context.now = order.core.stamp().substr(0, 19);
    context.secrets = secrets_of(*order.workspace);
    TRY_ASSIGN(ComposedQuery query, compose_node(context, pipe, *model::published_node(pipe)));
    TRY_ASSIGN(const target::QueryResult names,
               reader->query("DESCRIBE (\n" + query.sql + "\n)", "TSV", query.bound));
    Source source{std::move(query), {}};
    for (const std::vector<std::string>& row : target::parse_tsv(names.bytes)) {
        source.columns += (source.columns.empty() ? "" : ", ") + target::identifier(row.front());
    }
    return source;
}

ApiStatus copy(const Order& order, const Deployed& deployed, const CopyRequest& request) {
    const model::Pipe* pipe = model::find_pipe(deployed.content->project, request.pipe);
    const model::Node* node = pipe == nullptr ? nullptr : model::published_node(*pipe);
    if (node == nullptr || node->type != model::NodeType::Copy) {
        return ApiError{404, "the pipe '" + request.pipe + "' copies nothing"};
    }
    TRY_ASSIGN(const Source source, read_source(order, deployed, *pipe, request));
    TRY_ASSIGN(const EnginePool::Lease engine, order.core.engine().lease(EngineUse::Write));
    const auto fill = [&](const std::string& table) -> ApiStatus {
        const std::string sql = mark_of(order.job) + "INSERT INTO " +
                                target::qualified_name(deployed.database, table) + " (" + source.columns +
                                ") SELECT " + source.columns + " FROM (\n" + source.query.sql + "\n)" +
                                std::string(kLimits);
        TRY(engine->query(sql, "Null", source.query.bound));
        return Done{};
    };
    const std::string& target = pipe->target_datasource;
    return request.replaces ? replace_table(deployed.database, target, *engine, fill) : fill(target);
}

ApiStatus populate(const Order& order, const Deployed& deployed, const PopulateRequest& request) {
    const model::Pipe* pipe = model::find_pipe(deployed.content->project, request.pipe);
    const model::Datasource* target =
        pipe == nullptr ? nullptr
                        : model::find_datasource(deployed.content->project, pipe->target_datasource);
    if (target == nullptr || !is_materialized(*pipe)) {
        return ApiError{404, "the pipe '" + request.pipe + "' materializes nothing"};
    }
    TRY_ASSIGN(const EnginePool::Lease engine, order.core.engine().lease(EngineUse::Write));
    TableMaker maker(*deployed.content, deployed.database, *engine);
    if (request.truncates) {
        TRY(engine->execute("TRUNCATE TABLE " + maker.table(target->name)));
    }
    TRY(maker.fill_target(*pipe, *target, {mark_of(order.job), request.condition, std::string(kLimits)}));
    return Done{};
}

} // namespace

std::string start_copy(const Call& call, const std::string& datasource, CopyRequest request) {
    const std::string pipe = request.pipe;
    const bool alone = request.replaces;
    return start(call, "copy", datasource, pipe, alone,
                 [request = std::move(request)](const Order& order, const Deployed& deployed) {
                     return copy(order, deployed, request);
                 });
}

std::string start_population(const Call& call, const std::string& datasource, PopulateRequest request) {
    const std::string pipe = request.pipe;
    return start(call, "populateview", datasource, pipe, false,
                 [request = std::move(request)](const Order& order, const Deployed& deployed) {
                     return populate(order, deployed, request);
                 });
}

void interrupt_job(Core& core, const std::string& id) {
    constexpr int kMostLooks = 500;
    constexpr std::chrono::milliseconds kBetweenLooks{10};
    const auto goes_on = [&] {
        const std::vector<Job> jobs = core.jobs().list();
        return std::any_of(jobs.begin(), jobs.end(),
                           [&](const Job& job) { return job.id == id && !is_over(job); });
    };
    const Result<EnginePool::Lease> engine = core.engine().lease(EngineUse::Write);
    const std::string sql =
        "KILL QUERY WHERE startsWith(query, " + target::string_literal(mark_of(id)) + ") ASYNC";
    for (int look = 0; engine && look < kMostLooks && goes_on(); ++look) {
        const Result<target::QueryResult> killed = (*engine)->query(sql, "TSV", {});
        if (!killed || !killed->bytes.empty()) {
            return;
        }
        std::this_thread::sleep_for(kBetweenLooks); // its statement has not begun yet
    }
}

} // namespace birdhouse::server

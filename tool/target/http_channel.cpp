#include "target/http_channel.hpp"

#include "base/text.hpp"
#include "engine/failure.hpp"
#include "target/distributed_ddl.hpp"
#include "target/sql_text.hpp"
#include "target/url_text.hpp"

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

constexpr std::chrono::minutes kLongestStatement{60}; // a backfill or mutation takes its time
constexpr int kTimeoutExceeded = 159;
constexpr std::string_view kClusterTimeout = "distributed_ddl_task_timeout";
constexpr std::chrono::seconds kBetweenLooks{2};
constexpr int kMostLooks = 900; // half an hour

// What embedded targets set as well: the same statements give the same tables and rows on both.
void add_common_settings(Arguments& arguments, const model::TargetSettings& settings) {
    const std::string sync = settings.replicated ? "2" : "1"; // of all replicas, or of this server
    arguments.insert(arguments.end(), {{"wait_end_of_query", "1"},
                                       {"mutations_sync", sync},
                                       {"alter_sync", sync},
                                       {"async_insert", "0"},
                                       {"date_time_input_format", "best_effort"},
                                       {"session_timezone", "UTC"}});
    if (settings.replicated) {
        // What one replica was told is seen on every other: the ledger is read wherever a run comes to.
        arguments.insert(arguments.end(), {{"insert_quorum", "auto"},
                                           {"insert_quorum_parallel", "0"},
                                           {"select_sequential_consistency", "1"}});
    }
    for (const model::Setting& setting : settings.settings) {
        arguments.emplace_back(setting.name, setting.value);
    }
}

// Numbers come as texts: {"read_rows":"2","written_rows":"0",...}.
std::uint64_t number_in(const nlohmann::json& summary, const char* key) {
    const auto found = summary.find(key);
    if (found == summary.end() || !found->is_string()) {
        return 0;
    }
    const std::string& text = found->get_ref<const std::string&>();
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// "query-0000000042" of "Watching task /clickhouse/task_queue/ddl/query-0000000042 is executing longer than
// distributed_ddl_task_timeout"; empty when the words are others.
std::string cluster_task(const engine::Failure& failure) {
    const std::string_view text = failure.message;
    const std::size_t begin = text.find("query-");
    if (failure.code != kTimeoutExceeded || text.find(kClusterTimeout) == std::string_view::npos ||
        begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_first_of(" ,.)", begin) - begin));
}

} // namespace

struct HttpSqlChannel::Answer {
    std::string body;
    nlohmann::json summary;
    std::optional<engine::Failure> failure; // of the statement; the request itself was answered
};

HttpSqlChannel::HttpSqlChannel(std::unique_ptr<net::HttpClient> client, std::unique_ptr<net::Waiting> waiting,
                               model::TargetSettings settings, std::string database, std::string password)
    : client_(std::move(client)), waiting_(std::move(waiting)), settings_(std::move(settings)),
      database_(std::move(database)), password_(std::move(password)) {}

net::HttpCall HttpSqlChannel::call_with(const Arguments& given) const {
    Arguments arguments;
    if (!database_.empty()) {
        arguments.emplace_back("database", database_);
    }
    add_common_settings(arguments, settings_);
    arguments.insert(arguments.end(), given.begin(), given.end());
    net::HttpCall call;
    call.method = "POST";
    call.url = settings_.url + "/";
    char separator = '?';
    for (const auto& [name, value] : arguments) {
        call.url += separator + percent_encoded(name) + "=" + percent_encoded(value);
        separator = '&';
    }
    call.headers.emplace_back("Content-Type", "application/octet-stream");
    if (!settings_.user.empty()) {
        call.headers.emplace_back("X-ClickHouse-User", settings_.user);
    }
    if (!password_.empty()) {
        call.headers.emplace_back("X-ClickHouse-Key", password_);
    }
    call.timeout = kLongestStatement;
    return call;
}

Result<HttpSqlChannel::Answer> HttpSqlChannel::ask(const net::HttpCall& call, net::RetryRule rule) {
    const net::RetryPolicy policy{rule};
    const net::HttpOutcome outcome = net::call_with_retries(*client_, call, policy, *waiting_);
    if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
        return Error{ExitCode::Failed, "target " + backquoted(settings_.name) + ": " + failure->message,
                     failure->delivery == net::Delivery::NotSent
                         ? "is the server up, and `url:` its HTTP address?"
                         : "the statement may have been carried out: run the same command again, and the "
                           "target's own state decides"};
    }
    const auto& response = std::get<net::HttpResponse>(outcome);
    Answer answer;
    answer.summary =
        nlohmann::json::parse(net::find(response.headers, "x-clickhouse-summary").value_or("{}"), nullptr,
                              /*allow_exceptions=*/false);
    const std::string code = net::find(response.headers, "x-clickhouse-exception-code").value_or("");
    if (response.status == 200 && code.empty()) {
        answer.body = response.body;
        return answer;
    }
    engine::Failure failure = engine::parse_failure(response.body);
    if (failure.code == 0 && code.empty()) {
        return Error{ExitCode::Failed,
                     "target " + backquoted(settings_.name) + " answered with " +
                         std::to_string(response.status) +
                         (failure.message.empty() ? "" : ": " + printable(shorten(failure.message, 200))),
                     "is `url:` the HTTP address of a ClickHouse, with nothing in between?"};
    }
    if (failure.code == 0) {
        std::from_chars(code.data(), code.data() + code.size(), failure.code);
    }
    if (!password_.empty()) {
        failure.message = replace_all(failure.message, password_, "***");
    }
    answer.failure = std::move(failure);
    return answer;
}

Result<QueryResult> HttpSqlChannel::send(std::string_view sql, std::string_view format,
                                         std::span<const Parameter> parameters, net::RetryRule rule) {
    Arguments arguments;
    for (const Parameter& parameter : parameters) {
        arguments.emplace_back("param_" + parameter.name, parameter.value);
    }
    net::HttpCall call = call_with(arguments);
    call.headers.emplace_back("X-ClickHouse-Format", std::string(format));
    call.body = sql;
    TRY_ASSIGN(Answer answer, ask(call, rule));
    if (!answer.failure) {
        return QueryResult{std::move(answer.body),
                           static_cast<double>(number_in(answer.summary, "elapsed_ns")) / 1e9,
                           number_in(answer.summary, "read_rows"), number_in(answer.summary, "read_bytes")};
    }
    const std::string task = settings_.cluster.empty() ? std::string() : cluster_task(*answer.failure);
    if (task.empty()) {
        return engine::refused(*answer.failure);
    }
    TRY(wait_for_cluster(task)); // the servers go on with the task: nothing has failed
    return QueryResult{};
}

// Every server of the cluster tells how far it is with each task, and what went wrong with it.
Result<void> HttpSqlChannel::wait_for_cluster(const std::string& task) {
    const std::array<Parameter, 2> parameters = {Parameter{"cluster", escape_tsv(settings_.cluster)},
                                                 Parameter{"task", escape_tsv(task)}};
    for (int look = 0; look < kMostLooks; ++look) {
        TRY_ASSIGN(const QueryResult state,
                   send("SELECT countIf(status != 'Finished'), anyIf(exception_text, exception_code != 0)"
                        " FROM system.distributed_ddl_queue WHERE cluster = {cluster:String}"
                        " AND entry = {task:String}",
                        "TSV", parameters, net::RetryRule::Read));
        const std::vector<std::vector<std::string>> rows = parse_tsv(state.bytes);
        if (rows.size() == 1 && rows[0].size() == 2 && !rows[0][1].empty()) {
            return engine::refused(engine::parse_failure(rows[0][1]));
        }
        if (rows.size() == 1 && rows[0][0] == "0") {
            return {};
        }
        if (!waiting_->wait(kBetweenLooks)) {
            break;
        }
    }
    return Error{ExitCode::Failed,
                 "servers of the cluster " + backquoted(settings_.cluster) + " are still at the task " +
                     backquoted(task),
                 "nothing has failed: run the same command again once they are through"};
}

Result<QueryResult> HttpSqlChannel::query(std::string_view sql, std::string_view format,
                                          std::span<const Parameter> parameters) {
    if (is_read(sql)) {
        return send(sql, format, parameters, net::RetryRule::Read);
    }
    return send(distributed_ddl(sql, settings_), format, parameters, net::RetryRule::Change);
}

Result<std::uint64_t> HttpSqlChannel::insert(std::string_view sql, std::string_view format,
                                             std::string_view bytes) {
    net::HttpCall call = call_with({{"query", std::string(sql) + " FORMAT " + std::string(format)}});
    call.body = bytes;
    TRY_ASSIGN(const Answer answer, ask(call, net::RetryRule::Change));
    if (answer.failure) {
        return engine::refused(*answer.failure);
    }
    return number_in(answer.summary, "written_rows");
}

} // namespace birdhouse::target

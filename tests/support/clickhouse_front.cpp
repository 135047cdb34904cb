#include "support/clickhouse_front.hpp"

#include "base/text.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace birdhouse::testing {

namespace {

constexpr int kServerError = 500;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;

net::HttpResponse failed(int status, const std::string& code, const std::string& text) {
    net::HttpResponse response{status, "text/plain; charset=UTF-8", text + "\n", {}};
    response.headers.emplace_back("X-ClickHouse-Exception-Code", code);
    return response;
}

// Our own words for an engine's error, as a server would write it: "the engine refused: Unknown table ... (60
// UNKNOWN_TABLE)" is "Code: 60. DB::Exception: Unknown table .... (UNKNOWN_TABLE) (version 26.7.2.1)".
net::HttpResponse refused(std::string text) {
    constexpr std::string_view kPrefix = "the engine refused: ";
    text = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
    const std::size_t open = text.rfind(" (");
    const std::string tail = open == std::string::npos ? "" : text.substr(open + 2, text.size() - open - 3);
    const std::size_t blank = tail.find(' ');
    const std::string code = tail.substr(0, blank);
    const bool has_code = !code.empty() && code.find_first_not_of("0123456789") == std::string::npos &&
                          blank != std::string::npos;
    if (!has_code) {
        return failed(kServerError, "1002", "Code: 1002. DB::Exception: " + text + ". (UNKNOWN_EXCEPTION)");
    }
    const int status = code == "60" || code == "81" ? kNotFound : kServerError;
    return failed(status, code,
                  "Code: " + code + ". DB::Exception: " + text.substr(0, open) + ". (" +
                      tail.substr(blank + 1) + ") (version 26.7.2.1)");
}

std::string summary_of(std::uint64_t read, std::uint64_t written, double seconds) {
    return "{\"read_rows\":\"" + std::to_string(read) + "\",\"read_bytes\":\"0\",\"written_rows\":\"" +
           std::to_string(written) + "\",\"elapsed_ns\":\"" +
           std::to_string(static_cast<std::uint64_t>(seconds * 1e9)) + "\"}";
}

// Not settings of a query: how the request itself is answered.
constexpr auto kOfRequest =
    std::to_array<std::string_view>({"database", "query", "wait_end_of_query", "default_format", "query_id"});

std::string settings_statement(const net::Fields& query) {
    std::vector<std::string> settings;
    for (const auto& [name, value] : query) {
        const bool of_request = std::find(kOfRequest.begin(), kOfRequest.end(), name) != kOfRequest.end() ||
                                name.starts_with("param_") || name.starts_with("insert_quorum") ||
                                name == "select_sequential_consistency"; // Keeper's, and there is none here
        if (!of_request) {
            settings.push_back(name + " = " + target::string_literal(value));
        }
    }
    return settings.empty() ? std::string() : "SET " + join(settings, ", ");
}

} // namespace

net::HttpResponse ClickHouseFront::handle(const net::HttpRequest& request) {
    const std::string user = net::find(request.headers, "x-clickhouse-user").value_or("");
    const std::string key = net::find(request.headers, "x-clickhouse-key").value_or("");
    if (!user_.empty() && (user != user_ || key != password_)) {
        return failed(kForbidden, "516",
                      "Code: 516. DB::Exception: " + user +
                          ": Authentication failed: password is incorrect. "
                          "(AUTHENTICATION_FAILED) (version 26.7.2.1)");
    }
    const std::scoped_lock lock(mutex_);
    return run(request);
}

net::HttpResponse ClickHouseFront::run(const net::HttpRequest& request) {
    const std::string settings = settings_statement(request.query);
    if (!settings.empty()) {
        if (const Result<void> set = engine_->execute(settings); !set) {
            return refused(set.error().message);
        }
    }
    const std::string database = net::find(request.query, "database").value_or("default");
    if (const Result<void> used = engine_->execute("USE " + target::identifier(database)); !used) {
        return refused(used.error().message);
    }
    net::HttpResponse response{200, "text/plain; charset=UTF-8", "", {}};
    const std::string insert = net::find(request.query, "query").value_or("");
    if (const std::size_t format = insert.rfind(" FORMAT "); !insert.empty()) {
        const std::size_t behind = format + std::string_view(" FORMAT ").size();
        const Result<std::uint64_t> written =
            engine_->insert(insert.substr(0, format), insert.substr(behind), request.body);
        if (!written) {
            return refused(written.error().message);
        }
        response.headers.emplace_back("X-ClickHouse-Summary", summary_of(0, *written, 0));
        return response;
    }
    std::vector<target::Parameter> parameters;
    for (const auto& [name, value] : request.query) {
        if (name.starts_with("param_")) {
            parameters.push_back({name.substr(std::string_view("param_").size()), value});
        }
    }
    Result<target::QueryResult> result = engine_->query(
        request.body, net::find(request.headers, "x-clickhouse-format").value_or("TSV"), parameters);
    if (!result) {
        return refused(result.error().message);
    }
    response.headers.emplace_back("X-ClickHouse-Summary",
                                  summary_of(result->rows_read, 0, result->elapsed_seconds));
    response.body = std::move(result->bytes);
    return response;
}

} // namespace birdhouse::testing

// Tinybird's HTTP API as calls with answers: addresses, the token, which call may be sent again, and what the
// service says when it refuses. What the answers mean is their readers' business.
#pragma once

#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "target/workspace.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace birdhouse::target {

using ApiFields = std::vector<std::pair<std::string, std::string>>;

struct ApiAnswer {
    int status = 200;
    std::string body;
    bool ok() const { return status >= 200 && status < 300; }
};

class TinybirdApi {
public:
    TinybirdApi(std::string target, WorkspaceAccess access);
    ~TinybirdApi();

    const std::string& host() const { return host_; }
    net::Waiting& waiting() { return *waiting_; }

    // Any status is an answer. Sent again as long as that can help.
    Result<ApiAnswer> get(std::string_view path, const ApiFields& query = {});
    // A call that changes something is not sent twice. An Error with ExitCode::Partial says that it may have
    // been carried out.
    Result<ApiAnswer> post_files(std::string_view path, const ApiFields& query,
                                 const std::vector<WorkspaceFile>& files);
    Result<ApiAnswer> post_form(std::string_view path, const ApiFields& fields);
    Result<ApiAnswer> post_json(std::string_view path, const ApiFields& query, std::string body);
    Result<ApiAnswer> post_text(std::string_view path, const ApiFields& query, std::string body);
    Result<ApiAnswer> put_form(std::string_view path, const ApiFields& fields);
    Result<ApiAnswer> remove(std::string_view path, const ApiFields& query = {});

    // What an answer that is not 2xx says: with the service's own words, and what to do about it.
    Error refusal(const ApiAnswer& answer, std::string_view what) const;
    // The body of a 2xx as JSON, or the refusal.
    Result<nlohmann::json> json(const Result<ApiAnswer>& answer, std::string_view what) const;
    // Whatever came from the service, without the token and in one line.
    std::string clean(std::string_view text) const;

private:
    Result<ApiAnswer> call(net::HttpCall call, std::string_view path, const ApiFields& query,
                           net::RetryRule rule);

    std::string target_;
    std::string host_;
    std::string token_;
    std::unique_ptr<net::HttpClient> client_;
    std::unique_ptr<net::Waiting> waiting_;
};

} // namespace birdhouse::target

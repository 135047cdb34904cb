#include "target/tinybird_api.hpp"

#include "base/text.hpp"
#include "target/url_text.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

constexpr std::size_t kLongestWords = 600;             // of an answer, in a message
constexpr std::chrono::seconds kReadTimeout{60};       // answers that are quick
constexpr std::chrono::minutes kDeploymentTimeout{10}; // some servers deploy before they answer
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kTooMany = 429;
constexpr int kServerError = 500;

std::string with_query(std::string url, const ApiFields& query) {
    char separator = '?';
    for (const auto& [name, value] : query) {
        url += separator + percent_encoded(name) + "=" + percent_encoded(value);
        separator = '&';
    }
    return url;
}

std::string form_of(const ApiFields& fields) {
    std::string body = with_query("", fields);
    return body.empty() ? body : body.substr(1);
}

// The `error` of a JSON answer, or of the first of its `errors`; the text itself when it is none.
std::string words_of(const ApiAnswer& answer) {
    const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.contains("error") && json["error"].is_string()) {
        return json["error"].get<std::string>();
    }
    if (json.is_object() && json.contains("message") && json["message"].is_string()) {
        return json["message"].get<std::string>();
    }
    return json.is_discarded() ? answer.body : std::string();
}

std::string hint_of(int status, const std::string& target) {
    if (status == kUnauthorized || status == kForbidden) {
        return "the token may be another workspace's, another region's, or lack the scope: an admin token of "
               "target " +
               backquoted(target) + " is needed";
    }
    if (status == kNotFound) {
        return "is `host:` the address of the workspace's region?";
    }
    if (status == kTooMany || status >= kServerError) {
        return "nothing here is at fault: run the same command again in a while";
    }
    return {};
}

} // namespace

TinybirdApi::TinybirdApi(std::string target, WorkspaceAccess access)
    : target_(std::move(target)), host_(std::move(access.host)), token_(std::move(access.token)),
      client_(std::move(access.client)), waiting_(std::move(access.waiting)) {}

TinybirdApi::~TinybirdApi() = default;

std::string TinybirdApi::clean(std::string_view text) const {
    std::string out(text);
    if (!token_.empty()) {
        out = replace_all(std::move(out), token_, "***");
    }
    for (char& c : out) { // the service writes paragraphs; a message is one line
        c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    while (out.find("  ") != std::string::npos) {
        out = replace_all(std::move(out), "  ", " ");
    }
    return shorten(printable(trim(out)), kLongestWords);
}

Result<ApiAnswer> TinybirdApi::call(net::HttpCall call, std::string_view path, const ApiFields& query,
                                    net::RetryRule rule) {
    call.url = with_query(host_ + std::string(path), query);
    call.token = token_;
    net::RetryPolicy policy;
    policy.rule = rule;
    net::HttpOutcome outcome = net::call_with_retries(*client_, call, policy, *waiting_);
    if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
        const bool unknown = failure->delivery == net::Delivery::Unknown && rule == net::RetryRule::Change;
        return Error{unknown || failure->cancelled ? ExitCode::Partial : ExitCode::Failed,
                     "target " + backquoted(target_) + ": " + clean(failure->message),
                     unknown || failure->cancelled
                         ? "it may have been carried out: run the same command again, which finds out"
                         : "is the host up and reachable from here?"};
    }
    auto& response = std::get<net::HttpResponse>(outcome);
    return ApiAnswer{response.status, std::move(response.body)};
}

Result<ApiAnswer> TinybirdApi::get(std::string_view path, const ApiFields& query) {
    net::HttpCall asked;
    asked.timeout = kReadTimeout;
    return call(std::move(asked), path, query, net::RetryRule::Read);
}

Result<ApiAnswer> TinybirdApi::post_files(std::string_view path, const ApiFields& query,
                                          const std::vector<WorkspaceFile>& files) {
    net::HttpCall asked;
    asked.method = "POST";
    asked.timeout = kDeploymentTimeout;
    for (const WorkspaceFile& file : files) {
        asked.parts.push_back({"data_project://", file.path, file.text}); // all parts are called so
    }
    return call(std::move(asked), path, query, net::RetryRule::Change);
}

Result<ApiAnswer> TinybirdApi::post_form(std::string_view path, const ApiFields& fields) {
    net::HttpCall asked;
    asked.method = "POST";
    asked.timeout = kDeploymentTimeout;
    asked.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    asked.body = form_of(fields);
    return call(std::move(asked), path, {}, net::RetryRule::Change);
}

Result<ApiAnswer> TinybirdApi::put_form(std::string_view path, const ApiFields& fields) {
    net::HttpCall asked;
    asked.method = "PUT";
    asked.timeout = kDeploymentTimeout;
    asked.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    asked.body = form_of(fields);
    return call(std::move(asked), path, {}, net::RetryRule::Change);
}

Result<ApiAnswer> TinybirdApi::post_json(std::string_view path, const ApiFields& query, std::string body) {
    net::HttpCall asked;
    asked.method = "POST";
    asked.timeout = kDeploymentTimeout;
    asked.headers.emplace_back("Content-Type", "application/json");
    asked.body = std::move(body);
    return call(std::move(asked), path, query, net::RetryRule::Change);
}

Result<ApiAnswer> TinybirdApi::post_text(std::string_view path, const ApiFields& query, std::string body) {
    net::HttpCall asked;
    asked.method = "POST";
    asked.timeout = kReadTimeout;
    asked.headers.emplace_back("Content-Type", "text/plain");
    asked.body = std::move(body);
    return call(std::move(asked), path, query, net::RetryRule::Read);
}

Result<ApiAnswer> TinybirdApi::remove(std::string_view path, const ApiFields& query) {
    net::HttpCall asked;
    asked.method = "DELETE";
    asked.timeout = kReadTimeout;
    return call(std::move(asked), path, query, net::RetryRule::Change);
}

Error TinybirdApi::refusal(const ApiAnswer& answer, std::string_view what) const {
    const std::string words = clean(words_of(answer));
    const bool later = answer.status == kTooMany || answer.status >= kServerError;
    return {later ? ExitCode::Partial : ExitCode::Failed,
            "target " + backquoted(target_) + ": " + std::string(what) + " was answered with " +
                std::to_string(answer.status) + (words.empty() ? "" : ": " + words),
            hint_of(answer.status, target_)};
}

Result<nlohmann::json> TinybirdApi::json(const Result<ApiAnswer>& answer, std::string_view what) const {
    if (!answer) {
        return answer.error();
    }
    if (!answer->ok()) {
        return refusal(*answer, what);
    }
    nlohmann::json json = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) {
        return Error{ExitCode::Failed,
                     "target " + backquoted(target_) + ": " + std::string(what) +
                         " was answered with something that is no JSON",
                     "is `host:` the address of a Tinybird API?"};
    }
    return json;
}

} // namespace birdhouse::target

// The bytes are a request: the first of them says whether it carries the admin token, a tracker's or none,
// then `METHOD target` up to a line feed, and the body. Whatever they are, the server gives an answer with a
// status, an error has a Content-Type, nobody without a token changes anything or reads more than is open to
// all, and an answer to a tracker never holds the admin token.
#include "server/server.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace birdhouse;

namespace {

// Takes every statement, and stores nothing.
class SilentChannel final : public target::SqlChannel {
public:
    Result<target::QueryResult> query(std::string_view, std::string_view,
                                      std::span<const target::Parameter>) override {
        return target::QueryResult{};
    }
    Result<std::uint64_t> insert(std::string_view, std::string_view, std::string_view) override {
        return std::uint64_t{0};
    }
};

constexpr std::string_view kDatasource =
    "TOKEN tracker APPEND\nSCHEMA >\n    `id` String `json:$.id`,\n    `at` DateTime "
    "`json:$.at`\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n";
constexpr std::string_view kPipe =
    "NODE n\nSQL >\n    %\n    SELECT * FROM events WHERE id = {{String(id, 'a')}} LIMIT "
    "{{Int32(top, 10)}}\n\nTYPE endpoint\n";

// One workspace for each request: what one request did must not decide what the next one finds.
struct Subject {
    server::EnginePool pool{[](server::EngineUse) -> Result<std::unique_ptr<target::SqlChannel>> {
                                return std::unique_ptr<target::SqlChannel>(std::make_unique<SilentChannel>());
                            },
                            2};
    server::Server server{pool, options(), [] { return std::chrono::system_clock::time_point(); }};
    std::string admin;
    std::string tracker;

    Subject() {
        std::vector<server::FileProblem> problems;
        const bool ready = server.start().ok() &&
                           server
                               .load({{"datasources/events.datasource", std::string(kDatasource)},
                                      {"pipes/top.pipe", std::string(kPipe)}},
                                     problems)
                               .ok() &&
                           problems.empty();
        const auto& tokens = server.core().default_workspace()->tokens;
        if (!ready || tokens.size() < 2) {
            std::cerr << "the workspace was not built\n";
            std::abort();
        }
        admin = tokens.front().text;
        tracker = tokens.back().text;
    }

    static server::ServerOptions options() {
        server::ServerOptions made;
        made.tells_tokens = false;
        made.user_token = "p.eUSER.user";
        return made;
    }
};

net::HttpRequest request_of(std::string_view text, const Subject& subject) {
    net::HttpRequest request;
    const char caller = text.front();
    text.remove_prefix(1);
    const std::string_view line = text.substr(0, text.find('\n'));
    request.body = text.substr(std::min(text.size(), line.size() + 1));
    const std::size_t blank = std::min(line.find(' '), line.size());
    request.method = line.substr(0, blank);
    const std::string_view target = line.substr(std::min(line.size(), blank + 1));
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = net::percent_decode(target.substr(0, question));
    request.query = net::parse_form(target.substr(std::min(target.size(), question + 1)));
    if (caller == 'a' || caller == 't') {
        request.headers.emplace_back("authorization",
                                     "Bearer " + (caller == 'a' ? subject.admin : subject.tracker));
    }
    return request;
}

[[noreturn]] void fail(const char* what, const net::HttpRequest& request, const net::HttpResponse& response) {
    std::cerr << what << ": " << request.method << " " << request.path << " -> " << response.status << " "
              << response.body << "\n";
    std::abort();
}

// What is told to everybody: no data, no names of the workspace.
bool is_open(const net::HttpRequest& request) {
    return request.method == "OPTIONS" || request.path.starts_with("/v0/regions");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    Subject subject;
    const net::HttpRequest request = request_of({reinterpret_cast<const char*>(data), size}, subject);
    const net::HttpResponse response = subject.server.handle(request);
    if (response.status < 200 || response.status > 599) {
        fail("no status", request, response);
    }
    if (response.status >= 400 && (response.content_type.empty() || response.body.empty())) {
        fail("an error without a text", request, response);
    }
    if (request.headers.empty() && response.status < 400 && !is_open(request)) {
        const auto token = net::find(request.query, "token");
        if (!token || (*token != subject.admin && *token != subject.tracker && *token != "p.eUSER.user")) {
            fail("served without a token", request, response);
        }
    }
    if (data[0] == 't' && response.body.find(subject.admin) != std::string::npos) {
        fail("the admin token was told", request, response);
    }
    return 0;
}

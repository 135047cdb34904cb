#include "served.hpp"

#include "target/embedded.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace {

server::EnginePool::Open opener(const std::shared_ptr<engine::Library>& library) {
    return [library](server::EngineUse use) {
        return target::open_channel(library, {},
                                    use == server::EngineUse::Read ? target::ChannelUse::ReadOnly
                                                                   : target::ChannelUse::ReadAndWrite);
    };
}

server::ServerOptions options(std::filesystem::path state_file) {
    server::ServerOptions made;
    made.url = "http://localhost:7181";
    made.user_token = "p.eUSER.user";
    made.state_file = std::move(state_file);
    return made;
}

} // namespace

// The engine forgets old quarantine rows by its own clock, so the server's must be right.
Served::Served(const std::shared_ptr<engine::Library>& library, std::filesystem::path state_file)
    : pool_(opener(library), 2),
      server_(pool_, options(std::move(state_file)), [] { return std::chrono::system_clock::now(); }) {
    const Result<void> started = server_.start();
    INFO((started ? "" : started.error().message));
    REQUIRE(started.ok());
    admin_ = server_.core().default_workspace()->tokens.front().text;
}

Asked Served::ask(const std::string& method, const std::string& target, const std::string& body,
                  const std::string& token, net::Fields headers, std::vector<net::FormPart> parts) {
    net::HttpRequest request;
    request.method = method;
    const std::size_t question = target.find('?');
    request.path = net::percent_decode(target.substr(0, question));
    request.query =
        question == std::string::npos ? net::Fields() : net::parse_form(target.substr(question + 1));
    request.headers = std::move(headers);
    if (!token.empty()) {
        request.headers.emplace_back("authorization", "Bearer " + token);
    }
    request.body = body;
    request.parts = std::move(parts);
    const net::HttpResponse response = server_.handle(request);
    return {response.status, response.content_type, response.body};
}

Asked Served::send(const std::string& target, const std::vector<server::Datafile>& files) {
    std::vector<net::FormPart> parts;
    for (const server::Datafile& file : files) {
        parts.push_back({"data_project://", file.path, file.text});
    }
    return ask("POST", target, "", admin_, {}, std::move(parts));
}

Json Served::rows(const std::string& sql) {
    const Asked asked = ask("POST", "/v0/sql", sql, admin_, {{"content-type", "text/plain"}});
    return asked.status == 200 ? asked.json()["data"] : asked.json();
}

std::vector<server::Datafile> small_project() {
    return {{"datasources/events.datasource", "TOKEN \"tracker\" APPEND\n"
                                              "SCHEMA >\n"
                                              "    `id` String `json:$.id`,\n"
                                              "    `at` DateTime `json:$.at`,\n"
                                              "    `cost` Float64 `json:$.cost` DEFAULT 0\n\n"
                                              "ENGINE \"MergeTree\"\n"
                                              "ENGINE_SORTING_KEY \"at\"\n"},
            {"datasources/hourly.datasource", "SCHEMA >\n"
                                              "    `hour` DateTime,\n"
                                              "    `spend` SimpleAggregateFunction(sum, Float64)\n\n"
                                              "ENGINE \"AggregatingMergeTree\"\n"
                                              "ENGINE_SORTING_KEY \"hour\"\n"},
            {"pipes/to_hourly.pipe",
             "NODE by_hour\n"
             "SQL >\n"
             "    SELECT toStartOfHour(at) AS hour, sum(cost) AS spend FROM events GROUP BY hour\n\n"
             "TYPE materialized\n"
             "DATASOURCE hourly\n"},
            {"pipes/spend.pipe", "TOKEN \"dashboard\" READ\n"
                                 "NODE total\n"
                                 "SQL >\n"
                                 "    %\n"
                                 "    SELECT hour, sum(h.spend) AS spend FROM hourly AS h\n"
                                 "    GROUP BY hour HAVING spend >= {{Float64(least, 0)}} ORDER BY hour\n\n"
                                 "TYPE endpoint\n"}};
}

server::Datafile& file_of(std::vector<server::Datafile>& files, const std::string& name) {
    const auto found = std::find_if(files.begin(), files.end(), [&](const server::Datafile& file) {
        return file.path.ends_with("/" + name);
    });
    REQUIRE(found != files.end());
    return *found;
}

} // namespace birdhouse::testing

// ClickHouse's HTTP interface as a channel: one request a statement, without a session, so that nothing is
// remembered between two of them on the server's side. Every statement carries the database and the settings
// it depends on.
#pragma once

#include "model/project.hpp"
#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "target/channel.hpp"

#include <memory>
#include <string>
#include <vector>

namespace birdhouse::target {

class HttpSqlChannel final : public SqlChannel {
public:
    // `database` is the current one of every statement; empty: the user's own.
    HttpSqlChannel(std::unique_ptr<net::HttpClient> client, std::unique_ptr<net::Waiting> waiting,
                   model::TargetSettings settings, std::string database, std::string password);

    Result<QueryResult> query(std::string_view sql, std::string_view format,
                              std::span<const Parameter> parameters) override;
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override;

private:
    struct Answer;

    net::HttpCall call_with(const std::vector<std::pair<std::string, std::string>>& arguments) const;
    Result<Answer> ask(const net::HttpCall& call, net::RetryRule rule);
    Result<void> wait_for_cluster(const std::string& task);
    Result<QueryResult> send(std::string_view sql, std::string_view format,
                             std::span<const Parameter> parameters, net::RetryRule rule);

    std::unique_ptr<net::HttpClient> client_;
    std::unique_ptr<net::Waiting> waiting_;
    model::TargetSettings settings_;
    std::string database_;
    std::string password_;
};

} // namespace birdhouse::target

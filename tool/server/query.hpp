// Questions to a workspace: endpoints by name, and SQL. Both only read, and only what their token may see.
#pragma once

#include "server/access.hpp"
#include "server/content.hpp"
#include "syntax/value.hpp"
#include "target/channel.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::server {

struct OutputFormat {
    std::string_view engine_name; // as ClickHouse calls it
    std::string_view content_type;
};

// `json`, `csv`, `ndjson`, `parquet`, `prometheus`: what stands behind an endpoint's name.
std::optional<OutputFormat> endpoint_format(std::string_view extension);
// `JSON`, `CSVWithNames` and so on: what stands behind FORMAT.
std::optional<OutputFormat> sql_format(std::string_view name);

struct QueryContext {
    const Content& content;
    const Access& access;
    std::string database;
    std::vector<std::pair<std::string, syntax::Value>> parameters;
    std::map<std::string, std::string, std::less<>> secrets; // by name
    std::string now;                                         // `2026-11-26 10:00:00`, UTC
    target::SqlChannel& channel;                             // that may only read
    std::vector<std::string> output_settings = {};           // `output_format_json_quote_denormals = 1`
};

struct QueryAnswer {
    std::string bytes;
    std::string_view content_type;
};

// `over`, when it is not empty, is SQL over the endpoint's rows, which it calls `_`.
ApiResult<QueryAnswer> query_endpoint(const QueryContext& context, std::string_view pipe,
                                      const OutputFormat& format, const std::string& over);

struct ComposedQuery {
    std::string sql; // that names tables with their database
    std::vector<target::Parameter> bound;
};
// The rows of a node of a pipe, as one SELECT, with the context's parameters.
ApiResult<ComposedQuery> compose_node(const QueryContext& context, const model::Pipe& pipe,
                                      const model::Node& node);

// A SELECT over datasources and pipes, with FORMAT behind it or not; a leading `%` makes it a template. With
// the name of a pipe as `over`, it sees the nodes of that pipe as well, and the rows of the pipe as `_`.
ApiResult<QueryAnswer> query_sql(const QueryContext& context, std::string sql, std::string_view over = {});

} // namespace birdhouse::server

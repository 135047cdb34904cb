#include "unit/docs/small_project.hpp"

namespace birdhouse::testing {

model::Datasource make_datasource(std::string name,
                                  const std::vector<std::pair<std::string, std::string>>& columns) {
    model::Datasource datasource;
    datasource.name = std::move(name);
    for (const auto& [column, type] : columns) {
        datasource.columns.emplace_back();
        datasource.columns.back().name = column;
        datasource.columns.back().type = type;
    }
    return datasource;
}

model::Pipe make_pipe(std::string name, const std::vector<NodeDraft>& nodes) {
    model::Pipe pipe;
    pipe.name = std::move(name);
    for (const NodeDraft& draft : nodes) {
        model::Node& node = pipe.nodes.emplace_back();
        node.name = draft.name;
        node.sql = draft.sql;
        node.type = draft.type;
    }
    return pipe;
}

model::Project small_project() {
    using model::NodeType;
    model::Project project;
    project.config.name = "shop";
    project.connections = {{"kafka",
                            "The orders' cluster.",
                            "kafka",
                            {{"KAFKA_BOOTSTRAP_SERVERS", "broker:9092", {}},
                             {"KAFKA_KEY", "a-plain-key", {}},
                             {"KAFKA_SECRET", "{{ tb_secret(\"kafka_secret\", \"fallback\") }}", {}}},
                            {}}};
    project.datasources = {make_datasource("daily", {{"day", "Date"}, {"total", "UInt64"}}),
                           make_datasource("orders", {{"id", "UInt64"}, {"price", "UInt64"}}),
                           make_datasource("totals", {{"day", "Date"}, {"total", "UInt64"}})};
    project.datasources[1].columns[0].json_path = "$.id";
    project.datasources[1].connector_settings = {{"KAFKA_CONNECTION_NAME", "kafka", {}},
                                                 {"KAFKA_TOPIC", "orders", {}}};
    project.pipes = {
        make_pipe("audit", {{"stats", "SELECT * FROM tinybird.pipe_stats"}}),
        make_pipe("export_daily", {{"send", "SELECT * FROM daily", NodeType::Sink}}),
        make_pipe("orders_to_totals",
                  {{"sums", "SELECT sum(price) AS total FROM orders", NodeType::Materialized}}),
        make_pipe("refused", {{"rows", "SELECT * FROM orders_quarantine", NodeType::Endpoint}}),
        make_pipe("snapshot", {{"all_rows", "SELECT * FROM totals", NodeType::Copy}}),
        make_pipe("top",
                  {{"recent", "SELECT * FROM orders"},
                   {"joined",
                    "%\nSELECT * FROM recent JOIN audit USING id\nWHERE id IN (SELECT id FROM orders)\n"
                    "AND id NOT IN (SELECT id FROM custommers) LIMIT {{Int32(top, 10)}}",
                    NodeType::Endpoint}}),
    };
    project.pipes[1].export_settings = {{"EXPORT_CONNECTION_NAME", "lake", {}}};
    project.pipes[2].target_datasource = "totals";
    project.pipes[4].target_datasource = "daily";
    project.pipes[4].copy_schedule = "0 1 * * *";
    return project;
}

} // namespace birdhouse::testing

#include "sample_project.hpp"

#include <array>
#include <string_view>

namespace birdhouse::testing {

using model::Column;
using model::Datasource;
using model::Node;
using model::NodeType;
using model::Pipe;
using model::Token;
using model::TokenScope;

namespace {

class Draw {
public:
    explicit Draw(std::mt19937& random) : random_(random) {}

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }
    bool chance() { return below(2) == 0; }
    template <std::size_t Size>
    std::string one_of(const std::array<std::string_view, Size>& choices) {
        return std::string(choices[below(Size)]);
    }

private:
    std::mt19937& random_;
};

constexpr std::array<std::string_view, 8> kTypes = {"String",
                                                    "LowCardinality(String)",
                                                    "Nullable(DateTime64(3, 'UTC'))",
                                                    "Array(Tuple(a String, b UInt8))",
                                                    "Map(String, Float64)",
                                                    "Enum8('a b' = 1, 'c,d' = 2)",
                                                    "AggregateFunction(sum, UInt64)",
                                                    "Decimal(18, 6)"};
constexpr std::array<std::string_view, 9> kDefaults = {"''",
                                                       "0",
                                                       "'it''s'",
                                                       "'a, (b'",
                                                       "'# no comment'",
                                                       "\"x y\"",
                                                       "now() + toIntervalDay(1)",
                                                       "array('a', 'b')",
                                                       "NULL"};
constexpr std::array<std::string_view, 6> kPaths = {"$",     "$.a", "$.a.b_c", "$.tags[:]", "$.items[:].sku",
                                                    "$.a--b"};
constexpr std::array<std::string_view, 3> kCodecs = {"ZSTD(1)", "Delta(8), ZSTD(3)", "LZ4"};
constexpr std::array<std::string_view, 5> kTexts = {"", "One line.", "Two\nlines",
                                                    "A list:\n- of\n  - two levels",
                                                    "with \"quotes\" and 'others' -- and dashes"};
constexpr std::array<std::string_view, 5> kNames = {"reader", "my token", "it's", "say \"hi\"", "a#b"};
constexpr std::array<std::string_view, 6> kSql = {"SELECT 1",
                                                  "%\nSELECT {{String(a, 'x')}}\n  FROM b",
                                                  "SELECT '#', \"x\" -- kept\nFROM a",
                                                  "type IN (1)",
                                                  "SELECT a\nFROM b\nWHERE c = '{d}'\n",
                                                  "% SELECT {% if defined(a) %}1{% else %}2{% end %}"};

Column make_column(std::string name, std::string type) {
    Column column;
    column.name = std::move(name);
    column.type = std::move(type);
    return column;
}

Column random_column(Draw& draw, std::size_t number) {
    Column column = make_column("column_" + std::to_string(number), draw.one_of(kTypes));
    column.json_path = draw.chance() ? std::optional(draw.one_of(kPaths)) : std::nullopt;
    column.default_expression = draw.chance() ? std::optional(draw.one_of(kDefaults)) : std::nullopt;
    column.codec = draw.chance() ? std::optional(draw.one_of(kCodecs)) : std::nullopt;
    return column;
}

std::vector<Token> random_tokens(Draw& draw, TokenScope scope) {
    std::vector<Token> tokens;
    for (std::size_t i = draw.below(3); i > 0; --i) {
        tokens.push_back({draw.one_of(kNames), scope, {}});
    }
    return tokens;
}

std::string trimmed_end(std::string text) {
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

} // namespace

Datasource full_datasource() {
    Datasource datasource;
    datasource.name = "llm_events";
    datasource.description = "One row per request.\n- text\n  - or image";
    datasource.columns = {make_column("id", "UInt64"), make_column("model", "LowCardinality(String)"),
                          make_column("at", "DateTime")};
    datasource.columns[0].json_path = "$.id";
    datasource.columns[1].json_path = "$.model";
    datasource.columns[1].default_expression = "'unknown'";
    datasource.columns[1].codec = "ZSTD(1)";
    datasource.columns[2].default_expression = "now()";
    datasource.engine.kind = "ReplacingMergeTree";
    datasource.engine.partition_key = "toYYYYMM(at)";
    datasource.engine.sorting_key = "id, model";
    datasource.engine.primary_key = "id";
    datasource.engine.sampling_key = "id";
    datasource.engine.ttl = "at + toIntervalDay(365)";
    datasource.engine.version_column = "at";
    datasource.engine.settings = "index_granularity=256";
    datasource.indexes = {{"by_model", "model", "bloom_filter(0.01)", "4", {}}};
    datasource.tokens = {{"tracker", TokenScope::Append, {}}, {"dashboards", TokenScope::Read, {}}};
    datasource.tags = {"llm", "billing"};
    datasource.shared_with = {"marketing"};
    datasource.forward_query = "SELECT *,\n    CAST(id, 'UInt64') AS id";
    datasource.backfill_skip = true;
    return datasource;
}

Pipe full_pipe() {
    Pipe pipe;
    pipe.name = "top_models";
    pipe.description = "Which models cost most.";
    pipe.nodes.resize(2);
    pipe.nodes[0].name = "spend";
    pipe.nodes[0].description = "By model";
    pipe.nodes[0].sql = "SELECT model, sum(cost) AS cost\nFROM llm_events\nGROUP BY model";
    pipe.nodes[1].name = "top";
    pipe.nodes[1].sql = "%\nSELECT * FROM spend\nORDER BY cost DESC LIMIT {{Int32(top, 10)}}";
    pipe.nodes[1].type = NodeType::Copy;
    pipe.target_datasource = "top_models_daily";
    pipe.copy_mode = "replace";
    pipe.copy_schedule = "0 1 * * *";
    pipe.tokens = {{"dashboards", TokenScope::Read, {}}};
    pipe.tags = {"billing"};
    return pipe;
}

Datasource random_datasource(std::mt19937& random) {
    Draw draw(random);
    Datasource datasource;
    datasource.name = "random";
    datasource.description = draw.one_of(kTexts);
    for (std::size_t i = 1 + draw.below(6); i > 0; --i) {
        datasource.columns.push_back(random_column(draw, i));
    }
    datasource.engine.sorting_key = draw.chance() ? "column_1, cityHash64(\"column_1\")" : "tuple()";
    datasource.engine.ttl = draw.chance() ? "toDateTime('2025-01-01') + INTERVAL 1 DAY" : "";
    datasource.engine.settings = draw.chance() ? "index_granularity = 256, storage_policy='a#b'" : "";
    for (std::size_t i = draw.below(3); i > 0; --i) {
        datasource.indexes.push_back({"INDEX_" + std::to_string(i),
                                      "lower(column_1)",
                                      draw.chance() ? "minmax" : "ngrambf_v1(3, 256, 2, 0)",
                                      std::to_string(i),
                                      {}});
    }
    datasource.tokens = random_tokens(draw, draw.chance() ? TokenScope::Append : TokenScope::Read);
    datasource.tags = draw.chance() ? std::vector<std::string>{"a b", "c"} : std::vector<std::string>{};
    datasource.shared_with =
        draw.chance() ? std::vector<std::string>{"one", "two"} : std::vector<std::string>{};
    datasource.forward_query = draw.chance() ? "SELECT a,\n  b" : "";
    datasource.backfill_skip = draw.chance();
    return datasource;
}

Pipe random_pipe(std::mt19937& random) {
    Draw draw(random);
    Pipe pipe;
    pipe.name = "random";
    pipe.description = draw.one_of(kTexts);
    const std::size_t count = 1 + draw.below(3);
    const std::size_t published = draw.below(count + 1); // none when past the end
    for (std::size_t i = 0; i < count; ++i) {
        Node node;
        node.name = "node_" + std::to_string(i);
        node.description = draw.one_of(kTexts);
        node.sql = trimmed_end(draw.one_of(kSql));
        if (i == published) {
            constexpr std::array kPublished = {NodeType::Endpoint, NodeType::Materialized, NodeType::Copy,
                                               NodeType::Sink};
            node.type = kPublished[draw.below(kPublished.size())];
        }
        pipe.nodes.push_back(std::move(node));
    }
    const NodeType type = published < count ? pipe.nodes[published].type : NodeType::Standard;
    if (type == NodeType::Materialized || type == NodeType::Copy) {
        pipe.target_datasource = "target";
    }
    if (type == NodeType::Materialized) {
        pipe.deployment_method = draw.chance() ? "alter" : "";
    } else if (type == NodeType::Endpoint) {
        pipe.cache_seconds = draw.chance() ? "60" : "";
    } else if (type == NodeType::Copy) {
        pipe.copy_schedule = draw.chance() ? "*/5 * * * *" : "@on-demand";
        pipe.copy_mode = draw.chance() ? "append" : "";
    } else if (type == NodeType::Sink) {
        pipe.export_settings = {{"EXPORT_CONNECTION_NAME", "lake", {}},
                                {"EXPORT_BUCKET_URI", "s3://bucket/a b#c", {}},
                                {"EXPORT_FILE_TEMPLATE", "x  y", {}},
                                {"EXPORT_SCHEDULE", "0 * * * *", {}},
                                {"EXPORT_FORMAT", "csv", {}}};
    }
    pipe.tokens = random_tokens(draw, TokenScope::Read);
    pipe.tags = draw.chance() ? std::vector<std::string>{"a b"} : std::vector<std::string>{};
    return pipe;
}

} // namespace birdhouse::testing

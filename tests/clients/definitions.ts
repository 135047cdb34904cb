// A project as the SDK's users write it: definitions in TypeScript, from which the SDK makes the datafiles.
import { defineCopyPipe, defineDatasource, defineEndpoint, defineKafkaConnection, defineMaterializedView, defineToken, engine, node, p, secret, t } from "@tinybirdco/sdk";

const app = defineToken("app_read");

export const kafka = defineKafkaConnection("stream", {
  bootstrapServers: "localhost:9092", securityProtocol: "SASL_SSL", saslMechanism: "PLAIN", key: secret("KAFKA_KEY", "k"), secret: secret("KAFKA_SECRET", "s"),
});

export const llmEvents = defineDatasource("llm_events", {
  description: "Every request\nto a model",
  schema: {
    id: t.uuid(), at: t.dateTime64(3), model: t.string().lowCardinality(), cost: t.float64().default(0), tokens: t.uint32().nullable(),
    tags: t.array(t.string()), meta: t.map(t.string(), t.string()), amount: t.decimal(18, 4), data: t.json(), stored: t.dateTime("UTC").defaultExpr("now()"),
    place: t.string().jsonPath("$.payload.place").codec("ZSTD(1)"),
  },
  engine: engine.mergeTree({
    sortingKey: ["model", "at"], partitionKey: "toYYYYMM(at)", primaryKey: "model", ttl: "toDateTime(at) + INTERVAL 20 YEAR", settings: { index_granularity: 4096 },
  }),
  tokens: [{ name: "tracker", permissions: ["READ", "APPEND"] }],
  indexes: [{ name: "by_cost", expr: "cost", type: "minmax", granularity: 4 }],
});

export const streamed = defineDatasource("streamed", {
  schema: { id: t.string() }, engine: engine.mergeTree({ sortingKey: ["id"] }),
  kafka: { connection: kafka, topic: "events", groupId: "g1", autoOffsetReset: "earliest" },
});

export const daily = defineDatasource("daily", {
  jsonPaths: false,
  schema: { day: t.date(), model: t.string().lowCardinality(), cost: t.simpleAggregateFunction("sum", t.float64()), requests: t.aggregateFunction("uniq", t.uuid()) },
  engine: engine.aggregatingMergeTree({ sortingKey: ["day", "model"] }),
});

export const snapshots = defineDatasource("daily_snapshots", {
  jsonPaths: false, schema: { day: t.date(), cost: t.float64() }, engine: engine.replacingMergeTree({ sortingKey: ["day"] }),
});

export const toDaily = defineMaterializedView("to_daily", {
  datasource: daily,
  nodes: [node({ name: "by_day", sql: "SELECT toDate(at) AS day, model, sum(cost) AS cost, uniqState(id) AS requests FROM llm_events GROUP BY day, model" })],
});

export const snapshot = defineCopyPipe("snapshot", {
  datasource: snapshots, copy_mode: "replace", copy_schedule: "0 0 * * *", nodes: [node({ name: "all", sql: "SELECT day, sum(cost) AS cost FROM daily GROUP BY day" })],
});

export const top = defineEndpoint("top_models", {
  description: "What costs most", cache: { enabled: true, ttl: 60 }, tokens: [{ token: app, scope: "READ" }],
  params: { model: p.string().optional(), models: p.array(p.string()).optional(), order: p.column().optional("cost"), limit: p.int32().optional(10).describe("rows") },
  nodes: [
    node({ name: "chosen", description: "those asked for", sql: "SELECT * FROM daily {% if defined(models) %} WHERE model IN {{Array(models)}} {% end %}" }),
    node({ name: "ranked", sql: "SELECT model, sum(cost) AS cost, uniqMerge(requests) AS requests FROM chosen GROUP BY model ORDER BY {{column(order, 'cost')}} DESC LIMIT {{Int32(limit, 10)}}" }),
  ],
  output: { model: t.string(), cost: t.float64(), requests: t.uint64() },
});

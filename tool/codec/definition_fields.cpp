#include "codec/definition_fields.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace birdhouse::codec {

namespace {

using Words = std::span<const std::string_view>;

constexpr Field required(Field field) {
    field.required = true;
    return field;
}
constexpr Field text(std::string_view key, std::string_view description) {
    return {key, ValueKind::Text, description};
}
constexpr Field number(std::string_view key, std::string_view description) {
    return {key, ValueKind::Number, description};
}
constexpr Field boolean(std::string_view key, std::string_view description) {
    return {key, ValueKind::Boolean, description};
}
constexpr Field texts(std::string_view key, std::string_view description) {
    return {key, ValueKind::Texts, description};
}
constexpr Field key_text(std::string_view key, std::string_view description) {
    return {key, ValueKind::TextOrTexts, description};
}
constexpr Field word(std::string_view key, Words words, std::string_view description) {
    return {key, ValueKind::Word, description, false, words};
}
constexpr Field object(std::string_view key, ValueKind kind, ObjectKind object,
                       std::string_view description) {
    return {key, kind, description, false, {}, object};
}

template <std::size_t... Sizes>
constexpr auto concat(const std::array<Field, Sizes>&... lists) {
    std::array<Field, (Sizes + ...)> all{};
    std::size_t at = 0;
    const auto append = [&](const auto& list) {
        for (const Field& field : list) {
            all[at++] = field;
        }
    };
    (append(lists), ...);
    return all;
}

template <std::size_t Size>
using WordList = std::array<std::string_view, Size>;

constexpr WordList<3> kTargetKinds = {"embedded", "clickhouse", "tinybird"};
constexpr WordList<2> kGenerations = {"forward", "classic"};
constexpr WordList<2> kNullWords = {"use_default", "quarantine"};
constexpr WordList<2> kIngestionWords = {"accept", "quarantine"};
constexpr WordList<5> kPrivacyWords = {"none", "personal", "ip", "prompt", "secret"};
constexpr WordList<8> kEngineKinds = {"MergeTree",
                                      "ReplacingMergeTree",
                                      "SummingMergeTree",
                                      "AggregatingMergeTree",
                                      "CollapsingMergeTree",
                                      "VersionedCollapsingMergeTree",
                                      "Join",
                                      "Null"};
constexpr WordList<4> kJoinStrictness = {"ANY", "ALL", "SEMI", "ANTI"};
constexpr WordList<4> kJoinTypes = {"LEFT", "INNER", "RIGHT", "FULL"};
constexpr WordList<2> kScopes = {"read", "append"};
constexpr WordList<1> kPipeScopes = {"read"};
constexpr WordList<1> kBackfill = {"skip"};
constexpr WordList<5> kPipeTypes = {"endpoint", "materialized", "copy", "sink", "standard"};
constexpr WordList<8> kConnectionTypes = {"kafka",    "s3",       "s3_iamrole", "gcs",
                                          "gcs_hmac", "dynamodb", "bigquery",   "snowflake"};
constexpr WordList<2> kCopyModes = {"append", "replace"};
constexpr WordList<1> kDeploymentMethods = {"alter"};

constexpr auto kProject = std::to_array<Field>({
    required(text("name", "the project's name; a target's database is called after it")),
    object("targets", ValueKind::NamedObjects, ObjectKind::Target,
           "where changes go, by name; without any there is `local`, embedded at `.birdhouse/local`"),
    text("default_target", "the target that commands take when none is named; the first one by default"),
    text("output", "the folder of the generated datafiles; `build/tinybird` by default"),
    object("ingestion", ValueKind::Object, ObjectKind::Ingestion,
           "what ingestion does where readings differ"),
    object("privacy", ValueKind::Object, ObjectKind::Privacy, "limits on what events may hold of people"),
});

constexpr auto kTarget = std::to_array<Field>({
    required(word("kind", kTargetKinds,
                  "an engine in this process, a ClickHouse server, or a Tinybird workspace")),
    word("generation", kGenerations, "of a Tinybird workspace; `forward` by default"),
    text("path",
         "embedded only: the storage folder, relative to the project; `.birdhouse/<target>` by default"),
    text("database", "embedded and clickhouse only: the database; the project's name by default"),
    text("url", "clickhouse only: the server's HTTP address, such as `https://clickhouse.example.com:8443`"),
    text("user", "clickhouse only: the user; the server's default user by default"),
    text("password_env", "clickhouse only: the environment variable that holds the user's password"),
    text("cluster", "clickhouse only: tables are changed ON CLUSTER of this name"),
    boolean("replicated", "clickhouse only: tables get the Replicated engine of their kind"),
    key_text("settings", "clickhouse only: `name = value`, sent with every statement"),
    text("host", "tinybird only: the region's API address; `https://api.tinybird.co` by default"),
    text("workspace", "tinybird only: the name that the token's workspace must have"),
    text("token_env", "tinybird only: the environment variable that holds the token"),
    boolean("protected", "nothing is changed unless the target's name is confirmed"),
});

constexpr auto kIngestion = std::to_array<Field>({
    word("null_with_default", kNullWords, "a null for a column that is not Nullable and has a default"),
    word("numeric_text_into_wide_integers", kIngestionWords,
         "\"123\" into Int64 and wider; accepted by default"),
    word("numeric_text_into_narrow_integers", kIngestionWords, "\"3\" into Int16; quarantined by default"),
    word("epoch_into_datetime", kIngestionWords, "1718701923 into DateTime; quarantined by default"),
    word("structures_into_string", kIngestionWords,
         "an object into String, as its JSON text; accepted by default"),
    word("scalars_into_string", kIngestionWords, "1 or true into String, as its text; accepted by default"),
    word("boolean_into_uint8", kIngestionWords, "true into UInt8, as 1; accepted by default"),
    word("fraction_into_datetime", kIngestionWords,
         "a fraction of a second into DateTime, cut; accepted by default"),
    word("offset_in_times", kIngestionWords, "`+02:00` behind a time; accepted by default"),
    word("unknown_keys", kIngestionWords, "a key without a column, dropped; accepted by default"),
});

constexpr auto kPrivacy = std::to_array<Field>({
    number("prompt_max_chars",
           "the longest text a column of privacy `prompt` may hold, in code points; 120 by default"),
});

constexpr auto kDatasource = std::to_array<Field>({
    required(text("datasource", "the datasource's name")),
    text("description", "what its rows are"),
    required(object("columns", ValueKind::Columns, ObjectKind::Column,
                    "its columns and column groups, in the table's order")),
    texts("rules", "comparisons that its rows must fulfil, such as `end_time >= start_time`"),
    object("engine", ValueKind::Object, ObjectKind::Engine, "the table's engine; MergeTree by default"),
    object("indexes", ValueKind::Objects, ObjectKind::Index, "data skipping indexes"),
    object("tokens", ValueKind::Objects, ObjectKind::Token, "tokens that may read or append"),
    texts("tags", "words to find it by"),
    texts("shared_with", "workspaces it is shared with"),
    text("forward_query", "the SELECT list that carries rows over an incompatible schema change"),
    word("backfill", kBackfill, "`skip`: a materialisation into it takes new rows only"),
    object("kafka", ValueKind::Object, ObjectKind::Kafka, "the Kafka topic its rows come from"),
    object("import", ValueKind::Object, ObjectKind::Import, "the bucket or table its rows come from"),
    number("classic_version", "Classic workspaces: VERSION, which becomes a part of the deployed name"),
    text("template", "a template of the project's own for its datafile"),
});

constexpr auto kForEach = std::to_array<Field>({
    {"for_each", ValueKind::ForEach,
     "name -> values: the definition is read once for every combination, with `<<name>>` filled in"},
});

constexpr auto kDefinedDatasource = concat(kDatasource, kForEach);

constexpr auto kGroup = std::to_array<Field>({
    required(text("group", "the group's name, for `use:`")),
    text("description", "what its columns have in common"),
    required(object("columns", ValueKind::Columns, ObjectKind::Column,
                    "its columns and further groups, in order")),
});

constexpr auto kGroupUse = std::to_array<Field>({
    required(text("use", "the column group whose columns stand here")),
});

constexpr auto kColumn = std::to_array<Field>({
    required(text("name", "the column's name")),
    required(text("type", "its ClickHouse type, such as `LowCardinality(String)`")),
    text("path", "where in an event its value is, such as `$.usage.prompt_tokens`"),
    {"default", ValueKind::Expression, "a ClickHouse expression: `0`, `now()`, `\"'anonymous'\"`"},
    {"materialized", ValueKind::Expression, "Classic workspaces: a ClickHouse expression that fills it"},
    text("codec", "its compression, such as `ZSTD(3)`"),
    text("description", "what it holds"),
    text("renamed_from", "what it was called: its values stay"),
    {"allowed", ValueKind::Scalars, "the values it may hold"},
    {"range", ValueKind::Range, "[smallest, largest]; null where there is no bound"},
    number("max_chars", "the longest text it may hold, in code points"),
    text("pattern", "a regular expression (RE2) that its texts must match"),
    word("privacy", kPrivacyWords, "what of a person it holds"),
});

constexpr auto kEngine = std::to_array<Field>({
    word("kind", kEngineKinds, "the engine's name"),
    key_text("sorting_key", "ORDER BY"),
    key_text("partition_key", "PARTITION BY"),
    key_text("primary_key", "PRIMARY KEY; the sorting key by default"),
    key_text("sampling_key", "SAMPLE BY"),
    text("ttl", "when rows are deleted, such as `toDateTime(start_time) + INTERVAL 365 DAY`"),
    text("ver", "ReplacingMergeTree: the column whose largest value wins"),
    text("is_deleted", "ReplacingMergeTree: the column that marks deleted rows"),
    text("sign", "CollapsingMergeTree: the column of 1 and -1"),
    text("version", "VersionedCollapsingMergeTree: the column that orders states"),
    key_text("columns", "SummingMergeTree: the columns that are summed"),
    key_text("settings", "such as `index_granularity = 8192`"),
    word("join_strictness", kJoinStrictness, "Join: which rows match"),
    word("join_type", kJoinTypes, "Join: which rows are kept"),
    key_text("key_columns", "Join: the columns of its key"),
});

constexpr auto kIndex = std::to_array<Field>({
    required(text("name", "the index's name")),
    required(text("expression", "what is indexed")),
    required(text("type", "such as `bloom_filter(0.01)`")),
    number("granularity", "granules in one block of the index; 1 by default"),
});

constexpr auto kToken = std::to_array<Field>({
    required(text("name", "the token's name")),
    required(word("scope", kScopes, "what it may do")),
});

constexpr auto kPipe = std::to_array<Field>({
    required(text("pipe", "the pipe's name")),
    number("version", "1 by default; from 2 on it is published as `name__v2`; see `birdhouse pipe bump`"),
    text("description", "what it answers"),
    word("type", kPipeTypes,
         "what becomes of its published node; `endpoint` by default, `standard` publishes nothing"),
    text("datasource", "materialized: the datasource its rows go to"),
    text("target_datasource", "copy: the datasource its rows go to"),
    text("schedule", "copy: a cron expression or `@on-demand`"),
    word("mode", kCopyModes, "copy: what happens to the rows that are there"),
    word("deployment_method", kDeploymentMethods, "materialized: how a change is deployed"),
    number("cache", "endpoint: seconds for which the service may give an answer again"),
    object("export", ValueKind::Object, ObjectKind::Export, "sink: where its rows are sent"),
    object("nodes", ValueKind::Objects, ObjectKind::Node,
           "its steps, in order; the last is published unless another says so"),
    object("target_engine", ValueKind::Object, ObjectKind::Engine,
           "Classic workspaces: the pipe makes its target, with this engine"),
    number("classic_version", "Classic workspaces: VERSION, which becomes a part of the deployed name"),
    text("sql", "instead of `nodes`: the SQL of its one node, which is named after the pipe's type"),
    object("tokens", ValueKind::Objects, ObjectKind::PipeToken, "tokens that may read it"),
    texts("tags", "words to find it by"),
    text("template", "a template of the project's own for its datafile"),
});
constexpr auto kDefinedPipe = concat(kPipe, kForEach);

constexpr auto kPipeToken = std::to_array<Field>({
    required(text("name", "the token's name")),
    word("scope", kPipeScopes, "what it may do: `read`"),
});

constexpr auto kNode = std::to_array<Field>({
    required(text("name", "the node's name, unlike the pipe's")),
    text("description", "what it computes"),
    required(text("sql", "a SELECT; it begins with a line of `%` when it is a template")),
    word("type", kPipeTypes, "what becomes of its rows; at most one node is not `standard`"),
});

constexpr auto kExport = std::to_array<Field>({
    required(text("connection_name", "the connection it is sent over")),
    text("schedule", "a cron expression or `@on-demand`"),
    text("service", "Classic workspaces: kafka, s3, s3_iamrole, gcs_hmac"),
    text("bucket_uri", "a bucket: `s3://...` or `gs://...`"),
    text("file_template", "a bucket: the files' names"),
    text("format", "a bucket: csv, ndjson, parquet"),
    text("compression", "a bucket: none, gzip, snappy"),
    text("strategy", "a bucket: such as `@new`"),
    text("write_strategy", "a bucket: what happens to a file that is there"),
    text("kafka_topic", "Kafka: the topic"),
});

constexpr auto kKafka = std::to_array<Field>({
    text("connection_name", "the connection it comes over"),
    text("topic", "the topic"),
    text("group_id", "the consumer group"),
    text("auto_offset_reset", "where a new group begins: earliest or latest"),
    text("key_format", "avro, json_with_schema or json_without_schema"),
    text("value_format", "avro, json_with_schema or json_without_schema"),
    text("store_raw_value", "`True`: the message is kept as it came, in `__value`"),
    text("store_headers", "`True`: the headers are kept, in `__headers`"),
    text("bootstrap_servers", "Classic workspaces: `host:port`, several with commas"),
    text("key", "Classic workspaces: the user"),
    text("secret", "Classic workspaces: the password"),
    text("sasl_mechanism", "Classic workspaces: how one logs in"),
    text("schema_registry_url", "Classic workspaces: where schemas are"),
    text("ssl_ca_pem", "Classic workspaces: the certificate"),
    text("target_partitions", "Classic workspaces: such as `auto`"),
    text("key_avro_deserialization", "Classic workspaces: how keys are read"),
    text("store_binary_headers", "Classic workspaces: how headers are kept"),
});

constexpr auto kImport = std::to_array<Field>({
    text("connection_name", "the connection it comes over"),
    text("bucket_uri", "a bucket: `s3://...` or `gs://...`, with wildcards"),
    text("schedule", "a bucket: `@auto`, `@once` or `@on-demand`"),
    text("from_timestamp", "a bucket: only files that are newer"),
    text("format", "a bucket: the format of files whose names do not tell"),
    text("table_arn", "DynamoDB: the table"),
    text("export_bucket", "DynamoDB: the bucket its exports go through"),
    text("service", "Classic workspaces: bigquery, snowflake, s3, s3_iamrole, gcs, dynamodb"),
    text("strategy", "Classic workspaces: append or replace"),
    text("external_datasource", "Classic workspaces: the table in the other system"),
    text("query", "Classic workspaces: what is asked of it"),
});

constexpr auto kKafkaConnection = std::to_array<Field>({
    required(text("bootstrap_servers", "`host:port`, several with commas")),
    text("security_protocol", "SASL_SSL, PLAINTEXT or SASL_PLAINTEXT"),
    text("sasl_mechanism", "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"),
    text("key", "the user: `{{ tb_secret(\"NAME\") }}`"),
    text("secret", "the password: `{{ tb_secret(\"NAME\") }}`"),
    text("schema_registry_url", "where Avro and JSON schemas are"),
    text("ssl_ca_pem", "the certificate of the authority, in PEM form"),
    text("sasl_oauthbearer_method", "AWS"),
    text("sasl_oauthbearer_aws_region", "the region"),
    text("sasl_oauthbearer_aws_role_arn", "the role"),
    text("sasl_oauthbearer_aws_external_id", "the external id of the role"),
});

constexpr auto kS3Connection = std::to_array<Field>({
    text("region", "the region of the bucket"),
    text("arn", "the role that may read or write it"),
    text("access_key", "without a role: `{{ tb_secret(\"NAME\") }}`"),
    text("secret", "without a role: `{{ tb_secret(\"NAME\") }}`"),
});

constexpr auto kGcsConnection = std::to_array<Field>({
    text("service_account_credentials_json", "a service account: `{{ tb_secret(\"NAME\") }}`"),
    text("hmac_access_id", "an HMAC key instead: `{{ tb_secret(\"NAME\") }}`"),
    text("hmac_secret", "an HMAC key instead: `{{ tb_secret(\"NAME\") }}`"),
});

constexpr auto kDynamoDbConnection = std::to_array<Field>({
    required(text("arn", "the role that may read the table")),
    required(text("region", "the region of the table")),
});

constexpr auto kConnection = std::to_array<Field>({
    required(text("connection", "the connection's name")),
    required(word("type", kConnectionTypes, "the other system")),
    text("description", "what it connects to"),
    object("kafka", ValueKind::Object, ObjectKind::KafkaConnection, "of type kafka: its settings"),
    object("s3", ValueKind::Object, ObjectKind::S3Connection, "of type s3: its settings"),
    object("gcs", ValueKind::Object, ObjectKind::GcsConnection, "of type gcs: its settings"),
    object("dynamodb", ValueKind::Object, ObjectKind::DynamoDbConnection, "of type dynamodb: its settings"),
});

constexpr auto kMigration = std::to_array<Field>({
    required(text("migration", "the migration's name: the name of its file")),
    text("description", "why the schema changes"),
    required(object("steps", ValueKind::Objects, ObjectKind::Step, "what is done, in order")),
    object("allow", ValueKind::Objects, ObjectKind::Allowance, "what the steps may lose"),
    boolean("checkpoint", "true: the steps build from nothing what all migrations before it built"),
});

constexpr auto kAllowance = std::to_array<Field>({
    required(text("code", "what is allowed, such as D101")),
    text("column", "the column it is about, as `datasource.column`"),
    text("datasource", "the datasource it is about"),
    number("rows", "the most rows that may be touched; any number by default"),
});

constexpr auto kOfDatasource =
    std::to_array<Field>({required(text("datasource", "the datasource that changes"))});
constexpr auto kOfColumn =
    concat(kOfDatasource, std::to_array<Field>({required(text("name", "the column that changes"))}));

constexpr auto kAddColumn = concat(kOfDatasource, kColumn,
                                   std::to_array<Field>({
                                       text("after", "the column it follows; it is the last one by default"),
                                       boolean("first", "true: it is the first column"),
                                   }));
constexpr auto kMoveColumn = concat(kOfColumn, std::to_array<Field>({
                                                   text("after", "the column it follows from now on"),
                                                   boolean("first", "true: it is the first column"),
                                               }));
constexpr auto kRenameColumn = concat(kOfDatasource, std::to_array<Field>({
                                                         required(text("from", "the column's name before")),
                                                         required(text("to", "its name after")),
                                                     }));
constexpr auto kChangeType =
    concat(kOfColumn, std::to_array<Field>({required(text("type", "its new ClickHouse type"))}));
constexpr auto kSetDefault = concat(
    kOfColumn, std::to_array<Field>({required({"default", ValueKind::ExpressionOrNull,
                                               "a ClickHouse expression; null removes the default"})}));
constexpr auto kSetNullable =
    concat(kOfColumn, std::to_array<Field>({required(boolean("nullable", "whether it takes NULL"))}));
constexpr auto kSetTtl =
    concat(kOfDatasource, std::to_array<Field>({required({"ttl", ValueKind::TextOrNull,
                                                          "when rows are deleted; null removes the TTL"})}));
constexpr auto kAddIndex = concat(kOfDatasource, kIndex);
constexpr auto kDropIndex =
    concat(kOfDatasource, std::to_array<Field>({required(text("name", "the index"))}));
constexpr auto kView = std::to_array<Field>({required(text("view", "the materialized view's name"))});
constexpr auto kViewSql = std::to_array<Field>({required(text("sql", "its SELECT"))});
constexpr auto kCreateView =
    concat(kView,
           std::to_array<Field>({
               required(text("to", "the datasource its rows go to")),
               boolean("backfill", "true: the rows that exist are put into the target first"),
           }),
           kViewSql);
constexpr auto kChangeView = concat(kView, kViewSql);
constexpr auto kSetJsonPath =
    concat(kOfColumn, std::to_array<Field>({required({"path", ValueKind::TextOrNull,
                                                      "where in an event its value is; null: nowhere"})}));

constexpr auto kRebuild = concat(
    kOfDatasource,
    std::to_array<Field>({
        object("engine", ValueKind::Object, ObjectKind::Engine,
               "the whole engine after; it stays by default"),
        {"types", ValueKind::NamedExpressions, "column: its new type, for each column that changes its type"},
        {"convert", ValueKind::NamedExpressions,
         "column: a ClickHouse expression over the old row; the old value, cast, by default"},
    }));

constexpr auto kContract = std::to_array<Field>({
    required(text("pipe", "the endpoint, without its version")),
    required(number("version", "the version of it that promises this")),
    {"deprecated", ValueKind::TextOrNull,
     "the first day on which this version may be gone; null: none is set"},
    required(object("columns", ValueKind::Objects, ObjectKind::OutputColumn, "what it returns, in order")),
    text("group_by", "what a row stands for; empty when nothing is grouped"),
    text("order", "ORDER BY, LIMIT and OFFSET of its rows"),
    required(
        object("parameters", ValueKind::Objects, ObjectKind::ContractParameter, "what it takes, by name")),
});

constexpr auto kOutputColumn = std::to_array<Field>({
    required(text("name", "the column's name")),
    required(text("type", "its ClickHouse type, as the engine prints it")),
});

constexpr auto kContractParameter = std::to_array<Field>({
    required(text("name", "the parameter's name")),
    required(text("type", "the template function that reads it, such as `DateTime`")),
    required(boolean("required", "whether a call without it fails")),
    {"default", ValueKind::TextOrNull, "what a call without it takes, as the template writes it"},
});

constexpr Field step(std::string_view key, ObjectKind kind, std::string_view description) {
    return object(key, ValueKind::Object, kind, description);
}

constexpr auto kStep = std::to_array<Field>({
    step("create_datasource", ObjectKind::CreateDatasource, "a new table"),
    step("drop_datasource", ObjectKind::DropDatasource, "a table goes, with its rows"),
    step("add_column", ObjectKind::AddColumn, "a new column"),
    step("drop_column", ObjectKind::DropColumn, "a column goes, with its values"),
    step("move_column", ObjectKind::MoveColumn, "a column gets another place among the columns"),
    step("rename_column", ObjectKind::RenameColumn, "a column gets another name"),
    step("change_type", ObjectKind::ChangeType, "a column's values are read as another type"),
    step("set_default", ObjectKind::SetDefault, "a column's default changes"),
    step("set_nullable", ObjectKind::SetNullable, "a column takes NULL, or no longer does"),
    step("set_ttl", ObjectKind::SetTtl, "when rows are deleted changes"),
    step("add_index", ObjectKind::AddIndex, "a new data skipping index"),
    step("drop_index", ObjectKind::DropIndex, "an index goes"),
    step("create_materialized_view", ObjectKind::CreateMaterializedView, "a new materialized view"),
    step("drop_materialized_view", ObjectKind::DropMaterializedView,
         "a materialized view goes; its target stays"),
    step("change_materialized_view", ObjectKind::ChangeMaterializedView,
         "a materialized view's query changes"),
    step("set_json_path", ObjectKind::SetJsonPath,
         "a column is read from elsewhere in the event; the table stays"),
    step("rebuild_datasource", ObjectKind::RebuildDatasource,
         "a table is copied into one with another engine, other keys or types"),
});

// In the order of ObjectKind.
constexpr auto kShapes = std::to_array<ObjectShape>({
    {"project", "name", "A birdhouse project: birdhouse.yaml.", kProject},
    {"target", "", "Where changes go.", kTarget},
    {"ingestion", "", "What ingestion does where readings differ.", kIngestion},
    {"privacy", "", "Limits on what events may hold of people.", kPrivacy},
    {"datasource", "datasource", "A datasource definition: datasources/*.yaml.", kDefinedDatasource},
    {"column group", "group", "A column group: datasources/groups/*.yaml.", kGroup},
    {"use of group", "use", "The columns of a group stand here.", kGroupUse},
    {"column", "name", "A column.", kColumn},
    {"engine", "", "The table's engine and its parameters.", kEngine},
    {"index", "name", "A data skipping index.", kIndex},
    {"token", "name", "A token and what it may do.", kToken},
    {"pipe", "pipe", "A pipe definition: pipes/*.yaml.", kDefinedPipe},
    {"token", "name", "A token that may read the pipe.", kPipeToken},
    {"node", "name", "A step of a pipe.", kNode},
    {"export", "", "Where a sink sends its rows.", kExport},
    {"kafka", "", "The Kafka topic that a datasource's rows come from.", kKafka},
    {"import", "", "The bucket or table that a datasource's rows come from.", kImport},
    {"connection", "connection", "A connection definition: connections/*.yaml.", kConnection},
    {"kafka connection", "", "The settings of a Kafka connection.", kKafkaConnection},
    {"s3 connection", "", "The settings of an S3 connection.", kS3Connection},
    {"gcs connection", "", "The settings of a Google Cloud Storage connection.", kGcsConnection},
    {"dynamodb connection", "", "The settings of a DynamoDB connection.", kDynamoDbConnection},
    {"migration", "migration", "A migration: migrations/NNNN_name.yaml.", kMigration},
    {"step", "", "One step: its kind, and what that kind needs.", kStep},
    {"allowance", "", "A permission to lose something.", kAllowance},
    {"step `create_datasource`", "", "A new table, as it is at this point of the history.", kDatasource},
    {"step `drop_datasource`", "", "A table goes, with its rows.", kOfDatasource},
    {"step `add_column`", "", "A new column.", kAddColumn},
    {"step `drop_column`", "", "A column goes, with its values.", kOfColumn},
    {"step `move_column`", "", "A column gets another place among the columns.", kMoveColumn},
    {"step `rename_column`", "", "A column gets another name.", kRenameColumn},
    {"step `change_type`", "", "A column's values are read as another type.", kChangeType},
    {"step `set_default`", "", "A column's default changes.", kSetDefault},
    {"step `set_nullable`", "", "A column takes NULL, or no longer does.", kSetNullable},
    {"step `set_ttl`", "", "When rows are deleted changes.", kSetTtl},
    {"step `add_index`", "", "A new data skipping index.", kAddIndex},
    {"step `drop_index`", "", "An index goes.", kDropIndex},
    {"step `create_materialized_view`", "", "A new materialized view.", kCreateView},
    {"step `drop_materialized_view`", "", "A materialized view goes; its target stays.", kView},
    {"step `change_materialized_view`", "", "A materialized view's query changes.", kChangeView},
    {"step `set_json_path`", "", "A column is read from elsewhere in the event.", kSetJsonPath},
    {"step `rebuild_datasource`", "", "A table is copied into a new one that takes its name.", kRebuild},
    {"contract", "pipe", "What an endpoint promises: pipes/contracts/NAME.vN.json, written by `pipe record`.",
     kContract},
    {"output column", "name", "A column that the endpoint returns.", kOutputColumn},
    {"parameter", "name", "A parameter that the endpoint takes.", kContractParameter},
});
static_assert(kShapes.size() == static_cast<std::size_t>(ObjectKind::ContractParameter) + 1);

// In the order of ValueKind.
constexpr auto kValueNames = std::to_array<std::string_view>({
    "a text",
    "a text or null",
    "a word",
    "a whole number, 0 or more",
    "true or false",
    "a text, a number or true/false",
    "a text, a number, true/false or null",
    "a list of texts",
    "a text or a list of texts",
    "a list of texts and numbers",
    "a list of two numbers",
    "a map",
    "a list of maps",
    "a map of maps",
    "a map from names to texts",
    "a list of columns",
    "a map of lists",
});
static_assert(kValueNames.size() == static_cast<std::size_t>(ValueKind::ForEach) + 1);

} // namespace

const ObjectShape& shape_of(ObjectKind kind) { return kShapes[static_cast<std::size_t>(kind)]; }

const Field* find_field(ObjectKind kind, std::string_view key) {
    const std::span<const Field> fields = shape_of(kind).fields;
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.key == key; });
    return found == fields.end() ? nullptr : &*found;
}

std::string_view describe(ValueKind kind) { return kValueNames[static_cast<std::size_t>(kind)]; }

} // namespace birdhouse::codec

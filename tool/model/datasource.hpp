// A datasource as a value: what a definition or a `.datasource` file declares. Expressions and types are
// ClickHouse text as written; the engine, not this layer, says when two of them mean the same.
#pragma once

#include "base/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::model {

// Closed interval of numbers; either end may be open. Kept as text: a bound may not fit a double.
struct ValueRange {
    std::optional<std::string> minimum;
    std::optional<std::string> maximum;
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

// What a column holds of a person. `None` says nothing is known, not that it is harmless.
enum class Privacy {
    None,
    Personal, // names or leads to a person: user name, e-mail, free text about them
    Ip,       // a network address; must be cut or hashed before it is sent
    Prompt,   // what a user wrote; cut to the project's limit
    Secret,   // must never hold a value that looks like a credential
};

struct Column {
    std::string name;
    std::string type;                     // `LowCardinality(String)`
    std::optional<std::string> json_path; // `$.usage.prompt_tokens`; absent in tables that take no events
    std::optional<std::string> default_expression; // ClickHouse expression: `'anonymous'`, `now()`, `0`
    std::optional<std::string> materialized;       // MATERIALIZED expression; Classic only
    std::optional<std::string> codec;              // `ZSTD(3)`, without the word CODEC
    std::string description;
    std::optional<std::string> renamed_from; // what the table called it before; a way, no part of the schema

    // Rules of the definition beyond the type; ingestion does not know them, `validate` does.
    std::vector<std::string> allowed;
    std::optional<ValueRange> range;
    std::optional<std::uint32_t> max_chars; // code points
    std::optional<std::string> pattern;     // RE2; a text must match it somewhere
    Privacy privacy = Privacy::None;

    Origin origin;
    friend bool operator==(const Column&, const Column&) = default;
};

// Every field is the text behind the directive of the same name: ENGINE_SORTING_KEY and so on.
struct TableEngine {
    std::string kind = "MergeTree";
    std::string partition_key;
    std::string sorting_key; // comma list, without parentheses round the whole
    std::string primary_key;
    std::string sampling_key;
    std::string ttl;
    std::string version_column;     // ENGINE_VER, of ReplacingMergeTree
    std::string is_deleted_column;  // ENGINE_IS_DELETED
    std::string sign_column;        // ENGINE_SIGN
    std::string collapsing_version; // ENGINE_VERSION, of VersionedCollapsingMergeTree
    std::string summing_columns;    // ENGINE_COLUMNS
    std::string join_strictness;
    std::string join_type;
    std::string key_columns;
    std::string settings;
    Origin origin;
    friend bool operator==(const TableEngine&, const TableEngine&) = default;
};

struct Index {
    std::string name;
    std::string expression;
    std::string type; // `bloom_filter(0.01)`
    std::string granularity = "1";
    Origin origin;
    friend bool operator==(const Index&, const Index&) = default;
};

enum class TokenScope { Read, Append };

struct Token {
    std::string name;
    TokenScope scope = TokenScope::Read;
    Origin origin;
    friend bool operator==(const Token&, const Token&) = default;
};

// One directive that is kept as it stands: KAFKA_TOPIC and its value. Names are upper case.
struct Setting {
    std::string name;
    std::string value;
    Origin origin;
    friend bool operator==(const Setting&, const Setting&) = default;
};

struct Datasource {
    std::string name;
    std::string description;
    std::vector<Column> columns;
    std::vector<std::string> rules; // `end_time >= start_time`; `validate` knows them, ingestion does not
    TableEngine engine;
    std::vector<Index> indexes;
    std::vector<Token> tokens;
    std::vector<std::string> tags;
    std::vector<std::string> shared_with;
    std::string forward_query;
    bool backfill_skip = false;
    std::vector<Setting> connector_settings;      // KAFKA_* and IMPORT_*, in file order
    std::optional<std::uint32_t> classic_version; // VERSION: the deployed table is called name__vN
    std::string template_file; // a template of the project's own; empty for the standard one
    Origin origin;
    friend bool operator==(const Datasource&, const Datasource&) = default;
};

const Column* find_column(const Datasource& datasource, std::string_view name);
// True when events can be sent to it: its columns say where in the event they are.
bool takes_events(const Datasource& datasource);
// Columns that no event fills although the datasource takes events; those that connectors fill (`__offset`)
// are not meant.
std::vector<const Column*> columns_without_path(const Datasource& datasource);

std::string_view to_string(Privacy privacy);
std::optional<Privacy> parse_privacy(std::string_view text);
std::string_view to_string(TokenScope scope);
std::optional<TokenScope> parse_token_scope(std::string_view text);

} // namespace birdhouse::model

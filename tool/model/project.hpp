// A whole project as a value, and its configuration.
#pragma once

#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/migration.hpp"
#include "model/pipe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::model {

enum class TargetKind { Embedded, ClickHouse, TinybirdForward, TinybirdClassic };

struct TargetSettings {
    std::string name; // `local`
    TargetKind kind = TargetKind::Embedded;
    std::string path;     // embedded: storage folder, relative to the project
    std::string database; // of a SQL target; defaults to the project's name
    // Of clickhouse.
    std::string url;          // `https://clickhouse.example.com:8443`
    std::string user;         // empty: the server's default user
    std::string password_env; // the environment variable that holds the password; empty: none
    std::string cluster;      // statements that change tables run ON CLUSTER; empty: on this server alone
    bool replicated = false;  // tables get the Replicated engine of their kind
    std::vector<Setting> settings; // sent with every statement, in file order
    // Of tinybird.
    std::string host;      // `https://api.tinybird.co`; empty: told by the credentials, or the default region
    std::string workspace; // the name that the token's workspace must have; empty: any
    std::string token_env; // the environment variable that holds the token; empty: the usual ones
    bool is_protected = false; // changed only when its name is confirmed
    Origin origin;
    friend bool operator==(const TargetSettings&, const TargetSettings&) = default;
};

// What ingestion does where Tinybird's documentation and its users disagree; see docs/ingestion.md.
enum class NullWithDefault { UseDefault, Quarantine };

struct IngestionRules {
    NullWithDefault null_with_default = NullWithDefault::UseDefault;
    bool numeric_text_into_wide_integers = true;    // "123" into Int64 and wider
    bool numeric_text_into_narrow_integers = false; // "3" into Int16
    bool epoch_into_datetime = false;               // 1718701923 into DateTime
    bool structures_into_string = true;             // an object into String is kept as its JSON text
    bool scalars_into_string = true;                // 1 and true into String, as their texts
    bool boolean_into_uint8 = true;                 // true into UInt8 is 1
    bool fraction_into_datetime = true;             // `09:12:03.411` into DateTime is cut
    bool offset_in_times = true;                    // `+02:00` behind a time; without it only `Z`
    bool unknown_keys = true;                       // a key without a column is dropped
    friend bool operator==(const IngestionRules&, const IngestionRules&) = default;
};

// Every question that the documentation leaves open, answered with a refusal.
IngestionRules strict_ingestion();

struct PrivacyRules {
    std::uint32_t prompt_max_chars = 120;
    friend bool operator==(const PrivacyRules&, const PrivacyRules&) = default;
};

struct Config {
    std::string name;
    std::vector<TargetSettings> targets;
    std::string default_target;
    std::string output_folder = "build/tinybird";
    IngestionRules ingestion;
    PrivacyRules privacy;
    friend bool operator==(const Config&, const Config&) = default;
};

struct Project {
    Config config;
    std::vector<Datasource> datasources; // by name
    std::vector<Pipe> pipes;             // by name
    std::vector<Connection> connections; // by name
    friend bool operator==(const Project&, const Project&) = default;
};

const Datasource* find_datasource(const Project& project, std::string_view name);
const Pipe* find_pipe(const Project& project, std::string_view name);
const Connection* find_connection(const Project& project, std::string_view name);
const TargetSettings* find_target(const Config& config, std::string_view name);

} // namespace birdhouse::model

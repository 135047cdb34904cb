#include "syntax/directives.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

using enum DirectiveValue;
using enum BlockUse;
using enum Standing;

// name, value, block in Forward, known, ignored and removed in Forward, Classic, mend
// clang-format off
constexpr auto kRules = std::to_array<DirectiveRule>({
    {"BACKFILL",                         Choice,     Never,    kInDatasource,            kNoKind,                 kNoKind,       Unknown, ""},
    {"CACHE",                            Number,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Unknown, ""},
    {"COPY_MODE",                        Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"COPY_SCHEDULE",                    Schedule,   Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"DATASOURCE",                       Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"DEPLOYMENT_METHOD",                Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Unknown, ""},
    {"DESCRIPTION",                      Text,       Allowed,  kInAll,                   kNoKind,                 kNoKind,       Known, ""},
    {"DYNAMODB_ARN",                     Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"DYNAMODB_REGION",                  Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"ENGINE",                           Name,       Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_COLUMNS",                   Names,      Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_IS_DELETED",                Name,       Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_JOIN_STRICTNESS",           Choice,     Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_JOIN_TYPE",                 Choice,     Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_KEY_COLUMNS",               Names,      Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_PARTITION_KEY",             Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_PRIMARY_KEY",               Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_SAMPLING_KEY",              Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_SETTINGS",                  Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_SIGN",                      Name,       Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_SORTING_KEY",               Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_SUMMING_COLUMNS",           Names,      Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Unknown, ""},
    {"ENGINE_TTL",                       Expression, Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_VER",                       Name,       Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"ENGINE_VERSION",                   Name,       Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_BUCKET_URI",                Text,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_COMPRESSION",               Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_CONNECTION_NAME",           Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_FILE_TEMPLATE",             Text,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_FORMAT",                    Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_KAFKA_TOPIC",               Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_SCHEDULE",                  Schedule,   Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_SERVICE",                   Choice,     Never,    kNoKind,                  kInDatasource | kInPipe, kNoKind,       Known, "delete the line: the connection says which service it is"},
    {"EXPORT_STRATEGY",                  Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"EXPORT_WRITE_STRATEGY",            Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"FILTER",                           Text,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"FORWARD_QUERY",                    Sql,        Required, kInDatasource,            kNoKind,                 kNoKind,       Unknown, ""},
    {"FROM",                             Text,       Never,    kNoKind,                  kNoKind,                 kNoKind,       Known, ""},
    {"GCS_ACCESS_ID",                    Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"GCS_HMAC_ACCESS_ID",               Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"GCS_HMAC_SECRET",                  Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"GCS_SECRET",                       Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON",Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"IMPORT_BUCKET_URI",                Text,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_CONNECTION_NAME",           Name,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_EXPORT_BUCKET",             Text,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_EXTERNAL_DATASOURCE",       Text,       Never,    kNoKind,                  kInDatasource,           kNoKind,       Known, "delete the line"},
    {"IMPORT_FORMAT",                    Choice,     Never,    kInDatasource,            kNoKind,                 kNoKind,       Unknown, ""},
    {"IMPORT_FROM_TIMESTAMP",            Text,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_QUERY",                     Sql,        Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_SCHEDULE",                  Schedule,   Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"IMPORT_SERVICE",                   Choice,     Never,    kNoKind,                  kInDatasource,           kNoKind,       Known, "delete the line: the connection says which service it is"},
    {"IMPORT_STRATEGY",                  Choice,     Never,    kNoKind,                  kNoKind,                 kInDatasource, Known, "delete the line: imports always append"},
    {"IMPORT_TABLE_ARN",                 Text,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"INCLUDE",                          Path,       Never,    kNoKind,                  kNoKind,                 kInAll,        Known, "write the lines of the fragment here, or run this project on Classic"},
    {"INDEXES",                          Indexes,    Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"INDICES",                          Indexes,    Allowed,  kNoKind,                  kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_AUTO_OFFSET_RESET",          Choice,     Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_BOOTSTRAP_SERVERS",          Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_CONNECTION_NAME",            Name,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_GROUP_ID",                   Name,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_KEY",                        Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_KEY_AVRO_DESERIALIZATION",   Text,       Never,    kNoKind,                  kNoKind,                 kInConnection, Known, "write KAFKA_KEY_FORMAT avro in the datasource"},
    {"KAFKA_KEY_FORMAT",                 Choice,     Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_SASL_MECHANISM",             Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_SASL_OAUTHBEARER_AWS_EXTERNAL_ID",Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"KAFKA_SASL_OAUTHBEARER_AWS_REGION",Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"KAFKA_SASL_OAUTHBEARER_AWS_ROLE_ARN",Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"KAFKA_SASL_OAUTHBEARER_METHOD",    Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"KAFKA_SCHEMA_REGISTRY_URL",        Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_SECRET",                     Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_SECURITY_PROTOCOL",          Choice,     Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"KAFKA_SSL_CA_PEM",                 Text,       Allowed,  kInConnection,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_STORE_BINARY_HEADERS",       Boolean,    Never,    kNoKind,                  kNoKind,                 kInDatasource, Known, "delete the line: with KAFKA_STORE_HEADERS `__headers` is always Map(String, String)"},
    {"KAFKA_STORE_HEADERS",              Boolean,    Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_STORE_RAW_VALUE",            Boolean,    Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_TARGET_PARTITIONS",          Text,       Never,    kNoKind,                  kInDatasource,           kNoKind,       Known, "delete the line"},
    {"KAFKA_TOPIC",                      Name,       Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"KAFKA_VALUE_FORMAT",               Choice,     Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"MAINTAINER",                       Text,       Never,    kNoKind,                  kNoKind,                 kNoKind,       Known, ""},
    {"MODE",                             Choice,     Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"NODE",                             Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"PARTITION_KEY",                    Expression, Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"PRIMARY_KEY",                      Expression, Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"RESOURCE",                         Text,       Never,    kNoKind,                  kNoKind,                 kNoKind,       Known, ""},
    {"S3_ACCESS_KEY",                    Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"S3_ARN",                           Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"S3_REGION",                        Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"S3_SECRET",                        Text,       Never,    kInConnection,            kNoKind,                 kNoKind,       Unknown, ""},
    {"SAMPLING_KEY",                     Expression, Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"SCHEMA",                           Schema,     Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"SCOPE",                            Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"SETTINGS",                         Text,       Never,    kNoKind,                  kNoKind,                 kInDatasource, Removed, "write ENGINE_SETTINGS"},
    {"SHARED_WITH",                      Names,      Allowed,  kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"SORTING_KEY",                      Expression, Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"SOURCE",                           Text,       Never,    kNoKind,                  kNoKind,                 kInDatasource, Known, "delete the line"},
    {"SQL",                              Sql,        Required, kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"TAGS",                             Tags,       Allowed,  kInDatasource | kInPipe,  kNoKind,                 kNoKind,       Known, ""},
    {"TARGET_DATASOURCE",                Name,       Never,    kInPipe,                  kNoKind,                 kNoKind,       Known, ""},
    {"TEST",                             Text,       Never,    kNoKind,                  kNoKind,                 kNoKind,       Known, ""},
    {"TOKEN",                            Token,      Never,    kInDatasource | kInPipe,  kNoKind,                 kNoKind,       Known, ""},
    {"TTL",                              Expression, Never,    kInDatasource,            kNoKind,                 kNoKind,       Known, ""},
    {"TYPE",                             Choice,     Never,    kInPipe | kInConnection,  kNoKind,                 kNoKind,       Known, ""},
    {"VERSION",                          Number,     Never,    kNoKind,                  kInDatasource | kInPipe, kNoKind,       Known, "delete the line"},
});
// clang-format on

static_assert(std::ranges::is_sorted(kRules, {}, &DirectiveRule::name));
static_assert(std::ranges::adjacent_find(kRules, {}, &DirectiveRule::name) == kRules.end());

// Second names of other directives: read, never proposed.
constexpr std::array<std::string_view, 6> kAliases = {
    "ENGINE_SUMMING_COLUMNS", "GCS_ACCESS_ID", "GCS_SECRET", "INDICES", "MODE", "SCOPE"};

constexpr std::size_t kLongestName =
    std::ranges::max(kRules, {}, [](const DirectiveRule& rule) { return rule.name.size(); }).name.size();

Kinds bit_of(DatafileKind kind) {
    switch (kind) {
    case DatafileKind::Datasource:
        return kInDatasource;
    case DatafileKind::Pipe:
        return kInPipe;
    case DatafileKind::Connection:
        return kInConnection;
    case DatafileKind::Include:
        break;
    }
    return kInAll; // a fragment may become part of any file
}

char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

} // namespace

std::span<const DirectiveRule> directive_rules() { return kRules; }

const DirectiveRule* find_directive(std::string_view word) {
    if (word.empty() || word.size() > kLongestName) {
        return nullptr;
    }
    // The first letter alone says no to most lines of SQL.
    const auto first_letter = [](const DirectiveRule& rule) { return rule.name.front(); };
    const char first = to_upper(word.front());
    const auto begin = std::ranges::lower_bound(kRules, first, {}, first_letter);
    const auto end = std::ranges::upper_bound(begin, kRules.end(), first, {}, first_letter);
    if (begin == end) {
        return nullptr;
    }
    std::array<char, kLongestName> upper{};
    std::ranges::transform(word, upper.begin(), to_upper);
    const std::string_view name(upper.data(), word.size());
    const auto rule = std::ranges::lower_bound(begin, end, name, {}, &DirectiveRule::name);
    return rule != end && rule->name == name ? &*rule : nullptr;
}

Standing standing(const DirectiveRule& rule, DatafileKind kind, Dialect dialect) {
    // Only Classic splices fragments into files, so its table holds for them.
    if (dialect == Dialect::Classic || kind == DatafileKind::Include) {
        return rule.classic;
    }
    const Kinds bit = bit_of(kind);
    if ((rule.known & bit) != 0) {
        return Standing::Known;
    }
    if ((rule.ignored & bit) != 0) {
        return Standing::Ignored;
    }
    return (rule.removed & bit) != 0 ? Standing::Removed : Standing::Unknown;
}

std::vector<std::string_view> known_directives(DatafileKind kind, Dialect dialect) {
    std::vector<std::string_view> names;
    for (const DirectiveRule& rule : kRules) {
        const bool alias = std::ranges::find(kAliases, rule.name) != kAliases.end();
        if (!alias && standing(rule, kind, dialect) == Standing::Known) {
            names.push_back(rule.name);
        }
    }
    return names;
}

std::string_view to_string(DatafileKind kind) {
    switch (kind) {
    case DatafileKind::Datasource:
        return ".datasource";
    case DatafileKind::Pipe:
        return ".pipe";
    case DatafileKind::Connection:
        return ".connection";
    case DatafileKind::Include:
        break;
    }
    return ".incl";
}

std::string_view to_string(Dialect dialect) { return dialect == Dialect::Forward ? "Forward" : "Classic"; }

} // namespace birdhouse::syntax

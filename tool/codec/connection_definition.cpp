// Connection definitions.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/definition_parts.hpp"
#include "codec/definitions.hpp"

#include <array>
#include <utility>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

// Which map holds the settings of which types, and how their directives begin.
struct SettingsMap {
    std::string_view key;
    ObjectKind kind;
    std::string_view prefix;
};

constexpr auto kSettingsMaps = std::to_array<SettingsMap>({
    {"kafka", ObjectKind::KafkaConnection, "KAFKA_"},
    {"s3", ObjectKind::S3Connection, "S3_"},
    {"gcs", ObjectKind::GcsConnection, "GCS_"},
    {"dynamodb", ObjectKind::DynamoDbConnection, "DYNAMODB_"},
});

// A connection has the settings of its own type: `s3_iamrole` is a form of `s3`.
void check_map(const Fields& fields, std::string_view key, Reading reading) {
    const std::string type = fields.text("type");
    if (!type.empty() && !type.starts_with(key)) {
        reading.problems.add(codes::F053, fields.place_of(key),
                             backquoted(key) + " holds the settings of another type: this connection is " +
                                 backquoted(type),
                             "remove it, or write " + backquoted("type: " + std::string(key)));
    }
}

} // namespace

std::optional<model::Connection> read_connection_definition(SourceId source, const SourceMap& sources,
                                                            Diagnostics& problems) {
    const Reading reading{sources, problems};
    const std::optional<YamlNode> root = syntax::parse_yaml(source, sources, problems);
    const std::optional<Fields> fields =
        root ? Fields::check(*root, ObjectKind::Connection, reading) : std::nullopt;
    if (!fields) {
        return std::nullopt;
    }
    check_resource_name(*fields, "connection", reading);
    model::Connection connection;
    connection.name = fields->text("connection");
    connection.type = fields->text("type");
    connection.description = fields->text("description");
    connection.origin.span = fields->place();
    for (const SettingsMap& map : kSettingsMaps) {
        if (const YamlNode* node = fields->find(map.key)) {
            check_map(*fields, map.key, reading);
            for (model::Setting& setting : read_settings_map(*node, map.kind, map.prefix, reading)) {
                connection.settings.push_back(std::move(setting));
            }
        }
    }
    return fields->has("connection") ? std::optional(std::move(connection)) : std::nullopt;
}

} // namespace birdhouse::codec

#include "codec/connector_settings.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

using syntax::Directive;
using Names = std::span<const std::string_view>;

namespace {

constexpr std::array<std::string_view, 3> kKafka = {"KAFKA_CONNECTION_NAME", "KAFKA_TOPIC", "KAFKA_GROUP_ID"};
constexpr std::array<std::string_view, 3> kBucket = {"IMPORT_CONNECTION_NAME", "IMPORT_BUCKET_URI",
                                                     "IMPORT_SCHEDULE"};
constexpr std::array<std::string_view, 3> kTable = {"IMPORT_CONNECTION_NAME", "IMPORT_TABLE_ARN",
                                                    "IMPORT_EXPORT_BUCKET"};
constexpr std::array<std::string_view, 3> kKafkaSink = {"EXPORT_CONNECTION_NAME", "EXPORT_KAFKA_TOPIC",
                                                        "EXPORT_SCHEDULE"};
constexpr std::array<std::string_view, 4> kBucketSink = {"EXPORT_CONNECTION_NAME", "EXPORT_BUCKET_URI",
                                                         "EXPORT_FILE_TEMPLATE", "EXPORT_SCHEDULE"};

bool has(std::span<const Directive* const> directives, std::string_view name) {
    return std::ranges::any_of(directives,
                               [&](const Directive* directive) { return directive->name == name; });
}

std::vector<const Directive*> family(const DatafileReading& reading, std::string_view prefix) {
    std::vector<const Directive*> members;
    for (const Directive& directive : reading.file.directives) {
        const bool stands =
            directive.rule != nullptr &&
            standing(*directive.rule, reading.file.kind, reading.file.dialect) == syntax::Standing::Known;
        if (stands && directive.name.starts_with(prefix)) {
            members.push_back(&directive);
        }
    }
    return members;
}

void report_missing(const DatafileReading& reading, const Code& code,
                    std::span<const Directive* const> present, Names required, Span where,
                    std::string_view what) {
    std::vector<std::string_view> missing;
    std::ranges::copy_if(required, std::back_inserter(missing),
                         [&](std::string_view name) { return !has(present, name); });
    if (!missing.empty()) {
        reading.diagnostics.add(code, where, std::string(what) + " lacks " + quoted_list(missing),
                                "write what is missing");
    }
}

} // namespace

bool is_connector_directive(std::string_view name) {
    constexpr std::array<std::string_view, 6> kPrefixes = {"KAFKA_", "IMPORT_", "EXPORT_",
                                                           "S3_",    "GCS_",    "DYNAMODB_"};
    return std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

void keep_setting(const DatafileReading& reading, const Directive& directive, std::string_view name,
                  std::vector<model::Setting>& settings) {
    std::erase_if(settings, [&](const model::Setting& earlier) { return earlier.name == name; });
    settings.push_back({std::string(name),
                        directive.block ? block_text(reading, directive).text : reading.value(directive),
                        {span_of(reading.file, directive)}});
}

std::vector<model::Setting> read_settings_map(const syntax::YamlNode& node, ObjectKind kind,
                                              std::string_view prefix, Reading reading) {
    std::vector<model::Setting> settings;
    const std::optional<Fields> fields = Fields::check(node, kind, reading);
    if (!fields) {
        return settings;
    }
    for (const syntax::YamlEntry& entry : node.entries) {
        if (fields->has(entry.key.text)) {
            settings.push_back({std::string(prefix) + to_upper_ascii(entry.key.text),
                                fields->text(entry.key.text),
                                {fields->place_of(entry.key.text)}});
        }
    }
    return settings;
}

void check_connectors(const DatafileReading& reading) {
    if (reading.file.dialect == syntax::Dialect::Classic) {
        return; // there the settings may stand in the connection, which is no file
    }
    if (const auto kafka = family(reading, "KAFKA_"); !kafka.empty()) {
        report_missing(reading, codes::F124, kafka, kKafka, kafka.front()->command, "the Kafka connector");
    }
    if (const auto import = family(reading, "IMPORT_"); !import.empty()) {
        const bool from_table = has(import, "IMPORT_TABLE_ARN") || has(import, "IMPORT_EXPORT_BUCKET");
        report_missing(reading, codes::F124, import, from_table ? Names(kTable) : Names(kBucket),
                       import.front()->command, "the import");
    }
}

void check_sink(const DatafileReading& reading, std::span<const Directive* const> settings, Span node) {
    const bool to_kafka = has(settings, "EXPORT_KAFKA_TOPIC");
    report_missing(reading, codes::F174, settings, to_kafka ? Names(kKafkaSink) : Names(kBucketSink), node,
                   "the sink");
    if (!to_kafka) {
        return;
    }
    for (const Directive* setting : settings) {
        if (setting->name.starts_with("EXPORT_") &&
            std::ranges::find(kKafkaSink, setting->name) == kKafkaSink.end()) {
            reading.diagnostics.add(codes::F175, setting->command,
                                    backquoted(setting->name) + " does not belong to a sink into Kafka",
                                    "delete the line");
        }
    }
}

} // namespace birdhouse::codec

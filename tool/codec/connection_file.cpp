#include "codec/connection_file.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/datafile_values.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::codec {

using syntax::Directive;

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 1> kKafka = {"KAFKA_BOOTSTRAP_SERVERS"};
constexpr std::array<std::string_view, 1> kRole = {"S3_ARN"};
constexpr std::array<std::string_view, 2> kKeys = {"S3_ACCESS_KEY", "S3_SECRET"};
constexpr std::array<std::string_view, 1> kAccount = {"GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON"};
constexpr std::array<std::string_view, 2> kHmac = {"GCS_HMAC_ACCESS_ID", "GCS_HMAC_SECRET"};
constexpr std::array<std::string_view, 1> kRegion = {"S3_REGION"};
constexpr std::array<std::string_view, 2> kDynamo = {"DYNAMODB_ARN", "DYNAMODB_REGION"};

// What the SDKs ask of a connection: all of `always`, and one of the two sets of credentials.
struct ConnectionType {
    std::string_view name;
    std::string_view family; // the head of its directives
    Names always;
    Names either;
    Names other;
};

constexpr auto kTypes = std::to_array<ConnectionType>({
    {"kafka", "KAFKA_", kKafka, {}, {}},
    {"s3", "S3_", kRegion, kRole, kKeys},
    {"s3_iamrole", "S3_", kRegion, kRole, kKeys},
    {"gcs", "GCS_", {}, kAccount, kHmac},
    {"gcs_hmac", "GCS_", {}, kHmac, kAccount},
    {"dynamodb", "DYNAMODB_", kDynamo, {}, {}},
    {"bigquery", "", {}, {}, {}},
    {"snowflake", "", {}, {}, {}},
});

// The older names of the two HMAC settings.
std::string_view spelt_out(std::string_view name) {
    return name == "GCS_ACCESS_ID" ? "GCS_HMAC_ACCESS_ID" : name == "GCS_SECRET" ? "GCS_HMAC_SECRET" : name;
}

std::vector<std::string_view> missing_of(Names wanted, const model::Connection& connection) {
    std::vector<std::string_view> missing;
    for (const std::string_view name : wanted) {
        if (std::ranges::find(connection.settings, name, &model::Setting::name) ==
            connection.settings.end()) {
            missing.push_back(name);
        }
    }
    return missing;
}

class ConnectionReader {
public:
    explicit ConnectionReader(DatafileReading reading) : reading_(reading) {}

    std::optional<model::Connection> read(std::string name) {
        connection_.name = std::move(name);
        connection_.origin = {{reading_.file.source, 0, 0}};
        std::vector<const Directive*> all;
        for (const Directive& directive : reading_.file.directives) {
            all.push_back(&directive);
            read_directive(directive);
        }
        report_repeated(reading_, all);
        if (connection_.type.empty()) {
            reading_.diagnostics.add(codes::F180, connection_.origin.span, "the connection has no TYPE",
                                     "write TYPE kafka, s3, gcs or dynamodb");
        } else {
            check_type();
        }
        const bool empty = connection_.type.empty() && connection_.settings.empty();
        return empty ? std::nullopt : std::optional(std::move(connection_));
    }

private:
    void read_directive(const Directive& directive) {
        if (directive.name == "DESCRIPTION") {
            connection_.description = read_description(reading_, directive);
        } else if (directive.name == "TYPE") {
            connection_.type = to_lower_ascii(reading_.value(directive));
            type_ = reading_.place(directive);
        } else if (is_connector_directive(directive.name) && is_known(reading_, directive)) {
            keep_setting(reading_, directive, spelt_out(directive.name), connection_.settings);
        }
    }

    void check_type() {
        const auto type = std::ranges::find(kTypes, connection_.type, &ConnectionType::name);
        if (type == kTypes.end()) {
            std::vector<std::string_view> names;
            std::ranges::transform(kTypes, std::back_inserter(names), &ConnectionType::name);
            const auto near = nearest(connection_.type, names);
            reading_.diagnostics.add(
                codes::F181, type_, backquoted(connection_.type) + " is no type of connections known here",
                near ? "did you mean " + backquoted(*near) + "?" : "write one of " + quoted_list(names));
            return;
        }
        check_settings(*type);
        for (const model::Setting& setting : connection_.settings) {
            if (!type->family.empty() && !setting.name.starts_with(type->family)) {
                reading_.diagnostics.add(codes::F183, setting.origin.span,
                                         backquoted(setting.name) +
                                             " does not belong to a connection of type " + connection_.type,
                                         "delete the line, or make a connection of its own of it");
            }
        }
    }

    void check_settings(const ConnectionType& type) {
        std::vector<std::string_view> missing = missing_of(type.always, connection_);
        const std::vector<std::string_view> either = missing_of(type.either, connection_);
        const bool other_complete = !type.other.empty() && missing_of(type.other, connection_).empty();
        if (!either.empty() && !other_complete) {
            missing.insert(missing.end(), either.begin(), either.end());
        }
        if (!missing.empty()) {
            const std::string instead =
                either.empty() || type.other.empty() ? "" : ", or " + quoted_list(type.other) + " instead";
            reading_.diagnostics.add(codes::F182, type_,
                                     "the " + connection_.type + " connection lacks " + quoted_list(missing),
                                     "write what is missing" + instead);
        }
    }

    DatafileReading reading_;
    model::Connection connection_;
    Span type_;
};

} // namespace

std::optional<model::Connection> read_connection_file(const syntax::Datafile& file, std::string name,
                                                      const SourceMap& sources, Diagnostics& diagnostics) {
    return ConnectionReader({file, sources, diagnostics}).read(std::move(name));
}

bool is_credential_directive(std::string_view name) {
    constexpr auto kCredentials = std::to_array<std::string_view>({
        "GCS_HMAC_ACCESS_ID",
        "GCS_HMAC_SECRET",
        "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON",
        "KAFKA_KEY",
        "KAFKA_SECRET",
        "KAFKA_SSL_CA_PEM",
        "S3_ACCESS_KEY",
        "S3_SECRET",
    });
    return std::ranges::find(kCredentials, spelt_out(name)) != kCredentials.end();
}

} // namespace birdhouse::codec

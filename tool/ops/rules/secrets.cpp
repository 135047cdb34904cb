#include "ops/rules/secrets.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/mapped_sql.hpp"
#include "events/privacy.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace birdhouse::ops {

namespace {

// Settings that open a door, by their directives. The name of a user alone opens none.
constexpr auto kSecretSettings =
    std::to_array<std::string_view>({"GCS_HMAC_SECRET", "GCS_SECRET", "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON",
                                     "KAFKA_KEY", "KAFKA_SECRET", "S3_ACCESS_KEY", "S3_SECRET"});

constexpr std::size_t kAwsKeyLength = 20;

bool is_upper_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// What is filled in elsewhere, or says that it has to be: `{{ tb_secret("X") }}`, `$X`, `<your key>`, `xxxx`.
bool is_stand_in(std::string_view value) {
    const std::string lowered = to_lower_ascii(trim(value));
    const bool one_letter =
        std::all_of(lowered.begin(), lowered.end(), [&](char c) { return c == lowered.front(); });
    return lowered.empty() || one_letter || lowered.find_first_of("{$<") != std::string::npos ||
           lowered.starts_with("your") || lowered.starts_with("replace") ||
           lowered.find("...") != std::string::npos;
}

// `https://user:password@host`
std::optional<SecretPlace> find_url_password(std::string_view text) {
    for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
        const std::size_t begin = at + 3;
        const std::size_t end = text.find_first_of("/?# '\"\n@", begin);
        const std::size_t colon = text.find(':', begin);
        if (end != std::string_view::npos && text[end] == '@' && colon < end && colon > begin &&
            colon + 1 < end && !is_stand_in(text.substr(colon + 1, end - colon - 1))) {
            return SecretPlace{"a password in a URL", colon + 1, end};
        }
    }
    return std::nullopt;
}

// `AKIA` and sixteen capitals or digits.
std::optional<SecretPlace> find_aws_key(std::string_view text) {
    for (const std::string_view prefix : {"AKIA", "ASIA"}) {
        for (std::size_t at = text.find(prefix); at != std::string_view::npos;
             at = text.find(prefix, at + 1)) {
            std::size_t end = at;
            while (end < text.size() && is_upper_or_digit(text[end])) {
                ++end;
            }
            const bool begins = at == 0 || !is_upper_or_digit(text[at - 1]);
            if (begins && end - at == kAwsKeyLength) {
                return SecretPlace{"an AWS access key", at, end};
            }
        }
    }
    return std::nullopt;
}

constexpr std::string_view kSettingMend =
    "write `{{ tb_secret(\"NAME\") }}` in its place, and change the secret: it was in a file";
constexpr std::string_view kDefaultMend =
    "take it out, and change the secret: it was in a file, and is in every row that took the default";

void report(Span place, const std::string& message, std::string_view mend, Diagnostics& problems) {
    Diagnostic found{&codes::P010, message, {}, std::string(mend)};
    if (place.known()) {
        found.labels.push_back({place, {}, true});
    }
    problems.add(std::move(found));
}

Span part_of(Span whole, std::size_t begin, std::size_t end) {
    return {whole.source, whole.begin + static_cast<std::uint32_t>(begin),
            whole.begin + static_cast<std::uint32_t>(end)};
}

// The value alone when it stands in one piece; else all of the setting is hidden.
Span value_place(const model::Setting& setting, const SourceMap& sources) {
    const Span whole = setting.origin.span;
    const std::size_t at = whole.known() ? sources.slice(whole).rfind(setting.value) : std::string_view::npos;
    return at == std::string_view::npos ? whole : part_of(whole, at, at + setting.value.size());
}

void check_settings(const std::vector<model::Setting>& settings, const SourceMap& sources,
                    Diagnostics& problems) {
    for (const model::Setting& setting : settings) {
        const bool secret =
            std::find(kSecretSettings.begin(), kSecretSettings.end(), setting.name) != kSecretSettings.end();
        const std::optional<SecretPlace> found = find_secret(setting.value);
        if (secret && !is_stand_in(setting.value)) {
            report(value_place(setting, sources), backquoted(setting.name) + " holds a secret in plain text",
                   kSettingMend, problems);
        } else if (found) {
            report(value_place(setting, sources),
                   backquoted(setting.name) + " holds " + std::string(found->what), kSettingMend, problems);
        }
    }
}

void check_defaults(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Datasource& datasource : facts.project.datasources) {
        for (const model::Column& column : datasource.columns) {
            const std::optional<SecretPlace> found =
                column.default_expression ? find_secret(*column.default_expression) : std::nullopt;
            if (!found) {
                continue;
            }
            const Span whole = column.origin.span;
            const std::optional<SecretPlace> written =
                whole.known() ? find_secret(facts.sources.slice(whole)) : std::nullopt;
            report(written ? part_of(whole, written->begin, written->end) : whole,
                   "the default of column " + backquoted(column.name) + " holds " + std::string(found->what),
                   kDefaultMend, problems);
        }
    }
}

// A glance at the whole text before it is split: nearly no SQL holds any of these.
bool may_hold_secret(std::string_view sql) {
    return events::may_hold_credential(sql) || sql.find("://") != std::string_view::npos ||
           sql.find("AKIA") != std::string_view::npos || sql.find("ASIA") != std::string_view::npos;
}

void check_sql(const model::Node& node, Diagnostics& problems) {
    if (!may_hold_secret(node.sql)) {
        return;
    }
    const codec::MappedSql written = codec::written_sql(node);
    for (const syntax::SqlToken& token : syntax::tokenize_sql(written.sql)) {
        if (token.kind != syntax::SqlTokenKind::String) {
            continue;
        }
        if (const std::optional<SecretPlace> found = find_secret(syntax::text_of(token, written.sql))) {
            const Span place = written.source_of(token.begin + found->begin, token.begin + found->end);
            report(place.known() ? place : node.origin.span,
                   "the SQL of node " + backquoted(node.name) + " holds " + std::string(found->what),
                   kSettingMend, problems);
        }
    }
}

} // namespace

std::optional<SecretPlace> find_secret(std::string_view text) {
    if (const std::optional<SecretPlace> password = find_url_password(text)) {
        return password;
    }
    if (const std::optional<SecretPlace> key = find_aws_key(text)) {
        return key;
    }
    const std::optional<events::CredentialPlace> token = events::find_credential(text);
    const bool real = token && !is_stand_in(text.substr(token->secret, token->end - token->secret));
    return real ? std::optional(SecretPlace{"a token", token->secret, token->end}) : std::nullopt;
}

void check_secrets(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Connection& connection : facts.project.connections) {
        check_settings(connection.settings, facts.sources, problems);
    }
    check_defaults(facts, problems);
    for (const model::Datasource& datasource : facts.project.datasources) {
        check_settings(datasource.connector_settings, facts.sources, problems);
    }
    for (const model::Pipe& pipe : facts.project.pipes) {
        check_settings(pipe.export_settings, facts.sources, problems);
        for (const model::Node& node : pipe.nodes) {
            check_sql(node, problems);
        }
    }
}

} // namespace birdhouse::ops

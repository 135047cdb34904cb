#include "ops/project_docs_secrets.hpp"

#include "base/text.hpp"
#include "codec/node_rendering.hpp"
#include "events/privacy.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace birdhouse::ops {

namespace {

using syntax::SqlToken;
using syntax::SqlTokenKind;

constexpr std::string_view kSecret = "(secret)";

constexpr auto kSecretWords = std::to_array<std::string_view>(
    {"CREDENTIALS", "PASSWD", "PASSWORD", "PEM", "PRIVATE", "SECRET", "TOKEN"});
// KAFKA_KEY_FORMAT is none, KAFKA_KEY and S3_ACCESS_KEY are.
constexpr auto kSecretEnds = std::to_array<std::string_view>({"_KEY", "_ACCESS_ID", "_ACCESS_KEY_ID"});

bool is_secret(std::string_view name) {
    const std::string upper = to_upper_ascii(name);
    const std::vector<std::string_view> words = split(upper, '_');
    const auto is_word = [&](std::string_view word) {
        return std::find(kSecretWords.begin(), kSecretWords.end(), word) != kSecretWords.end();
    };
    const auto is_end = [&](std::string_view end) { return upper.ends_with(end); };
    return std::any_of(words.begin(), words.end(), is_word) ||
           std::any_of(kSecretEnds.begin(), kSecretEnds.end(), is_end);
}

// `https://user:password@host` to `https://(secret)@host`.
std::string without_url_users(std::string_view text) {
    std::string out;
    for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://")) {
        const std::size_t begin = at + 3;
        const std::size_t end = text.find_first_of("/?# \t\r\n'\"`<>(),", begin);
        const std::string_view host = text.substr(begin, end - begin);
        const std::size_t user_end = host.rfind('@');
        out += text.substr(0, begin);
        if (user_end != std::string_view::npos &&
            host.substr(0, user_end).find(':') != std::string_view::npos) {
            out += kSecret;
            text.remove_prefix(begin + user_end);
        } else {
            text.remove_prefix(begin);
        }
    }
    return out + std::string(text);
}

// Credentials that nobody writes by chance. `key=value` is not among them: SQL is full of it.
std::string without_sure_credentials(std::string_view sql) {
    std::string out;
    while (const auto place = events::find_credential(sql)) {
        const bool sure = sql[place->secret - 1] != '=';
        out += sql.substr(0, sure ? place->secret : place->end);
        out += sure ? "(masked)" : "";
        sql.remove_prefix(place->end);
    }
    return out + std::string(sql);
}

// Functions that take credentials: from this argument on every text is one, unless it names a format.
struct CredentialFunction {
    std::string_view name;
    std::size_t first;
};
constexpr auto kFunctions = std::to_array<CredentialFunction>({{"azureblobstorage", 0},
                                                               {"deltalake", 1},
                                                               {"gcs", 1},
                                                               {"hudi", 1},
                                                               {"iceberg", 1},
                                                               {"icebergazure", 1},
                                                               {"icebergs3", 1},
                                                               {"mongodb", 3},
                                                               {"mysql", 3},
                                                               {"postgresql", 3},
                                                               {"redis", 2},
                                                               {"remote", 3},
                                                               {"remotesecure", 3},
                                                               {"s3", 1},
                                                               {"s3cluster", 2},
                                                               {"tb_secret", 1},
                                                               {"tb_var", 1}});
constexpr auto kFormats = std::to_array<std::string_view>(
    {"Arrow", "ArrowStream", "Avro", "CSV", "CSVWithNames", "JSON", "JSONEachRow", "JSONLines", "NDJSON",
     "ORC", "Parquet", "TSV", "TSVWithNames", "TabSeparated", "auto", "gzip", "none", "zstd"});

class SqlMasker {
public:
    explicit SqlMasker(std::string_view sql) : sql_(sql), tokens_(syntax::tokenize_sql(sql)) {}

    std::string mask() {
        std::size_t plain = 0; // where the stretch of SQL begins that is neither text nor comment
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const SqlToken& token = tokens_[i];
            const bool is_text = token.kind == SqlTokenKind::String || token.kind == SqlTokenKind::Comment;
            note(i);
            if (is_text) {
                out_ += without_sure_credentials(sql_.substr(plain, token.begin - plain));
                out_ += is_credential(token) ? quoted_secret() : shown_text(text_of(token, sql_));
                plain = token.end;
            }
        }
        return out_ + without_sure_credentials(sql_.substr(plain));
    }

private:
    struct Call {
        const CredentialFunction* function; // null: of no interest
        std::size_t argument = 0;
    };

    static std::string quoted_secret() { return "'" + std::string(kSecret) + "'"; }

    // Follows the brackets and commas of calls.
    void note(std::size_t i) {
        const std::string_view text = text_of(tokens_[i], sql_);
        if (tokens_[i].kind != SqlTokenKind::Symbol) {
            return;
        }
        if (text == "(") {
            calls_.push_back({function_before(i)});
        } else if (text == ")" && !calls_.empty()) {
            calls_.pop_back();
        } else if (text == "," && !calls_.empty()) {
            ++calls_.back().argument;
        }
    }

    const CredentialFunction* function_before(std::size_t i) const {
        while (i > 0 && !is_significant(tokens_[i - 1])) {
            --i;
        }
        if (i == 0 || tokens_[i - 1].kind != SqlTokenKind::Word) {
            return nullptr;
        }
        const std::string name = to_lower_ascii(text_of(tokens_[i - 1], sql_));
        const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                        [&](const CredentialFunction& one) { return one.name == name; });
        return found == kFunctions.end() ? nullptr : found;
    }

    bool is_credential(const SqlToken& token) const {
        if (token.kind != SqlTokenKind::String || calls_.empty() || calls_.back().function == nullptr ||
            calls_.back().argument < calls_.back().function->first) {
            return false;
        }
        const std::string_view quoted = text_of(token, sql_);
        const std::string_view text = quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2);
        return std::find(kFormats.begin(), kFormats.end(), text) == kFormats.end();
    }

    std::string_view sql_;
    std::vector<SqlToken> tokens_;
    std::vector<Call> calls_;
    std::string out_;
};

} // namespace

std::string shown_setting(std::string_view name, std::string_view value) {
    const std::set<std::string> kept = codec::secret_names(value);
    if (!kept.empty()) {
        return "(secret: " + join(std::vector<std::string>(kept.begin(), kept.end()), ", ") + ")";
    }
    return is_secret(name) ? std::string(kSecret) : shown_text(value);
}

std::string shown_text(std::string_view text) { return events::mask_credentials(without_url_users(text)); }

std::string shown_sql(std::string_view sql) { return SqlMasker(sql).mask(); }

} // namespace birdhouse::ops

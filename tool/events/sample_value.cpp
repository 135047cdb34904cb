#include "events/sample_value.hpp"

#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/numbers.hpp"
#include "events/pattern_text.hpp"
#include "events/times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

namespace birdhouse::events {

namespace {

// What a part of a name says a text is; the first row that has it holds. Words stand apart by `|`.
struct NamedWords {
    std::string_view names;
    std::string_view words;
};

constexpr auto kNamedWords = std::to_array<NamedWords>({
    {"model", "gpt-5-mini|claude-sonnet|mistral-small|gemini-flash|deepseek"},
    {"provider|vendor", "azure|bedrock|vertex|scaleway"},
    {"environment|env|stage", "production|production|production|staging"},
    {"region|zone", "eu-west-1|us-east-1|ap-south-1"},
    {"country", "DE|ES|FR|IN|JP|US"},
    {"city", "Berlin|Lyon|Madrid|Osaka|Pune"},
    {"language|locale|lang", "de-DE|en-US|es-ES|ja-JP"},
    {"currency", "EUR|USD|JPY"},
    {"browser", "chrome|firefox|safari"},
    {"os|platform", "android|ios|linux|windows"},
    {"device", "desktop|phone|tablet"},
    {"method", "GET|GET|GET|POST"},
    {"status|state|outcome", "success|success|success|error"},
    {"tier|plan", "free|team|enterprise"},
    {"level|severity", "info|info|warning|error"},
    {"path|route|page|endpoint", "/|/pricing|/docs/start|/api/v1/items"},
    {"url|uri|referrer|referer|origin",
     "https://app.example/start|https://docs.example/install|https://blog.example/"},
    {"host|hostname|domain|server", "web-1.example|web-2.example|api.example"},
    {"agent", "Mozilla/5.0 (X11; Linux x86_64)|curl/8.5.0|python-requests/2.32"},
    {"version|release", "1.4.2|1.5.0|2.0.0"},
    {"color|colour", "red|green|blue"},
    {"prompt|message|text|query|question|description|comment|title|note",
     "a lighthouse in the fog|why is the sky blue|une recette de crème brûlée|translate this to German|"
     "日本語で自己紹介|fix this: if (a < b)"},
    {"kind|type|category|event|action|name", "page_view|click|search|purchase|sign_up"},
    {"user|username|login|author|owner", "mara|jules|tomoko|anders|lina"},
    {"tag|tags|label|labels", "beta|mobile|cached|long|new"},
    {"ip|address", "198.51.100.0|203.0.113.0|192.0.2.0"},
});
constexpr std::string_view kOtherWords = "alpha|bravo|cedar|delta|ember|fjord";

bool is_among(std::string_view part, std::string_view words) {
    const std::vector<std::string_view> all = split(words, '|');
    return std::find(all.begin(), all.end(), part) != all.end();
}

// `userAgent`, `user_agent`, `user-agent`: user, agent.
std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || upper;
        if ((upper || !plain) && !parts.back().empty()) {
            parts.emplace_back();
        }
        if (plain) {
            parts.back() += static_cast<char>(upper ? c - 'A' + 'a' : c);
        }
    }
    return parts;
}

bool names(const std::string& name, std::string_view words) {
    const std::vector<std::string> parts = parts_of(name);
    return std::any_of(parts.begin(), parts.end(),
                       [&](const std::string& part) { return is_among(part, words); });
}

// The last part says most: a `user_agent` is an agent.
std::string_view words_of(const std::string& name) {
    const std::vector<std::string> parts = parts_of(name);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        for (const NamedWords& row : kNamedWords) {
            if (is_among(*part, row.names)) {
                return row.words;
            }
        }
    }
    return kOtherWords;
}

std::optional<std::int64_t> whole(const std::optional<std::string>& bound) {
    std::int64_t value = 0;
    if (!bound) {
        return std::nullopt;
    }
    const std::string digits = bound->substr(0, bound->find('.'));
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(value)
                                                                          : std::nullopt;
}

std::string padded(std::uint64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

std::string in_quotes(std::string_view text) {
    std::string json;
    append_json_string(json, text);
    return json;
}

bool ends_a_span(const std::string& name) {
    return names(name, "end|ended|finish|finished|until|updated|closed|completed");
}

} // namespace

void SampleValues::begin_row() {
    constexpr std::uint64_t kMostSecondsBetween = 20;
    constexpr std::uint64_t kMostDuration = 60;
    clock_ += static_cast<std::int64_t>(chance_.below(kMostSecondsBetween));
    milliseconds_ = chance_.below(1'000);
    duration_ = 1 + chance_.small_below(kMostDuration);
}

std::string SampleValues::value(const EventColumn& column) {
    constexpr std::uint64_t kNullOneIn = 8;
    const TypeNode& node = column.plan.nodes.front();
    return node.nullable && chance_.one_in(kNullOneIn) ? "null" : of_node(column, node, 0);
}

std::string SampleValues::element(const EventColumn& column) {
    return of_node(column, column.plan.nodes[column.plan.nodes.front().element], 1);
}

std::string SampleValues::of_node(const EventColumn& column, const TypeNode& node, int depth) {
    if (!column.allowed.empty() && node.kind != ValueKind::Array && node.kind != ValueKind::Map) {
        const std::string& one = chance_.pick(column.allowed);
        return node.kind == ValueKind::String || node.kind == ValueKind::FixedString ? in_quotes(one) : one;
    }
    switch (node.kind) {
    case ValueKind::Integer:
        return integer(column, node);
    case ValueKind::Float:
    case ValueKind::Decimal:
        return fraction(column, node);
    case ValueKind::Bool:
        return chance_.one_in(2) ? "true" : "false";
    case ValueKind::String:
        return in_quotes(text(column));
    case ValueKind::FixedString:
        return in_quotes(hexadecimal(node.length));
    case ValueKind::Uuid:
        return in_quotes(uuid());
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::DateTime64:
        return moment(column, node);
    case ValueKind::Array:
        return list(column, column.plan.nodes[node.element], depth + 1);
    case ValueKind::Map:
        return map(column, node, depth + 1);
    case ValueKind::Json:
        return R"({"plan":"team","seats":)" + std::to_string(1 + chance_.below(20)) + "}";
    }
    return "null";
}

std::string SampleValues::list(const EventColumn& column, const TypeNode& element, int depth) {
    std::string json = "[";
    for (std::uint64_t left = chance_.below(4); left > 0; --left) {
        json += of_node(column, element, depth) + (left == 1 ? "" : ",");
    }
    return json + "]";
}

std::string SampleValues::map(const EventColumn& column, const TypeNode& node, int depth) {
    const TypeNode& key = column.plan.nodes[node.key];
    std::string json = "{";
    for (std::uint64_t number = 0, count = chance_.below(4); number < count; ++number) {
        const std::string written = key.kind == ValueKind::String ? in_quotes("key_" + std::to_string(number))
                                                                  : of_node(column, key, depth);
        json += (number == 0 ? "" : ",") + (written.starts_with('"') ? written : in_quotes(written)) + ":" +
                of_node(column, column.plan.nodes[node.element], depth);
    }
    return json + "}";
}

std::string SampleValues::integer(const EventColumn& column, const TypeNode& node) {
    const std::int64_t least = whole(column.minimum).value_or(0);
    std::int64_t most = 1'000;
    if (names(column.name, "width|height")) {
        most = 2'048;
    } else if (names(column.name, "ms|duration|latency|tokens|bytes|size")) {
        most = 60'000;
    } else if (names(column.name, "status|code") && node.bits >= 16) {
        static constexpr std::array<int, 6> kCodes = {200, 200, 200, 201, 404, 500};
        const int code = chance_.pick(kCodes);
        const bool inside = code >= least && code <= whole(column.maximum).value_or(INT64_MAX);
        if (inside) {
            return std::to_string(code);
        }
    }
    most = std::min(most, whole(column.maximum).value_or(INT64_MAX));
    if (node.bits == 8) {
        constexpr std::int64_t kLargestInEither = 127;
        most = std::min(most, kLargestInEither);
    }
    const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(most - least, 0)) + 1;
    return std::to_string(least + static_cast<std::int64_t>(chance_.small_below(span)));
}

std::string SampleValues::fraction(const EventColumn& column, const TypeNode& node) {
    const std::int64_t least = whole(column.minimum).value_or(0);
    const bool small = names(column.name, "cost|price|share|rate|score|ratio|usd");
    std::int64_t most = std::min(least + (small ? 1 : 1'000), whole(column.maximum).value_or(INT64_MAX));
    if (node.kind == ValueKind::Decimal && node.length <= node.scale) {
        most = least;
    }
    const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(most - least, 1));
    constexpr std::uint64_t kParts = 1'000'000;
    const bool has_fraction = node.kind == ValueKind::Float || node.scale != 0;
    const std::string number = std::to_string(least + static_cast<std::int64_t>(chance_.below(span)));
    return has_fraction && least >= 0 ? number + "." + padded(1 + chance_.below(kParts - 1), 6) : number;
}

std::string SampleValues::moment(const EventColumn& column, const TypeNode& node) {
    constexpr std::size_t kDate = 10;
    const std::int64_t second =
        clock_ + (ends_a_span(column.name) ? static_cast<std::int64_t>(duration_) : 0);
    std::string time;
    append_time(time, second);
    if (node.kind == ValueKind::Date) {
        return in_quotes(time.substr(0, kDate));
    }
    if (node.kind == ValueKind::DateTime64 && node.scale != 0) {
        time += "." + padded(milliseconds_, 3) + "Z";
        time[kDate] = 'T';
    }
    return in_quotes(time);
}

std::string SampleValues::text(const EventColumn& column) {
    if (column.pattern != nullptr) {
        return text_for_pattern(column.pattern_text, chance_);
    }
    std::string words = words_for(column.name);
    const std::size_t most = std::min<std::size_t>(column.max_chars.value_or(UINT32_MAX),
                                                   column.longest_prompt.value_or(UINT32_MAX));
    if (count_code_points(words) > most) {
        words = shorten(words, most);
        constexpr std::string_view kEllipsis = "\u2026";
        words.resize(words.size() - (words.ends_with(kEllipsis) ? kEllipsis.size() : 0));
    }
    return words;
}

std::string SampleValues::words_for(const std::string& name) {
    if (names(name, "email|mail")) {
        return word_from(words_of("user")) + "@example.com";
    }
    if (names(name, "id|uuid|hash|key|token|session")) {
        const std::vector<std::string> parts = parts_of(name);
        const bool bare = parts.size() < 2 || parts.front().empty();
        return (bare ? std::string("req") : parts.front()) + "_" + hexadecimal(12);
    }
    if (names(name, "error|exception|reason")) {
        return chance_.one_in(4) ? "429 Too Many Requests" : "";
    }
    return word_from(words_of(name));
}

std::string SampleValues::word_from(std::string_view words) {
    return std::string(chance_.pick(split(words, '|')));
}

// One call a statement: the order in which operands are evaluated is the compiler's.
std::string SampleValues::uuid() {
    std::string text = hexadecimal(8) + "-";
    text += hexadecimal(4) + "-4";
    text += hexadecimal(3) + "-a";
    text += hexadecimal(3) + "-";
    text += hexadecimal(12);
    return text;
}

std::string SampleValues::hexadecimal(std::size_t digits) {
    std::string text;
    for (; digits > 0; --digits) {
        text += "0123456789abcdef"[chance_.below(16)];
    }
    return text;
}

} // namespace birdhouse::events

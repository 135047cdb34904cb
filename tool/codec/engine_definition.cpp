// Engines, indexes and tokens.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace birdhouse::codec {

using syntax::YamlNode;

namespace {

constexpr auto kEngineFields = std::to_array<EngineField>({
    {"kind", &model::TableEngine::kind},
    {"sorting_key", &model::TableEngine::sorting_key, true, true},
    {"partition_key", &model::TableEngine::partition_key, true, true},
    {"primary_key", &model::TableEngine::primary_key, true, true},
    {"sampling_key", &model::TableEngine::sampling_key, true, true},
    {"ttl", &model::TableEngine::ttl},
    {"ver", &model::TableEngine::version_column, true},
    {"is_deleted", &model::TableEngine::is_deleted_column, true},
    {"sign", &model::TableEngine::sign_column, true},
    {"version", &model::TableEngine::collapsing_version, true},
    {"columns", &model::TableEngine::summing_columns, true, true},
    {"settings", &model::TableEngine::settings},
    {"join_strictness", &model::TableEngine::join_strictness},
    {"join_type", &model::TableEngine::join_type},
    {"key_columns", &model::TableEngine::key_columns, true, true},
});

constexpr std::size_t kMostReported = 20; // of one key; looking for near names takes time

// The model's keys have no parentheses round the whole: `(a, b)` is `a, b`, but `(a), (b)` stays.
std::string without_parentheses(std::string_view key) {
    key = trim(key);
    while (key.size() >= 2 && key.front() == '(' && key.back() == ')') {
        const std::string_view inner = key.substr(1, key.size() - 2);
        int depth = 0;
        const bool one_pair = std::all_of(inner.begin(), inner.end(), [&](char c) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            return depth >= 0;
        });
        if (!one_pair || inner.find_first_of("'\"`") != std::string_view::npos) {
            break;
        }
        key = trim(inner);
    }
    return std::string(key);
}

// The names in a comma list of nothing but identifiers; none when there is anything else in it.
std::vector<std::string_view> plain_names(std::string_view key) {
    std::vector<std::string_view> names = split(key, ',');
    for (std::string_view& name : names) {
        name = trim(name);
        if (!is_identifier(name)) {
            return {};
        }
    }
    return names;
}

// Where one of the names stands: in its own list item, or inside the text.
Span place_of_name(const YamlNode& value, std::string_view name, Reading reading) {
    for (const YamlNode& item : value.items) {
        if (trim(item.text) == name) {
            return item.span;
        }
    }
    std::size_t at = 0;
    for (const std::string_view piece : split(value.text, ',')) {
        const std::size_t inside = piece.find(name);
        if (trim(piece) == name) {
            return syntax::place_in(value, reading.sources, at + inside, name.size());
        }
        at += piece.size() + 1;
    }
    return value.span; // in parentheses
}

void check_column_names(const Fields& fields, const EngineField& field, const std::string& value,
                        const std::vector<model::Column>& columns, Reading reading) {
    std::vector<std::string_view> known(columns.size());
    std::transform(columns.begin(), columns.end(), known.begin(),
                   [](const model::Column& column) { return std::string_view(column.name); });
    const std::unordered_set<std::string_view> names(known.begin(), known.end());
    std::size_t reported = 0;
    for (const std::string_view name : plain_names(value)) {
        if (names.contains(name) || ++reported > kMostReported) {
            continue;
        }
        const std::optional<std::string> near = nearest(name, known);
        reading.problems.add(
            codes::F042, place_of_name(*fields.find(field.key), name, reading),
            backquoted(field.key) + " names " + backquoted(shorten(name, 80)) + ", which is no column",
            near ? "did you mean " + backquoted(*near) + "?" : "declare the column, or name another");
    }
}

} // namespace

std::span<const EngineField> engine_fields() { return kEngineFields; }

model::TableEngine read_engine(const YamlNode& node, const ReadColumns& columns, Reading reading) {
    model::TableEngine engine;
    const std::optional<Fields> fields = Fields::check(node, ObjectKind::Engine, reading);
    if (!fields) {
        return engine;
    }
    for (const EngineField& field : kEngineFields) {
        if (!fields->has(field.key)) {
            continue;
        }
        std::string value = fields->joined(field.key);
        if (field.is_key) {
            value = without_parentheses(value);
        }
        if (field.names_columns && columns.complete) {
            check_column_names(*fields, field, value, columns.columns, reading);
        }
        engine.*field.value = std::move(value);
    }
    engine.origin.span = fields->place();
    return engine;
}

model::Index read_index(const Fields& fields, Reading reading) {
    check_inner_name(fields, "name", reading);
    model::Index index;
    index.name = fields.text("name");
    index.expression = fields.text("expression");
    index.type = fields.text("type");
    if (const std::optional<std::uint64_t> granularity = fields.number("granularity")) {
        index.granularity = std::to_string(*granularity);
    }
    index.origin.span = fields.place();
    return index;
}

std::vector<model::Index> read_indexes(const Fields& owner, Reading reading) {
    std::vector<model::Index> indexes;
    if (const YamlNode* list = owner.find("indexes")) {
        for (const YamlNode& item : list->items) {
            if (const std::optional<Fields> fields = Fields::check(item, ObjectKind::Index, reading)) {
                indexes.push_back(read_index(*fields, reading));
            }
        }
    }
    return indexes;
}

std::vector<model::Token> read_tokens(const Fields& owner, ObjectKind kind, Reading reading) {
    std::vector<model::Token> tokens;
    if (const YamlNode* list = owner.find("tokens")) {
        for (const YamlNode& item : list->items) {
            if (const std::optional<Fields> fields = Fields::check(item, kind, reading)) {
                model::Token token;
                token.name = fields->text("name");
                token.scope =
                    model::parse_token_scope(fields->text("scope")).value_or(model::TokenScope::Read);
                token.origin.span = fields->place();
                tokens.push_back(std::move(token));
            }
        }
    }
    return tokens;
}

} // namespace birdhouse::codec

#include "model/datasource.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace birdhouse::model {

namespace {

constexpr std::array<std::pair<std::string_view, Privacy>, 5> kPrivacyNames{{
    {"none", Privacy::None},
    {"personal", Privacy::Personal},
    {"ip", Privacy::Ip},
    {"prompt", Privacy::Prompt},
    {"secret", Privacy::Secret},
}};

constexpr std::array<std::pair<std::string_view, TokenScope>, 2> kScopeNames{{
    {"read", TokenScope::Read},
    {"append", TokenScope::Append},
}};

template <class Value, std::size_t Size>
std::string_view name_in(const std::array<std::pair<std::string_view, Value>, Size>& table, Value value) {
    return std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.second == value; })
        ->first;
}

template <class Value, std::size_t Size>
std::optional<Value> value_in(const std::array<std::pair<std::string_view, Value>, Size>& table,
                              std::string_view name) {
    const auto row =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == name; });
    return row == table.end() ? std::nullopt : std::optional(row->second);
}

} // namespace

const Column* find_column(const Datasource& datasource, std::string_view name) {
    const auto found = std::find_if(datasource.columns.begin(), datasource.columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    return found == datasource.columns.end() ? nullptr : &*found;
}

bool takes_events(const Datasource& datasource) {
    return std::any_of(datasource.columns.begin(), datasource.columns.end(),
                       [](const Column& column) { return column.json_path.has_value(); });
}

std::vector<const Column*> columns_without_path(const Datasource& datasource) {
    std::vector<const Column*> lacking;
    if (takes_events(datasource)) {
        for (const Column& column : datasource.columns) {
            const bool by_events = !column.materialized && !column.name.starts_with("__");
            if (by_events && !column.json_path) {
                lacking.push_back(&column);
            }
        }
    }
    return lacking;
}

std::string_view to_string(Privacy privacy) { return name_in(kPrivacyNames, privacy); }

std::optional<Privacy> parse_privacy(std::string_view text) {
    return value_in(kPrivacyNames, to_lower_ascii(text));
}

std::string_view to_string(TokenScope scope) { return name_in(kScopeNames, scope); }

std::optional<TokenScope> parse_token_scope(std::string_view text) {
    return value_in(kScopeNames, to_lower_ascii(text));
}

} // namespace birdhouse::model

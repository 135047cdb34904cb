#include "ops/engine_words.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace birdhouse::ops {

namespace {

using syntax::SqlToken;
using syntax::SqlTokenKind;

// The words the engine layer puts before what ClickHouse says.
constexpr std::string_view kRefused = "the engine refused: ";
constexpr std::string_view kSuggestion = "Maybe you meant: [";
constexpr std::size_t kLongestName = 200; // longer ones are whole queries

// What follows any of these speaks of a text that ClickHouse made out of the statement.
constexpr auto kTails = std::to_array<std::string_view>(
    {" failed at position ", " in scope ", " In scope ", ". In query ", ": In query ", " while processing",
     ": While processing", ": while executing ", ": When validating ", ": default expression and column type",
     ". Maybe you meant: ", ". Note: there are ", ": would use ", ": elapsed "});

// " (47 UNKNOWN_IDENTIFIER)"
struct Ending {
    std::size_t begin = 0; // of the blank before it
    std::string code;
};

Ending ending_of(std::string_view message) {
    const std::size_t open = message.rfind(" (");
    if (open == std::string_view::npos || !message.ends_with(')')) {
        return {message.size(), {}};
    }
    const std::string_view inside = message.substr(open + 2, message.size() - open - 3);
    const std::size_t blank = inside.find(' ');
    const bool numbered =
        !inside.empty() &&
        std::all_of(inside.begin(),
                    inside.begin() + static_cast<std::ptrdiff_t>(std::min(blank, inside.size())),
                    [](char c) { return c >= '0' && c <= '9'; });
    if (!numbered) {
        return {message.size(), {}};
    }
    return {open, blank == std::string_view::npos ? std::string() : std::string(inside.substr(blank + 1))};
}

// The engine counts bytes from 1.
std::optional<std::size_t> position_in(std::string_view message) {
    constexpr std::string_view kMark = "failed at position ";
    const std::size_t mark = message.find(kMark);
    std::size_t position = 0;
    if (mark == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view digits = message.substr(mark + kMark.size());
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), position);
    return problem == std::errc() && position > 0 ? std::optional(position - 1) : std::nullopt;
}

std::string_view without_tail(std::string_view message) {
    std::size_t end = message.size();
    for (const std::string_view tail : kTails) {
        end = std::min(end, message.find(tail));
    }
    message = message.substr(0, end);
    while (message.ends_with('.') || message.ends_with(':')) {
        message.remove_suffix(1);
    }
    return message;
}

bool is_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

// What stands between quotes or back-quotes.
std::vector<std::string> quoted_in(std::string_view message) {
    std::vector<std::string> quoted;
    for (std::size_t open = message.find_first_of("`'"); open != std::string_view::npos;) {
        const std::size_t close = message.find(message[open], open + 1);
        if (close == std::string_view::npos) {
            break;
        }
        if (close > open + 1 && close - open - 1 <= kLongestName) {
            quoted.emplace_back(message.substr(open + 1, close - open - 1));
        }
        open = message.find_first_of("`'", close + 1);
    }
    return quoted;
}

// The name behind `word`; empty where there is none.
std::string name_behind(std::string_view word, std::string_view message) {
    const std::size_t at = message.find(word);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view name = message.substr(at + word.size());
    name = name.substr(
        0, static_cast<std::size_t>(std::find_if_not(name.begin(), name.end(), is_part) - name.begin()));
    return std::string(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
}

// Functions and tables are often named without quotes: "of argument of function toYYYYMM".
std::vector<std::string> names_in(std::string_view message) {
    std::vector<std::string> names = quoted_in(message);
    for (const std::string_view word : {"unction ", "Table "}) {
        const std::string name = name_behind(word, message);
        if (!name.empty() && name != "with") { // "aggregate function with Merge suffix"
            names.push_back(name);
        }
    }
    return names;
}

// "Maybe you meant: ['model', 'mode']."
std::vector<std::string> suggestions_in(std::string_view message) {
    const std::size_t mark = message.rfind(kSuggestion);
    if (mark == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = mark + kSuggestion.size();
    return quoted_in(message.substr(begin, message.find(']', begin) - begin));
}

std::vector<SqlToken> significant_tokens(std::string_view sql) {
    std::vector<SqlToken> tokens = syntax::tokenize_sql(sql);
    std::erase_if(tokens, [](const SqlToken& token) { return !syntax::is_significant(token); });
    return tokens;
}

bool is_called(const SqlToken& token, std::string_view sql, std::string_view name) {
    if (token.kind == SqlTokenKind::String) {
        const std::string_view text = syntax::text_of(token, sql);
        return text.size() >= 2 && text.substr(1, text.size() - 2) == name;
    }
    const bool named = token.kind == SqlTokenKind::Word || token.kind == SqlTokenKind::QuotedName;
    return named && syntax::name_of(token, sql) == name;
}

} // namespace

std::optional<EngineWords> engine_words(const Error& error) {
    std::string_view message = error.message;
    if (!message.starts_with(kRefused)) {
        return std::nullopt;
    }
    message.remove_prefix(kRefused.size());
    const Ending ending = ending_of(message);
    const std::string_view said = message.substr(0, ending.begin);
    const std::string_view short_form = without_tail(said);
    EngineWords words;
    words.text = std::string(short_form);
    if (message.find("(end of query)") != std::string_view::npos) {
        words.text += " at the end of the query";
    }
    words.text += message.substr(ending.begin);
    words.code = ending.code;
    words.position = position_in(said);
    words.names = names_in(short_form);
    words.suggestions = suggestions_in(said);
    return words;
}

std::string did_you_mean(const EngineWords& words) {
    std::vector<std::string> shown;
    std::transform(words.suggestions.begin(), words.suggestions.end(), std::back_inserter(shown),
                   [](const std::string& name) { return backquoted(name); });
    return shown.empty() ? std::string() : "did you mean " + join(shown, ", ") + "?";
}

std::vector<NamePlace> find_name(std::string_view sql, std::string_view name) {
    const std::vector<SqlToken> tokens = significant_tokens(sql);
    const std::vector<std::string_view> parts = split(name, '.');
    const std::size_t length = parts.size() * 2 - 1;
    std::vector<NamePlace> places;
    for (std::size_t first = 0; first + length <= tokens.size(); ++first) {
        bool same = true;
        for (std::size_t i = 0; same && i < length; ++i) {
            const SqlToken& token = tokens[first + i];
            same = i % 2 == 0 ? is_called(token, sql, parts[i / 2]) : syntax::text_of(token, sql) == ".";
        }
        if (same) {
            places.push_back({tokens[first].begin, tokens[first + length - 1].end});
        }
    }
    return places;
}

} // namespace birdhouse::ops

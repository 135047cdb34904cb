#include "ops/engine_problem.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

namespace {

using syntax::SqlToken;
using syntax::SqlTokenKind;

// The words the engine layer puts before what ClickHouse says.
constexpr std::string_view kRefused = "the engine refused: ";

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

// The first thing between quotes or back-quotes.
std::string_view name_in(std::string_view message) {
    const std::size_t open = message.find_first_of("`'");
    if (open == std::string_view::npos) {
        return {};
    }
    const std::size_t close = message.find(message[open], open + 1);
    return close == std::string_view::npos ? std::string_view() : message.substr(open + 1, close - open - 1);
}

std::vector<SqlToken> significant_tokens(std::string_view sql) {
    std::vector<SqlToken> out;
    const std::vector<SqlToken> all = syntax::tokenize_sql(sql);
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), syntax::is_significant);
    return out;
}

bool is_called(const SqlToken& token, std::string_view sql, std::string_view name) {
    if (token.kind == SqlTokenKind::String) {
        const std::string_view text = syntax::text_of(token, sql);
        return text.size() >= 2 && text.substr(1, text.size() - 2) == name;
    }
    const bool named = token.kind == SqlTokenKind::Word || token.kind == SqlTokenKind::QuotedName;
    return named && syntax::name_of(token, sql) == name;
}

// `a.b` is a, a dot, and b.
std::optional<std::pair<std::size_t, std::size_t>> find_name(std::string_view sql, std::string_view name) {
    const std::vector<SqlToken> tokens = significant_tokens(sql);
    const std::vector<std::string_view> parts = split(name, '.');
    const std::size_t length = parts.size() * 2 - 1;
    for (std::size_t first = 0; first + length <= tokens.size(); ++first) {
        bool same = true;
        for (std::size_t i = 0; same && i < length; ++i) {
            const SqlToken& token = tokens[first + i];
            same = i % 2 == 0 ? is_called(token, sql, parts[i / 2]) : syntax::text_of(token, sql) == ".";
        }
        if (same) {
            return std::pair(std::size_t{tokens[first].begin}, std::size_t{tokens[first + length - 1].end});
        }
    }
    return std::nullopt;
}

Span place_of(std::string_view message, const codec::MappedSql& query) {
    if (const std::optional<std::size_t> at = position_in(message)) {
        const std::vector<SqlToken> tokens = significant_tokens(query.sql);
        const auto token =
            std::find_if(tokens.begin(), tokens.end(), [&](const SqlToken& t) { return *at < t.end; });
        return query.source_of(*at, token == tokens.end() ? *at + 1 : token->end);
    }
    const std::string_view name = name_in(message);
    if (name.empty() || name.size() > 200) { // a query, not a name
        return {};
    }
    const auto found = find_name(query.sql, name);
    return found ? query.source_of(found->first, found->second) : Span();
}

// "Maybe you meant: ['model', 'mode']."
std::string suggestion_in(std::string_view message) {
    constexpr std::string_view kMark = "Maybe you meant: [";
    const std::size_t mark = message.rfind(kMark);
    const std::size_t end = mark == std::string_view::npos ? mark : message.find(']', mark);
    if (end == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = mark + kMark.size();
    return "did you mean " + replace_all(std::string(message.substr(begin, end - begin)), "'", "`") + "?";
}

std::string help_for(std::string_view message, const codec::MappedSql& query) {
    if (std::string suggestion = suggestion_in(message); !suggestion.empty()) {
        return suggestion;
    }
    if (message.find("UNKNOWN_TABLE") != std::string_view::npos) {
        return "`birdhouse migrate apply` makes the tables of the project on the target";
    }
    const bool tagged =
        query.sql.find("{{") != std::string::npos || query.sql.find("{%") != std::string::npos;
    if (message.find("SYNTAX_ERROR") != std::string_view::npos && tagged) {
        return "a node whose SQL begins with `%` is a template; without it `{{` is given to the engine";
    }
    return {};
}

// Without what the excerpt shows already: the position in a text the user never saw, the scope, which is the
// whole query. The engine's code stays: people look it up.
std::string shortened(std::string_view message) {
    const std::size_t code = message.rfind(" (");
    const std::size_t position = message.find(" failed at position ");
    const std::size_t scope = std::min(message.find(" in scope "), message.find(" In scope "));
    std::string out(message.substr(0, std::min({position, scope, code})));
    while (out.ends_with('.') || out.ends_with(':')) {
        out.pop_back();
    }
    if (message.find("(end of query)") != std::string_view::npos) {
        out += " at the end of the query";
    }
    return code == std::string_view::npos ? out : out + std::string(message.substr(code));
}

} // namespace

bool report_refusal(const Error& error, const codec::MappedSql& query, Diagnostics& diagnostics) {
    if (!error.message.starts_with(kRefused)) {
        return false;
    }
    const std::string_view message = std::string_view(error.message).substr(kRefused.size());
    diagnostics.add(codes::T062, place_of(message, query),
                    "the engine refuses the query: " + shortened(message), help_for(message, query));
    return true;
}

} // namespace birdhouse::ops

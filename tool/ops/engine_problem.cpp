#include "ops/engine_problem.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

namespace {

using Accepts = std::function<bool(Span)>;

Span place_of_position(std::size_t position, const codec::MappedSql& query) {
    const std::vector<syntax::SqlToken> tokens = syntax::tokenize_sql(query.sql);
    const auto token = std::find_if(tokens.begin(), tokens.end(), [&](const syntax::SqlToken& t) {
        return syntax::is_significant(t) && position < t.end;
    });
    return query.source_of(position, token == tokens.end() ? position + 1 : token->end);
}

// The first place of the name that is accepted.
Span place_of_name(std::string_view name, const codec::MappedSql& query, const Accepts& accepts) {
    for (const NamePlace& found : find_name(query.sql, name)) {
        if (const Span place = query.source_of(found.begin, found.end); accepts(place)) {
            return place;
        }
    }
    return {};
}

Span place_of(const EngineWords& words, const codec::MappedSql& query, const Accepts& accepts) {
    if (words.position) {
        const Span place = place_of_position(*words.position, query);
        return accepts(place) ? place : Span();
    }
    for (const std::string& name : words.names) {
        if (const Span place = place_of_name(name, query, accepts); place.known()) {
            return place;
        }
    }
    // `database.table.column` of a column that was written alone.
    for (const std::string& name : words.names) {
        const std::size_t dot = name.rfind('.');
        if (dot == std::string::npos) {
            continue;
        }
        if (const Span place = place_of_name(name.substr(dot + 1), query, accepts); place.known()) {
            return place;
        }
    }
    return {};
}

bool is_within(Span inner, Span outer) {
    return inner.source == outer.source && outer.begin <= inner.begin && inner.end <= outer.end;
}

std::string help_for(const EngineWords& words, const codec::MappedSql& query) {
    if (std::string suggestion = did_you_mean(words); !suggestion.empty()) {
        return suggestion;
    }
    if (words.code == "UNKNOWN_TABLE") {
        return "`birdhouse migrate apply` makes the tables of the project on the target";
    }
    const bool tagged =
        query.sql.find("{{") != std::string::npos || query.sql.find("{%") != std::string::npos;
    if (words.code == "SYNTAX_ERROR" && tagged) {
        return "a node whose SQL begins with `%` is a template; without it `{{` is given to the engine";
    }
    return {};
}

} // namespace

bool report_refusal(const Error& error, const codec::MappedSql& query, Diagnostics& diagnostics) {
    const std::optional<EngineWords> words = engine_words(error);
    if (!words) {
        return false;
    }
    const Accepts anywhere = [](Span place) { return place.known(); };
    diagnostics.add(codes::T062, place_of(*words, query, anywhere),
                    "the engine refuses the query: " + words->text, help_for(*words, query));
    return true;
}

Span place_in_node(const EngineWords& words, const codec::MappedSql& query, const model::Node& node) {
    const Accepts own = [&](Span place) {
        const auto holds = [&](const Origin& line) { return is_within(place, line.span); };
        return place.known() && (std::any_of(node.line_origins.begin(), node.line_origins.end(), holds) ||
                                 (node.line_origins.empty() && is_within(place, node.origin.span)));
    };
    const Span place = place_of(words, query, own);
    return place.known() ? place : node.origin.span;
}

} // namespace birdhouse::ops

#include "target/engine_clause.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace birdhouse::target {

using syntax::scan_sql;
using syntax::split_list;
using syntax::SqlPiece;
using syntax::without_outer_parentheses;

namespace {

// The engine prints keywords in capitals and quotes a column of such a name.
constexpr std::array<std::string_view, 6> kClauses = {"PARTITION", "PRIMARY", "ORDER",
                                                      "SAMPLE",    "TTL",     "SETTINGS"};

struct Clause {
    std::string_view keyword; // empty: the engine itself
    std::size_t begin = 0;    // of its text, behind the keyword
    std::size_t end = 0;
};

bool starts_clause(const SqlPiece& piece) {
    return piece.token.kind == syntax::SqlTokenKind::Word && piece.depth == 0 &&
           std::find(kClauses.begin(), kClauses.end(), piece.text) != kClauses.end();
}

std::vector<Clause> split_clauses(std::string_view text) {
    std::vector<Clause> clauses = {Clause{{}, 0, text.size()}};
    for (const SqlPiece& piece : scan_sql(text)) {
        if (starts_clause(piece)) {
            clauses.back().end = piece.token.begin;
            clauses.push_back(Clause{piece.text, piece.token.end, text.size()});
        }
    }
    return clauses;
}

// "`Null`" is how the engine prints the engine Null.
std::string engine_name(std::string_view text) {
    const std::vector<SqlPiece> pieces = scan_sql(text);
    if (pieces.empty() || !is_name(pieces.front())) {
        return std::string(text);
    }
    const syntax::SqlToken& name = pieces.front().token;
    return syntax::name_of(name, text) + std::string(text.substr(name.end));
}

// `ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', ts)` as `MergeTree(ts)`: where a
// table is replicated is the server's business, and says nothing of what it holds.
std::string plain_engine(const std::string& engine) {
    for (const std::string_view prefix : {"Replicated", "Shared"}) {
        if (!engine.starts_with(prefix) || engine.find("MergeTree") == std::string::npos) {
            continue;
        }
        const std::string plain = engine.substr(prefix.size());
        const std::size_t open = plain.find('(');
        if (open == std::string::npos) {
            return plain;
        }
        std::vector<std::string> arguments = split_list(without_outer_parentheses(plain.substr(open)));
        constexpr std::size_t kPlaces = 2; // the path in Keeper and the replica's name
        if (arguments.size() >= kPlaces && arguments[0].starts_with('\'') && arguments[1].starts_with('\'')) {
            arguments.erase(arguments.begin(), arguments.begin() + kPlaces);
        }
        return plain.substr(0, open) + (arguments.empty() ? "" : "(" + join(arguments, ", ") + ")");
    }
    return engine;
}

// Do the pieces begin with `database` . name? The engine prints no blanks round the point.
bool is_qualified_by(std::string_view database, std::span<const SqlPiece> pieces, std::string_view sql) {
    return pieces.size() > 2 && is_name(pieces[0]) && pieces[1].text == "." && is_name(pieces[2]) &&
           syntax::name_of(pieces[0].token, sql) == database;
}

bool names_a_table(std::string_view keyword) { return keyword == "FROM" || keyword == "JOIN"; }

} // namespace

EngineClause parse_engine_clause(std::string_view engine_full) {
    EngineClause parsed;
    for (const Clause& clause : split_clauses(engine_full)) {
        const std::string_view text = trim(engine_full.substr(clause.begin, clause.end - clause.begin));
        if (clause.keyword.empty()) {
            parsed.engine = plain_engine(engine_name(text));
        } else if (clause.keyword == "TTL") {
            parsed.ttl = without_outer_parentheses(text);
        } else if (clause.keyword == "SETTINGS") {
            parsed.settings = split_list(text);
            std::sort(parsed.settings.begin(), parsed.settings.end());
        }
    }
    return parsed;
}

std::string without_database(std::string_view sql, std::string_view database,
                             const std::set<std::string, std::less<>>& tables) {
    std::string out;
    std::string_view before; // the last significant text
    const std::vector<SqlPiece> pieces = scan_sql(sql);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const bool qualifies = before != "." && is_qualified_by(database, std::span(pieces).subspan(i), sql);
        if (qualifies &&
            (names_a_table(before) || tables.contains(syntax::name_of(pieces[i + 2].token, sql)))) {
            before = ".";
            ++i; // the point goes too
            continue;
        }
        out += pieces[i].text;
        before = syntax::is_significant(pieces[i].token) ? pieces[i].text : before;
    }
    return out;
}

} // namespace birdhouse::target

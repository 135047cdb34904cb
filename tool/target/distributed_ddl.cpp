#include "target/distributed_ddl.hpp"

#include "base/text.hpp"
#include "syntax/sql_scan.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace birdhouse::target {

namespace {

using syntax::SqlPiece;
using syntax::SqlTokenKind;

constexpr std::array<std::string_view, 7> kReads = {"SELECT",  "SHOW",   "DESCRIBE", "DESC",
                                                    "EXPLAIN", "EXISTS", "WITH"};
constexpr std::array<std::string_view, 7> kChanges = {"CREATE",   "ALTER",    "DROP",    "RENAME",
                                                      "EXCHANGE", "TRUNCATE", "OPTIMIZE"};
// Between the first word and the name of what is changed.
constexpr std::array<std::string_view, 11> kBeforeName = {"TABLE",    "TABLES", "VIEW",    "MATERIALIZED",
                                                          "DATABASE", "OR",     "REPLACE", "TEMPORARY",
                                                          "IF",       "NOT",    "EXISTS"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class Rewriting {
public:
    Rewriting(std::string_view sql, const model::TargetSettings& settings)
        : sql_(sql), settings_(settings), pieces_(syntax::scan_sql(sql)) {}

    std::string run() {
        std::string out;
        const std::size_t cluster = settings_.cluster.empty() ? pieces_.size() : place_of_cluster();
        const std::size_t engine = settings_.replicated ? place_of_engine() : pieces_.size();
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            out += i == engine ? "Replicated" : "";
            out += pieces_[i].text;
            out += i == cluster ? " ON CLUSTER " + identifier(settings_.cluster) : "";
        }
        return out;
    }

private:
    bool is_word(std::size_t at, std::string_view word) const {
        return at < pieces_.size() && pieces_[at].token.kind == SqlTokenKind::Word &&
               to_upper_ascii(pieces_[at].text) == word;
    }

    std::size_t next(std::size_t at) const {
        ++at;
        while (at < pieces_.size() && !syntax::is_significant(pieces_[at].token)) {
            ++at;
        }
        return at;
    }

    // The last piece of a name that begins at `at`: `a`, `a`.`b`.
    std::size_t end_of_name(std::size_t at) const {
        const std::size_t point = next(at);
        return point < pieces_.size() && pieces_[point].text == "." ? next(point) : at;
    }

    // The piece behind which ON CLUSTER stands.
    std::size_t place_of_cluster() const {
        std::size_t at = 0;
        while (at < pieces_.size() && !syntax::is_significant(pieces_[at].token)) {
            ++at;
        }
        const bool pairs = is_word(at, "EXCHANGE") || is_word(at, "RENAME");
        for (at = next(at); at < pieces_.size() && pieces_[at].token.kind == SqlTokenKind::Word &&
                            is_one_of(kBeforeName, to_upper_ascii(pieces_[at].text));
             at = next(at)) {
        }
        std::size_t end = end_of_name(at);
        if (pairs) { // EXCHANGE TABLES a AND b ON CLUSTER c; RENAME TABLE a TO b ON CLUSTER c
            end = end_of_name(next(next(end)));
        }
        return std::min(end, pieces_.size());
    }

    // The name behind ENGINE = of a table whose engine can be replicated.
    std::size_t place_of_engine() const {
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            if (pieces_[i].depth != 0 || !is_word(i, "ENGINE")) {
                continue;
            }
            const std::size_t equals = next(i);
            const std::size_t name =
                equals < pieces_.size() && pieces_[equals].text == "=" ? next(equals) : equals;
            const bool can_be = name < pieces_.size() && pieces_[name].text.ends_with("MergeTree") &&
                                !pieces_[name].text.starts_with("Replicated") &&
                                !pieces_[name].text.starts_with("Shared");
            return can_be ? name : pieces_.size();
        }
        return pieces_.size();
    }

    std::string_view sql_;
    const model::TargetSettings& settings_;
    std::vector<SqlPiece> pieces_;
};

} // namespace

std::string first_word(std::string_view sql) {
    for (const SqlPiece& piece : syntax::scan_sql(sql)) {
        if (piece.token.kind == SqlTokenKind::Word) {
            return to_upper_ascii(piece.text);
        }
        if (syntax::is_significant(piece.token) && piece.text != "(") {
            break;
        }
    }
    return {};
}

bool is_read(std::string_view sql) { return is_one_of(kReads, first_word(sql)); }

std::string distributed_ddl(std::string_view sql, const model::TargetSettings& settings) {
    const bool as_it_is = settings.cluster.empty() && !settings.replicated;
    if (as_it_is || !is_one_of(kChanges, first_word(sql))) {
        return std::string(sql);
    }
    return Rewriting(sql, settings).run();
}

} // namespace birdhouse::target

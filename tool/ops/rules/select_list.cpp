#include "ops/rules/select_list.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::ops {

using syntax::SqlToken;
using syntax::SqlTokenKind;

namespace {

// What ends the list of a SELECT.
constexpr auto kClauses = std::to_array<std::string_view>(
    {"from", "prewhere", "where", "group", "having", "window", "qualify", "order", "limit", "offset",
     "settings", "union", "except", "intersect", "format", "into"});

class Reader {
public:
    explicit Reader(std::string_view sql) : sql_(sql) {
        for (const SqlToken& token : syntax::tokenize_sql(sql)) {
            if (is_significant(token)) {
                tokens_.push_back(token);
            }
        }
    }

    std::optional<std::vector<SelectedColumn>> read() {
        std::size_t at = 0;
        for (std::size_t depth = 0; at < tokens_.size() && !(depth == 0 && is_word(at, "select")); ++at) {
            depth = depth_after(at, depth);
        }
        if (at == tokens_.size()) {
            return std::nullopt;
        }
        ++at;
        if (is_word(at, "distinct")) {
            at += 1;
            if (is_word(at, "on")) {
                return std::nullopt;
            }
        }
        return read_items(at);
    }

private:
    std::vector<SelectedColumn> read_items(std::size_t at) const {
        std::vector<SelectedColumn> columns;
        std::size_t begin = at;
        std::size_t depth = 0;
        for (; at < tokens_.size(); ++at) {
            if (depth == 0 && (is_symbol(at, ",") || is_symbol(at, ";") || ends_list(at))) {
                add(begin, at, columns);
                if (!is_symbol(at, ",")) {
                    return columns;
                }
                begin = at + 1;
            }
            depth = depth_after(at, depth);
        }
        add(begin, at, columns);
        return columns;
    }

    // `* EXCEPT (a)` is a part of the list, `EXCEPT SELECT` its end.
    bool ends_list(std::size_t at) const {
        if (tokens_[at].kind != SqlTokenKind::Word) {
            return false;
        }
        const std::string word = to_lower_ascii(syntax::text_of(tokens_[at], sql_));
        if (std::find(kClauses.begin(), kClauses.end(), word) == kClauses.end()) {
            return false;
        }
        return word != "except" || is_word(at + 1, "select");
    }

    void add(std::size_t begin, std::size_t end, std::vector<SelectedColumn>& columns) const {
        if (begin == end) {
            return; // a comma behind the last
        }
        SelectedColumn column;
        column.begin = tokens_[begin].begin;
        column.end = tokens_[end - 1].end;
        if (holds_all(begin, end)) {
            column.kind = SelectedColumn::Kind::All;
        } else if (end - begin > 2 && is_word(end - 2, "as") && is_name(end - 1)) {
            name_by(end - 1, column);
        } else if (is_column(begin, end)) {
            name_by(end - 1, column);
            column.is_plain = true;
            if (end - begin > 1) {
                column.qualified = syntax::name_of(tokens_[begin], sql_) + "." + column.name;
            }
        }
        columns.push_back(std::move(column));
    }

    void name_by(std::size_t at, SelectedColumn& column) const {
        column.kind = SelectedColumn::Kind::Named;
        column.name = syntax::name_of(tokens_[at], sql_);
        column.begin = tokens_[at].begin;
        column.end = tokens_[at].end;
    }

    // A name, or `t.name`. `a.b.c` may be a part of a column.
    bool is_column(std::size_t begin, std::size_t end) const {
        const std::size_t size = end - begin;
        return (size == 1 && is_name(begin)) ||
               (size == 3 && is_name(begin) && is_symbol(begin + 1, ".") && is_name(begin + 2));
    }

    bool holds_all(std::size_t begin, std::size_t end) const {
        const bool star = is_symbol(begin, "*") ||
                          (end - begin > 2 && is_symbol(begin + 1, ".") && is_symbol(begin + 2, "*"));
        return star || (is_word(begin, "columns") && end - begin > 1 && is_symbol(begin + 1, "("));
    }

    std::size_t depth_after(std::size_t at, std::size_t depth) const {
        if (is_symbol(at, "(") || is_symbol(at, "[") || is_symbol(at, "{")) {
            return depth + 1;
        }
        const bool closes = is_symbol(at, ")") || is_symbol(at, "]") || is_symbol(at, "}");
        return closes && depth > 0 ? depth - 1 : depth;
    }

    bool is_symbol(std::size_t at, std::string_view symbol) const {
        return at < tokens_.size() && tokens_[at].kind == SqlTokenKind::Symbol &&
               syntax::text_of(tokens_[at], sql_) == symbol;
    }
    bool is_word(std::size_t at, std::string_view word) const {
        return at < tokens_.size() && tokens_[at].kind == SqlTokenKind::Word &&
               to_lower_ascii(syntax::text_of(tokens_[at], sql_)) == word;
    }
    bool is_name(std::size_t at) const {
        return tokens_[at].kind == SqlTokenKind::Word || tokens_[at].kind == SqlTokenKind::QuotedName;
    }

    std::string_view sql_;
    std::vector<SqlToken> tokens_; // significant ones
};

} // namespace

std::optional<std::vector<SelectedColumn>> select_list(std::string_view sql) { return Reader(sql).read(); }

} // namespace birdhouse::ops

#include "ops/project_docs_sql.hpp"

#include "base/text.hpp"
#include "ops/html_text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace birdhouse::ops::docs {

namespace {

using syntax::SqlToken;
using syntax::SqlTokenKind;

constexpr auto kKeywords = std::to_array<std::string_view>(
    {"ALL",     "AND",     "ANTI",   "ANY",    "ARRAY",  "AS",     "ASC",      "ASOF",      "BETWEEN",
     "BY",      "CASE",    "CAST",   "CROSS",  "CUBE",   "DESC",   "DESCRIBE", "DISTINCT",  "ELSE",
     "END",     "EXCEPT",  "EXISTS", "FILL",   "FILTER", "FINAL",  "FIRST",    "FORMAT",    "FROM",
     "FULL",    "GLOBAL",  "GROUP",  "HAVING", "ILIKE",  "IN",     "INNER",    "INTERSECT", "INTERVAL",
     "INTO",    "IS",      "JOIN",   "LAST",   "LEFT",   "LIKE",   "LIMIT",    "NOT",       "NULL",
     "NULLS",   "OFFSET",  "ON",     "OR",     "ORDER",  "OUTER",  "OVER",     "PARTITION", "PREWHERE",
     "QUALIFY", "REPLACE", "RIGHT",  "ROLLUP", "ROWS",   "SAMPLE", "SELECT",   "SEMI",      "SETTINGS",
     "STEP",    "THEN",    "TIES",   "TO",     "TOP",    "TOTALS", "UNION",    "USING",     "WHEN",
     "WHERE",   "WINDOW",  "WITH"});
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end()));

bool is_keyword(std::string_view word) {
    return std::binary_search(kKeywords.begin(), kKeywords.end(), std::string_view(to_upper_ascii(word)));
}

struct Tag {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// `{{ }}`, `{% %}` and `{# #}` of a template, and its `%`. One that is not closed runs to the end.
std::vector<Tag> find_tags(std::string_view sql) {
    std::vector<Tag> tags;
    const std::size_t first = sql.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || sql[first] != '%') {
        return tags;
    }
    tags.push_back({first, first + 1});
    for (std::size_t at = sql.find('{', first); at != std::string_view::npos; at = sql.find('{', at)) {
        const char sign = at + 1 < sql.size() ? sql[at + 1] : ' ';
        if (sign != '{' && sign != '%' && sign != '#') {
            ++at;
            continue;
        }
        const std::string close = {sign == '{' ? '}' : sign, '}'};
        const std::size_t found = sql.find(close, at + 2);
        const std::size_t end = found == std::string_view::npos ? sql.size() : found + 2;
        tags.push_back({at, end});
        at = end;
    }
    return tags;
}

class SqlWriter {
public:
    SqlWriter(const DocNode& node, const ResourceGraph& graph)
        : node_(node), graph_(graph), sql_(node.sql), tags_(find_tags(sql_)) {}

    // Tags are painted over what the tokens round them say, since a tag may stand inside of a text.
    std::string write() {
        std::string blanked(sql_);
        for (const Tag& tag : tags_) {
            std::fill(blanked.begin() + static_cast<std::ptrdiff_t>(tag.begin),
                      blanked.begin() + static_cast<std::ptrdiff_t>(tag.end), ' ');
        }
        for (const SqlToken& token : syntax::tokenize_sql(blanked)) {
            write_token(token, syntax::text_of(token, blanked));
            if (is_significant(token)) {
                before_ = to_upper_ascii(syntax::text_of(token, blanked));
            }
        }
        return std::move(out_);
    }

private:
    void write_token(const SqlToken& token, std::string_view blanked) {
        const std::string_view style = style_of(token, blanked);
        std::size_t at = token.begin;
        while (at < token.end) {
            while (next_ < tags_.size() && tags_[next_].end <= at) {
                ++next_;
            }
            const bool in_tag = next_ < tags_.size() && tags_[next_].begin <= at;
            const std::size_t limit = next_ == tags_.size() ? token.end
                                      : in_tag              ? tags_[next_].end
                                                            : tags_[next_].begin;
            const std::size_t end = std::min<std::size_t>(limit, token.end);
            const bool whole = at == token.begin && end == token.end;
            write_piece(sql_.substr(at, end - at), in_tag ? "t" : style,
                        !in_tag && whole ? table(token) : std::nullopt);
            at = end;
        }
    }

    std::string_view style_of(const SqlToken& token, std::string_view text) const {
        switch (token.kind) {
        case SqlTokenKind::Comment:
            return "c";
        case SqlTokenKind::Number:
            return "n";
        case SqlTokenKind::String:
            return "s";
        case SqlTokenKind::Word:
            return is_keyword(text) ? "k" : "";
        default:
            return "";
        }
    }

    // A column may be called like a table: only behind these words a name is a table's.
    std::optional<std::size_t> table(const SqlToken& token) const {
        const bool name = token.kind == SqlTokenKind::Word || token.kind == SqlTokenKind::QuotedName;
        const bool placed =
            before_ == "FROM" || before_ == "JOIN" || before_ == "IN" || before_ == "," || before_ == ".";
        if (!name || !placed) {
            return std::nullopt;
        }
        const std::string wanted = syntax::name_of(token, sql_);
        const auto found = std::find_if(node_.tables.begin(), node_.tables.end(),
                                        [&](const DocNode::Table& one) { return one.name == wanted; });
        return found == node_.tables.end() ? std::nullopt : std::optional(found->resource);
    }

    void write_piece(std::string_view text, std::string_view style, std::optional<std::size_t> resource) {
        const std::string escaped = html_escape(text);
        if (resource) {
            out_ += "<a href=\"#" + graph_.resources[*resource].id + "\">" + escaped + "</a>";
        } else if (style.empty()) {
            out_ += escaped;
        } else {
            out_ += "<span class=\"" + std::string(style) + "\">" + escaped + "</span>";
        }
    }

    const DocNode& node_;
    const ResourceGraph& graph_;
    std::string_view sql_;
    std::vector<Tag> tags_;
    std::size_t next_ = 0;
    std::string before_; // the last token that was neither blank nor comment, in upper case
    std::string out_;
};

} // namespace

std::string sql_as_html(const DocNode& node, const ResourceGraph& graph) {
    return SqlWriter(node, graph).write();
}

} // namespace birdhouse::ops::docs

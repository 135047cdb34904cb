#include "ops/rules/expression_names.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace birdhouse::ops {

using syntax::SqlToken;
using syntax::SqlTokenKind;

namespace {

// Words of the grammar that stand where a column could. A column called like one of them is not looked for.
constexpr auto kWords = std::to_array<std::string_view>(
    {"and",    "as",       "asc",   "between",  "both",  "by",       "case",       "delete",  "desc",
     "disk",   "distinct", "div",   "else",     "end",   "except",   "false",      "for",     "from",
     "global", "group",    "ilike", "in",       "inf",   "interval", "is",         "leading", "like",
     "mod",    "nan",      "not",   "null",     "nulls", "or",       "recompress", "regexp",  "select",
     "set",    "then",     "to",    "trailing", "true",  "volume",   "when",       "where",   "xor"});

constexpr auto kUnits =
    std::to_array<std::string_view>({"nanosecond", "microsecond", "millisecond", "second", "minute", "hour",
                                     "day", "week", "month", "quarter", "year"});

template <class Words>
bool holds(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_unit(std::string_view lowered) {
    return holds(kUnits, lowered) ||
           (lowered.ends_with('s') && holds(kUnits, lowered.substr(0, lowered.size() - 1)));
}

// A bracket that is open, and the lower-case name of the function that it belongs to.
struct OpenBracket {
    std::string function;
    bool is_cast = false;
};

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {
        for (const SqlToken& token : syntax::tokenize_sql(text)) {
            if (is_significant(token)) {
                tokens_.push_back(token);
            }
        }
    }

    std::vector<ExpressionName> read() {
        find_lambda_arguments();
        while (at_ < tokens_.size()) {
            const SqlToken& token = tokens_[at_];
            if (token.kind == SqlTokenKind::Parameter || token.kind == SqlTokenKind::Unknown ||
                !token.closed || is(at_, "{") ||
                syntax::text_of(token, text_).find('$') != std::string_view::npos) {
                return {};
            }
            if (token.kind == SqlTokenKind::Word || token.kind == SqlTokenKind::QuotedName) {
                read_name();
            } else {
                read_symbol();
            }
        }
        std::erase_if(names_, [&](const ExpressionName& name) { return locals_.contains(name.name); });
        return std::move(names_);
    }

private:
    bool is(std::size_t at, std::string_view symbol) const {
        return at < tokens_.size() && tokens_[at].kind == SqlTokenKind::Symbol &&
               syntax::text_of(tokens_[at], text_) == symbol;
    }
    bool is_name(std::size_t at) const {
        return at < tokens_.size() &&
               (tokens_[at].kind == SqlTokenKind::Word || tokens_[at].kind == SqlTokenKind::QuotedName);
    }
    std::string lowered(std::size_t at) const { return to_lower_ascii(syntax::text_of(tokens_[at], text_)); }

    // `x -> ...` and `(x, y) -> ...`: the names stand for no column wherever they are used in the expression.
    void find_lambda_arguments() {
        for (std::size_t i = 1; i < tokens_.size(); ++i) {
            if (!is(i, "->")) {
                continue;
            }
            std::size_t first = i - 1;
            if (is(first, ")")) {
                do {
                    --first;
                } while (first > 0 && (is_name(first) || is(first, ",")));
            }
            for (std::size_t argument = first; argument < i; ++argument) {
                if (is_name(argument)) {
                    locals_.insert(syntax::name_of(tokens_[argument], text_));
                }
            }
        }
    }

    void read_symbol() {
        if (is(at_, "(") || is(at_, "[")) {
            const bool is_cast = function_ == "cast";
            open_.push_back({std::exchange(function_, {}), is_cast});
        } else if ((is(at_, ")") || is(at_, "]")) && !open_.empty()) {
            open_.pop_back();
        } else if (is(at_, "::")) {
            skip_type();
            return;
        }
        ++at_;
    }

    void read_name() {
        const bool bare = tokens_[at_].kind == SqlTokenKind::Word;
        const std::string word = bare ? lowered(at_) : std::string();
        if (is(at_ + 1, "(")) {
            function_ = word.empty() ? "quoted" : word;
            ++at_;
            if (word == "codec") {
                skip_brackets();
            }
        } else if (word == "as") {
            read_alias();
        } else if (bare && (is_unit_here(word) || holds(kWords, word) || is_typed_literal(word))) {
            in_interval_ = word == "interval" || (in_interval_ && !is_unit(word));
            ++at_;
        } else {
            read_column();
        }
    }

    // `DATE '2024-01-01'`
    bool is_typed_literal(const std::string& word) const {
        return (word == "date" || word == "timestamp") && at_ + 1 < tokens_.size() &&
               tokens_[at_ + 1].kind == SqlTokenKind::String;
    }

    // `INTERVAL n DAY`, `dateDiff(day, a, b)`, `EXTRACT(DAY FROM x)`.
    bool is_unit_here(const std::string& word) const {
        if (!is_unit(word)) {
            return false;
        }
        const bool first_argument = at_ > 0 && is(at_ - 1, "(") && !open_.empty();
        return in_interval_ || (first_argument && (open_.back().function.starts_with("date") ||
                                                   open_.back().function.starts_with("timestamp") ||
                                                   open_.back().function == "extract"));
    }

    // The name behind AS, or the type in a CAST.
    void read_alias() {
        ++at_;
        if (!open_.empty() && open_.back().is_cast) {
            const std::size_t depth = open_.size();
            while (at_ < tokens_.size() && !(is(at_, ")") && open_.size() == depth)) {
                read_symbol_only();
            }
        } else if (is_name(at_)) {
            locals_.insert(syntax::name_of(tokens_[at_], text_));
            ++at_;
        }
    }

    void read_symbol_only() {
        if (is(at_, "(")) {
            open_.push_back({});
        } else if (is(at_, ")") && !open_.empty()) {
            open_.pop_back();
        }
        ++at_;
    }

    void skip_type() {
        ++at_; // ::
        if (is_name(at_)) {
            ++at_;
        }
        skip_brackets();
    }

    void skip_brackets() {
        std::size_t depth = 0;
        while (at_ < tokens_.size() && (depth > 0 || is(at_, "("))) {
            depth += is(at_, "(") ? 1U : 0U;
            depth -= is(at_, ")") ? 1U : 0U;
            ++at_;
            if (depth == 0) {
                return;
            }
        }
    }

    void read_column() {
        ExpressionName name{syntax::name_of(tokens_[at_], text_), tokens_[at_].begin, tokens_[at_].end};
        ++at_;
        while (is(at_, ".") && is_name(at_ + 1)) {
            name.name += "." + syntax::name_of(tokens_[at_ + 1], text_);
            name.end = tokens_[at_ + 1].end;
            at_ += 2;
        }
        names_.push_back(std::move(name));
    }

    std::string_view text_;
    std::vector<SqlToken> tokens_; // significant ones
    std::size_t at_ = 0;
    std::string function_; // whose bracket opens next
    std::vector<OpenBracket> open_;
    bool in_interval_ = false;     // a unit is to come
    std::set<std::string> locals_; // what lambdas and AS bind
    std::vector<ExpressionName> names_;
};

} // namespace

std::vector<ExpressionName> expression_names(std::string_view expression) {
    return Reader(expression).read();
}

std::vector<std::string_view> expression_parts(std::string_view list) {
    std::vector<std::string_view> parts;
    std::size_t depth = 0;
    std::size_t begin = 0;
    for (const SqlToken& token : syntax::tokenize_sql(list)) {
        if (token.kind != SqlTokenKind::Symbol) {
            continue;
        }
        const char symbol = list[token.begin];
        depth += symbol == '(' || symbol == '[' ? 1U : 0U;
        depth -= (symbol == ')' || symbol == ']') && depth > 0 ? 1U : 0U;
        if (symbol == ',' && depth == 0) {
            parts.push_back(trim(list.substr(begin, token.begin - begin)));
            begin = token.end;
        }
    }
    parts.push_back(trim(list.substr(begin)));
    return parts;
}

std::string plain_name(std::string_view part) {
    while (part.starts_with('(') && part.ends_with(')')) {
        part = trim(part.substr(1, part.size() - 2));
    }
    const std::vector<SqlToken> tokens = syntax::tokenize_sql(part);
    const bool one = tokens.size() == 1 && (tokens.front().kind == SqlTokenKind::Word ||
                                            tokens.front().kind == SqlTokenKind::QuotedName);
    return one ? syntax::name_of(tokens.front(), part) : std::string();
}

} // namespace birdhouse::ops

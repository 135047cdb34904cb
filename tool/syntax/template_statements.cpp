#include "syntax/template_statements.hpp"

#include "base/text.hpp"
#include "syntax/template_lexer.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr auto kStatements = std::to_array<StatementWord>({
    {"apply", StatementRole::Forbidden, BranchKind::If, "apply"},
    {"autoescape", StatementRole::Forbidden, BranchKind::If, "autoescape"},
    {"block", StatementRole::ForbiddenBlock, BranchKind::Try, "block"},
    {"break", StatementRole::Leaves},
    {"comment", StatementRole::Ignored},
    {"continue", StatementRole::Leaves},
    {"elif", StatementRole::Continues, BranchKind::Elif},
    {"else", StatementRole::Continues, BranchKind::Else},
    {"end", StatementRole::Ends},
    {"except", StatementRole::Continues, BranchKind::Except},
    {"extends", StatementRole::Forbidden, BranchKind::If, "extends"},
    {"finally", StatementRole::Continues, BranchKind::Finally},
    {"for", StatementRole::Opens, BranchKind::For},
    {"from", StatementRole::Forbidden, BranchKind::If, "import"},
    {"if", StatementRole::Opens, BranchKind::If},
    {"import", StatementRole::Forbidden, BranchKind::If, "import"},
    {"include", StatementRole::Forbidden, BranchKind::If, "include"},
    {"module", StatementRole::Forbidden, BranchKind::If, "module"},
    {"raw", StatementRole::Forbidden, BranchKind::If, "raw"},
    {"set", StatementRole::Sets},
    {"try", StatementRole::Opens, BranchKind::Try},
    {"while", StatementRole::Opens, BranchKind::While},
    {"whitespace", StatementRole::Whitespace},
});

} // namespace

const StatementWord* find_statement(std::string_view word) {
    const auto found = std::find_if(kStatements.begin(), kStatements.end(),
                                    [word](const StatementWord& known) { return known.name == word; });
    return found == kStatements.end() ? nullptr : &*found;
}

std::optional<std::string> nearest_statement(std::string_view word) {
    if (word.starts_with("end")) {
        return "end";
    }
    constexpr auto kUseful =
        std::to_array<std::string_view>({"break", "comment", "continue", "elif", "else", "end", "except",
                                         "finally", "for", "if", "set", "try", "while"});
    return word == "elseif" ? "elif" : nearest(word, kUseful);
}

std::string_view word_of(BranchKind kind) {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"if", "elif", "else", "for", "while", "try", "except", "finally"}); // in the order of BranchKind
    return kWords[static_cast<std::size_t>(kind)];
}

bool may_continue(const StatementWord& word, BranchKind opened) {
    switch (word.branch) {
    case BranchKind::Elif:
        return opened == BranchKind::If;
    case BranchKind::Else:
        return true;
    default:
        return opened == BranchKind::Try;
    }
}

std::string parents_text(const StatementWord& word) {
    std::string out = "{";
    for (const BranchKind parent : {BranchKind::For, BranchKind::If, BranchKind::Try, BranchKind::While}) {
        if (may_continue(word, parent)) {
            out += (out.size() > 1 ? ", '" : "'") + std::string(word_of(parent)) + "'";
        }
    }
    return out + "}";
}

bool may_follow(BranchKind kind, const std::vector<TemplateBranch>& before) {
    const auto has = [&before](BranchKind wanted) {
        return std::any_of(before.begin(), before.end(),
                           [wanted](const auto& branch) { return branch.kind == wanted; });
    };
    const bool bare_except =
        before.back().kind == BranchKind::Except && before.back().head.kind == ExpressionKind::Nothing;
    switch (kind) {
    case BranchKind::Elif:
        return !has(BranchKind::Else);
    case BranchKind::Except:
        return !bare_except && !has(BranchKind::Else) && !has(BranchKind::Finally);
    case BranchKind::Else: {
        const bool handled = before.front().kind != BranchKind::Try || has(BranchKind::Except);
        return handled && !has(BranchKind::Else) && !has(BranchKind::Finally);
    }
    default:
        return !has(BranchKind::Finally);
    }
}

std::optional<Whitespace> read_whitespace(std::string_view mode) {
    return mode == "all"       ? std::optional(Whitespace::All)
           : mode == "single"  ? std::optional(Whitespace::Single)
           : mode == "oneline" ? std::optional(Whitespace::OneLine)
                               : std::nullopt;
}

namespace {

std::string collapse(std::string_view run, Whitespace mode) {
    if (mode == Whitespace::OneLine) {
        return " ";
    }
    if (run.find('\n') != std::string_view::npos) {
        return "\n";
    }
    std::string out;
    for (const char c : run) { // only tabs and blanks go together here; a lone `\r` stays
        const bool blank = c == ' ' || c == '\t';
        if (!blank || !out.ends_with(' ')) {
            out += blank ? ' ' : c;
        }
    }
    return out;
}

} // namespace

std::string reshape(std::string_view text, Whitespace mode) {
    std::string out;
    std::size_t run = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (is_space(next_code_point(text, at))) {
            continue;
        }
        if (run < begin) {
            out += collapse(text.substr(run, begin - run), mode);
        }
        out += text.substr(begin, at - begin);
        run = at;
    }
    return run < text.size() ? out + collapse(text.substr(run), mode) : out;
}

std::string unsupported_construct(const Expression& node) {
    switch (node.kind) {
    case ExpressionKind::Refused:
        return "Python's " + backquoted(node.name);
    case ExpressionKind::RefusedConstant:
        return "a constant of the kind " + backquoted(node.name);
    case ExpressionKind::Unary:
        return node.operation == Operator::Invert ? "the operator `~`" : "";
    case ExpressionKind::Binary:
    case ExpressionKind::AugmentedAssign:
        switch (node.operation) {
        case Operator::BitOr:
        case Operator::BitAnd:
        case Operator::BitXor:
        case Operator::LeftShift:
        case Operator::RightShift:
        case Operator::MatrixMultiply:
            return "the operator " + backquoted(symbol_of(node.operation));
        default:
            return "";
        }
    default:
        return "";
    }
}

std::string end_tag(TemplateDialect dialect) {
    const TagMarks& marks = marks_of(dialect);
    return "`" + std::string(marks.statement_open) + " end " + std::string(marks.statement_close) + "`";
}

std::string plain_words(const std::string& message, TemplateDialect dialect) {
    const TagMarks& marks = marks_of(dialect);
    if (message.starts_with("Missing end comment")) {
        return backquoted(marks.comment_open) + " is never closed";
    }
    if (message.starts_with("Missing end expression")) {
        return backquoted(marks.expression_open) + " is never closed";
    }
    if (message.starts_with("Missing end block")) {
        return backquoted(marks.statement_open) + " is never closed";
    }
    if (message.starts_with("Empty")) {
        return "the tag is empty";
    }
    if (message.starts_with("Extra")) {
        return end_tag(dialect) + " closes no block";
    }
    return message;
}

} // namespace birdhouse::syntax

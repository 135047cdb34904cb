// Builds the tree of a template. What the service finds while it reads (tags, blocks, the whitelist) is told
// before what it finds when it compiles (statements that are not Python), as there.

#include "syntax/template_parser.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/template_extraction.hpp"
#include "syntax/template_lexer.hpp"
#include "syntax/template_names.hpp"
#include "syntax/template_statements.hpp"
#include "syntax/template_whitelist.hpp"
#include "syntax/value_text.hpp"
#include "syntax/value_unicode.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

namespace {

constexpr std::size_t kDeepestBlock = 100;

class TemplateParser {
public:
    TemplateParser(Template& tree, std::string_view name) : tree_(tree), name_(name) {}

    TemplateProblems parse() {
        LexedTemplate lexed = lex_template(tree_.text, tree_.dialect);
        for (const TemplatePiece& piece : lexed.pieces) {
            if (stopped_) {
                return std::move(problems_);
            }
            read(piece);
        }
        if (lexed.fault && !stopped_) {
            const PieceFault& fault = *lexed.fault;
            stop(fault.begin, fault.end, fault.line, fault.message, {}, fault.help);
        }
        if (!open_.empty() && !stopped_) {
            const auto last =
                std::find_if(lexed.pieces.rbegin(), lexed.pieces.rend(), [](const TemplatePiece& piece) {
                    return piece.kind != TemplatePiece::Kind::Text;
                });
            fail_unclosed(last->line);
        }
        return std::move(problems_);
    }

private:
    void read(const TemplatePiece& piece) {
        switch (piece.kind) {
        case TemplatePiece::Kind::Text:
            return add_text(piece);
        case TemplatePiece::Kind::Expression:
            return add_expression(piece);
        case TemplatePiece::Kind::Statement:
            return add_statement(piece);
        case TemplatePiece::Kind::Comment:
            return;
        }
    }

    std::vector<TemplateNode>& body() {
        return open_.empty() ? tree_.nodes : open_.back().branches.back().body;
    }

    TemplateNode node(TemplateNode::Kind kind, const TemplatePiece& piece) const {
        TemplateNode made;
        made.kind = kind;
        made.line = piece.line;
        made.begin = piece.begin;
        made.end = piece.end;
        made.text = piece.content(tree_.text);
        return made;
    }

    void add_text(const TemplatePiece& piece) {
        TemplateNode text = node(TemplateNode::Kind::Text, piece);
        if (whitespace_ != Whitespace::All && text.text.find("<pre>") == std::string_view::npos) {
            text.text = tree_.reshaped.emplace_back(reshape(text.text, whitespace_));
            text.verbatim = false;
        }
        body().push_back(std::move(text));
    }

    void add_expression(const TemplatePiece& piece) {
        TemplateNode printed = node(TemplateNode::Kind::Expression, piece);
        ParsedExpression parsed = parse_expression(tree_.text, piece.content_begin, piece.content_end);
        if (auto* tree = std::get_if<Expression>(&parsed)) {
            printed.expression = std::move(*tree);
            check_printed(printed);
        } else {
            fail_expression(printed, *std::get_if<ExpressionFault>(&parsed));
        }
        body().push_back(std::move(printed));
    }

    void check_printed(const TemplateNode& printed) {
        const bool query = tree_.dialect == TemplateDialect::Query;
        const Expression& root = printed.expression;
        if (const auto fault = query ? check_whitelist(root, tree_.text) : std::nullopt) {
            return refuse(*fault, printed.line);
        }
        if (root.kind == ExpressionKind::Tuple && !root.parenthesised && printed.text.ends_with(',')) {
            compile_error(root.begin, root.end, printed.line, TemplateErrorKind::Syntax,
                          "a comma ends the expression");
        }
        check_supported(root, printed.line);
    }

    void refuse(const WhitelistFault& fault, std::uint32_t line) {
        TemplateError& error = add(problems_.reading, fault.begin, fault.end, line);
        error.kind = TemplateErrorKind::Template;
        error.code = &codes::T003;
        error.message = "Template Syntax Error: " + fault.message;
        error.plain = fault.plain;
        error.help = fault.help;
    }

    void fail_expression(const TemplateNode& printed, const ExpressionFault& fault) {
        const bool query = tree_.dialect == TemplateDialect::Query;
        const std::string_view first_word = printed.text.substr(0, printed.text.find(' '));
        const auto begin = static_cast<std::uint32_t>(printed.text.data() - tree_.text.data());
        if (query && !fault.too_deep) {
            const auto end = begin + static_cast<std::uint32_t>(printed.text.size());
            const ParsedExpression statements = parse_statements(tree_.text, begin, end);
            const auto* tree = std::get_if<Expression>(&statements);
            if (tree != nullptr && tree->children.size() == 1) {
                return refuse(refuse_statement(tree->children.front(), tree_.text), printed.line);
            }
            if (first_word.find("from") != std::string_view::npos) {
                stop(printed.begin, printed.end, printed.line, "\"from\" is a forbidden word",
                     "`from` is a word of the language and cannot be a parameter",
                     "give the parameter another name");
                return;
            }
        }
        TemplateError& error = add(problems_.reading, fault.begin, fault.end, printed.line);
        error.kind = fault.too_deep ? TemplateErrorKind::Limit : TemplateErrorKind::Syntax;
        error.message = fault.message;
    }

    void add_statement(const TemplatePiece& piece) {
        const std::string_view content = piece.content(tree_.text);
        const std::size_t blank = std::min(content.find(' '), content.size());
        const std::string_view word = content.substr(0, blank);
        const std::string_view rest = strip_spaces(content.substr(blank));
        const StatementWord* known = find_statement(word);
        if (known == nullptr) {
            return stop_unknown(piece, word);
        }
        switch (known->role) {
        case StatementRole::Ignored:
            return;
        case StatementRole::Forbidden:
            return forbid(piece, known->says);
        case StatementRole::ForbiddenBlock:
            return open_block(piece, BranchKind::Try, rest, known->says);
        case StatementRole::Opens:
            return open_block(piece, known->branch, rest, {});
        case StatementRole::Continues:
            return add_branch(piece, known->branch, rest, *known);
        case StatementRole::Ends:
            return close_block(piece);
        case StatementRole::Leaves:
            return add_leave(piece, word);
        case StatementRole::Sets:
            return add_set(piece, rest);
        case StatementRole::Whitespace:
            return set_whitespace(piece, rest);
        }
    }

    void forbid(const TemplatePiece& piece, std::string_view word) {
        stop(piece, std::string(word) + " is forbidden");
    }

    void stop_unknown(const TemplatePiece& piece, std::string_view word) {
        const auto near = nearest_statement(word);
        stop(piece.begin, piece.end, piece.line, "unknown operator: " + repr_of(make_text(std::string(word))),
             backquoted(shorten(word, 40)) + " is not a statement",
             near ? "did you mean " + backquoted(*near) + "?" : "");
    }

    void open_block(const TemplatePiece& piece, BranchKind kind, std::string_view rest,
                    std::string_view forbidden) {
        if (open_.size() == kDeepestBlock) {
            TemplateError& error = stop(piece, "");
            error.kind = TemplateErrorKind::Limit;
            error.message = "blocks are nested more than 100 deep";
            return;
        }
        TemplateNode block = node(TemplateNode::Kind::Block, piece);
        block.branches.emplace_back();
        fill_branch(block.branches.back(), piece, kind, rest);
        open_.push_back(std::move(block));
        forbidden_.push_back(forbidden);
    }

    void fill_branch(TemplateBranch& branch, const TemplatePiece& piece, BranchKind kind,
                     std::string_view rest) {
        branch.kind = kind;
        branch.line = piece.line;
        const auto begin =
            static_cast<std::uint32_t>(rest.empty() ? piece.content_end : rest.data() - tree_.text.data());
        const auto end = begin + static_cast<std::uint32_t>(rest.size());
        ParsedExpression parsed = parse_head(kind, begin, end);
        if (auto* head = std::get_if<Expression>(&parsed)) {
            branch.head = std::move(*head);
            check_supported(branch.head, piece.line);
            if (branch.head.kind == ExpressionKind::Tuple && !branch.head.parenthesised) {
                compile_error(branch.head.begin, branch.head.end, piece.line, TemplateErrorKind::Syntax,
                              "a condition is one expression");
            }
            return;
        }
        const auto& fault = *std::get_if<ExpressionFault>(&parsed);
        compile_error(fault.begin, std::max(fault.end, fault.begin + 1), piece.line,
                      fault.too_deep ? TemplateErrorKind::Limit : TemplateErrorKind::Syntax, fault.message);
    }

    ParsedExpression parse_head(BranchKind kind, std::uint32_t begin, std::uint32_t end) const {
        switch (kind) {
        case BranchKind::If:
        case BranchKind::Elif:
        case BranchKind::While:
            return parse_expression(tree_.text, begin, end);
        case BranchKind::For:
            return parse_loop_head(tree_.text, begin, end);
        case BranchKind::Except:
            return begin == end ? ParsedExpression(Expression{}) : parse_except_head(tree_.text, begin, end);
        case BranchKind::Else:
        case BranchKind::Try:
        case BranchKind::Finally:
            break;
        }
        if (begin == end) {
            return Expression{};
        }
        return ExpressionFault{begin, end, "nothing may follow this word", false};
    }

    void add_branch(const TemplatePiece& piece, BranchKind kind, std::string_view rest,
                    const StatementWord& word) {
        if (open_.empty()) {
            stop(piece, std::string(word.name) + " outside " + parents_text(word) + " block");
            return;
        }
        TemplateNode& block = open_.back();
        const BranchKind opened = block.branches.front().kind;
        if (!may_continue(word, opened) || !forbidden_.back().empty()) {
            stop(piece, std::string(word.name) + " block cannot be attached to " +
                            std::string(word_of(opened)) + " block");
            return;
        }
        if (!may_follow(kind, block.branches)) {
            compile_error(piece.begin, piece.end, piece.line, TemplateErrorKind::Syntax,
                          backquoted(word.name) + " cannot stand here in the block");
        }
        fill_branch(block.branches.emplace_back(), piece, kind, rest);
    }

    void close_block(const TemplatePiece& piece) {
        if (open_.empty()) {
            stop(piece, "Extra {% end %} block");
            return;
        }
        TemplateNode block = std::move(open_.back());
        const std::string_view forbidden = forbidden_.back();
        open_.pop_back();
        forbidden_.pop_back();
        if (!forbidden.empty()) {
            return forbid(piece, forbidden);
        }
        if (block.branches.front().kind == BranchKind::Try && block.branches.size() == 1) {
            compile_error(block.begin, block.end, block.line, TemplateErrorKind::Syntax,
                          "a `try` block has neither `except` nor `finally`");
        }
        body().push_back(std::move(block));
    }

    void add_leave(const TemplatePiece& piece, std::string_view word) {
        const auto is_loop = [](const TemplateNode& block) {
            return block.branches.front().kind == BranchKind::For ||
                   block.branches.front().kind == BranchKind::While;
        };
        if (std::none_of(open_.begin(), open_.end(), is_loop)) {
            stop(piece, std::string(word) + " outside {'for', 'while'} block");
            return;
        }
        // The `else` of a loop is a part of its block, and runs when the loop is over.
        const bool in_body = std::any_of(open_.begin(), open_.end(), [&](const TemplateNode& block) {
            return is_loop(block) && block.branches.back().kind != BranchKind::Else;
        });
        if (!in_body) {
            compile_error(piece.begin, piece.end, piece.line, TemplateErrorKind::Syntax,
                          backquoted(word) + " stands in the `else` of its loop");
        }
        body().push_back(
            node(word == "break" ? TemplateNode::Kind::Break : TemplateNode::Kind::Continue, piece));
    }

    void add_set(const TemplatePiece& piece, std::string_view rest) {
        if (rest.empty()) {
            stop(piece, "set missing statement");
            return;
        }
        const auto begin = static_cast<std::uint32_t>(rest.data() - tree_.text.data());
        ParsedExpression parsed =
            parse_statements(tree_.text, begin, begin + static_cast<std::uint32_t>(rest.size()));
        if (auto* statements = std::get_if<Expression>(&parsed)) {
            TemplateNode set = node(TemplateNode::Kind::Set, piece);
            set.expression = std::move(*statements);
            check_supported(set.expression, piece.line);
            body().push_back(std::move(set));
            return;
        }
        const auto& fault = *std::get_if<ExpressionFault>(&parsed);
        compile_error(fault.begin, std::max(fault.end, fault.begin + 1), piece.line,
                      fault.too_deep ? TemplateErrorKind::Limit : TemplateErrorKind::Syntax, fault.message);
    }

    void set_whitespace(const TemplatePiece& piece, std::string_view rest) {
        const auto mode = read_whitespace(rest);
        if (!mode) {
            TemplateError& error = stop(piece, "");
            error.kind = TemplateErrorKind::Other; // the service raises this one without a place
            error.code = &codes::T001;
            error.message = "invalid whitespace mode " + std::string(rest);
            error.plain = backquoted(shorten(rest, 40)) + " is not a whitespace mode";
            error.help = "write `all`, `single` or `oneline`";
            return;
        }
        whitespace_ = *mode;
    }

    // Python outside of what this program runs. It never runs a part of it in the hope that the rest is not
    // reached.
    void check_supported(const Expression& root, std::uint32_t line) {
        walk_by_level(root, [&](const Expression& node, const Expression*) {
            if (const std::string what = unsupported_construct(node); !what.empty()) {
                compile_error(node.begin, node.end, line, TemplateErrorKind::Unsupported,
                              what + " is not supported here");
            }
        });
    }

    TemplateError& add(std::vector<TemplateError>& to, std::uint32_t begin, std::uint32_t end,
                       std::uint32_t line) const {
        TemplateError& error = to.emplace_back();
        error.span = tree_.span(begin, end);
        error.line = line;
        return error;
    }

    void compile_error(std::uint32_t begin, std::uint32_t end, std::uint32_t line, TemplateErrorKind kind,
                       std::string message) {
        TemplateError& error = add(problems_.compiling, begin, end, line);
        error.kind = kind;
        error.message = std::move(message);
    }

    TemplateError& stop(const TemplatePiece& piece, const std::string& message) {
        return stop(piece.begin, piece.end, piece.line, message, {}, {});
    }

    // Nothing after a broken tag or block can be read for sure.
    TemplateError& stop(std::uint32_t begin, std::uint32_t end, std::uint32_t line,
                        const std::string& message, std::string plain, std::string help) {
        stopped_ = true;
        TemplateError& error = add(problems_.reading, begin, end, line);
        error.kind = TemplateErrorKind::Parse;
        error.message = message + " at " + std::string(name_) + ":" + std::to_string(line);
        error.plain = plain.empty() ? plain_words(message, tree_.dialect) : std::move(plain);
        error.help = std::move(help);
        return error;
    }

    void fail_unclosed(std::uint32_t last_line) {
        const TemplateNode& block = open_.back();
        TemplateError& error = stop(block.begin, block.end, last_line, "", {}, {});
        const std::string line = std::to_string(last_line);
        error.message = "Missing {% end %} block for if " +
                        (name_ == "<string>" ? "at line " + line
                                             : "in the node " + std::string(name_) + " at line " + line +
                                                   " of the SQL: " + std::string(tree_.text));
        error.plain = "this " + backquoted(word_of(block.branches.front().kind)) + " block is never closed";
        error.help = "add " + end_tag(tree_.dialect) + " where the block ends";
    }

    Template& tree_;
    std::string_view name_;
    Whitespace whitespace_ = Whitespace::All;
    std::vector<TemplateNode> open_;
    std::vector<std::string_view>
        forbidden_; // beside open_: the word of a block that is refused when it closes
    TemplateProblems problems_;
    bool stopped_ = false;
};

} // namespace

TemplateProblems parse_into(Template& tree, std::string_view name) {
    TemplateProblems problems = TemplateParser(tree, name).parse();
    if (problems.first() == nullptr) {
        resolve_names(tree);
        if (tree.dialect == TemplateDialect::Query) {
            tree.name_error = find_name_error(tree);
            note_mentions(tree);
        }
    }
    return problems;
}

} // namespace birdhouse::syntax

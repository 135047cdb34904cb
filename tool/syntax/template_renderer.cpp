// Runs the nodes of a template and writes the text, remembering where each part of it came from.
#include "syntax/template_renderer.hpp"

#include "base/text.hpp"
#include "syntax/template.hpp"
#include "syntax/template_evaluator.hpp"
#include "syntax/template_functions.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

// How a list of nodes was left.
enum class Flow : std::uint8_t { On, Break, Continue };

class Renderer {
public:
    Renderer(const RenderInput& input, Evaluator& evaluator, Rendered& out)
        : input_(input), evaluator_(evaluator), out_(out) {}

    Outcome<Flow> run(const std::vector<TemplateNode>& nodes) {
        for (const TemplateNode& node : nodes) {
            TRY(evaluator_.spend(1));
            evaluator_.set_line(node.line);
            TRY_ASSIGN(const Flow flow, run_node(node));
            if (flow != Flow::On) {
                return flow;
            }
        }
        return Flow::On;
    }

private:
    Outcome<Flow> run_node(const TemplateNode& node) {
        switch (node.kind) {
        case TemplateNode::Kind::Text:
            TRY(write(node.text, node, node.verbatim));
            return Flow::On;
        case TemplateNode::Kind::Expression:
            TRY(print(node));
            return Flow::On;
        case TemplateNode::Kind::Set:
            TRY(evaluator_.run(node.expression));
            return Flow::On;
        case TemplateNode::Kind::Break:
            return Flow::Break;
        case TemplateNode::Kind::Continue:
            return Flow::Continue;
        case TemplateNode::Kind::Block:
            break;
        }
        switch (node.branches.front().kind) {
        case BranchKind::For:
            return run_for(node);
        case BranchKind::While:
            return run_while(node);
        case BranchKind::Try:
            return run_try(node);
        default:
            return run_if(node);
        }
    }

    Outcome<void> write(std::string_view text, const TemplateNode& node, bool verbatim) {
        if (out_.text.size() + text.size() > input_.longest_output) {
            return over_limit("the output is longer than " + std::to_string(input_.longest_output) +
                              " bytes");
        }
        if (!text.empty()) {
            out_.pieces.push_back(
                {static_cast<std::uint32_t>(out_.text.size()), node.begin, node.end, verbatim});
            out_.text += text;
        }
        return {};
    }

    Outcome<void> print(const TemplateNode& node) {
        const Expression& root = node.expression;
        if (evaluator_.is_query() && root.kind == ExpressionKind::Tuple && !root.parenthesised) {
            return raise("TypeError", "expression_wrapper() got multiple values for argument 'name'");
        }
        TRY_ASSIGN(const Value value, evaluator_.evaluate(root));
        auto shown = evaluator_.is_query() ? print_value(value, node.text) : print_raw(value);
        if (!shown) {
            shown.error()->begin = root.begin;
            shown.error()->end = root.end;
            return std::move(shown).error();
        }
        return write(*shown, node, false);
    }

    const TemplateBranch* branch_of(const TemplateNode& node, BranchKind kind) const {
        const auto found = std::find_if(node.branches.begin(), node.branches.end(),
                                        [kind](const TemplateBranch& branch) { return branch.kind == kind; });
        return found == node.branches.end() ? nullptr : &*found;
    }

    Outcome<Flow> run_if(const TemplateNode& node) {
        for (const TemplateBranch& branch : node.branches) {
            bool taken = branch.kind == BranchKind::Else;
            if (!taken) {
                evaluator_.set_line(branch.line);
                TRY_ASSIGN(const Value condition, evaluator_.evaluate(branch.head));
                taken = is_true(condition);
            }
            if (taken) {
                return run(branch.body);
            }
        }
        return Flow::On;
    }

    Outcome<Flow> run_for(const TemplateNode& node) {
        const TemplateBranch& loop = node.branches.front();
        TRY_ASSIGN(const Value iterable, evaluator_.evaluate(loop.head.children[1]));
        auto items = evaluator_.iterate(iterable);
        if (!items) {
            items.error()->begin = loop.head.children[1].begin;
            items.error()->end = loop.head.children[1].end;
            return std::move(items).error();
        }
        for (Value& item : *items) {
            TRY(evaluator_.assign(loop.head.children[0], std::move(item)));
            TRY_ASSIGN(const Flow flow, run(loop.body));
            if (flow == Flow::Break) {
                return Flow::On;
            }
        }
        return run_else(node);
    }

    Outcome<Flow> run_while(const TemplateNode& node) {
        const TemplateBranch& loop = node.branches.front();
        while (true) {
            evaluator_.set_line(loop.line);
            TRY_ASSIGN(const Value condition, evaluator_.evaluate(loop.head));
            if (!is_true(condition)) {
                return run_else(node);
            }
            TRY_ASSIGN(const Flow flow, run(loop.body));
            if (flow == Flow::Break) {
                return Flow::On;
            }
        }
    }

    // The `else` of a loop runs when no `break` left it.
    Outcome<Flow> run_else(const TemplateNode& node) {
        const TemplateBranch* otherwise = branch_of(node, BranchKind::Else);
        return otherwise == nullptr ? Outcome<Flow>(Flow::On) : run(otherwise->body);
    }

    Outcome<Flow> run_try(const TemplateNode& node) {
        auto result = run_guarded(node);
        const TemplateBranch* last = branch_of(node, BranchKind::Finally);
        if (last == nullptr || (!result && is_ours(*result.error()))) {
            return result;
        }
        TRY_ASSIGN(const Flow flow, run(last->body));
        return flow == Flow::On ? std::move(result) : Outcome<Flow>(flow);
    }

    Outcome<Flow> run_guarded(const TemplateNode& node) {
        auto result = run(node.branches.front().body);
        if (result) {
            return *result == Flow::On ? run_else(node) : std::move(result);
        }
        if (is_ours(*result.error())) {
            return result;
        }
        for (const TemplateBranch& handler : node.branches) {
            if (handler.kind != BranchKind::Except) {
                continue;
            }
            TRY_ASSIGN(const bool catches, is_handled(handler, *result.error()));
            if (catches) {
                return run_handler(handler, *result.error());
            }
        }
        return result;
    }

    // Limits and unsupported constructs end the rendering, whatever the template says.
    static bool is_ours(const Raised& raised) { return !is_caught_by(raised, "BaseException"); }

    Outcome<bool> is_handled(const TemplateBranch& handler, const Raised& raised) const {
        if (handler.head.kind == ExpressionKind::Nothing) {
            return true;
        }
        const Expression& classes = handler.head.children.front();
        const bool several = classes.kind == ExpressionKind::Tuple;
        bool handled = false;
        for (const Expression& name : several ? classes.children : std::vector<Expression>{classes}) {
            if (name.kind != ExpressionKind::Name || !is_exception_class(name.name)) {
                return unsupported("this exception class");
            }
            handled = handled || is_caught_by(raised, name.name);
        }
        return handled;
    }

    Outcome<Flow> run_handler(const TemplateBranch& handler, const Raised& raised) {
        const bool named = handler.head.kind == ExpressionKind::Clause && handler.head.children.size() == 2;
        if (named) { // an exception prints as its message, without quotes
            TRY(evaluator_.assign(handler.head.children[1], make_text(raised.message, TextKind::Raw)));
        }
        auto result = run(handler.body);
        if (named) {
            evaluator_.unbind(handler.head.children[1]);
        }
        return result;
    }

    const RenderInput& input_;
    Evaluator& evaluator_;
    Rendered& out_;
};

// Printed and read again: characters that Python escapes differently change on the way, as in the service.
Value as_list(const Value& given, std::string_view item_type) {
    const auto text = text_of(given);
    if (text && (item_type == "String" || !is_type_name(item_type)) && item_type != "Bool" &&
        escape_text(*text).size() == text->size()) { // nothing in it would change
        Values items;
        for (const std::string_view part : split(*text, ',')) {
            items.push_back(make_text(std::string(part)));
        }
        return make_list(std::move(items));
    }
    auto shown = array_text(given, item_type);
    auto reread = shown ? read_literal(*shown) : std::nullopt;
    return reread ? *std::move(reread) : given;
}

Evaluator::Parameters prepare(const Template& tree, const RenderInput& input) {
    Evaluator::Parameters prepared;
    for (const auto& [name, value] : input.parameters) {
        const auto list = std::lower_bound(
            tree.lists.begin(), tree.lists.end(), name,
            [](const ListParameter& known, const std::string& wanted) { return known.name < wanted; });
        const bool is_list = list != tree.lists.end() && list->name == name;
        Value own = deep_copy(value);
        prepared.insert_or_assign(name, is_list ? as_list(own, list->item_type) : std::move(own));
    }
    if (tree.mentions_job_timestamp && !input.job_timestamp.empty()) {
        prepared.try_emplace("job_timestamp", make_text(input.job_timestamp));
    }
    return prepared;
}

bool is_too_deep(const RenderInput& input) {
    return std::any_of(input.parameters.begin(), input.parameters.end(),
                       [](const auto& parameter) { return depth_of(parameter.second) > kDeepestContainer; });
}

} // namespace

std::optional<RenderFailure> render_into(const Template& tree, const RenderInput& input, Rendered& out) {
    if (is_too_deep(input)) {
        TemplateError error;
        error.kind = TemplateErrorKind::Limit;
        error.message = "a parameter is nested more than 100 deep";
        return RenderFailure{std::move(error), nullptr};
    }
    Evaluator evaluator(tree, input, prepare(tree, input), out);
    Renderer renderer(input, evaluator, out);
    auto result = renderer.run(tree.nodes);
    if (result) {
        return std::nullopt;
    }
    return RenderFailure{finish_failure(*result.error(), evaluator), std::move(result.error())};
}

RenderResult render(const Template& tree, const RenderInput& input) {
    if (tree.name_error) {
        return *tree.name_error;
    }
    Rendered out;
    if (tree.dialect == TemplateDialect::Query) {
        out.warnings.assign(tree.reserved.begin(), tree.reserved.end());
    }
    if (auto failure = render_into(tree, input, out)) {
        return std::move(failure->error);
    }
    return out;
}

Span Rendered::locate(const Template& tree, std::size_t offset) const {
    const auto after =
        std::upper_bound(pieces.begin(), pieces.end(), offset,
                         [](std::size_t at, const SpanPiece& piece) { return at < piece.output; });
    if (after == pieces.begin()) {
        return tree.span(0, 0);
    }
    const SpanPiece& piece = *(after - 1);
    if (!piece.verbatim) {
        return tree.span(piece.source_begin, piece.source_end);
    }
    const auto distance = static_cast<std::uint32_t>(offset - piece.output);
    const std::uint32_t at = std::min(piece.source_begin + distance, piece.source_end);
    return tree.span(at, std::min(at + 1, piece.source_end));
}

} // namespace birdhouse::syntax

// Names of a template: each gets a number, so that rendering looks up arrays, and is marked when the template
// assigns it anywhere, which makes it a local variable everywhere.
#pragma once

#include "syntax/template.hpp"

namespace birdhouse::syntax {

void resolve_names(Template& tree);

// `q` and `format` as parameters, or a list where a parameter's name belongs. Query dialect only.
std::optional<TemplateError> find_name_error(const Template& tree);

// Calls `visit(node, parent)` for the expression and all below it, parents first, level by level: the order
// in which the service looks for parameters.
template <class Visit>
void walk_by_level(const Expression& root, Visit visit) {
    struct Entry {
        const Expression* node;
        const Expression* parent;
    };
    std::vector<Entry> queue{{&root, nullptr}};
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const Entry entry = queue[i];
        visit(*entry.node, entry.parent);
        for (const Expression& child : entry.node->children) {
            queue.push_back({&child, entry.node});
        }
    }
}

// Calls `visit(expression, line, printed)` for each expression of the template, blocks in textual order.
template <class Visit>
void for_each_expression(const std::vector<TemplateNode>& nodes, Visit visit) {
    for (const TemplateNode& node : nodes) {
        if (node.kind == TemplateNode::Kind::Expression || node.kind == TemplateNode::Kind::Set) {
            visit(node.expression, node.line, node.kind == TemplateNode::Kind::Expression);
        }
        for (const TemplateBranch& branch : node.branches) {
            if (branch.head.kind != ExpressionKind::Nothing) {
                visit(branch.head, branch.line, false);
            }
            for_each_expression(branch.body, visit);
        }
    }
}

} // namespace birdhouse::syntax

#include "syntax/template_names.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/template_extraction.hpp"
#include "syntax/value_text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace birdhouse::syntax {

namespace {

class NameResolver {
public:
    explicit NameResolver(Template& tree) : tree_(tree) {}

    void resolve(std::vector<TemplateNode>& nodes) {
        for (TemplateNode& node : nodes) {
            resolve(node.expression);
            for (TemplateBranch& branch : node.branches) {
                resolve_head(branch);
                resolve(branch.body);
            }
        }
    }

private:
    using Scope = std::unordered_map<std::string_view, std::uint32_t>;

    void resolve_head(TemplateBranch& branch) {
        resolve(branch.head);
        if (branch.kind == BranchKind::For && branch.head.kind == ExpressionKind::Clause) {
            mark_assigned(branch.head.children.front());
        }
        if (branch.kind == BranchKind::Except && branch.head.children.size() == 2) {
            mark_assigned(branch.head.children.back());
        }
    }

    void resolve(Expression& node) {
        if (node.kind == ExpressionKind::Name) {
            node.slot = slot_of(node.name);
            tree_.declared[node.slot] = tree_.declared[node.slot] || scopes_.empty();
        } else if (node.kind == ExpressionKind::Comprehension) {
            resolve_comprehension(node);
        } else {
            for (Expression& child : node.children) {
                resolve(child);
            }
        }
        const bool assigns =
            node.kind == ExpressionKind::Assign || node.kind == ExpressionKind::AugmentedAssign;
        for (std::size_t i = 0; assigns && i + 1 < node.children.size(); ++i) {
            mark_assigned(node.children[i]);
        }
    }

    // Targets live in a scope of their own; only the first iterable is computed outside of it.
    void resolve_comprehension(Expression& node) {
        const auto first =
            std::find_if(node.children.begin(), node.children.end(),
                         [](const Expression& child) { return child.kind == ExpressionKind::Clause; });
        if (first == node.children.end()) {
            return;
        }
        resolve(first->children[1]);
        scopes_.emplace_back();
        for (const Expression& child : node.children) {
            if (child.kind == ExpressionKind::Clause) {
                declare(child.children.front());
            }
        }
        for (Expression& child : node.children) {
            for (std::size_t i = 0; child.kind == ExpressionKind::Clause && i < child.children.size(); ++i) {
                if (&child != &*first || i != 1) {
                    resolve(child.children[i]);
                }
            }
            if (child.kind != ExpressionKind::Clause) {
                resolve(child);
            }
        }
        scopes_.pop_back();
    }

    void declare(const Expression& target) {
        if (target.kind == ExpressionKind::Name) {
            scopes_.back().try_emplace(target.name, add_slot(target.name, true));
        }
        if (target.kind == ExpressionKind::Tuple || target.kind == ExpressionKind::List) {
            for (const Expression& part : target.children) {
                declare(part);
            }
        }
    }

    void mark_assigned(const Expression& target) {
        if (target.kind == ExpressionKind::Name) {
            tree_.assigned[target.slot] = true;
        } else if (target.kind == ExpressionKind::Tuple || target.kind == ExpressionKind::List) {
            for (const Expression& part : target.children) {
                mark_assigned(part);
            }
        }
    }

    std::uint32_t slot_of(std::string_view name) {
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
            if (const auto found = scope->find(name); found != scope->end()) {
                return found->second;
            }
        }
        const auto [place, added] = globals_.try_emplace(name, 0);
        if (added) {
            place->second = add_slot(name, false);
        }
        return place->second;
    }

    std::uint32_t add_slot(std::string_view name, bool assigned) {
        tree_.names.push_back(name);
        tree_.assigned.push_back(assigned);
        tree_.declared.push_back(false);
        return static_cast<std::uint32_t>(tree_.names.size() - 1);
    }

    Template& tree_;
    Scope globals_;
    std::vector<Scope> scopes_;
};

// The service looks at every name that the node's own code uses, those of methods among them. What stands in
// a comprehension is code of its own, except for what it walks first.
template <class Visit>
void for_each_own_name(const Expression& node, Visit& visit) {
    if (node.kind == ExpressionKind::Name || node.kind == ExpressionKind::Attribute) {
        visit(node);
    }
    for (const Expression& child : node.children) {
        if (node.kind != ExpressionKind::Comprehension) {
            for_each_own_name(child, visit);
        } else if (child.kind == ExpressionKind::Clause) {
            return for_each_own_name(child.children[1], visit);
        }
    }
}

std::string quoted_name(std::string_view name) {
    return "\"" + std::string(name) + "\" can not be used as a variable name";
}

} // namespace

void resolve_names(Template& tree) {
    NameResolver(tree).resolve(tree.nodes);
    for_each_expression(tree.nodes, [&tree](const Expression& root, std::uint32_t, bool) {
        const auto first = static_cast<std::ptrdiff_t>(tree.reserved.size());
        auto note = [&tree, first](const Expression& node) {
            const auto begin = tree.reserved.begin() + first;
            if (is_reserved_name(node.name) &&
                std::find(begin, tree.reserved.end(), node.name) == tree.reserved.end()) {
                tree.reserved.push_back(node.name);
            }
        };
        for_each_own_name(root, note);
    });
    tree.mentions_length = std::find(tree.names.begin(), tree.names.end(), "length") != tree.names.end();
}

std::optional<TemplateError> find_name_error(const Template& tree) {
    std::optional<TemplateError> found;
    const auto refuse = [&](const Expression& node, std::uint32_t line, std::string message,
                            std::string help) {
        if (!found) {
            const std::string_view source = tree.text.substr(node.begin, node.end - node.begin);
            found.emplace();
            found->kind = TemplateErrorKind::Value;
            found->code = &codes::T006;
            found->message = std::move(message);
            found->plain = backquoted(shorten(source, 60)) + " cannot be the name of a parameter";
            found->line = line;
            found->span = tree.span(node.begin, node.end);
            found->help = std::move(help);
        }
    };
    for_each_expression(tree.nodes, [&](const Expression& root, std::uint32_t line, bool printed) {
        auto refuse_name = [&](const Expression& node) { // no `.format()` either
            if (node.name == "q" || node.name == "format") {
                refuse(node, line, quoted_name(node.name) + ", line " + std::to_string(line),
                       "give the parameter another name");
            }
        };
        for_each_own_name(root, refuse_name);
        walk_by_level(root, [&](const Expression& node, const Expression*) {
            if (const Expression* list = printed ? list_for_name(node) : nullptr) {
                refuse(*list, line, quoted_name(repr_of(static_value(*list))),
                       "write the name of a parameter there");
            }
        });
    });
    return found;
}

} // namespace birdhouse::syntax

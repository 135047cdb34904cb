#include "ops/project_docs_parts.hpp"
#include "ops/project_docs_secrets.hpp"
#include "syntax/template.hpp"
#include "syntax/value_text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace birdhouse::ops::docs {

namespace {

using syntax::Expression;
using syntax::ExpressionKind;
using syntax::TemplateNode;
using syntax::TemplateParameter;
using syntax::Value;

constexpr std::size_t kLongestValue = 400; // bytes; a default can be a page of JSON

std::string value_text(const Value& value) { return shown_text(syntax::repr_of(value, kLongestValue)); }

// Names that `defined(name)` asks about: the pipe does without a value.
class GuardFinder {
public:
    void visit(const std::vector<TemplateNode>& nodes) {
        for (const TemplateNode& node : nodes) {
            visit(node.expression);
            for (const syntax::TemplateBranch& branch : node.branches) {
                visit(branch.head);
                visit(branch.body);
            }
        }
    }

    std::set<std::string> take() { return std::move(names_); }

private:
    void visit(const Expression& expression) {
        const std::vector<Expression>& parts = expression.children;
        if (expression.kind == ExpressionKind::Call && parts.size() == 2 &&
            parts[0].kind == ExpressionKind::Name && parts[0].name == "defined") {
            const auto text = syntax::text_of(parts[1].constant);
            names_.emplace(parts[1].kind == ExpressionKind::Name ? parts[1].name : text.value_or(""));
        }
        for (const Expression& part : parts) {
            visit(part);
        }
    }

    std::set<std::string> names_;
};

struct Found {
    std::vector<TemplateParameter> uses;
    std::set<std::string> guarded;
};

// Templates that do not parse have none; what is wrong with them is told elsewhere.
Found find_in(const model::Pipe& pipe) {
    Found found;
    for (const model::Node& node : pipe.nodes) {
        const auto text = syntax::template_part(node.sql);
        if (!text) {
            continue;
        }
        const auto parsed =
            syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query, node.name);
        if (const auto* tree = std::get_if<syntax::Template>(&parsed)) {
            for (TemplateParameter& use : syntax::extract_parameters(*tree)) {
                found.uses.push_back(std::move(use));
            }
            GuardFinder guards;
            guards.visit(tree->nodes);
            found.guarded.merge(guards.take());
        }
    }
    return found;
}

// "one of `day`, `hour`; for example `day`"
std::string hints_of(const std::string& name, const std::vector<TemplateParameter>& uses) {
    std::map<std::string, std::string> hints;
    for (const TemplateParameter& use : uses) {
        for (const auto& [keyword, value] : use.keywords) {
            if (use.name != name || !is_true(value)) {
                continue;
            }
            if (const syntax::Values* items = syntax::items_of(value);
                keyword == "enum" && items != nullptr) {
                std::string& listed = hints["one of "];
                listed.clear();
                for (const Value& item : *items) {
                    listed += (listed.empty() ? "" : ", ") + shown_text(syntax::str_of(item, kLongestValue));
                }
            } else if (keyword == "example") {
                hints["such as "] = shown_text(syntax::str_of(value, kLongestValue));
            } else if (keyword == "format") {
                hints["written as "] = shown_text(syntax::str_of(value, kLongestValue));
            }
        }
    }
    std::string out;
    for (const auto& [words, values] : hints) {
        out += (out.empty() ? "" : "; ") + words + values;
    }
    return out;
}

} // namespace

std::vector<DocParameter> parameters_of(const model::Pipe& pipe, std::span<const model::Pipe* const> read) {
    std::vector<DocParameter> parameters;
    std::set<std::string> told;
    const auto add_from = [&](const model::Pipe& asking, const std::string& from) {
        const Found found = find_in(asking);
        for (const syntax::MergedParameter& merged : syntax::merge_parameters(found.uses)) {
            if (!told.insert(merged.name).second) {
                continue;
            }
            const bool has_default = !merged.default_value.is_none();
            parameters.push_back({merged.name, merged.type,
                                  has_default ? value_text(merged.default_value) : "",
                                  merged.required && !has_default && !found.guarded.contains(merged.name),
                                  shown_text(merged.description), hints_of(merged.name, found.uses), from});
        }
    };
    add_from(pipe, "");
    for (const model::Pipe* other : read) {
        add_from(*other, other->name);
    }
    return parameters;
}

} // namespace birdhouse::ops::docs

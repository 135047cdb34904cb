#include "syntax/template_extraction.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/template_evaluator.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/template_names.hpp"
#include "syntax/template_statements.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace birdhouse::syntax {

// Int and Integer are missing: the service does not see their parameters.
bool is_type_function(std::string_view name) {
    constexpr auto kTypes = std::to_array<std::string_view>({
        "Array",  "Boolean", "Date",   "DateTime", "DateTime64", "Float32", "Float64",
        "Int128", "Int16",   "Int256", "Int32",    "Int64",      "Int8",    "JSON",
        "String", "UInt128", "UInt16", "UInt256",  "UInt32",     "UInt64",  "UInt8",
    });
    return std::find(kTypes.begin(), kTypes.end(), name) != kTypes.end();
}

namespace {

bool is_parameter_function(std::string_view name) {
    constexpr auto kFunctions = std::to_array<std::string_view>({
        "column",
        "columns",
        "date_diff_in_days",
        "date_diff_in_hours",
        "date_diff_in_minutes",
        "date_diff_in_seconds",
        "day_diff",
        "defined",
        "enumerate_with_last",
        "split_to_array",
        "sql_and",
    });
    return std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end();
}

} // namespace

bool takes_parameter_name(std::string_view name) {
    return is_type_function(name) || is_parameter_function(name);
}

const Expression* list_for_name(const Expression& node) {
    const bool takes_name = node.kind == ExpressionKind::Call && node.children.size() > 1 &&
                            node.children.front().kind == ExpressionKind::Name &&
                            takes_parameter_name(node.children.front().name);
    return takes_name && node.children[1].kind == ExpressionKind::List ? &node.children[1] : nullptr;
}

bool is_template_function(std::string_view name) {
    return find_template_function(name, TemplateDialect::Query) != nullptr;
}

Value static_value(const Expression& expression) {
    switch (expression.kind) {
    case ExpressionKind::Constant:
        return expression.constant;
    case ExpressionKind::Name:
        return make_text(std::string(expression.name));
    case ExpressionKind::List: {
        Values items;
        for (const Expression& child : expression.children) {
            items.push_back(static_value(child));
        }
        return make_list(std::move(items));
    }
    case ExpressionKind::Binary: {
        Value left = static_value(expression.children[0]);
        return is_true(left) ? left : static_value(expression.children[1]);
    }
    case ExpressionKind::Unary: {
        Value operand = static_value(expression.children[0]);
        if (expression.operation != Operator::Minus) {
            return operand;
        }
        if (expression.children[0].kind != ExpressionKind::Constant) {
            return {};
        }
        if (const auto* number = operand.as<FloatValue>()) {
            return make_float(-number->number);
        }
        const auto integer = integer_of(operand);
        return integer ? make_integer(*read_integer(integer_text(*integer).starts_with('-')
                                                        ? integer_text(*integer).substr(1)
                                                        : "-" + integer_text(*integer)))
                       : operand;
    }
    default:
        return {};
    }
}

namespace {

// Builtins, those that the service takes away from templates, and the classes of exceptions.
bool is_python_name(std::string_view name) {
    constexpr auto kClosed = std::to_array<std::string_view>({"close", "input", "open", "print"});
    return is_python_builtin(name) || is_exception_class(name) ||
           std::find(kClosed.begin(), kClosed.end(), name) != kClosed.end();
}

bool is_argument_of_call(const Expression& node, const Expression* parent) {
    return parent != nullptr && parent->kind == ExpressionKind::Call && node.kind == ExpressionKind::Name;
}

// JavaScript reads no whole number past 2^53 - 1 exactly: the service gives those as text.
Value presentable_default(const Value& value) {
    const auto* integer = value.as<IntegerValue>();
    const bool large =
        integer != nullptr && compare(integer->number, Integer{9'007'199'254'740'991, nullptr}) > 0;
    return large ? make_text(integer_text(integer->number)) : value;
}

// The mentions of one expression, a name at most once.
class ExpressionMentions {
public:
    ExpressionMentions(const Template& tree, bool printed) : tree_(tree), printed_(printed) {}

    std::vector<TemplateParameter> find(const Expression& root) {
        walk_by_level(root, [this](const Expression& node, const Expression* parent) {
            if (node.kind == ExpressionKind::Call && node.children.front().kind == ExpressionKind::Name) {
                visit_call(node, node.children.front().name);
            } else if (node.kind == ExpressionKind::Name && !is_argument_of_call(node, parent)) {
                visit_name(node);
            }
        });
        return std::move(found_);
    }

private:
    TemplateParameter* known(std::string_view name) {
        const auto place = index_.find(std::string(name));
        return place == index_.end() ? nullptr : &found_[place->second];
    }

    TemplateParameter& add(std::string_view name, std::string_view type, const Expression& where) {
        index_.emplace(name, found_.size());
        TemplateParameter& made = found_.emplace_back();
        made.name = name;
        made.type = type;
        made.span = tree_.span(where.begin, where.end);
        return made;
    }

    // Takes the place of a call that was found above it: `String(a + '_x', 'd')` leaves `a` without a
    // default.
    void visit_name(const Expression& node) {
        if (is_python_name(node.name) || is_template_function(node.name)) {
            return;
        }
        TemplateParameter* entry = known(node.name);
        // A name that stands alone in a statement is None when it is absent, and nothing fails.
        if (entry == nullptr) {
            add(node.name, "String", node).guarded = !printed_;
        } else {
            *entry = TemplateParameter{entry->name, "String", {}, false, !printed_, {}, entry->span};
        }
    }

    void visit_call(const Expression& node, std::string_view function) {
        const Expression* first = takes_parameter_name(function) ? positional(node, 0) : nullptr;
        const Value name = first == nullptr ? Value{} : static_value(*first);
        if (text_of(name).value_or("").empty()) {
            return;
        }
        if (is_type_function(function)) {
            visit_type_call(node, *first, function, *text_of(name));
        } else if (known(*text_of(name)) == nullptr) {
            TemplateParameter& made = add(*text_of(name), "String", *first);
            made.in_call = true;
            made.guarded = does_without(node, function);
        }
    }

    // Functions that take an absent name, or have been told what to take in its place.
    static bool does_without(const Expression& node, std::string_view function) {
        const bool told = positional(node, 1) != nullptr || keyword(node, "default") != nullptr;
        return function == "defined" || function == "split_to_array" ||
               ((function == "column" || function == "columns") && told);
    }

    // A later call for the same name replaces what was found, at the place of the first.
    void visit_type_call(const Expression& node, const Expression& first, std::string_view function,
                         std::string_view name) {
        TemplateParameter* entry = known(name);
        TemplateParameter fresh;
        TemplateParameter& made = entry == nullptr ? add(name, function, first) : *entry;
        fresh.name = made.name;
        fresh.span = made.span;
        fresh.type = type_of(node, function);
        for (const Expression& child : node.children) {
            if (child.kind == ExpressionKind::Keyword && child.name != "default" && child.name != "type") {
                fresh.keywords.emplace_back(child.name, static_value(child.children.front()));
            }
        }
        fresh.default_value = presentable_default(default_of(node, function == "Array"));
        made = std::move(fresh);
    }

    static const Expression* keyword(const Expression& node, std::string_view name) {
        const auto found =
            std::find_if(node.children.begin(), node.children.end(), [name](const Expression& child) {
                return child.kind == ExpressionKind::Keyword && child.name == name;
            });
        return found == node.children.end() ? nullptr : &found->children.front();
    }

    // Argument number `index` from 0. Arguments that are calls are not counted: in `Int32(x, f(y), 10)` the
    // service takes 10 for the default.
    static const Expression* positional(const Expression& node, std::size_t index) {
        for (std::size_t i = 1; i < node.children.size(); ++i) {
            const ExpressionKind kind = node.children[i].kind;
            const bool counts = kind != ExpressionKind::Keyword && kind != ExpressionKind::Call;
            if (counts && index-- == 0) {
                return &node.children[i];
            }
        }
        return nullptr;
    }

    // The keyword `type` is taken at its word, whatever the function.
    static std::string type_of(const Expression& node, std::string_view function) {
        if (const Expression* given = keyword(node, "type")) {
            return str_of(static_value(*given));
        }
        if (function != "Array") {
            return std::string(function);
        }
        const Expression* item = positional(node, 1);
        return "Array(" + (item == nullptr ? "String" : str_of(static_value(*item))) + ")";
    }

    static Value default_of(const Expression& node, bool array) {
        if (const Expression* given = keyword(node, "default")) {
            return static_value(*given);
        }
        const Expression* given = positional(node, array ? 2 : 1);
        Value value = given == nullptr ? Value{} : static_value(*given);
        return array && !is_true(value) ? Value{} : value;
    }

    const Template& tree_;
    bool printed_; // between `{{` and `}}`
    std::vector<TemplateParameter> found_;
    std::unordered_map<std::string, std::size_t> index_;
};

bool has_list_for_name(const Expression& root) {
    bool found = false;
    walk_by_level(root, [&found](const Expression& node, const Expression*) {
        found = found || list_for_name(node) != nullptr;
    });
    return found;
}

// Bodies come before the condition of their block; names that an expression showed before are left out of
// what statements add.
class Extraction {
public:
    Extraction(const Template& tree, BareNames bare_names) : tree_(tree), bare_names_(bare_names) {}

    void visit(const std::vector<TemplateNode>& nodes) {
        for (const TemplateNode& node : nodes) {
            if (node.kind == TemplateNode::Kind::Block) {
                visit_block(node);
            } else if (node.kind == TemplateNode::Kind::Expression) {
                visit_printed(node.expression);
            } else if (node.kind == TemplateNode::Kind::Set) {
                visit_statement(node.expression);
            }
        }
    }

    std::vector<TemplateParameter> take() { return std::move(found_); }

private:
    // `elif` and `else` are part of the body of the block, in their place.
    void visit_block(const TemplateNode& block) {
        const std::size_t guards = guards_.size();
        for (const TemplateBranch& branch : block.branches) {
            walk_by_level(branch.head, [this](const Expression& node, const Expression*) {
                if (node.kind == ExpressionKind::Name) {
                    guards_.push_back(node.name);
                }
            });
        }
        for (const TemplateBranch& branch : block.branches) {
            if (&branch != &block.branches.front()) {
                visit_statement(branch.head);
            }
            visit(branch.body);
        }
        guards_.resize(guards);
        visit_statement(block.branches.front().head);
    }

    // Inside of a block whose conditions name the parameter its absence is foreseen.
    bool is_guarded(const TemplateParameter& mention) const {
        return std::find(guards_.begin(), guards_.end(), mention.name) != guards_.end();
    }

    void visit_printed(const Expression& expression) {
        if (expression.kind == ExpressionKind::Name && bare_names_ == BareNames::Passed) {
            return;
        }
        for (TemplateParameter& mention : ExpressionMentions(tree_, true).find(expression)) {
            in_expressions_.insert(mention.name);
            mention.guarded = mention.guarded || is_guarded(mention);
            found_.push_back(std::move(mention));
        }
    }

    void visit_statement(const Expression& expression) {
        if (has_list_for_name(expression)) { // the service gives up on the whole statement, in silence
            return;
        }
        for (TemplateParameter& mention : ExpressionMentions(tree_, false).find(expression)) {
            if (!in_expressions_.contains(mention.name)) {
                mention.guarded = mention.guarded || is_guarded(mention);
                found_.push_back(std::move(mention));
            }
        }
    }

    const Template& tree_;
    BareNames bare_names_;
    std::vector<TemplateParameter> found_;
    std::unordered_set<std::string> in_expressions_;
    std::vector<std::string_view> guards_;
};

} // namespace

std::vector<TemplateParameter> extract_parameters(const Template& tree, BareNames bare_names) {
    Extraction extraction(tree, bare_names);
    extraction.visit(tree.nodes);
    return extraction.take();
}

std::vector<TemplateParameter> extract_parameters(const Template& tree) {
    return extract_parameters(tree, BareNames::Found);
}

namespace {

// Array(T) as the service recognises it: T is one word.
std::string_view list_item_type(std::string_view type) {
    constexpr std::string_view kOpening = "Array(";
    if (!type.starts_with(kOpening) || !type.ends_with(')')) {
        return {};
    }
    const std::string_view item = type.substr(kOpening.size(), type.size() - kOpening.size() - 1);
    const auto in_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return std::all_of(item.begin(), item.end(), in_word) ? item : std::string_view{};
}

} // namespace

void note_mentions(Template& tree) {
    std::unordered_set<std::string> seen;
    for (const TemplateParameter& mention : extract_parameters(tree, BareNames::Passed)) {
        tree.mentions_job_timestamp = tree.mentions_job_timestamp || mention.name == "job_timestamp";
        const bool first = seen.insert(mention.name).second;
        const std::string_view item_type = list_item_type(mention.type);
        if (first && !item_type.empty()) {
            tree.lists.push_back({mention.name, std::string(item_type)});
        }
    }
    std::sort(tree.lists.begin(), tree.lists.end(),
              [](const ListParameter& left, const ListParameter& right) { return left.name < right.name; });
}

std::string required_message(const Template& tree) {
    std::vector<std::string> names;
    for (const TemplateParameter& parameter : extract_parameters(tree, BareNames::Passed)) {
        const bool counts = parameter.default_value.is_none() && !parameter.in_call;
        if (counts && std::find(names.begin(), names.end(), parameter.name) == names.end()) {
            names.push_back(parameter.name);
        }
    }
    if (names.empty()) { // parameters of Int() and Integer() are in no list
        return "Required parameter is not defined";
    }
    std::string listed;
    for (std::size_t i = 0; i < names.size(); ++i) {
        listed += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    }
    return "Required parameter is not defined. Check the parameters " + listed +
           ". Please provide a value or set a default value in the pipe code.";
}

std::vector<MergedParameter> merge_parameters(const std::vector<TemplateParameter>& found) {
    std::vector<MergedParameter> merged;
    std::unordered_map<std::string, std::size_t> index;
    for (const TemplateParameter& use : found) {
        const auto [place, added] = index.try_emplace(use.name, merged.size());
        if (added) {
            merged.push_back({use.name, use.type, {}, "", true, {}, use.span});
        }
        MergedParameter& entry = merged[place->second];
        bool optional = use.guarded || !use.default_value.is_none();
        for (const auto& [keyword, value] : use.keywords) {
            optional = optional || (keyword == "required" && !is_true(value));
            if (keyword == "description" && is_true(value)) {
                entry.description = str_of(value);
            }
            if (keyword == "enum" && items_of(value) != nullptr) {
                entry.choices = *items_of(value);
            }
        }
        entry.required = entry.required && !optional;
        // A mention such as defined(x) says nothing about the type.
        entry.type = use.in_call ? entry.type : use.type;
        if (is_true(use.default_value) || entry.default_value.is_none()) {
            entry.default_value = use.default_value; // 0 and '' are defaults, too
        }
    }
    return merged;
}

void warn_of_names(const Template& tree, Diagnostics& diagnostics) {
    std::unordered_set<std::string> told;
    for (const TemplateParameter& parameter : extract_parameters(tree)) {
        if (!told.insert(parameter.name).second) {
            continue;
        }
        if (is_reserved_name(parameter.name)) {
            diagnostics.add(codes::T007, parameter.span,
                            "the name " + backquoted(parameter.name) + " is reserved",
                            "give the parameter another name");
        } else if (is_python_builtin(parameter.name)) {
            diagnostics.add(codes::T008, parameter.span,
                            backquoted(parameter.name) +
                                " is a Python function: without a value it is never absent",
                            "give the parameter another name");
        }
    }
}

} // namespace birdhouse::syntax

#include "syntax/template_whitelist.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::syntax {

namespace {

constexpr auto kFunctions = std::to_array<std::string_view>({
    "Array",
    "Boolean",
    "Date",
    "DateTime",
    "DateTime64",
    "Float32",
    "Float64",
    "Int",
    "Int128",
    "Int16",
    "Int256",
    "Int32",
    "Int64",
    "Int8",
    "Integer",
    "JSON",
    "String",
    "TABLE",
    "UInt128",
    "UInt16",
    "UInt256",
    "UInt32",
    "UInt64",
    "UInt8",
    "activate",
    "backend_hint",
    "cache_ttl",
    "column",
    "columns",
    "custom_error",
    "date_diff_in_days",
    "date_diff_in_hours",
    "date_diff_in_minutes",
    "date_diff_in_seconds",
    "day_diff",
    "defined",
    "disable",
    "enumerate_with_last",
    "error",
    "float",
    "int",
    "len",
    "list",
    "max",
    "max_threads",
    "min",
    "split_to_array",
    "sql_and",
    "sql_unescape",
    "symbol",
    "table",
    "tb_secret",
    "tb_var",
});
static_assert(std::is_sorted(kFunctions.begin(), kFunctions.end()));

constexpr auto kMethods = std::to_array<std::string_view>({"get", "join", "replace", "split"});

bool contains(std::span<const std::string_view> sorted, std::string_view name) {
    return std::binary_search(sorted.begin(), sorted.end(), name);
}

constexpr std::string_view kComputeBefore = "compute it in a `{% set %}` statement and print the name";

class Whitelist {
public:
    explicit Whitelist(std::string_view text) : text_(text) {}

    using Verdict = std::optional<WhitelistFault>;

    Verdict check(const Expression& node) const {
        switch (node.kind) {
        case ExpressionKind::Name:
        case ExpressionKind::Constant:
        case ExpressionKind::Nothing:
            return std::nullopt;
        case ExpressionKind::RefusedConstant:
            return fault(node, "Invalid Constant: " + dump(node),
                         source(node) + " is a constant templates do not know");
        case ExpressionKind::Unary:
            return check_unary(node);
        case ExpressionKind::Binary:
            return check_binary(node);
        case ExpressionKind::Call:
            return check_call(node);
        case ExpressionKind::Subscript:
            return check_subscript(node);
        case ExpressionKind::Keyword: // the service does not look inside
            return std::nullopt;
        case ExpressionKind::Conditional:
        case ExpressionKind::List:
        case ExpressionKind::Tuple:
        case ExpressionKind::Set:
        case ExpressionKind::Dict:
        case ExpressionKind::Slice:
        case ExpressionKind::FormattedText:
        case ExpressionKind::FormattedPart:
            return check_children(node);
        default:
            return refuse_kind(node);
        }
    }

    WhitelistFault refuse_kind(const Expression& node) const {
        return fault(node, "Invalid expression type: " + dump(node),
                     source(node) + " cannot stand between `{{` and `}}`");
    }

private:
    Verdict check_children(const Expression& node) const {
        for (const Expression& child : node.children) {
            if (auto found = check(child)) {
                return found;
            }
        }
        return std::nullopt;
    }

    Verdict check_unary(const Expression& node) const {
        if (node.operation == Operator::Minus || node.operation == Operator::Not) {
            return check_children(node);
        }
        return fault(node, "Invalid UnaryOp: " + std::string(python_name(node.operation)) + "()",
                     operator_refused(node));
    }

    Verdict check_binary(const Expression& node) const {
        const Operator operation = node.operation;
        if (operation == Operator::Add || operation == Operator::Subtract ||
            operation == Operator::Multiply) {
            return check_children(node);
        }
        return fault(node, "Invalid BinOp: " + std::string(python_name(operation)) + "()",
                     operator_refused(node));
    }

    Verdict check_call(const Expression& node) const {
        const Expression& callee = node.children.front();
        if (callee.kind == ExpressionKind::Name && !contains(kFunctions, callee.name)) {
            return unknown_function(callee);
        }
        if (callee.kind == ExpressionKind::Attribute) {
            if (!contains(kMethods, callee.name)) {
                return fault(callee, "Invalid method name: " + std::string(callee.name),
                             "the method " + backquoted(callee.name) +
                                 " cannot be called between `{{` and `}}`");
            }
            if (auto found = check(callee.children.front())) {
                return found;
            }
        } else if (callee.kind == ExpressionKind::Call) {
            if (auto found = check(callee)) {
                return found;
            }
        } else if (callee.kind != ExpressionKind::Name) {
            return fault(callee, "Invalid function: " + dump(callee),
                         source(callee) + " is not the name of a function");
        }
        for (std::size_t i = 1; i < node.children.size(); ++i) {
            if (auto found = check(node.children[i])) {
                return found;
            }
        }
        return std::nullopt;
    }

    WhitelistFault unknown_function(const Expression& callee) const {
        auto found =
            fault(callee, "Invalid function name: " + std::string(callee.name),
                  "the function " + backquoted(callee.name) + " cannot be called between `{{` and `}}`");
        if (const auto near = nearest(callee.name, kFunctions)) {
            found.help = "did you mean " + backquoted(*near) + "?";
        }
        return found;
    }

    Verdict check_subscript(const Expression& node) const {
        if (auto found = check(node.children.front())) {
            return found;
        }
        const Expression& index = node.children.back();
        if (index.kind == ExpressionKind::Constant) {
            return std::nullopt;
        }
        if (index.kind == ExpressionKind::Subscript || index.kind == ExpressionKind::Slice) {
            return check(index);
        }
        return fault(index, "Invalid Slice expression: " + dump(index),
                     "the index " + source(index) + " is not a plain constant");
    }

    // Python would print its tree here; nobody reads more than the first word, so the rest is the source.
    std::string dump(const Expression& node) const {
        return std::string(python_node_name(node)) + "(" +
               std::string(text_.substr(node.begin, node.end - node.begin)) + ")";
    }

    std::string source(const Expression& node) const {
        return backquoted(shorten(text_.substr(node.begin, node.end - node.begin), 60));
    }

    static std::string operator_refused(const Expression& node) {
        const std::string_view symbol = node.operation == Operator::Power ? "**" : symbol_of(node.operation);
        return "the operator " + backquoted(symbol) + " cannot stand between `{{` and `}}`";
    }

    static WhitelistFault fault(const Expression& node, std::string message, std::string plain) {
        return {node.begin, node.end, std::move(message), std::move(plain), std::string(kComputeBefore)};
    }

    std::string_view text_;
};

} // namespace

std::optional<WhitelistFault> check_whitelist(const Expression& expression, std::string_view text) {
    return Whitelist(text).check(expression);
}

WhitelistFault refuse_statement(const Expression& statement, std::string_view text) {
    return Whitelist(text).refuse_kind(statement);
}

} // namespace birdhouse::syntax

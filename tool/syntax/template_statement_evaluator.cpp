// Assignments, and the way failures leave: which `except` catches them and what the service calls them.
#include "base/text.hpp"
#include "syntax/template_evaluator.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/template_operators.hpp"
#include "syntax/value_json.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::syntax {

Outcome<void> Evaluator::assign(const Expression& target, Value value) {
    TRY(spend(1));
    if (target.kind == ExpressionKind::Name) {
        locals_[target.slot] = std::move(value);
        return {};
    }
    if (target.kind == ExpressionKind::Subscript) {
        return assign_item(target, std::move(value));
    }
    if (target.kind == ExpressionKind::Attribute) {
        return raise("AttributeError", "an attribute cannot be assigned");
    }
    if (value.is_none() || number_of(value)) {
        return raise("TypeError", "cannot unpack non-iterable " + std::string(type_name(value)) + " object");
    }
    TRY_ASSIGN(Values parts, iterate(value));
    const std::size_t wanted = target.children.size();
    if (parts.size() > wanted) {
        return raise("ValueError", "too many values to unpack (expected " + std::to_string(wanted) + ")");
    }
    if (parts.size() < wanted) {
        return raise("ValueError", "not enough values to unpack (expected " + std::to_string(wanted) +
                                       ", got " + std::to_string(parts.size()) + ")");
    }
    for (std::size_t i = 0; i < wanted; ++i) {
        TRY(assign(target.children[i], std::move(parts[i])));
    }
    return {};
}

Outcome<void> Evaluator::assign_item(const Expression& target, Value value) {
    TRY_ASSIGN(const Value container, evaluate(target.children[0]));
    TRY_ASSIGN(const Value key, evaluate(target.children[1]));
    if (const auto* dict = container.as<DictValue>()) {
        if (!key_of(key)) {
            return unhashable(key);
        }
        if (!can_hold(dict->content->depth, dict->content->nested, value)) {
            return unsupported("a list or dict put into a dict that is itself inside of another");
        }
        if (value.as<DictValue>() != nullptr && value.as<DictValue>()->content == dict->content) {
            return unsupported("a dict inside of itself");
        }
        set_entry(*dict->content, key, std::move(value));
        return {};
    }
    const auto* list = container.as<SequenceValue>();
    if (list == nullptr || list->kind != SequenceKind::List) {
        return raise("TypeError",
                     "'" + std::string(type_name(container)) + "' object does not support item assignment");
    }
    TRY_ASSIGN(const Value present, apply_index(*this, container, key));
    Values& items = list->content->items;
    const std::int64_t index = integer_of(key)->small;
    const bool same_list =
        value.as<SequenceValue>() != nullptr && value.as<SequenceValue>()->content == list->content;
    if (same_list || !can_hold(list->content->depth, list->content->nested, value)) {
        return unsupported("a list or dict put into a list that is itself inside of another");
    }
    note_held(list->content->depth, value);
    items[static_cast<std::size_t>(index < 0 ? index + static_cast<std::int64_t>(items.size()) : index)] =
        std::move(value);
    return {};
}

Outcome<void> Evaluator::run(const Expression& statements) {
    for (const Expression& statement : statements.children) {
        if (statement.kind == ExpressionKind::AugmentedAssign) {
            TRY(augmented(statement));
            continue;
        }
        if (statement.kind != ExpressionKind::Assign) {
            TRY(evaluate(statement));
            continue;
        }
        TRY_ASSIGN(const Value value, evaluate(statement.children.back()));
        for (std::size_t i = 0; i + 1 < statement.children.size(); ++i) {
            TRY(assign(statement.children[i], value));
        }
    }
    return {};
}

Outcome<void> Evaluator::augmented(const Expression& node) {
    TRY_ASSIGN(const Value left, evaluate(node.children[0]));
    TRY_ASSIGN(const Value right, evaluate(node.children[1]));
    TRY_ASSIGN(Value result, apply_binary(*this, node.operation, left, right));
    return assign(node.children[0], std::move(result));
}

namespace {

struct ExceptionClass {
    std::string_view name;
    std::string_view base;
};

constexpr auto kExceptionClasses = std::to_array<ExceptionClass>({
    {"ArithmeticError", "Exception"},
    {"AttributeError", "Exception"},
    {"BaseException", ""},
    {"Exception", "BaseException"},
    {"IndexError", "LookupError"},
    {"KeyError", "LookupError"},
    {"LookupError", "Exception"},
    {"NameError", "Exception"},
    {"OverflowError", "ArithmeticError"},
    {kCustomException, "Exception"},
    {kTemplateException, "ValueError"},
    {"TypeError", "Exception"},
    {"UnboundLocalError", "NameError"},
    {"ValueError", "Exception"},
    {"ZeroDivisionError", "ArithmeticError"},
});

const ExceptionClass* find_class(std::string_view name) {
    const auto found = std::find_if(kExceptionClasses.begin(), kExceptionClasses.end(),
                                    [name](const ExceptionClass& known) { return known.name == name; });
    return found == kExceptionClasses.end() ? nullptr : &*found;
}

constexpr std::string_view kPrefix = "Template Syntax Error: ";
constexpr std::string_view kWrongSyntax =
    "wrong syntax, you might be using a not valid function inside a control block";

struct Wording {
    TemplateErrorKind kind;
    std::string message;
};

Wording word_type_error(const std::string& message) {
    const auto has = [&message](std::string_view part) { return message.find(part) != std::string::npos; };
    if (has("object is not callable") || has("unhashable type")) {
        return {TemplateErrorKind::Template, std::string(kPrefix) + std::string(kWrongSyntax)};
    }
    if (has("missing 1 required positional argument")) {
        return {TemplateErrorKind::Template,
                std::string(kPrefix) + "one of the transform type functions is missing an argument"};
    }
    return {TemplateErrorKind::Value, message};
}

// Failures that the service makes its own: they keep their words.
bool is_template_failure(std::string_view exception) {
    constexpr auto kKnown = std::to_array<std::string_view>(
        {kTemplateException, "AttributeError", "IndexError", "NameError", "UnboundLocalError"});
    return std::find(kKnown.begin(), kKnown.end(), exception) != kKnown.end();
}

Wording word_failure(const Raised& raised) {
    const std::string_view exception = raised.exception;
    std::string message = raised.message;
    if (exception == "TypeError") {
        return word_type_error(message);
    }
    if (exception == "AttributeError" && message == "'str' object has no attribute 'get'") {
        message += ". Make sure you're using an object/dictionary where trying to use .get()";
    }
    if (exception == "IndexError" && message == "string index out of range") {
        message =
            "String index out of range. Check that string parameters have values before accessing specific "
            "characters (e.g., param[0]). Provide default values or add length checks in your template.";
    }
    if (is_template_failure(exception)) {
        return {TemplateErrorKind::Template, std::string(kPrefix) + message};
    }
    const auto kind = exception == kLimit             ? TemplateErrorKind::Limit
                      : exception == kUnsupported     ? TemplateErrorKind::Unsupported
                      : exception == kCustomException ? TemplateErrorKind::Custom
                      : exception == "KeyError"       ? TemplateErrorKind::Key
                      : exception == "ValueError"     ? TemplateErrorKind::Value
                                                      : TemplateErrorKind::Other;
    return {kind, std::move(message)};
}

bool is_blamed_on_length(const Raised& raised, const Evaluator& evaluator) {
    const bool ours = is_template_failure(raised.exception) || raised.exception == kLimit ||
                      raised.exception == kUnsupported;
    return evaluator.is_query() && !evaluator.test_mode() && !ours && evaluator.tree().mentions_length &&
           evaluator.lacks_length();
}

} // namespace

bool is_exception_class(std::string_view name) { return find_class(name) != nullptr; }

bool is_caught_by(const Raised& raised, std::string_view exception_class) {
    for (const ExceptionClass* at = find_class(raised.exception); at != nullptr; at = find_class(at->base)) {
        if (at->name == exception_class) {
            return true;
        }
    }
    return false;
}

TemplateError finish_failure(const Raised& raised, const Evaluator& evaluator) {
    Wording wording = word_failure(raised);
    if (is_blamed_on_length(raised, evaluator)) {
        wording = {TemplateErrorKind::Template, std::string(kPrefix) +
                                                    "length cannot be used as a variable name or as a "
                                                    "function inside of a template"};
    }
    TemplateError error;
    error.kind = wording.kind;
    error.message = std::move(wording.message);
    error.span = evaluator.tree().span(raised.begin, raised.end);
    error.line = evaluator.line();
    if (raised.exception == "UnboundLocalError") {
        error.plain = backquoted(raised.name) + " is read before the template assigns it";
        error.help = "a name that `set` or `for` assigns anywhere is the template's own everywhere: choose "
                     "another name";
    }
    if (raised.custom) {
        error.custom_body = write_json(*raised.custom);
        error.custom_code = raised.custom_code;
    }
    return error;
}

} // namespace birdhouse::syntax

// Values as they stand in SQL: quoting and escaping, and the functions that print names and conditions.
#include "base/text.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/value_unicode.hpp"

#include <array>

namespace birdhouse::syntax {

namespace {

// `\%` and `\z` keep their backslash inside of a ClickHouse literal. It is a trap, and it is what the service
// does.
std::string escape(std::string_view text, bool keep_double_quotes) {
    constexpr std::string_view kSpecial("\\'`%\0\b\t\n\r\x1A\"", 11);
    constexpr std::string_view kWritten("\\'`%0btnrz\"", 11);
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const std::size_t special = kSpecial.find(c);
        if (special == std::string_view::npos) {
            out += c;
        } else if (c != '"' || keep_double_quotes) {
            out += '\\';
            out += kWritten[special];
        }
    }
    return out;
}

} // namespace

std::string escape_text(std::string_view text) { return escape(text, true); }

std::string escape_identifier(std::string_view text) { return escape(text, false); }

Outcome<std::string> print_value(const Value& value, std::string_view source) {
    if (value.is_none()) {
        constexpr std::size_t kShown = 20;
        const std::size_t end = offset_of_character(source, kShown);
        return refuse("expression \"" + std::string(source.substr(0, end)) +
                      (end < source.size() ? "..." : "") + "\" evaluated to null");
    }
    if (value.as<PlaceholderValue>() != nullptr) {
        return std::string("'__no_value__'");
    }
    if (is_unprintable(value)) {
        return unsupported("printing a " + std::string(type_name(value)));
    }
    const auto* text = value.as<TextValue>();
    return text != nullptr && text->kind == TextKind::Plain ? "'" + escape_text(text->view()) + "'"
                                                            : str_of(value);
}

namespace {

Outcome<Value> symbol(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "quote"}, 1));
    if (bound[0]->as<PlaceholderValue>() != nullptr) {
        return evaluator.text("`placeholder`", TextKind::Symbol);
    }
    const auto name = text_of(*bound[0]);
    if (!name) {
        return no_attribute(*bound[0], "translate");
    }
    if (bound[1] && !text_of(*bound[1])) {
        return raise("TypeError", "unsupported operand type(s) for +: '" + std::string(type_name(*bound[1])) +
                                      "' and 'str'");
    }
    const std::string quote(bound[1] ? *text_of(*bound[1]) : "`");
    return evaluator.text(quote + escape_identifier(*name) + quote, TextKind::Symbol);
}

Outcome<Value> table(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "quote"}, 1));
    if (bound[0]->as<PlaceholderValue>() != nullptr) {
        return evaluator.text("placeholder", TextKind::Symbol);
    }
    const auto name = text_of(*bound[0]);
    return name ? evaluator.text(escape_identifier(*name), TextKind::Symbol)
                : no_attribute(*bound[0], "translate");
}

std::string quoted_column(std::string_view name) {
    std::string out;
    for (const std::string_view part : split(name, '.')) {
        out += (out.empty() ? "`" : ".`") + escape_identifier(part) + "`";
    }
    return out;
}

bool is_absent(const Value& value) { return value.is_none() || value.as<PlaceholderValue>() != nullptr; }

Outcome<Value> column(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default"}, 1));
    const Value chosen = is_absent(*bound[0]) ? value_or_none(bound[1]) : *bound[0];
    if (is_absent(chosen)) {
        return refuse("Missing column() default value, use `column(column_name, 'default_column_name')`");
    }
    if (!text_of(chosen)) {
        return no_attribute(chosen, "translate");
    }
    return evaluator.text(quoted_column(*text_of(chosen)), TextKind::Symbol);
}

Outcome<Value> columns(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "default", "fn"}, 1));
    const Value chosen = is_absent(*bound[0]) ? value_or_none(bound[1]) : *bound[0];
    if (chosen.is_none()) {
        return refuse("Missing columns() default value, use `columns(column_names, 'default_column_name')`");
    }
    if (!text_of(chosen)) {
        return refuse("The 'columns' function expects a String not an Array");
    }
    const std::string function = bound[2] && is_true(*bound[2]) ? str_of(*bound[2]) : "";
    std::string out;
    for (const std::string_view part : split(*text_of(chosen), ',')) {
        const std::string_view name = strip_spaces(part);
        out += out.empty() ? "" : ",";
        out += function.empty() ? quoted_column(name)
                                : function + "(" + quoted_column(name) + ") as " + std::string(name);
    }
    return evaluator.text(std::move(out), TextKind::Raw);
}

Outcome<std::string> condition_operator(std::string_view suffix) {
    struct Named {
        std::string_view suffix, symbol;
    };
    constexpr auto kOperators = std::to_array<Named>(
        {{"in", "in"}, {"not_in", "not in"}, {"gt", ">"}, {"lt", "<"}, {"gte", ">="}, {"lte", "<="}});
    for (const Named& known : kOperators) {
        if (known.suffix == suffix) {
            return std::string(known.symbol);
        }
    }
    return refuse("operand " + std::string(suffix) + " not supported");
}

// sql_and(a=x, b__gte=y): the conditions whose value is given, in the order they are written.
Outcome<Value> sql_and(Evaluator& evaluator, const Arguments& given) {
    std::string out;
    for (const auto& [keyword, value] : given.keywords) {
        if (value.is_none()) {
            continue;
        }
        const std::size_t suffix = keyword.rfind("__");
        std::string operation = "=";
        if (suffix != std::string_view::npos) {
            TRY_ASSIGN(operation, condition_operator(keyword.substr(suffix + 2)));
        }
        TRY_ASSIGN(const std::string shown, print_value(value, keyword));
        out += (out.empty() ? "" : " and ") + std::string(keyword.substr(0, suffix)) + " " + operation + " " +
               shown;
    }
    return evaluator.text(std::move(out), TextKind::Raw);
}

Outcome<Value> sql_unescape(Evaluator& evaluator, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x", "what"}, 1));
    const auto text = text_of(*bound[0]);
    if (!text) {
        return no_attribute(*bound[0], "translate");
    }
    if (bound[1] && !text_of(*bound[1])) {
        return raise("TypeError",
                     "replace() argument 2 must be str, not " + std::string(type_name(*bound[1])));
    }
    const std::string what = bound[1] ? str_of(*bound[1]) : "";
    return evaluator.text(replace_text("'" + escape_text(*text) + "'", "\\" + what, what), TextKind::Raw);
}

Outcome<Value> defined(Evaluator&, const Arguments& given) {
    TRY_ASSIGN(const Bound bound, bind(given, {"x"}, 0));
    return make_bool(bound[0] && !is_absent(*bound[0]));
}

} // namespace

std::span<const FunctionEntry> identifier_functions() {
    static constexpr auto kEntries = std::to_array<FunctionEntry>({
        {"symbol", symbol},
        {"Symbol", symbol},
        {"table", table},
        {"TABLE", table},
        {"column", column},
        {"Column", column},
        {"columns", columns},
        {"sql_and", sql_and},
        {"sql_unescape", sql_unescape},
        {"defined", defined},
    });
    return kEntries;
}

} // namespace birdhouse::syntax

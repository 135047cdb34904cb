// The functions and methods templates can call. Adding one is a line in a table and its body beside its kin.
#pragma once

#include "syntax/template_evaluator.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

using FunctionBody = Outcome<Value> (*)(Evaluator&, const Arguments&);

struct FunctionEntry {
    std::string_view name;
    FunctionBody body;
    FunctionKind kind = FunctionKind::Template;
};

// Each file's own functions; template_functions.cpp puts them together.
std::span<const FunctionEntry> parameter_functions();  // String, Int32, ..., Boolean, JSON
std::span<const FunctionEntry> array_functions();      // Array, split_to_array, enumerate_with_last
std::span<const FunctionEntry> identifier_functions(); // column, symbol, table, sql_and, ...
std::span<const FunctionEntry> setting_functions();    // max_threads, cache_ttl, tb_secret, error, ...
std::span<const FunctionEntry> date_functions();       // day_diff, date_diff_in_*
std::span<const FunctionEntry> builtin_functions();    // len, min, int, ...
std::span<const FunctionEntry> sequence_functions();   // range, zip, sorted, ...
std::span<const FunctionEntry> generation_functions(); // upper, indent, ...

// The function of a dialect, or null. Python's builtins come last: a parameter of their name hides them.
const FunctionEntry* find_template_function(std::string_view name, TemplateDialect dialect);
const FunctionEntry* find_builtin_function(std::string_view name);
// The value of a Python builtin that templates cannot call but can name: `type`, `filter`.
std::optional<Value> builtin_value(std::string_view name);
std::vector<std::string_view> function_names(TemplateDialect dialect);

// Arguments in the order of a signature; absent where none was given.
using Bound = std::vector<std::optional<Value>>;
Outcome<Bound> bind(const Arguments& arguments, std::initializer_list<std::string_view> names,
                    std::size_t required);
inline Value value_or_none(const std::optional<Value>& value) { return value.value_or(Value{}); }

// Methods; the receiver is known to be of the kind.
Outcome<Value> call_text_method(Evaluator& evaluator, const Value& receiver, const Arguments& arguments);
Outcome<Value> call_container_method(Evaluator& evaluator, const Value& receiver, const Arguments& arguments);
Failure no_attribute(const Value& receiver, std::string_view name);
// A method that Python has and this program does not run.
bool is_python_method(const Value& receiver, std::string_view name);

// '%s and %d' % (a, b), and '{} {name}'.format(...)
Outcome<Value> format_percent(Evaluator& evaluator, std::string_view pattern, const Value& given);
Outcome<Value> format_braces(Evaluator& evaluator, std::string_view pattern, const Arguments& given);
// One value as an f-string part shows it; `rest` is "", "!r", ":.2f" and the like.
Outcome<std::string> format_value(const Value& value, std::string_view rest);

// Python's split(), replace() and strip(), used by methods and by generation functions.
std::vector<std::string_view> split_text(std::string_view text, std::string_view separator, std::size_t most);
std::string replace_text(std::string_view text, std::string_view what, std::string_view with,
                         std::size_t most = std::string_view::npos);
enum class Case : std::uint8_t { Upper, Lower, Title };
Outcome<Value> change_case(Evaluator& evaluator, std::string_view text, Case wanted);
Outcome<Value> join_texts(Evaluator& evaluator, std::string_view separator, const Value& items);

// A value checked and converted to a type: the heart of Int32(x) and of Array(x, 'Int32') items.
bool is_type_name(std::string_view type);
bool fits_type(std::string_view type, const std::string& text);
Outcome<Value> convert_to_type(std::string_view type, const Value& value);
// What a type prints in test mode.
Value placeholder_of_type(std::string_view type);
Value boolean_of(const Value& value);
// `[1,2]`: a list, or a text cut at commas, with every item checked and converted.
Outcome<std::string> array_text(const Value& value, std::string_view item_type);

// Escaped for a text between single quotes, and for a name between back-quotes.
std::string escape_text(std::string_view text);
std::string escape_identifier(std::string_view text);
// How `{{ value }}` prints; fails for None when `source` asks for a message.
Outcome<std::string> print_value(const Value& value, std::string_view source);
// The same in a generated file: no quotes, no conversions.
Outcome<std::string> print_raw(const Value& value);

} // namespace birdhouse::syntax

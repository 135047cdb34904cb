// How a template fails: the words Tinybird's engine uses, with the place in the template. While a template is
// being computed a failure is a Raised value, which `try` may catch; finish_failure() in
// template_evaluator.hpp makes the TemplateError that callers see.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "base/source.hpp"
#include "syntax/value.hpp"

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace birdhouse::syntax {

enum class TemplateErrorKind {
    Template,    // refused or missing parameters, values that do not fit: "Template Syntax Error: ..."
    Parse,       // tags and blocks
    Syntax,      // an expression or statement that does not read
    Value,       // error(), names that cannot be parameters, operations on the wrong kinds
    Custom,      // custom_error()
    Key,         // a dictionary without the key
    Other,       // the rest of what can go wrong in Python: a division by zero
    Unsupported, // Python that the service would run and this program does not
    Limit,       // more steps, text or nesting than a template may use
};

std::string_view name_of(TemplateErrorKind kind);

struct TemplateError {
    TemplateErrorKind kind = TemplateErrorKind::Template;
    std::string message;
    Span span; // source is None for a text that is in no SourceMap; begin and end hold all the same
    std::uint32_t line = 1;  // counted in the template's text, after the leading `%`
    std::string custom_body; // JSON: what custom_error() was given
    std::int64_t custom_code = 400;
    const Code* code = nullptr; // for diagnostics, where the kind does not tell
    std::string plain;          // in this program's words, for diagnostics; empty: the message will do
    std::string help;           // may be empty
};

// Adds `error` as a diagnostic, in this program's words where there are some.
void report(const TemplateError& error, Diagnostics& diagnostics);

// A Python exception under way. Limit and Unsupported are ours: `try` does not catch them.
struct Raised {
    std::string_view exception; // the Python class, or kLimit or kUnsupported
    std::string message;
    std::string_view name; // the undefined name, for the hint
    std::optional<Value> custom;
    std::int64_t custom_code = 400;
    std::uint32_t begin = 0; // place in the template text; end is 0 until the evaluator fills it in
    std::uint32_t end = 0;
};

inline constexpr std::string_view kTemplateException = "SQLTemplateException";
inline constexpr std::string_view kCustomException = "SQLTemplateCustomError";
inline constexpr std::string_view kLimit = "limit";
inline constexpr std::string_view kUnsupported = "unsupported";
inline constexpr std::string_view kUnwritable = "unwritable"; // in a generated file

using Failure = std::unique_ptr<Raised>; // a pointer: results are returned at every step, failures once

Failure raise(std::string_view exception, std::string message);
Failure refuse(std::string message); // kTemplateException
Failure unsupported(std::string what);
Failure over_limit(std::string message);
Failure unhashable(const Value& key); // key_of() gave nothing for it

// A value or a failure; works with TRY and TRY_ASSIGN as Result does.
template <class T>
class [[nodiscard]] Outcome {
public:
    Outcome(T value)
        : state_(std::in_place_index<0>, std::move(value)) {} // NOLINT(google-explicit-constructor)
    Outcome(Failure failure)                                  // NOLINT(google-explicit-constructor)
        : state_(std::in_place_index<1>, std::move(failure)) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& value() & { return *std::get_if<0>(&state_); }
    T&& value() && { return std::move(*std::get_if<0>(&state_)); }
    T& operator*() & { return value(); }
    T* operator->() { return &value(); }
    Failure&& error() && { return std::move(*std::get_if<1>(&state_)); }
    Failure& error() & { return *std::get_if<1>(&state_); }

private:
    std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Outcome<void> {
public:
    Outcome() = default;
    Outcome(Failure failure) : failure_(std::move(failure)) {} // NOLINT(google-explicit-constructor)

    explicit operator bool() const { return failure_ == nullptr; }
    Failure&& error() && { return std::move(failure_); }
    Failure& error() & { return failure_; }

private:
    Failure failure_;
};

} // namespace birdhouse::syntax

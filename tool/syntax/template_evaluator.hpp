// Computes expressions and runs statements of one rendering. Everything is counted: steps, text and nesting,
// so that no template can take the program with it.
#pragma once

#include "syntax/template.hpp"
#include "syntax/template_error.hpp"
#include "syntax/value_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace birdhouse::syntax {

// What a call was given; names of keywords are views into the template.
struct Arguments {
    std::string_view function;
    Values positional;
    std::vector<std::pair<std::string_view, Value>> keywords;
    bool native = false; // of Python itself, which words a missing argument differently
};

class Evaluator {
public:
    using Parameters = std::unordered_map<std::string_view, Value>;

    Evaluator(const Template& tree, const RenderInput& input, Parameters parameters, Rendered& out);

    Outcome<Value> evaluate(const Expression& node);
    Outcome<void> run(const Expression& statements);
    Outcome<void> assign(const Expression& target, Value value);
    void unbind(const Expression& name) { locals_[name.slot].reset(); }
    Outcome<Value> call_function(const FunctionValue& function, const Arguments& arguments);

    // Takes steps from what is left; fails when nothing is.
    Outcome<void> spend(std::size_t steps);
    // Steps left; equal() and the like count down in it.
    std::size_t& work() { return steps_left_; }
    Outcome<Value> text(std::string content, TextKind kind = TextKind::Plain);
    Outcome<Value> sequence(Values items, SequenceKind kind = SequenceKind::List);
    // The items of anything that can be walked.
    Outcome<Values> iterate(const Value& value);
    Outcome<bool> same(const Value& left, const Value& right);

    const RenderInput& input() const { return input_; }
    Rendered& output() { return out_; }
    const Template& tree() const { return tree_; }
    bool test_mode() const { return input_.test_mode; }
    bool is_query() const { return tree_.dialect == TemplateDialect::Query; }
    const Parameters& parameters() const { return parameters_; }
    std::uint32_t line() const { return line_; }
    void set_line(std::uint32_t line) { line_ = line; }
    // Was the parameter `length` used while absent? The service blames it for any failure that follows.
    bool lacks_length() const { return parameters_.find("length") == parameters_.end(); }

private:
    Outcome<Value> dispatch(const Expression& node);
    Outcome<Value> name(const Expression& node);
    Outcome<Value> global(std::string_view name, bool called);
    Outcome<Value> unary(const Expression& node);
    Outcome<Value> logical(const Expression& node);
    Outcome<Value> comparison(const Expression& node);
    Outcome<Value> call(const Expression& node);
    Outcome<Arguments> arguments(const Expression& node);
    Outcome<Value> subscript(const Expression& node);
    Outcome<Value> collection(const Expression& node);
    Outcome<Value> dict(const Expression& node);
    Outcome<Value> formatted(const Expression& node);
    Outcome<Value> comprehension(const Expression& node);
    Outcome<void> run_clause(const Expression& node, std::size_t clause, Values& results);
    Outcome<bool> all_true(const Expression& clause);
    Outcome<void> augmented(const Expression& node);
    Outcome<void> assign_item(const Expression& target, Value value);

    const Template& tree_;
    const RenderInput& input_;
    Parameters parameters_;
    Rendered& out_;
    std::vector<std::optional<Value>> locals_;
    std::vector<std::optional<Value>> globals_;
    std::size_t steps_left_;
    std::uint32_t line_ = 1;
};

// The failure as callers see it: the service's kind and wording.
TemplateError finish_failure(const Raised& raised, const Evaluator& evaluator);

// Does `except NAME` catch it?
bool is_caught_by(const Raised& raised, std::string_view exception_class);
bool is_exception_class(std::string_view name);

} // namespace birdhouse::syntax

#include "syntax/generation.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/template_functions.hpp"
#include "syntax/template_renderer.hpp"

#include <string_view>

namespace birdhouse::syntax {

namespace {

bool has_tags(std::string_view text) {
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const std::string_view next = text.substr(at + 1, 1);
        if (next == "<" || next == "%" || next == "#") {
            return true;
        }
    }
    return false;
}

RenderInput input_of(const Value& variables) {
    RenderInput input;
    if (const auto* dict = variables.as<DictValue>()) {
        for (const auto& [name, value] : dict->content->entries) {
            input.parameters.emplace_back(str_of(name), value);
        }
    }
    return input;
}

void report_unknown(const RenderFailure& failure, const RenderInput& input, Diagnostics& diagnostics) {
    std::vector<std::string_view> known = function_names(TemplateDialect::Generation);
    for (const auto& parameter : input.parameters) {
        known.push_back(parameter.first);
    }
    const auto near = nearest(failure.raised->name, known);
    diagnostics.add(codes::T010, failure.error.span,
                    "the name " + backquoted(failure.raised->name) + " is not known here",
                    near ? "did you mean " + backquoted(*near) + "?" : "");
}

void report_failure(const RenderFailure& failure, const SourceMap& sources, const RenderInput& input,
                    Diagnostics& diagnostics) {
    const std::string_view exception = failure.raised == nullptr ? kLimit : failure.raised->exception;
    if (exception == "NameError") {
        return report_unknown(failure, input, diagnostics);
    }
    if (exception == kUnwritable) {
        const std::string source = shorten(sources.slice(failure.error.span), 60);
        diagnostics.add(codes::T011, failure.error.span,
                        failure.raised->message + " and cannot be written: " + backquoted(source),
                        "print a text or a number; join(items, ', ') makes a text of a list");
        return;
    }
    TemplateError error = failure.error;
    error.message = failure.raised == nullptr ? error.message : failure.raised->message;
    report(error, diagnostics);
}

} // namespace

std::optional<std::string>
render_generation(const SourceMap& sources, Span text,
                  const std::vector<std::pair<std::string, std::string>>& variables,
                  Diagnostics& diagnostics) {
    if (!has_tags(sources.slice(text))) { // nearly all texts of a definition
        return std::string(sources.slice(text));
    }
    const auto tree = parse_template(sources, text, TemplateDialect::Generation, diagnostics);
    if (!tree) {
        return std::nullopt;
    }
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [name, value] : variables) {
        entries.emplace_back(make_text(name), make_text(value));
    }
    return render_generation(sources, *tree, make_dict(std::move(entries)), diagnostics);
}

std::optional<std::string> render_generation(const SourceMap& sources, const Template& tree,
                                             const Value& variables, Diagnostics& diagnostics) {
    const RenderInput input = input_of(variables);
    Rendered out;
    if (const auto failure = render_into(tree, input, out)) {
        report_failure(*failure, sources, input, diagnostics);
        return std::nullopt;
    }
    return std::move(out.text);
}

} // namespace birdhouse::syntax

// Renders a query template for a test: the SQL, or "kind: message".
#pragma once

#include "syntax/template.hpp"
#include "syntax/value_json.hpp"

#include <string>
#include <string_view>

namespace birdhouse::testing {

inline syntax::RenderInput input_of(std::string_view parameters_json, bool test_mode = false) {
    syntax::RenderInput input;
    const auto read = syntax::read_json(parameters_json);
    for (const auto& [name, value] :
         std::get<syntax::Value>(read).as<syntax::DictValue>()->content->entries) {
        input.parameters.emplace_back(std::string(*syntax::text_of(name)), value);
    }
    input.test_mode = test_mode;
    return input;
}

inline std::string render_with(const std::string& text, const syntax::RenderInput& input) {
    using namespace syntax;
    const auto shown = [](const TemplateError& error) {
        return std::string(name_of(error.kind)) + ": " + error.message;
    };
    const auto parsed = parse_template_text(text, TemplateDialect::Query);
    if (const auto* error = std::get_if<TemplateError>(&parsed)) {
        return shown(*error);
    }
    const RenderResult result = render(std::get<Template>(parsed), input);
    const auto* error = std::get_if<TemplateError>(&result);
    return error != nullptr ? shown(*error) : std::get<Rendered>(result).text;
}

inline std::string render_query(const std::string& text, std::string_view parameters_json = "{}") {
    return render_with(text, input_of(parameters_json));
}

inline std::string try_query(const std::string& text, std::string_view parameters_json = "{}") {
    return render_with(text, input_of(parameters_json, true));
}

} // namespace birdhouse::testing

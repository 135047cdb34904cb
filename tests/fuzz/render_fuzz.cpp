// The first line of the bytes is the value of the parameters `a` and `b`, the rest a template: rendering
// ends, with a text or a failure, and every byte of the text leads back into the template.
#include "syntax/template.hpp"
#include "syntax/value_json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::syntax;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(bytes.find('\n'), bytes.size());
    const auto parsed = parse_template_text(bytes.substr(line), TemplateDialect::Query);
    const auto* tree = std::get_if<Template>(&parsed);
    const auto json = read_json(bytes.substr(0, line));
    const auto* value = std::get_if<Value>(&json);
    if (tree == nullptr) {
        return 0;
    }
    RenderInput input;
    input.parameters = {{"a", make_text(bytes.substr(0, line))}, {"b", value == nullptr ? Value{} : *value}};
    input.longest_output = 1U << 16U;
    for (const bool test_mode : {false, true}) {
        input.test_mode = test_mode;
        const auto result = render(*tree, input);
        if (const auto* rendered = std::get_if<Rendered>(&result);
            rendered != nullptr && !rendered->text.empty()) {
            rendered->locate(*tree, rendered->text.size() / 2);
        }
    }
    return 0;
}

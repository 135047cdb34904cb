// Any bytes are a template or a fault, in both dialects; what is read can be searched for parameters.
#include "syntax/template.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace birdhouse::syntax;
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const TemplateDialect dialect : {TemplateDialect::Query, TemplateDialect::Generation}) {
        const auto parsed = parse_template_text(text, dialect);
        if (const auto* tree = std::get_if<Template>(&parsed)) {
            merge_parameters(extract_parameters(*tree));
        }
    }
    return 0;
}

// Any bytes: a tree or problems with places inside the text, never a crash.
#include "syntax/yaml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void check_places(const birdhouse::syntax::YamlNode& node, const birdhouse::SourceMap& sources) {
    if (node.span.begin > node.span.end || node.span.end > sources.whole(node.span.source).end) {
        std::abort();
    }
    for (const auto& item : node.items) {
        check_places(item, sources);
    }
    for (const auto& entry : node.entries) {
        check_places(entry.key, sources);
        check_places(entry.value, sources);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    birdhouse::SourceMap sources;
    birdhouse::Diagnostics problems;
    const birdhouse::SourceId source = sources.add("fuzz.yaml", std::string(data, data + size));
    const auto root = birdhouse::syntax::parse_yaml(source, sources, problems);
    if (root) {
        check_places(*root, sources);
    } else if (!problems.has_errors()) {
        std::abort(); // nothing was read and nothing was said
    }
    render_text(problems, sources);
    return 0;
}

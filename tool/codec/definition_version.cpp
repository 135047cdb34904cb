#include "codec/definition_version.hpp"

#include "syntax/yaml.hpp"

#include <string_view>

namespace birdhouse::codec {

namespace {

using syntax::YamlNode;

std::string with_replaced(std::string_view text, Span place, const std::string& by) {
    return std::string(text.substr(0, place.begin)) + by + std::string(text.substr(place.end));
}

// Behind the pipe's name: in the same line of a `{ }`, else in a line of its own that begins as its line
// does.
std::string with_added(std::string_view text, const YamlNode& root, Span key, Span name,
                       const std::string& field) {
    if (root.flow) {
        return std::string(text.substr(0, name.end)) + ", " + field + std::string(text.substr(name.end));
    }
    const std::size_t before = text.rfind('\n', key.begin);
    const std::size_t line = before == std::string_view::npos ? 0 : before + 1;
    const std::string indent(key.begin - line, ' ');
    const std::size_t end = text.find('\n', name.end);
    if (end == std::string_view::npos) {
        return std::string(text) + "\n" + indent + field + "\n";
    }
    const std::string_view line_end = end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
    return std::string(text.substr(0, end + 1)) + indent + field + std::string(line_end) +
           std::string(text.substr(end + 1));
}

} // namespace

std::optional<std::string> with_version(SourceId source, const SourceMap& sources, std::uint32_t version) {
    Diagnostics ignored; // who reads the project reports them
    const std::optional<YamlNode> root = syntax::parse_yaml(source, sources, ignored);
    if (!root || !root->is_map()) {
        return std::nullopt;
    }
    const std::string_view text = sources.text(source);
    const std::string number = std::to_string(version);
    for (const syntax::YamlEntry& entry : root->entries) {
        if (entry.key.text == "version") {
            return with_replaced(text, entry.value.span, number);
        }
    }
    for (const syntax::YamlEntry& entry : root->entries) {
        if (entry.key.text == "pipe") {
            return with_added(text, *root, entry.key.span, entry.value.span, "version: " + number);
        }
    }
    return std::nullopt;
}

} // namespace birdhouse::codec

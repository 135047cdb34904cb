#include "syntax/yaml_fault.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "syntax/yaml_extent.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace birdhouse::syntax {

namespace {

struct Fault {
    std::string_view theirs; // how the library's message begins
    std::string_view ours;
    std::string_view help;
};

constexpr auto kFaults = std::to_array<Fault>({
    {"illegal map value", "a `:` stands where no key can end",
     "quote a text that holds `: `, and check the indentation of this line"},
    {"illegal map key", "a key cannot stand here", "check the indentation of this line"},
    {"end of map not found", "this line does not continue the map above it",
     "check its indentation, and that a quoted text ends where it should"},
    {"end of map flow not found", "a `{` is not closed before this",
     "close it; inside `{ }` quote a text that holds `[`, `]`, `{`, `}` or `,`"},
    {"end of sequence not found", "this line does not continue the list above it",
     "begin it with `- `, or check its indentation"},
    {"end of sequence flow not found", "a `[` is not closed before this",
     "close it; inside `[ ]` quote a text that holds `[`, `]`, `{`, `}` or `,`"},
    {"illegal flow end", "a bracket is closed here that was never opened", "remove it, or quote the text"},
    {"illegal block entry", "a `- ` cannot stand here", "begin the list on a line of its own"},
    {"illegal EOF in scalar", "a quote is opened and never closed", "close it"},
    {"illegal document indicator in scalar", "a quoted text is cut by a line of `---` or `...`",
     "close the quote before it"},
    {"unknown token", "no value can begin with this character", "quote the text"},
    {"the referenced anchor is not defined", "an alias names no anchor above it",
     "define it with `&NAME`, or quote a text that begins with `*`"},
    {"alias not found", "an alias has no name", "quote a text that begins with `*`"},
    {"anchor not found", "an anchor has no name", "quote a text that begins with `&`"},
    {"unknown escape character", "this is not an escape that double quotes know",
     "write `\\\\` for a backslash, or use single quotes"},
    {"bad character found while scanning hex", "an escape lacks its hexadecimal digits",
     "write them all, or use single quotes"},
    {"invalid unicode", "an escape names no character", "use a code point up to 10FFFF"},
    {"unexpected character in block scalar", "text stands on the line of `|` or `>`",
     "begin the text on the next line"},
});

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

// The library complains a little after a tab, on the same line.
std::optional<std::size_t> find_tab_before(std::string_view text, std::size_t offset) {
    std::size_t line = std::min(offset, text.size());
    while (line > 0 && !is_line_break(text[line - 1])) {
        --line;
    }
    const std::size_t content = std::min(text.find_first_not_of(" \t", line), text.size());
    const std::size_t tab = text.substr(0, content).find('\t', line);
    return tab == std::string_view::npos ? std::nullopt : std::optional(tab);
}

} // namespace

Diagnostic tab_in_indentation(SourceId source, std::size_t tab) {
    const auto at = static_cast<std::uint32_t>(tab);
    return {
        &codes::F005, "a line is indented with a tab", {{{source, at, at + 1}, "tab"}}, "indent with spaces"};
}

Diagnostic explain_yaml_fault(std::string_view message, std::size_t offset, SourceId source,
                              const SourceMap& sources) {
    const std::string_view text = sources.text(source);
    if (const std::optional<std::size_t> tab = find_tab_before(text, offset)) {
        return tab_in_indentation(source, *tab);
    }
    const auto at = static_cast<std::uint32_t>(std::min(offset, text.size()));
    const Span where{source, at, std::min(at + 1, static_cast<std::uint32_t>(text.size()))};
    const auto* known = std::find_if(kFaults.begin(), kFaults.end(),
                                     [&](const Fault& f) { return message.starts_with(f.theirs); });
    if (known == kFaults.end()) {
        return {&codes::F004, "the YAML cannot be read here: " + printable(message), {{where, {}}}, {}};
    }
    return {&codes::F004, std::string(known->ours), {{where, {}}}, std::string(known->help)};
}

bool check_yaml_bytes(SourceId source, const SourceMap& sources, Diagnostics& problems) {
    const std::string_view text = sources.text(source);
    if (text.size() > kLargestTextFile) {
        problems.add(codes::F008, {source, 0, 0}, "the file is larger than 16 MiB",
                     "split it: one definition in a file");
        return false;
    }
    const std::optional<UnreadableByte> byte = find_unreadable_byte(text);
    if (!byte) {
        return true;
    }
    const auto at = static_cast<std::uint32_t>(byte->offset);
    const std::string value = printable(text.substr(byte->offset, 1));
    problems.add(codes::F001, {source, at, at + 1},
                 byte->control ? "the byte " + backquoted(value) + " is a control character, not text"
                               : "the byte " + backquoted(value) + " is not UTF-8",
                 "save the file as UTF-8 text");
    return false;
}

} // namespace birdhouse::syntax

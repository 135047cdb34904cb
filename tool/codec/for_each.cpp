#include "codec/for_each.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "syntax/generation.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace birdhouse::codec {

using syntax::ScalarStyle;
using syntax::YamlEntry;
using syntax::YamlNode;

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

bool holds_template(std::string_view text) {
    return text.find("<<") != std::string_view::npos || text.find("<%") != std::string_view::npos ||
           text.find("<#") != std::string_view::npos;
}

bool check_values(const YamlEntry& entry, Diagnostics& problems) {
    const YamlNode& values = entry.value;
    const bool scalars =
        values.is_sequence() && std::all_of(values.items.begin(), values.items.end(),
                                            [](const YamlNode& item) { return item.is_scalar(); });
    if (!is_identifier(entry.key.text)) {
        problems.add(codes::F030, entry.key.span,
                     "the name " + backquoted(shorten(entry.key.text, 80)) +
                         " holds more than letters, digits and `_`",
                     "write a name that can stand in `<<name>>`");
    } else if (!scalars) {
        problems.add(codes::F017, values.span,
                     backquoted(entry.key.text) + " is " + std::string(describe(values)) +
                         ", not a list of texts and numbers",
                     "write the values as a list: `[1d, 7d]`");
    } else if (values.items.empty()) {
        problems.add(codes::F060, values.span,
                     backquoted(entry.key.text) + " is an empty list, which makes no definition",
                     "write its values");
    } else {
        return true;
    }
    return false;
}

// How many definitions there will be; 0 after a report.
std::size_t count_combinations(const YamlNode& for_each, Diagnostics& problems) {
    if (!for_each.is_map() || for_each.entries.empty()) {
        problems.add(codes::F060, for_each.span,
                     "`for_each` is " + std::string(for_each.is_map() ? "an empty map" : describe(for_each)),
                     "write the values to repeat over: `{window: [1d, 7d]}`");
        return 0;
    }
    std::size_t count = 1;
    for (const YamlEntry& entry : for_each.entries) {
        count = check_values(entry, problems)
                    ? std::min(count * entry.value.items.size(), kMostCombinations + 1)
                    : 0;
        if (count == 0) {
            return 0;
        }
    }
    if (count > kMostCombinations) {
        problems.add(codes::F061, for_each.span,
                     "`for_each` makes more than " + with_thousands(kMostCombinations) + " definitions",
                     "shorten the lists, or split the file");
        return 0;
    }
    return count;
}

// The n-th combination, the last name changing fastest.
Variables combination(const YamlNode& for_each, std::size_t n) {
    Variables variables(for_each.entries.size());
    for (std::size_t i = for_each.entries.size(); i-- > 0;) {
        const YamlEntry& entry = for_each.entries[i];
        variables[i] = {entry.key.text, entry.value.items[n % entry.value.items.size()].text};
        n /= entry.value.items.size();
    }
    return variables;
}

// The template is the source itself, so that its errors point there. A literal block is rendered with its
// indentation, which is taken away afterwards; other texts must stand in the source as they mean.
class Renderer {
public:
    Renderer(const Variables& variables, Reading reading) : variables_(variables), reading_(reading) {}

    // False after a report.
    bool render(YamlNode& node) {
        bool fine = true;
        if (node.is_scalar() && holds_template(node.text)) {
            return node.style == ScalarStyle::Literal ? render_literal(node) : render_line(node);
        }
        for (YamlNode& item : node.items) {
            fine = render(item) && fine;
        }
        for (YamlEntry& entry : node.entries) {
            fine = render(entry.value) && fine;
        }
        return fine;
    }

private:
    bool render_line(YamlNode& node) {
        const Span inside = syntax::place_in(node, reading_.sources, 0, node.text.size());
        if (reading_.sources.slice(inside) != node.text) {
            reading_.problems.add(codes::F062, node.span,
                                  "a template stands in a text of several lines or with escapes",
                                  "write the text as a block after `|`, or without escapes");
            return false;
        }
        return replace(node, inside, 0);
    }

    bool render_literal(YamlNode& node) {
        const std::string_view text = reading_.sources.text(node.span.source);
        const auto line_start = [&](std::uint32_t at) {
            return static_cast<std::uint32_t>(text.rfind('\n', at - 1)) + 1;
        };
        const auto filled =
            std::find_if(node.line_begins.begin(), node.line_begins.end(),
                         [&](std::uint32_t at) { return text.substr(at, 1).find_first_of("\r\n") != 0; });
        const std::size_t indentation = filled == node.line_begins.end() ? 0 : *filled - line_start(*filled);
        return replace(node, {node.span.source, line_start(node.line_begins.front()), node.span.end},
                       indentation);
    }

    bool replace(YamlNode& node, Span where, std::size_t indentation) {
        std::optional<std::string> rendered =
            syntax::render_generation(reading_.sources, where, variables_, reading_.problems);
        if (!rendered) {
            return false;
        }
        const bool ends_line = node.text.ends_with('\n');
        node.text = without_indentation(*rendered, indentation) + (ends_line ? "\n" : "");
        node.style = ScalarStyle::Made;
        // Where lines were added or taken away no line can be told from another.
        if (static_cast<std::size_t>(std::count(node.text.begin(), node.text.end(), '\n')) + 1 !=
            node.line_begins.size()) {
            node.line_begins.clear();
        }
        return true;
    }

    static std::string without_indentation(std::string_view text, std::size_t indentation) {
        if (indentation == 0) {
            return std::string(text);
        }
        std::vector<std::string> lines;
        for (std::string_view line : split(text, '\n')) {
            line.remove_prefix(std::min({line.find_first_not_of(' '), indentation, line.size()}));
            lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        }
        std::string out = lines.front();
        for (std::size_t i = 1; i < lines.size(); ++i) {
            out += "\n" + lines[i];
        }
        return out;
    }

    const Variables& variables_;
    Reading reading_;
};

} // namespace

std::vector<YamlNode> repeat_for_each(YamlNode root, Reading reading) {
    const auto entry = std::find_if(root.entries.begin(), root.entries.end(),
                                    [](const YamlEntry& e) { return e.key.text == "for_each"; });
    std::vector<YamlNode> trees;
    if (entry == root.entries.end()) {
        trees.push_back(std::move(root));
        return trees;
    }
    const YamlNode for_each = std::move(entry->value);
    root.entries.erase(entry);
    const std::size_t count = count_combinations(for_each, reading.problems);
    for (std::size_t n = 0; n < count; ++n) {
        YamlNode tree = root;
        if (!Renderer(combination(for_each, n), reading).render(tree)) {
            return {}; // the same fault would be reported for every combination
        }
        trees.push_back(std::move(tree));
    }
    return trees;
}

} // namespace birdhouse::codec

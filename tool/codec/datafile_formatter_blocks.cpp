#include "codec/datafile_formatter_blocks.hpp"

#include "base/text.hpp"
#include "codec/connector_settings.hpp"
#include "codec/datafile_formatter_order.hpp"
#include "codec/text_block.hpp"
#include "syntax/sql_tokens.hpp"
#include "syntax/swallowed.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace birdhouse::codec {

using syntax::DatafileLine;
using syntax::Directive;
using syntax::LineKind;

namespace {

constexpr std::string_view kIndent = "    ";

std::vector<std::string_view> content_lines(const Formatting& formatting, const FormatUnit& unit) {
    std::vector<std::string_view> content;
    for (const DatafileLine& line : lines_below(formatting.file, unit)) {
        if (line.kind == LineKind::Content) {
            content.push_back(text_of_line(line, formatting.sources));
        }
    }
    return content;
}

// Would the other dialect take the line, which stands at the margin, for a directive?
bool is_directive_elsewhere(std::string_view line, const syntax::Datafile& file) {
    const std::string_view word = line.substr(0, line.find_first_of(" \t#"));
    const syntax::DirectiveRule* rule = syntax::find_directive(word);
    const auto other =
        file.dialect == syntax::Dialect::Forward ? syntax::Dialect::Classic : syntax::Dialect::Forward;
    return rule != nullptr && rule->name == word && word != "FROM" &&
           standing(*rule, file.kind, other) == syntax::Standing::Known;
}

// Blanks in a text between quotes that runs over the end of its line are part of it.
bool holds_quoted_line_ends(std::span<const std::string_view> content) {
    std::string sql;
    for (const std::string_view line : content) {
        sql += line;
        sql += '\n';
    }
    return std::ranges::any_of(syntax::tokenize_sql(sql), [&](const syntax::SqlToken& token) {
        const bool quoted =
            token.kind == syntax::SqlTokenKind::String || token.kind == syntax::SqlTokenKind::QuotedName;
        return quoted && syntax::text_of(token, sql).find('\n') != std::string_view::npos;
    });
}

// Readers of engine values and of lists take any quote for the begin of a text.
bool holds_quotes(std::span<const std::string_view> content) {
    return std::ranges::any_of(
        content, [](std::string_view line) { return line.find_first_of("'\"`") != std::string_view::npos; });
}

// Texts for people or for the engine lose the indentation that their lines share when they are read, names
// all of it. Other values are read as they stand.
bool is_read_without_indentation(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames = {"DESCRIPTION", "FORWARD_QUERY", "SHARED_WITH", "SQL",
                                                        "TAGS"};
    return name.starts_with("ENGINE") || is_connector_directive(name) ||
           std::ranges::find(kNames, name) != kNames.end();
}

bool stays_as_written(const Formatting& formatting, const FormatUnit& unit,
                      std::span<const std::string_view> content) {
    const std::string_view name = canonical_name(*unit.directive);
    const bool several_lines = content.size() > 1;
    const bool sql = name == "SQL" || name == "FORWARD_QUERY";
    const bool minds_quotes = name.starts_with("ENGINE") || name == "SHARED_WITH" || name == "TAGS";
    return (several_lines && !is_read_without_indentation(name)) ||
           (several_lines && minds_quotes && holds_quotes(content)) ||
           (sql && holds_quoted_line_ends(content)) ||
           swallows_directives(formatting.file, *unit.directive, formatting.sources);
}

} // namespace

std::vector<std::string> text_block_lines(const Formatting& formatting, const FormatUnit& unit) {
    const std::vector<std::string_view> content = content_lines(formatting, unit);
    const bool as_written = stays_as_written(formatting, unit, content);
    const std::size_t shared = shared_indentation(content);
    const std::string_view prefix = content.empty() ? std::string_view() : content.front().substr(0, shared);
    std::vector<std::string> lines;
    bool blank = false;
    for (const DatafileLine& line : lines_below(formatting.file, unit)) {
        if (line.kind == LineKind::Blank) {
            blank = formatting.style == FormatStyle::Quoted && !lines.empty();
            continue;
        }
        if (std::exchange(blank, false)) {
            lines.emplace_back();
        }
        std::string_view text = text_of_line(line, formatting.sources);
        if (as_written) {
            lines.emplace_back(text);
            continue;
        }
        const bool shares = !content.empty() && text.starts_with(prefix);
        text = shares ? text.substr(shared) : trim(text);
        lines.push_back(std::string(kIndent) + std::string(without_trailing_blanks(text)));
    }
    return lines;
}

bool swallows_directives(const syntax::Datafile& file, const Directive& directive, const SourceMap& sources) {
    return directive.block && std::ranges::any_of(content_of(file, directive), [&](Span span) {
               const std::string_view line = sources.slice(span);
               return line.front() != ' ' && line.front() != '\t' &&
                      (find_swallowed(line, 0, directive, file.kind, syntax::Dialect::Forward) ||
                       find_swallowed(line, 0, directive, file.kind, syntax::Dialect::Classic) ||
                       is_directive_elsewhere(line, file));
           });
}

std::optional<Span> comment_in_column_line(const syntax::SchemaText& schema, Span line,
                                           const SourceMap& sources) {
    // The reader blanked the comment out: it begins where the two texts part.
    const std::string_view written = sources.slice(line);
    const std::string_view read =
        std::string_view(schema.text).substr(line.begin - schema.offset, written.size());
    const auto at = static_cast<std::uint32_t>(std::ranges::mismatch(written, read).in1 - written.begin());
    return at == written.size() ? std::nullopt : std::optional(Span{line.source, line.begin + at, line.end});
}

bool has_comments(const Formatting& formatting, const FormatUnit& unit) {
    return std::ranges::any_of(lines_below(formatting.file, unit),
                               [](const DatafileLine& line) { return line.kind == LineKind::Comment; });
}

} // namespace birdhouse::codec

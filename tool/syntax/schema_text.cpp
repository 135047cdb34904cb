#include "syntax/schema_text.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/datafile_words.hpp"
#include "syntax/swallowed.hpp"

#include <algorithm>
#include <optional>

namespace birdhouse::syntax {

namespace {

constexpr std::string_view kPathStart = "`json:";

// `--` in a line. The service cuts there and minds nothing but JSON paths: not strings, not quoted names.
struct Dashes {
    std::optional<std::size_t> in_quotes; // the first one there: surely not meant as a comment
    std::optional<std::size_t> comment;
};

Dashes find_dashes(std::string_view line) {
    Dashes found;
    if (line.find("--") == std::string_view::npos) {
        return found;
    }
    char quote = '\0';
    bool path = false;
    for (std::size_t i = 0; i < line.size() && !found.comment; ++i) {
        const char c = line[i];
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '`' || c == '\'' || c == '"') {
            quote = c;
            path = line.substr(i).starts_with(kPathStart);
        }
        if (c != '-' || !line.substr(i).starts_with("--") || (quote == '`' && path)) {
            continue;
        }
        if (quote == '\0') {
            found.comment = i;
        } else if (!found.in_quotes) {
            found.in_quotes = i;
        }
    }
    return found;
}

void blank_out(SchemaText& schema, std::size_t begin, std::size_t end) {
    std::fill(schema.text.begin() + static_cast<std::ptrdiff_t>(begin),
              schema.text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
}

// A `--` inside quotes is reported and then read as its author meant it: one slip, one message.
void blank_out_comment(SchemaText& schema, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
    const Dashes dashes = find_dashes(std::string_view(schema.text).substr(begin, end - begin));
    if (dashes.in_quotes) {
        const std::size_t at = begin + *dashes.in_quotes;
        diagnostics.add(codes::F148, schema.span(at, at + 2), "`--` cuts the line here, also inside quotes",
                        "write the text without it, such as concat('a-', '-b')");
    }
    if (dashes.comment) {
        blank_out(schema, begin + *dashes.comment, end);
    }
}

// Such a line is reported by the parser of the file; here it would only spoil the column above it.
bool is_swallowed(const Datafile& file, const Directive& directive, std::string_view text, std::size_t begin,
                  std::size_t end) {
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t first = skip_blanks(line);
    return first != line.size() &&
           find_swallowed(line, first, directive, file.kind, file.dialect).has_value();
}

SchemaText block_text(const Datafile& file, const Directive& directive, const SourceMap& sources,
                      Diagnostics& diagnostics) {
    const Span whole = value_span(file, directive);
    SchemaText schema{std::string(sources.slice(whole)), whole.source, whole.begin};
    for (const DatafileLine& line : lines_of(file, directive)) {
        if (line.span.begin < whole.begin || line.span.begin >= whole.end) {
            continue;
        }
        const std::size_t begin = line.span.begin - whole.begin;
        const std::size_t end = std::min<std::size_t>(begin + line.content_size, schema.text.size());
        const bool meant_as_column =
            line.kind == LineKind::Content && !is_swallowed(file, directive, schema.text, begin, end);
        if (meant_as_column) {
            blank_out_comment(schema, begin, end, diagnostics);
        } else {
            blank_out(schema, begin, end);
        }
    }
    return schema;
}

// On one line the service joins the words without blanks, so only a single quoted word keeps its sense.
SchemaText line_text(const Datafile& file, const Directive& directive, const SourceMap& sources,
                     Diagnostics& diagnostics) {
    Span value = value_span(file, directive);
    const std::string_view text = sources.slice(value);
    const bool quoted =
        directive.arguments.size() == 1 && text.size() >= 2 && (text.front() == '"' || text.front() == '\'');
    if (quoted) {
        ++value.begin;
        --value.end;
    } else if (directive.arguments.size() > 1) {
        diagnostics.add(
            codes::F106, directive.command, backquoted(directive.name) + " on one line loses its blanks",
            "write " + backquoted(directive.name + " >") + " and the columns on the lines below, indented");
    }
    SchemaText schema{std::string(sources.slice(value)), value.source, value.begin};
    blank_out_comment(schema, 0, schema.text.size(), diagnostics);
    return schema;
}

} // namespace

SchemaText schema_text(const Datafile& file, const Directive& directive, const SourceMap& sources,
                       Diagnostics& diagnostics) {
    if (directive.block ? directive.line_count == 1 : directive.arguments.empty()) {
        return {"", directive.command.source, directive.command.end};
    }
    return directive.block ? block_text(file, directive, sources, diagnostics)
                           : line_text(file, directive, sources, diagnostics);
}

std::string collapse_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    char quote = '\0';
    for (const char c : text) {
        const bool blank = quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"' || c == '`') {
            quote = c;
        }
        if (!blank) {
            out += c;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

} // namespace birdhouse::syntax

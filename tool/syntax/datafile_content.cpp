// What stands in a directive: its lines, its value, and the places of both.
#include "base/text.hpp"
#include "syntax/datafile.hpp"
#include "syntax/datafile_words.hpp"

namespace birdhouse::syntax {

std::span<const DatafileLine> lines_of(const Datafile& file, const Directive& directive) {
    return std::span(file.lines).subspan(directive.first_line, directive.line_count);
}

std::vector<Span> content_of(const Datafile& file, const Directive& directive) {
    std::vector<Span> content;
    content.reserve(directive.line_count);
    for (const DatafileLine& line : lines_of(file, directive)) {
        if (line.kind == LineKind::Content) {
            content.push_back({line.span.source, line.span.begin, line.span.begin + line.content_size});
        }
    }
    return content;
}

Span span_of(const Datafile& file, const Directive& directive) {
    std::uint32_t end = directive.arguments.empty() ? directive.command.end : directive.arguments.back().end;
    if (directive.block && directive.line_count > 1) {
        const DatafileLine& last = lines_of(file, directive).back();
        end = last.span.begin + last.content_size;
    }
    return {directive.command.source, directive.command.begin, end};
}

Span value_span(const Datafile& file, const Directive& directive) {
    if (directive.block) {
        const std::vector<Span> content = content_of(file, directive);
        return content.empty() ? directive.command
                               : Span{content.front().source, content.front().begin, content.back().end};
    }
    return directive.arguments.empty() ? directive.command
                                       : Span{directive.command.source, directive.arguments.front().begin,
                                              directive.arguments.back().end};
}

std::string value_of(const Datafile& file, const Directive& directive, const SourceMap& sources) {
    if (directive.block) {
        std::string text;
        for (const Span line : content_of(file, directive)) {
            text += sources.slice(line);
            text += '\n';
        }
        return std::string(trim(text));
    }
    std::vector<std::string_view> words;
    for (const Span word : directive.arguments) {
        words.push_back(sources.slice(word));
    }
    return unquoted_value(words);
}

std::string dump(const Datafile& file, const SourceMap& sources) {
    std::string out;
    for (const Directive& directive : file.directives) {
        out += directive.name;
        for (const Span argument : directive.arguments) {
            out += " [" + printable(sources.slice(argument)) + "]";
        }
        if (directive.block) {
            out += " >";
            for (const Span line : content_of(file, directive)) {
                out += "\n  |" + printable(sources.slice(line));
            }
        }
        if (directive.comment.known()) {
            out += " comment " + printable(sources.slice(directive.comment));
        }
        out += '\n';
    }
    return out;
}

} // namespace birdhouse::syntax

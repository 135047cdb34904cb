#include "codec/datafile_loss.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datasource_file.hpp"
#include "codec/engine_directives.hpp"
#include "codec/pipe_file.hpp"
#include "syntax/datafile.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::codec {

using syntax::DatafileKind;
using syntax::Dialect;

namespace {

// What a line of the generated text was written from.
struct Part {
    std::string subject; // "column `a`"
    Span origin;
    friend auto operator<=>(const Part&, const Part&) = default;
};

// A generated text and its reading, apart from the user's own files.
struct ReadBack {
    SourceMap sources;
    SourceId source = SourceId::None;
    Diagnostics diagnostics;

    explicit ReadBack(const std::string& text, std::string path = "generated")
        : source(sources.add(std::move(path), text)) {}

    std::string_view line_of(const Diagnostic& diagnostic) const {
        return trim(sources.line(source, sources.locate(source, diagnostic.labels.front().span.begin).line));
    }
};

Part part_of(const model::Column& column) {
    return {"column " + backquoted(column.name), column.origin.span};
}

bool is_line_of(const model::Column& column, std::string_view line) {
    return line.starts_with("`" + column.name + "` ") || line.starts_with("`" + column.name + "`,");
}

Part part_of_line(const model::Datasource& datasource, std::string_view line) {
    if (const auto column = std::ranges::find_if(
            datasource.columns, [&](const model::Column& each) { return is_line_of(each, line); });
        column != datasource.columns.end()) {
        return part_of(*column);
    }
    for (const model::Index& index : datasource.indexes) {
        if (line.starts_with(index.name + " ") || line.starts_with("INDEX " + index.name + " ")) {
            return {"index " + backquoted(index.name), index.origin.span};
        }
    }
    if (line.starts_with("ENGINE")) {
        return {"the engine", datasource.engine.origin.span};
    }
    return {"datasource " + backquoted(datasource.name), datasource.origin.span};
}

Part part_of_line(const model::Pipe& pipe, std::string_view) {
    return {"pipe " + backquoted(pipe.name), pipe.origin.span};
}

Part part_of_line(const model::Connection& connection, std::string_view line) {
    for (const model::Setting& setting : connection.settings) {
        if (line == setting.name || line.starts_with(setting.name + " ")) {
            return {backquoted(setting.name), setting.origin.span};
        }
    }
    return {"connection " + backquoted(connection.name), connection.origin.span};
}

// A text that is not closed spoils the columns below its own: the first one that reads otherwise is the
// cause.
Part cause_of(const model::Datasource& form, const std::optional<model::Datasource>& read,
              std::string_view line) {
    for (std::size_t i = 0; read && i < form.columns.size() && !is_line_of(form.columns[i], line); ++i) {
        if (i >= read->columns.size() || form.columns[i] != read->columns[i]) {
            return part_of(form.columns[i]);
        }
    }
    return part_of_line(form, line);
}

Part cause_of(const model::Pipe& form, const std::optional<model::Pipe>&, std::string_view line) {
    return part_of_line(form, line);
}

Part cause_of(const model::Connection& form, const std::optional<model::Connection>&, std::string_view line) {
    return part_of_line(form, line);
}

Span known_or(Span span, Span other) { return span.known() ? span : other; }

void report(Diagnostics& diagnostics, const Part& part, Span resource, const std::string& reason,
            std::string help) {
    diagnostics.add(codes::F200, known_or(part.origin, resource),
                    part.subject + " cannot be written into a datafile: " + reason, std::move(help));
}

// Errors of reading, each at the part of the definition its line was written from; one a part.
template <class Resource>
void report_reading_errors(const ReadBack& back, const std::optional<Resource>& read, const Resource& form,
                           Diagnostics& diagnostics) {
    std::set<Part> reported;
    for (const Diagnostic& diagnostic : back.diagnostics.all()) {
        if (diagnostic.code->severity != Severity::Error) {
            continue;
        }
        const Part part = cause_of(form, read, back.line_of(diagnostic));
        if (reported.insert(part).second) {
            report(diagnostics, part, form.origin.span, diagnostic.message, diagnostic.help);
        }
    }
}

// The service's tools replace `$NAME` in values on one line from the environment of whoever deploys.
bool holds_variable(std::string_view value) {
    for (std::size_t at = value.find('$'); at != std::string_view::npos && at + 1 < value.size();
         at = value.find('$', at + 1)) {
        const char next = value[at + 1];
        if (next == '{' || next == '$' || next == '_' || (next >= 'a' && next <= 'z') ||
            (next >= 'A' && next <= 'Z')) {
            return true;
        }
    }
    return false;
}

template <class Resource>
bool report_variables(const ReadBack& back, DatafileKind kind, const Resource& form,
                      Diagnostics& diagnostics) {
    if (back.sources.text(back.source).find('$') == std::string_view::npos) {
        return false;
    }
    Diagnostics ignored; // reported by the reader already
    const syntax::Datafile file = parse_datafile(back.source, back.sources, kind, ignored);
    bool found = false;
    for (const syntax::Directive& directive : file.directives) {
        const bool text = directive.block || directive.name == "DESCRIPTION";
        if (!text && holds_variable(value_of(file, directive, back.sources))) {
            found = true;
            report(diagnostics, part_of_line(form, directive.name), form.origin.span,
                   "the `$` in " + backquoted(value_of(file, directive, back.sources)) +
                       " stands for a variable of the environment",
                   "write the value without `$`");
        }
    }
    return found;
}

void report_difference(Diagnostics& diagnostics, const Part& part, Span resource, std::string_view meant,
                       std::string_view read) {
    report(diagnostics, part, resource,
           backquoted(shorten(meant, 60)) + " would read back as " + backquoted(shorten(read, 60)),
           "write it in another way");
}

// What a column says, in one text.
std::string column_text(const model::Column& column) {
    std::string text = column.name + " " + column.type;
    text += column.json_path ? " json:" + *column.json_path : "";
    text += column.default_expression ? " DEFAULT " + *column.default_expression : "";
    text += column.materialized ? " MATERIALIZED " + *column.materialized : "";
    return text + (column.codec ? " CODEC(" + *column.codec + ")" : "");
}

void report_differences(const model::Datasource& form, const model::Datasource& read,
                        Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.errors();
    for (std::size_t i = 0; i < form.columns.size(); ++i) {
        const model::Column& column = form.columns[i];
        if (i >= read.columns.size() || read.columns[i] != column) {
            report_difference(diagnostics, part_of(column), form.origin.span, column_text(column),
                              i < read.columns.size() ? column_text(read.columns[i]) : "");
        }
    }
    for (const EngineDirective& directive : engine_directives()) {
        const std::string& meant = form.engine.*directive.field;
        if (const std::string& got = read.engine.*directive.field; got != meant) {
            report_difference(diagnostics, {backquoted(directive.name), form.engine.origin.span},
                              form.origin.span, meant, got);
        }
    }
    if (diagnostics.errors() == before) {
        report(diagnostics, part_of_line(form, ""), form.origin.span,
               "its tokens, tags, indexes or texts would read back otherwise",
               "use no quotes, commas or `#` in names, and no line that begins with `#` in a query");
    }
}

void report_differences(const model::Pipe& form, const model::Pipe& read, Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.errors();
    for (std::size_t i = 0; i < form.nodes.size(); ++i) {
        const model::Node& node = form.nodes[i];
        const Part part{"node " + backquoted(node.name), node.origin.span};
        if (i >= read.nodes.size() || read.nodes[i].name != node.name) {
            report_difference(diagnostics, part, form.origin.span, node.name,
                              i < read.nodes.size() ? read.nodes[i].name : "");
            continue;
        }
        const auto meant = split(node.sql, '\n');
        const auto got = split(read.nodes[i].sql, '\n');
        const auto [differs, instead] = std::ranges::mismatch(meant, got);
        if (differs != meant.end() && trim(*differs).starts_with('#')) {
            report(diagnostics, part, form.origin.span,
                   "the line " + backquoted(shorten(trim(*differs), 40)) + " of its SQL would be lost",
                   "write comments with `--`: datafiles drop lines with `#`");
        } else if (differs != meant.end() || instead != got.end()) {
            report_difference(diagnostics, part, form.origin.span, differs == meant.end() ? "" : *differs,
                              instead == got.end() ? "" : *instead);
        }
    }
    if (diagnostics.errors() == before) {
        report(diagnostics, part_of_line(form, ""), form.origin.span,
               "its tokens, tags or settings would read back otherwise",
               "use no quotes, commas or `#` in names and settings");
    }
}

// Values of connections are credentials more often than not: none is printed.
void report_differences(const model::Connection& form, const model::Connection& read,
                        Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < form.settings.size(); ++i) {
        if (i >= read.settings.size() || !(read.settings[i] == form.settings[i])) {
            report(diagnostics, part_of_line(form, form.settings[i].name), form.origin.span,
                   "its value would read back otherwise",
                   "write it without `#`, quotes and blanks at its ends");
        }
    }
    if (read.description != form.description || read.type != form.type) {
        report(diagnostics, part_of_line(form, ""), form.origin.span,
               "its type or description would read back otherwise", "write them in another way");
    }
}

template <class Resource>
bool prove(const ReadBack& back, const std::optional<Resource>& read, DatafileKind kind, const Resource& form,
           Diagnostics& diagnostics) {
    const bool depends_on_environment = report_variables(back, kind, form, diagnostics);
    if (!read || back.diagnostics.has_errors()) {
        report_reading_errors(back, read, form, diagnostics);
        return false;
    }
    if (!(*read == form)) {
        report_differences(form, *read, diagnostics);
        return false;
    }
    return !depends_on_environment;
}

} // namespace

bool holds_all(const std::string& text, const model::Datasource& form, Dialect dialect,
               Diagnostics& diagnostics) {
    ReadBack back(text);
    const auto read = read_datasource_file(back.source, form.name, back.sources, back.diagnostics, dialect);
    return prove(back, read, DatafileKind::Datasource, form, diagnostics);
}

bool holds_all(const std::string& text, const model::Pipe& form, Dialect dialect, Diagnostics& diagnostics) {
    ReadBack back(text);
    const auto read = read_pipe_file(back.source, form.name, back.sources, back.diagnostics, dialect);
    return prove(back, read, DatafileKind::Pipe, form, diagnostics);
}

bool holds_all(const std::string& text, const model::Connection& form, Dialect dialect,
               Diagnostics& diagnostics) {
    ReadBack back(text);
    const syntax::Datafile file =
        parse_datafile(back.source, back.sources, DatafileKind::Connection, back.diagnostics, dialect);
    const auto read = read_connection_file(file, form.name, back.sources, back.diagnostics);
    return prove(back, read, DatafileKind::Connection, form, diagnostics);
}

bool reads(const std::string& text, const std::string& path, DatafileKind kind, Dialect dialect, Span origin,
           Diagnostics& diagnostics) {
    ReadBack back(text, path);
    if (kind == DatafileKind::Connection) {
        read_connection_file(parse_datafile(back.source, back.sources, kind, back.diagnostics, dialect), path,
                             back.sources, back.diagnostics);
    } else if (kind == DatafileKind::Pipe) {
        read_pipe_file(back.source, path, back.sources, back.diagnostics, dialect);
    } else {
        read_datasource_file(back.source, path, back.sources, back.diagnostics, dialect);
    }
    if (!back.diagnostics.has_errors()) {
        return true;
    }
    const Diagnostic& first = *std::ranges::find(back.diagnostics.all(), Severity::Error,
                                                 [](const Diagnostic& each) { return each.code->severity; });
    diagnostics.add(codes::F203, origin,
                    "its template makes a datafile that does not read: " + first.message + ", in the line " +
                        backquoted(shorten(back.line_of(first), 60)),
                    "mend the template; " + (first.help.empty() ? "the line is the template's" : first.help));
    return false;
}

} // namespace birdhouse::codec

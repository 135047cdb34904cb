// Datafiles as a lossless tree: every byte of the text belongs to exactly one line, every line either stands
// alone (blank, comment, something unreadable) or belongs to one directive. Texts are spans into the source.
// What the directives mean together is not known here.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "syntax/directives.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::syntax {

enum class LineKind {
    Blank,
    Comment,   // only a `#` comment
    Directive, // a directive, or the opening line of its block
    Content,   // text of a block
    Stray,     // neither: outside of any block, and not a directive
};

struct DatafileLine {
    LineKind kind = LineKind::Blank;
    Span span;                      // with its line end
    std::uint32_t content_size = 0; // bytes before the line end
};

struct Directive {
    const DirectiveRule* rule = nullptr; // null: a word no dialect knows
    std::string name;                    // upper case
    Span command;
    std::vector<Span>
        arguments; // words as written, with their quotes; of a block only what is dropped behind `>`
    Span comment;  // behind the words of the opening line; empty when there is none
    bool block = false;
    std::uint32_t first_line = 0; // index into Datafile::lines
    std::uint32_t line_count = 1; // up to the last line of content: blank lines behind it stand alone
};

struct Datafile {
    SourceId source = SourceId::None;
    DatafileKind kind = DatafileKind::Datasource;
    Dialect dialect = Dialect::Forward;
    bool byte_order_mark = false; // the first three bytes; part of the first line
    std::vector<DatafileLine> lines;
    std::vector<Directive> directives;
};

// The whole tree even when there are problems. Text that is not UTF-8 or holds NUL bytes gives an empty tree.
Datafile parse_datafile(SourceId source, const SourceMap& sources, DatafileKind kind,
                        Diagnostics& diagnostics, Dialect dialect = Dialect::Forward);

std::span<const DatafileLine> lines_of(const Datafile& file, const Directive& directive);
// The lines of a block without their line ends; blank and comment lines are no content, as for the service.
std::vector<Span> content_of(const Datafile& file, const Directive& directive);
// From the command to the end of the last word or content line.
Span span_of(const Datafile& file, const Directive& directive);
// The arguments as one value, unquoted; of a block its content, trimmed at both ends.
std::string value_of(const Datafile& file, const Directive& directive, const SourceMap& sources);
// Where the value stands; the command when there is none.
Span value_span(const Datafile& file, const Directive& directive);

// "one directive a line" text of the tree, for tests and for people who look into it.
std::string dump(const Datafile& file, const SourceMap& sources);

} // namespace birdhouse::syntax

// The lines of a block in canonical form: texts indented as one, columns and indexes one a line, comments
// where they stood.
#pragma once

#include "codec/datafile_formatter.hpp"
#include "codec/datafile_formatter_units.hpp"
#include "syntax/schema_columns.hpp"
#include "syntax/schema_text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// A datafile while it is laid out.
struct Formatting {
    const syntax::Datafile& file;
    const SourceMap& sources;
    FormatStyle style;
};

// Each without its line end. `unit` is a directive with a block.
std::vector<std::string> text_block_lines(const Formatting& formatting, const FormatUnit& unit);
// SCHEMA and INDEXES, also when they stand on one line.
std::vector<std::string> schema_lines(const Formatting& formatting, const FormatUnit& unit);
std::vector<std::string> index_lines(const Formatting& formatting, const FormatUnit& unit);

// Does a line at the margin of the block read like a directive that is misspelt, or of the other dialect?
// Such a block is better left as it is: indenting the line would hide it for good.
bool swallows_directives(const syntax::Datafile& file, const syntax::Directive& directive,
                         const SourceMap& sources);
// Is there a `#` line in the block or below it?
bool has_comments(const Formatting& formatting, const FormatUnit& unit);

// What `--` begins in a line of a SCHEMA, up to the end of the line.
std::optional<Span> comment_in_column_line(const syntax::SchemaText& schema, Span line,
                                           const SourceMap& sources);
// `name` Type `json:$.path` DEFAULT expression CODEC(codec)
std::string column_text(const syntax::SchemaColumn& column);

} // namespace birdhouse::codec

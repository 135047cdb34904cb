// A datafile cut into what the formatter moves as one: a directive with its block and the comments that are
// about it, or a line that the dialect does not know.
#pragma once

#include "syntax/datafile.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace birdhouse::codec {

// `#` lines without a blank line between them.
struct CommentParagraph {
    std::vector<std::string> lines; // from their `#`
    bool blank_above = false;
    bool blank_below = false;
};

struct FormatUnit {
    const syntax::Directive* directive = nullptr; // null: a line of another dialect
    std::size_t index = 0;                        // of the directive in the file
    std::uint32_t first_line = 0;
    std::uint32_t end_line = 0; // behind the last line, comments inside of the block's indentation included
    bool blank_above = false;
    std::vector<CommentParagraph> above;
    std::vector<CommentParagraph> below; // glued to its last line, with a blank line below
};

struct FormatUnits {
    std::vector<CommentParagraph> header; // about the file: above the first directive and apart from it
    std::vector<FormatUnit> units;        // as they stand in the file
    std::vector<CommentParagraph> footer;
};

FormatUnits collect_units(const syntax::Datafile& file, const SourceMap& sources);

// The lines of its block, comments among and below them included.
std::span<const syntax::DatafileLine> lines_below(const syntax::Datafile& file, const FormatUnit& unit);

// The text of a line without its line end.
std::string_view text_of_line(const syntax::DatafileLine& line, const SourceMap& sources);

} // namespace birdhouse::codec

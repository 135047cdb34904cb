// The text of a SCHEMA as its grammar sees it: comments are blanked out byte for byte, so that a place in it
// plus `offset` is a place in the file.
#pragma once

#include "base/diagnostic.hpp"
#include "syntax/datafile.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::syntax {

struct SchemaText {
    std::string text;
    SourceId source = SourceId::None;
    std::uint32_t offset = 0;

    Span span(std::size_t begin, std::size_t end) const {
        return {source, offset + static_cast<std::uint32_t>(begin), offset + static_cast<std::uint32_t>(end)};
    }
};

SchemaText schema_text(const Datafile& file, const Directive& directive, const SourceMap& sources,
                       Diagnostics& diagnostics);

// Runs of blanks outside quotes become one blank: lines have no meaning in a schema.
std::string collapse_blanks(std::string_view text);

} // namespace birdhouse::syntax

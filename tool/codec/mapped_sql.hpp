// SQL that remembers where it comes from: every stretch of it points at the bytes of a definition or datafile
// that it was made of, through rendering and composition, so that an error in the end leads to the beginning.
#pragma once

#include "base/source.hpp"
#include "model/pipe.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// [offset, offset + length) of the SQL. A source as long as the piece is walked byte by byte with it; any
// other was turned into the piece as a whole (a template's tag, a name that became a subquery).
struct SqlPiece {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    Span source;
    friend bool operator==(const SqlPiece&, const SqlPiece&) = default;
};

struct MappedSql {
    std::string sql;
    std::vector<SqlPiece> pieces; // by offset, never overlapping

    void append(std::string_view text, Span source);
    // The bytes [begin, end) of another text with their sources.
    void append(const MappedSql& other, std::size_t begin, std::size_t end);
    // Where the bytes [begin, end) come from; unknown when nothing before them has a source.
    Span source_of(std::size_t begin, std::size_t end) const;
};

// The SQL of a node as written, line by line.
MappedSql written_sql(const model::Node& node);

} // namespace birdhouse::codec

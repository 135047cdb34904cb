#include "codec/mapped_sql.hpp"

#include <algorithm>

namespace birdhouse::codec {

namespace {

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

bool is_copied(const SqlPiece& piece) { return piece.source.end - piece.source.begin == piece.length; }

// The part of a piece that lies in [begin, end).
SqlPiece clip(const SqlPiece& piece, std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t from = std::max(piece.offset, begin);
    const std::uint32_t to = std::min(piece.offset + piece.length, end);
    SqlPiece part{from, to - from, piece.source};
    if (is_copied(piece)) {
        part.source.begin += from - piece.offset;
        part.source.end = part.source.begin + part.length;
    }
    return part;
}

} // namespace

void MappedSql::append(std::string_view text, Span source) {
    if (source.known() && !text.empty()) {
        pieces.push_back({narrow(sql.size()), narrow(text.size()), source});
    }
    sql += text;
}

void MappedSql::append(const MappedSql& other, std::size_t begin, std::size_t end) {
    const auto ends_before = [](const SqlPiece& piece, std::size_t at) {
        return piece.offset + piece.length <= at;
    };
    auto piece = std::lower_bound(other.pieces.begin(), other.pieces.end(), begin, ends_before);
    for (; piece != other.pieces.end() && piece->offset < end; ++piece) {
        SqlPiece part = clip(*piece, narrow(begin), narrow(end));
        part.offset = narrow(part.offset - begin + sql.size());
        pieces.push_back(part);
    }
    sql.append(other.sql, begin, end - begin);
}

Span MappedSql::source_of(std::size_t begin, std::size_t end) const {
    const auto starts_after = [](std::size_t at, const SqlPiece& piece) { return at < piece.offset; };
    auto next = std::upper_bound(pieces.begin(), pieces.end(), begin, starts_after);
    if (next == pieces.begin()) {
        return {};
    }
    const SqlPiece& piece = *--next;
    if (begin >= piece.offset + piece.length) { // a line end, or the end of the text
        return {piece.source.source, piece.source.end, piece.source.end};
    }
    return clip(piece, narrow(begin), narrow(std::max(begin + 1, end))).source;
}

MappedSql written_sql(const model::Node& node) {
    MappedSql out;
    out.sql = node.sql;
    std::size_t begin = 0;
    for (const Origin& line : node.line_origins) {
        const std::size_t end = std::min(node.sql.find('\n', begin), node.sql.size());
        if (end > begin && line.span.known()) {
            out.pieces.push_back({narrow(begin), narrow(end - begin), line.span});
        }
        begin = std::min(end + 1, node.sql.size());
    }
    if (node.line_origins.empty() && node.origin.span.known() && !node.sql.empty()) {
        out.pieces.push_back({0, narrow(node.sql.size()), node.origin.span});
    }
    return out;
}

} // namespace birdhouse::codec

// Texts that were read, and places in them. Places are byte offsets; line and column exist only when
// something is printed, so that trees stay small and survive template expansion.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse {

enum class SourceId : std::uint32_t { None = UINT32_MAX };

// Half-open range of bytes [begin, end) in one source.
struct Span {
    SourceId source = SourceId::None;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    bool known() const { return source != SourceId::None; }
    friend auto operator<=>(const Span&, const Span&) = default;
};

// Where a model value was read from. All origins compare equal, so that models compare by meaning:
// a column read from line 4 equals the same column read from line 9.
struct Origin {
    Span span;
    friend bool operator==(const Origin&, const Origin&) { return true; }
};

// Both count from 1; the column counts Unicode code points, as editors do.
struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    friend auto operator<=>(const LineColumn&, const LineColumn&) = default;
};

class SourceMap {
public:
    // `path` is shown to people as it is given here. Texts over 4 GiB are cut by the caller's size limit.
    SourceId add(std::string path, std::string text);

    std::size_t size() const { return sources_.size(); }
    std::string_view path(SourceId id) const;
    std::string_view text(SourceId id) const;
    std::string_view slice(Span span) const;
    LineColumn locate(SourceId id, std::uint32_t offset) const;
    // The text of a line (counted from 1) without its line end.
    std::string_view line(SourceId id, std::uint32_t number) const;
    Span whole(SourceId id) const;

private:
    struct Source {
        std::string path;
        std::string text;
        std::vector<std::uint32_t> line_starts;
    };
    const Source& at(SourceId id) const;

    std::deque<Source> sources_; // growing it moves no text: views into sources stay valid
};

} // namespace birdhouse

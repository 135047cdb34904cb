#include "base/source.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cassert>

namespace birdhouse {

SourceId SourceMap::add(std::string path, std::string text) {
    Source source{std::move(path), std::move(text), {0}};
    for (std::size_t feed = source.text.find('\n'); feed != std::string::npos;
         feed = source.text.find('\n', feed + 1)) {
        source.line_starts.push_back(static_cast<std::uint32_t>(feed + 1));
    }
    sources_.push_back(std::move(source));
    return static_cast<SourceId>(sources_.size() - 1);
}

const SourceMap::Source& SourceMap::at(SourceId id) const {
    const auto index = static_cast<std::size_t>(id);
    assert(index < sources_.size());
    return sources_[index];
}

std::string_view SourceMap::path(SourceId id) const { return at(id).path; }

std::string_view SourceMap::text(SourceId id) const { return at(id).text; }

std::string_view SourceMap::slice(Span span) const {
    const std::string_view all = text(span.source);
    const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
    const std::size_t end = std::clamp<std::size_t>(span.end, begin, all.size());
    return all.substr(begin, end - begin);
}

LineColumn SourceMap::locate(SourceId id, std::uint32_t offset) const {
    const Source& source = at(id);
    const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
    const auto line = static_cast<std::uint32_t>(after - source.line_starts.begin());
    const std::uint32_t start = source.line_starts[line - 1];
    const std::size_t end = std::min<std::size_t>(offset, source.text.size());
    const std::string_view before =
        std::string_view(source.text).substr(start, end - std::min<std::size_t>(start, end));
    return {line, static_cast<std::uint32_t>(count_code_points(before)) + 1};
}

std::string_view SourceMap::line(SourceId id, std::uint32_t number) const {
    const Source& source = at(id);
    if (number == 0 || number > source.line_starts.size()) {
        return {};
    }
    const std::size_t begin = source.line_starts[number - 1];
    std::size_t end = number < source.line_starts.size() ? source.line_starts[number] : source.text.size();
    while (end > begin && (source.text[end - 1] == '\n' || source.text[end - 1] == '\r')) {
        --end;
    }
    return std::string_view(source.text).substr(begin, end - begin);
}

Span SourceMap::whole(SourceId id) const { return {id, 0, static_cast<std::uint32_t>(text(id).size())}; }

} // namespace birdhouse

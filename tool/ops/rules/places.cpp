#include "ops/rules/places.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

bool is_word_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

Span part_of(Span whole, std::size_t begin, std::size_t length) {
    const auto from = static_cast<std::uint32_t>(whole.begin + begin);
    return {whole.source, from, from + static_cast<std::uint32_t>(length)};
}

// Datafiles have the directive at the beginning of a line, definitions the key before a colon.
std::size_t find_field(std::string_view text, std::string_view field) {
    const std::string lowered = to_lower_ascii(text);
    const std::string wanted = to_lower_ascii(field);
    for (std::size_t at = find_whole_word(lowered, wanted); at != std::string_view::npos;
         at = find_whole_word(lowered, wanted, at + 1)) {
        const std::size_t line =
            text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
        const std::size_t end = at + field.size();
        const bool is_key = end < text.size() && text[end] == ':';
        if (is_key || trim(text.substr(line, at - line)).empty()) {
            return at;
        }
    }
    return std::string_view::npos;
}

} // namespace

std::size_t find_whole_word(std::string_view text, std::string_view word, std::size_t from) {
    for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_word_part(text[at - 1]);
        if (begins && (end == text.size() || !is_word_part(text[end]))) {
            return at;
        }
    }
    return std::string_view::npos;
}

Span place_of_word(Span within, std::string_view word, const SourceMap& sources) {
    if (!within.known() || word.empty()) {
        return within;
    }
    const std::size_t at = find_whole_word(sources.slice(within), word);
    return at == std::string_view::npos ? within : part_of(within, at, word.size());
}

Span place_in_index(const model::Index& index, std::string_view word, const SourceMap& sources) {
    const Span origin = index.origin.span;
    if (!origin.known() || !sources.path(origin.source).ends_with(".yaml")) {
        return place_of_word(origin, word, sources);
    }
    // The place of a definition's index is that of its name; the other keys stand near it.
    constexpr std::uint32_t kNear = 500;
    const Span near{origin.source, origin.begin,
                    std::min(origin.begin + kNear, sources.whole(origin.source).end)};
    const Span found = place_of_word(near, word, sources);
    return found == near ? origin : found;
}

Span place_in_engine(const model::Datasource& datasource, std::string_view field, std::string_view word,
                     const SourceMap& sources) {
    const Span engine = datasource.engine.origin.span;
    Span within = engine.known() ? engine : datasource.origin.span;
    if (!within.known()) {
        return within;
    }
    // A definition's engine is a map that begins here, a datafile's a line like the others.
    const Span whole = sources.whole(within.source);
    within =
        sources.path(within.source).ends_with(".yaml") ? Span{whole.source, within.begin, whole.end} : whole;
    const std::string_view text = sources.slice(within);
    const std::size_t begin = find_field(text, field);
    if (begin == std::string_view::npos) {
        return engine.known() ? engine : datasource.origin.span;
    }
    const std::size_t found = word.empty() ? begin : find_whole_word(text, word, begin + field.size());
    return found == std::string_view::npos || word.empty() ? part_of(within, begin, field.size())
                                                           : part_of(within, found, word.size());
}

} // namespace birdhouse::ops

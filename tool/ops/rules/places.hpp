// Places of things that the model keeps without one, found again in the source when there is something to say
// about them.
#pragma once

#include "base/source.hpp"
#include "model/datasource.hpp"

#include <cstddef>
#include <string_view>

namespace birdhouse::ops {

// Offset of `word` in `text` where neither neighbour is a letter, a digit or `_`; npos when there is none.
std::size_t find_whole_word(std::string_view text, std::string_view word, std::size_t from = 0);

// The first `word` inside of `within`; `within` when it does not stand there.
Span place_of_word(Span within, std::string_view word, const SourceMap& sources);

// `word` in the expression of an index.
Span place_in_index(const model::Index& index, std::string_view word, const SourceMap& sources);

// `word` in the value of an engine's field (`ENGINE_SORTING_KEY`, `sorting_key`); the field when the word
// does not stand there as such, the engine or the datasource when the field does not.
Span place_in_engine(const model::Datasource& datasource, std::string_view field, std::string_view word,
                     const SourceMap& sources);

} // namespace birdhouse::ops

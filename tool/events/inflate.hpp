// gzip and zstd, read in small pieces: memory does not grow with the input.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace birdhouse::events {

enum class Packing { None, Gzip, Zstd };

inline constexpr std::size_t kPackingMark = 4; // bytes of an input that tell its packing
Packing packing_of(std::string_view start);

// Fewer bytes than asked for: the end.
using ReadBytes = std::function<std::size_t(char* into, std::size_t most)>;
// False: no more is wanted.
using WriteBytes = std::function<bool(std::string_view bytes)>;

// What is wrong with the packed bytes; empty when nothing is. Several packed streams behind one another are
// one text, as for `zcat`.
std::string_view inflate(Packing packing, const ReadBytes& read, const WriteBytes& write);

} // namespace birdhouse::events

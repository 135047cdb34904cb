// A JSON array of events as lines, one element each: byte by byte, so that an array of any length takes no
// memory. What an element holds is not looked at, but for where it ends.
#pragma once

#include "events/inflate.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace birdhouse::events {

// Does an input that begins so hold an array, not lines?
bool begins_array(std::string_view start);

class ArrayLines {
public:
    // `array` gives the bytes of the array from its start on.
    explicit ArrayLines(ReadBytes array) : array_(std::move(array)) {}

    // The lines' bytes; fewer than asked for at the end. An array that breaks off ends in a line without its
    // line end, and what stands behind an array is a line of its own: neither reads as an event.
    std::size_t read(char* into, std::size_t most);

private:
    enum class At : std::uint8_t { BeforeArray, BetweenElements, Element, AfterArray };

    void take(char byte);
    void take_inside(char byte);

    ReadBytes array_;
    std::string lines_; // not yet handed on
    std::size_t given_ = 0;
    At at_ = At::BeforeArray;
    std::uint64_t depth_ = 0; // of brackets inside of the element
    bool in_text_ = false;
    bool escaped_ = false;
    bool ended_ = false;
};

} // namespace birdhouse::events

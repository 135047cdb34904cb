// What the small parsers of this layer give back: the tree, or one fault with its place in the text.
// They stop at the first fault: their texts are one line long, and the caller knows where the line stands.
#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace birdhouse::syntax {

struct SyntaxFault {
    std::size_t offset = 0; // bytes from the start of the parsed text
    std::string message;    // lower case, one line, no full stop
    std::string help;       // may be empty
    friend bool operator==(const SyntaxFault&, const SyntaxFault&) = default;
};

template <class Tree>
using Parsed = std::variant<Tree, SyntaxFault>;

template <class Tree>
const SyntaxFault* fault_of(const Parsed<Tree>& parsed) {
    return std::get_if<SyntaxFault>(&parsed);
}

} // namespace birdhouse::syntax

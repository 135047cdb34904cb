// Problems with their places as people and programs count them: what every report but the text is made of.
#pragma once

#include "base/diagnostic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

// Lines and columns count from 1, columns in code points; the end is the column behind the last character.
struct ProblemPlace {
    std::string file; // as the source map has it
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    std::uint32_t end_line = 1;
    std::uint32_t end_column = 1;
};

struct RelatedPlace {
    ProblemPlace place;
    std::string text;
};

struct PlacedProblem {
    const Code* code = nullptr;
    std::string message;
    std::string help;
    std::optional<ProblemPlace> place;
    std::vector<RelatedPlace> related; // the labels behind the first
};

// In the order in which the text report prints them.
std::vector<PlacedProblem> place_problems(const Diagnostics& problems, const SourceMap& sources);

} // namespace birdhouse::ops

// The tree of a template, with everything that is wrong with it.
#pragma once

#include "syntax/template.hpp"

#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct TemplateProblems {
    std::vector<TemplateError> reading;
    std::vector<TemplateError> compiling;

    const TemplateError* first() const {
        return !reading.empty() ? &reading.front() : !compiling.empty() ? &compiling.front() : nullptr;
    }
};

// `tree` has its dialect and text; the rest is filled in. `name` stands for the text in messages.
TemplateProblems parse_into(Template& tree, std::string_view name);

} // namespace birdhouse::syntax

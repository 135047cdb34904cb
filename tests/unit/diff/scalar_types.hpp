// The scalar types that the classifier is tried with: one a line of a file.
#pragma once

#include "base/text.hpp"
#include "support/golden.hpp"

#include <string>
#include <vector>

namespace birdhouse::testing {

inline std::vector<std::string> scalar_types(const std::filesystem::path& file) {
    std::vector<std::string> types;
    const std::string text = read_text(file);
    for (const std::string_view line : split(text, '\n')) {
        if (!line.empty()) {
            types.emplace_back(line);
        }
    }
    return types;
}

} // namespace birdhouse::testing

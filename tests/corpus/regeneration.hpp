// A project imported, generated and read back: what `init --from`, `generate` and a reading of the result say
// together.
#pragma once

#include "ops/project.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace birdhouse::corpus {

struct Regenerated {
    model::Project project; // as the generated datafiles say it, and those that stayed datafiles
    std::size_t kept = 0;   // that stayed datafiles, because no definition can say what they say
    std::string failure;    // empty when every step was taken
};

// `open` is a project of datafiles; `folder` does not exist yet.
Regenerated regenerate(const ops::OpenProject& open, const std::filesystem::path& folder, bool groups);

} // namespace birdhouse::corpus

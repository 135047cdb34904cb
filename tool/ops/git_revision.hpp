#pragma once

#include <filesystem>
#include <string>

namespace birdhouse::ops {

// The commit that HEAD names in the repository round `folder`, read from its files; empty when there is none.
std::string git_revision(const std::filesystem::path& folder);

} // namespace birdhouse::ops

// The output folder of `generate`: what stands there, what is ours, and how it comes up to date.
#pragma once

#include "base/result.hpp"
#include "ops/generate.hpp"

#include <filesystem>
#include <vector>

namespace birdhouse::ops {

// Fills in files and strangers of `report`; writes and removes in Write mode. Refuses before the first write
// when a wanted file would replace one that is not ours.
Result<void> bring_up_to_date(const std::vector<RenderedFile>& wanted, const std::filesystem::path& output,
                              GenerateReport& report);

} // namespace birdhouse::ops

// The next version of an endpoint, beside the one that consumers know. The old one keeps its published name,
// its text and its contract, and gets a date from which on it may be gone.
#pragma once

#include "base/date.hpp"
#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <string>
#include <vector>

namespace birdhouse::ops {

inline constexpr int kDaysKept = 90; // when no date is given

struct BumpRequest {
    std::string name; // of the pipe, or of its latest version as it is published
    std::string from; // a git revision that holds the old text; empty: the file holds it still
    Date deprecated;  // the first day on which the old version may be gone
};

struct BumpedFile {
    std::string path; // in the project's folder
    std::string text;
};

// What is to be written, and what for.
struct BumpPlan {
    model::PipeVersion old_version;
    model::PipeVersion new_version;
    Date deprecated;
    bool is_definition = false; // else a datafile
    BumpedFile kept;            // the old version
    BumpedFile begun;           // the new one
    BumpedFile contract;        // of the old one, with its date
};

// Reads, and writes nothing. Refuses when the old text breaks the contract that it is to keep: each break is
// reported.
Result<BumpPlan> plan_bump(OpenProject& open, const Session& session, const BumpRequest& request,
                           Diagnostics& problems);
Result<void> write_bump(const BumpPlan& plan, const std::filesystem::path& folder);

std::string render_text(const BumpPlan& plan);
std::string render_json(const BumpPlan& plan);

} // namespace birdhouse::ops

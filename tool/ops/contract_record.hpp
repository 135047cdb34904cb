// Contracts of endpoints, written down: what the engine says they return, what their templates take. A
// recorded promise is not broken by recording another over it, unless that is what was asked for.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/generate.hpp"
#include "ops/project.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct RecordRequest {
    std::vector<std::string> names; // of pipes: all versions, or one by its published name; empty: all
    GenerateMode mode = GenerateMode::Write;
    bool accept_breaking = false;
};

struct RecordReport {
    GenerateMode mode = GenerateMode::Write;
    std::vector<GeneratedFile> files; // by path
    bool breaks = false;              // a promise would be broken: nothing was written
    bool incomplete = false;          // the project has errors: nothing was written

    bool out_of_date() const;
};

// The endpoints that are meant. An Error names what is no endpoint.
Result<std::vector<const model::Pipe*>> choose_endpoints(const model::Project& project,
                                                         const std::vector<std::string>& names);

// Codes of contract_check.hpp, F383, and what the engine says of the project. The Error says that no engine
// can be had, or that a file cannot be written.
Result<RecordReport> record_contracts(const OpenProject& open, const std::filesystem::path& folder,
                                      target::TargetOpener& engine, const RecordRequest& request,
                                      Diagnostics& problems);

std::string render_text(const RecordReport& report);
std::string render_json(const RecordReport& report);

} // namespace birdhouse::ops

// What changed between two states of a project, each a folder or a git revision, and who breaks.
#pragma once

#include "base/result.hpp"
#include "codec/assessed_change.hpp"
#include "model/schema.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct DiffRequest {
    std::string from;          // a folder, a revision or `target:NAME`, a workspace; empty: HEAD
    std::string to;            // the same; empty: the project's folder as it is
    bool use_engine = true;    // to find out who reads a column; by names alone otherwise
    bool from_nothing = false; // a folder without a project is an earlier state, too: an empty one
    // Columns that were renamed, beside those whose definitions say so.
    std::vector<model::ColumnRename> renames = {};
};

struct DiffSide {
    std::string name;             // `HEAD`, `before/`, "the working folder"
    std::string commit;           // in full; empty for a folder
    std::string prefix;           // that makes a path of this side one that can be opened: `HEAD:`, `before/`
    bool has_config = false;      // datafiles alone have none
    std::filesystem::path folder; // empty for a revision
    OpenProject open;
    // What other workspaces share with this one, `workspace.datasource`: theirs to change.
    std::vector<model::Datasource> vendored;
};

struct DiffReport {
    DiffSide before;
    DiffSide after;
    std::vector<codec::AssessedChange> changes; // their readers are nodes of `after`
    std::vector<model::Change> drift;           // of what other workspaces share
    // Files with problems, on either side: what they declare was not compared.
    std::vector<std::string> left_out;

    // Why nothing was compared: a file with problems that others are made of (birdhouse.yaml, a column group,
    // an include).
    std::optional<Error> refusal;

    // Why the engine was asked in vain who reads the columns that changed, so that their names alone told.
    std::string without_engine;

    bool is_complete() const { return left_out.empty() && !refusal; }
};

// One state of the session's project: a folder, a revision of the git repository round it, or what a
// workspace has (`target:NAME`), which is asked for it.
Result<DiffSide> open_state(const std::string& name, const Session& session);
// The same, as its folder is now.
Result<DiffSide> open_working_folder(const Session& session);

// What is wrong with the files is in the sides.
Result<DiffReport> diff_states(const DiffRequest& request, const Session& session);

// The same of two states at hand.
DiffReport diff_sides(DiffSide before, DiffSide after, bool use_engine, const Session& session);

bool has_breaking(const DiffReport& report);
bool has_destructive(const DiffReport& report);

} // namespace birdhouse::ops

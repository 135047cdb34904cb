// What a migration between two states would be, without a project round them and without a target: how each
// change is classified, what it breaks and loses, the typed steps, and what each of the four targets would
// do.
#pragma once

#include "base/result.hpp"
#include "model/schema.hpp"
#include "ops/diff.hpp"
#include "ops/preview_samples.hpp"
#include "target/resource_plan.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct PreviewRequest {
    std::string name; // of the migration; `preview` when it has none yet
    std::string from; // a folder or a revision; empty: HEAD
    std::string to;   // a folder or a revision; empty: the project's folder as it is
    bool use_engine = true;
    std::vector<model::ColumnRename> renames;
    std::vector<model::Allowance> allow; // without a subject: of every subject
};

enum class FindingLevel : std::uint8_t { Note, Warning, Error };
std::string_view to_string(FindingLevel level);

struct PreviewFinding {
    const Code* code = nullptr;
    FindingLevel level = FindingLevel::Warning;
    std::string subject; // `datasource.column`, `datasource`, `pipe`
    std::string place;   // "before/datasources/events.datasource:4:5"; empty when no file says it
    std::string message;
    std::string why;    // the rest only of the first finding of a change
    std::string recipe; //
    bool allowed = false;
};

struct PreviewStep {
    model::StepAction action;
    std::string cost;
};

// What the whole comes to, in words that go together.
struct Verdict {
    model::ChangeClass change_class = model::ChangeClass::Safe;
    bool changes = false;   // anything at all
    bool warns = false;     // safe, but something is worth a look
    bool fails = false;     // something is wrong with the change itself
    bool additive = false;  // resources come, and nothing else changes
    bool rebuilds = false;  // a table is written again beside itself
    bool lossy = false;     // values are converted, and some may not survive
    bool breaking = false;  // somebody who worked before does not work after
    bool backfills = false; // history does not follow by itself
    bool repairs = false;   // rows are copied out of a quarantine
    bool drifts = false;    // only what another workspace shares has changed
    model::Reversible reversible = model::Reversible::Yes;
};
// "destructive, lossy, rebuild, breaking"
std::string describe(const Verdict& verdict);

struct MigrationPreview {
    DiffReport diff;
    Verdict verdict;
    std::vector<PreviewFinding> findings; // the worst first
    std::vector<SampleComparison> samples;
    std::vector<CountedSamples> losses_in_samples;
    std::vector<PreviewStep> steps;
    std::vector<std::string> impossible;     // changes that no step can make
    std::vector<model::StepAction> back;     // what takes the steps back, the last step first
    std::string migration;                   // the file that `migrate new` would write
    std::vector<target::ResourcePlan> plans; // embedded, clickhouse, forward, classic
    std::string without_engine;              // why the canary did not run; empty when it did
};

// What is wrong with the files is in the sides of the difference, which then may have a refusal.
Result<MigrationPreview> preview_migration(const PreviewRequest& request, Session& session);

// Fine, Problems when something breaks or cannot be done, Refused when something is lost that is not allowed.
ExitCode exit_code_of(const MigrationPreview& preview);

std::string render_text(const MigrationPreview& preview);
std::string render_json(const MigrationPreview& preview);

} // namespace birdhouse::ops

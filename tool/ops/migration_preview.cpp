#include "ops/migration_preview.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"
#include "codec/schema_steps.hpp"
#include "model/step_cost.hpp"
#include "ops/canary_static.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_guard.hpp"
#include "ops/preview_findings.hpp"
#include "ops/preview_plans.hpp"
#include "ops/preview_rules.hpp"
#include "ops/preview_verdict.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace birdhouse::ops {

namespace {

using codec::AssessedChange;
using model::ChangeKind;

// The project with what other workspaces share, so that queries that read it can be described.
model::Project with_vendored(const DiffSide& side) {
    model::Project project = side.open.project;
    project.datasources.insert(project.datasources.end(), side.vendored.begin(), side.vendored.end());
    return project;
}

bool is_breaking(const model::Assessment& assessment, const std::vector<codec::AffectedReader>& readers,
                 ChangeKind kind) {
    const bool by_itself = model::row_of(kind).breaks == model::Breaks::Consumers;
    const bool by_finding =
        std::any_of(assessment.findings.begin(), assessment.findings.end(), [](const model::Finding& one) {
            return one.code->severity == Severity::Error && one.code->id.starts_with('B');
        });
    return by_itself || by_finding ||
           std::any_of(readers.begin(), readers.end(), [](const codec::AffectedReader& one) {
               return one.code->severity == Severity::Error;
           });
}

// What names alone made one fear, the engine knows.
void take_readers_from_engine(DiffReport& diff, const DescribedState& after) {
    const auto accepted = [&](const codec::Reader& reader) {
        return std::any_of(after.nodes.begin(), after.nodes.end(), [&](const DescribedNode& node) {
            return node.accepted && node.pipe->name == reader.pipe->name &&
                   node.node->name == reader.node->name;
        });
    };
    for (AssessedChange& change : diff.changes) {
        std::erase_if(change.readers, [&](const codec::AffectedReader& one) {
            return (one.code == &codes::B204 || one.code == &codes::B221) && accepted(one.reader);
        });
        change.assessment.breaking = is_breaking(change.assessment, change.readers, change.change.kind);
    }
}

void add_output_changes(DiffReport& diff, const DescribedState& before, const DescribedState& after) {
    for (model::Change& change : diff_described_outputs(before, after)) {
        const bool is_known =
            std::any_of(diff.changes.begin(), diff.changes.end(), [&](const AssessedChange& one) {
                return one.change.kind == change.kind && one.change.subject == change.subject;
            });
        if (!is_known) {
            model::Assessment assessment = model::assess(change);
            diff.changes.push_back({std::move(change), std::move(assessment), {}, {}});
        }
    }
}

// The canary, where an engine can be had.
std::vector<CanaryFinding> run_canary(MigrationPreview& preview, const model::Project& before,
                                      const model::Project& after, Session& session) {
    const Result<DescribedState> old_state =
        describe_state(before, preview.diff.before.open.sources, session.targets);
    const Result<DescribedState> new_state =
        old_state ? describe_state(after, preview.diff.after.open.sources, session.targets)
                  : Result<DescribedState>(old_state.error());
    if (!new_state) {
        preview.without_engine = new_state.error().message;
        return {};
    }
    take_readers_from_engine(preview.diff, *new_state);
    add_output_changes(preview.diff, *old_state, *new_state);
    return compare_described(*old_state, *new_state, after, preview.diff.changes);
}

void append(std::vector<PreviewFinding>& all, std::vector<PreviewFinding> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::vector<PreviewStep> with_costs(const std::vector<model::StepAction>& steps, model::Schema schema) {
    std::vector<PreviewStep> costed;
    for (const model::StepAction& step : steps) {
        costed.push_back({step, model::cost_of(step, schema)});
        apply_step(step, schema);
    }
    return costed;
}

std::vector<model::StepAction> way_back(const std::vector<model::StepAction>& steps, model::Schema schema) {
    std::vector<model::StepAction> back;
    for (const model::StepAction& step : steps) {
        back.insert(back.begin(), inverse(step, schema));
        apply_step(step, schema);
    }
    return back;
}

std::string migration_text(const PreviewRequest& request, const std::vector<PreviewStep>& steps,
                           const model::Schema& before) {
    model::Migration migration;
    migration.id = "0001_" + (request.name.empty() ? "preview" : request.name);
    std::vector<std::string> comments;
    model::Schema schema = before;
    for (const PreviewStep& step : steps) {
        migration.steps.push_back({step.action, {}});
        comments.push_back(step.cost);
        for (const Loss& loss : losses_of(step.action, schema, "")) {
            for (const model::Allowance& allowance : request.allow) {
                const bool is_meant = allowance.code == loss.code->id &&
                                      (allowance.subject.empty() || allowance.subject == loss.subject);
                if (is_meant) {
                    migration.allow.push_back({allowance.code, loss.subject, allowance.rows, {}});
                }
            }
        }
        apply_step(step.action, schema);
    }
    return codec::write_migration(migration, comments);
}

// The schema of a state whose views can be composed; those that cannot are `check`'s to report.
model::Schema schema_of(const DiffSide& side) {
    Diagnostics unheard;
    return declared_schema(side.open, unheard);
}

Result<void> look_at_samples(MigrationPreview& preview, const model::Schema& before,
                             const std::vector<model::StepAction>& steps, Session& session) {
    TRY_ASSIGN(preview.samples, compare_samples(preview.diff, session));
    if (preview.without_engine.empty()) {
        TRY_ASSIGN(preview.losses_in_samples, count_in_samples(preview.diff, before, steps, session));
    }
    return {};
}

} // namespace

std::string_view to_string(FindingLevel level) {
    static constexpr std::array<std::string_view, 3> kNames = {"note", "warning", "error"};
    return kNames.at(static_cast<std::size_t>(level));
}

Result<MigrationPreview> preview_migration(const PreviewRequest& request, Session& session) {
    MigrationPreview preview;
    TRY_ASSIGN(preview.diff,
               diff_states({request.from, request.to, request.use_engine, true, request.renames}, session));
    if (preview.diff.refusal) {
        return preview;
    }
    const model::Project before = with_vendored(preview.diff.before);
    const model::Project after = with_vendored(preview.diff.after);
    const std::vector<CanaryFinding> canary =
        request.use_engine ? run_canary(preview, before, after, session) : std::vector<CanaryFinding>();
    if (!request.use_engine) {
        preview.without_engine = "it was not asked";
    }
    const model::Schema old_schema = schema_of(preview.diff.before);
    const model::Schema new_schema = schema_of(preview.diff.after);
    model::SchemaDiff difference =
        codec::derive_steps(old_schema, new_schema,
                            codec::declared_renames(old_schema, preview.diff.after.open.project.datasources));
    preview.steps = with_costs(difference.steps, old_schema);
    preview.back = way_back(difference.steps, old_schema);
    preview.impossible = std::move(difference.impossible);
    TRY(look_at_samples(preview, old_schema, difference.steps, session));

    const std::vector<Twin> twins =
        find_twins(preview.diff.before.open.project, preview.diff.after.open.project);
    preview.findings = findings_of_changes(preview.diff, canary);
    append(preview.findings, find_watermarks(preview.diff));
    append(preview.findings, find_quarantine_repairs(preview.diff));
    append(preview.findings, find_missing_connections(preview.diff));
    append(preview.findings, findings_of_twins(preview.diff, twins));
    append(preview.findings, findings_of_drift(preview.diff));
    append(preview.findings, findings_of_forward_queries(preview.diff));
    append(preview.findings, findings_of_renamed_datasources(preview.diff));
    append(preview.findings, findings_of_histories(preview.diff, preview.steps));
    append(preview.findings, findings_of_steps(preview.diff, preview.steps, old_schema));
    append(preview.findings, findings_of_samples(preview.diff, preview.samples));
    add_counts(preview);
    settle(preview.findings, request.allow);
    preview.verdict = judge(preview, twins);
    preview.migration = migration_text(request, preview.steps, old_schema);
    preview.plans = make_plans(preview, old_schema, new_schema, twins);
    return preview;
}

} // namespace birdhouse::ops

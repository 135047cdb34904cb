#include "ops/migration_preview.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/schema_steps.hpp"
#include "model/step_cost.hpp"
#include "ops/canary_static.hpp"
#include "ops/diff_report.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_guard.hpp"
#include "ops/preview_plans.hpp"
#include "ops/preview_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace birdhouse::ops {

namespace {

using codec::AssessedChange;
using model::ChangeClass;
using model::ChangeKind;
using model::NodeType;

FindingLevel level_of(const Code& code) {
    return code.severity == Severity::Error ? FindingLevel::Error : FindingLevel::Warning;
}

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

// R308 is no fault where the query of a materialization fills the new table.
bool is_recalculated(const model::Project& after, const model::Subject& subject) {
    const model::Datasource* datasource = find_datasource(after, subject.name);
    return datasource != nullptr && datasource->forward_query.empty() && !takes_events(*datasource) &&
           !target::fillings_of(after, datasource->name).empty();
}

bool is_new_resource(const model::Project& before, const AssessedChange& change) {
    const model::Subject& subject = change.change.subject;
    return subject.resource == model::ResourceKind::Datasource
               ? find_datasource(before, subject.name) == nullptr
               : subject.resource == model::ResourceKind::Pipe && find_pipe(before, subject.name) == nullptr;
}

// History of a view whose sources begin with it is complete.
bool has_history(const DiffReport& diff, const AssessedChange& change) {
    if (change.change.kind != ChangeKind::MaterializationAdded) {
        return true;
    }
    const model::Pipe* pipe = find_pipe(diff.after.open.project, change.change.subject.name);
    if (pipe == nullptr) {
        return true;
    }
    for (const target::Filling& filling :
         target::fillings_of(diff.after.open.project, pipe->target_datasource)) {
        if (filling.pipe == pipe) {
            return filling.sources.empty() ||
                   std::any_of(filling.sources.begin(), filling.sources.end(),
                               [&](const model::Datasource* source) {
                                   return find_datasource(diff.before.open.project, source->name) != nullptr;
                               });
        }
    }
    return true;
}

// Whether an endpoint is used only the workspace can tell.
std::string usage_question(const AssessedChange& change) {
    const auto* pipe = std::get_if<model::Pipe>(&change.change.before.value);
    if (pipe == nullptr) {
        return {};
    }
    std::vector<std::string> tokens;
    for (const model::Token& token : pipe->tokens) {
        tokens.push_back(backquoted(token.name));
    }
    return (tokens.empty() ? "" : "; it is read with token " + join(tokens, ", ")) +
           "; the workspace tells who calls it: SELECT count(), max(start_datetime), "
           "groupUniqArray(token_name) "
           "FROM tinybird.pipe_stats_rt WHERE pipe_name = '" +
           pipe->name + "' AND start_datetime > now() - INTERVAL 30 DAY";
}

// In these "no value" is what rows without the column read, and merges pass over it.
bool holds_aggregate(const model::Change& change) {
    const auto* column = std::get_if<model::Column>(&change.after.value);
    return column != nullptr && (column->type.starts_with("SimpleAggregateFunction(") ||
                                 column->type.starts_with("AggregateFunction("));
}

// A fault on one target, or of one kind of change, that does not hold here.
bool is_no_fault(const model::Finding& finding, const AssessedChange& change, const DiffReport& diff) {
    return (finding.code == &codes::R308 &&
            is_recalculated(diff.after.open.project, change.change.subject)) ||
           (finding.code == &codes::R306 && !has_history(diff, change)) ||
           (finding.code == &codes::V503 && holds_aggregate(change.change));
}

// A rebuild is a step like others, and no more than a cost: only states of aggregates have no way at all.
FindingLevel level_of(const model::Finding& finding, const AssessedChange& change) {
    const bool is_step =
        finding.code == &codes::R310 && change.change.kind != ChangeKind::AggregateStateChanged;
    return is_step ? FindingLevel::Warning : level_of(*finding.code);
}

void add_findings_of(const AssessedChange& change, const DiffReport& diff,
                     std::vector<PreviewFinding>& findings) {
    const std::string what = describe(change.change);
    const std::string subject = full_name(change.change.subject);
    std::string why = change.assessment.why;
    std::string recipe = change.assessment.recipe;
    recipe += change.change.kind == ChangeKind::EndpointDropped ? usage_question(change) : "";
    for (const model::Finding& one : change.assessment.findings) {
        if (is_no_fault(one, change, diff)) {
            continue;
        }
        const std::string message = one.message == one.code->title ? what : what + ": " + one.message;
        findings.push_back({one.code, level_of(one, change), subject, place_of(change, diff), message,
                            std::exchange(why, ""), std::exchange(recipe, ""), false});
    }
    for (const codec::AffectedReader& affected : change.readers) {
        const codec::Reader& reader = affected.reader;
        const bool breaks = affected.code->severity == Severity::Error;
        findings.push_back({affected.code, level_of(*affected.code), reader.pipe->name,
                            place_in(diff.after, reader.place),
                            (breaks ? "breaks " : "reaches ") + backquoted(reader.pipe->name) + ", node " +
                                backquoted(reader.node->name) + ": " + what,
                            std::exchange(why, ""), std::exchange(recipe, ""), false});
    }
}

void add_canary_findings(const std::vector<CanaryFinding>& canary, const DiffReport& diff,
                         std::vector<PreviewFinding>& findings) {
    for (const CanaryFinding& one : canary) {
        const bool is_told = one.code == &codes::B201 &&
                             std::any_of(findings.begin(), findings.end(), [&](const PreviewFinding& known) {
                                 return known.code == &codes::B201 && known.subject == one.pipe->name;
                             });
        if (!is_told) {
            findings.push_back({one.code, level_of(*one.code), one.pipe->name,
                                place_in(diff.after, one.place), one.message, "", one.help, false});
        }
    }
}

void append(std::vector<PreviewFinding>& all, std::vector<PreviewFinding> more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

bool covers(const model::Allowance& allowance, const PreviewFinding& finding) {
    return allowance.code == finding.code->id &&
           (allowance.subject.empty() || allowance.subject == finding.subject);
}

// One FORWARD_QUERY says it for all columns.
bool same_finding(const PreviewFinding& a, const PreviewFinding& b) {
    const auto table = [](const PreviewFinding& one) { return one.subject.substr(0, one.subject.find('.')); };
    if (a.code == &codes::R308 && b.code == &codes::R308) {
        return table(a) == table(b);
    }
    return a.code == b.code && a.subject == b.subject && a.place == b.place && a.message == b.message;
}

// The worst first, each once.
void settle(std::vector<PreviewFinding>& findings, const std::vector<model::Allowance>& allow) {
    std::stable_sort(findings.begin(), findings.end(), [](const PreviewFinding& a, const PreviewFinding& b) {
        return a.level != b.level ? a.level > b.level : a.code->id < b.code->id;
    });
    findings.erase(std::unique(findings.begin(), findings.end(), same_finding), findings.end());
    for (PreviewFinding& finding : findings) {
        finding.allowed = finding.level == FindingLevel::Error &&
                          std::any_of(allow.begin(), allow.end(), [&](const model::Allowance& allowance) {
                              return covers(allowance, finding);
                          });
    }
}

// Counts of samples stand beside what would be lost.
void add_counts(MigrationPreview& preview) {
    for (PreviewFinding& finding : preview.findings) {
        for (const CountedSamples& count : preview.losses_in_samples) {
            const bool same_table = finding.subject == count.subject ||
                                    finding.subject.substr(0, finding.subject.find('.')) == count.subject;
            if (finding.code->id == count.code && same_table) {
                finding.message += "; " + with_thousands(count.lost) + " of " +
                                   counted(count.rows, "stored sample row") + " would be lost";
            }
        }
        for (const SampleComparison& samples : preview.samples) {
            for (const PathShare& share : samples.paths) {
                if (finding.code == &codes::B213 &&
                    finding.subject == samples.datasource + "." + share.column) {
                    finding.message += "; " + backquoted(share.path) + " stands in " +
                                       with_thousands(share.carried) + " of " +
                                       counted(samples.verdicts.all.rows, "stored sample");
                }
            }
            const std::string table = finding.subject.substr(0, finding.subject.find('.'));
            if (finding.code == &codes::B214 && table == samples.datasource) {
                finding.message += "; of " + counted(samples.verdicts.all.rows, "stored sample") + " " +
                                   with_thousands(samples.verdicts.all.refused_now) +
                                   " that were taken would go";
            }
        }
    }
}

bool adds_resource(ChangeKind kind) {
    using enum ChangeKind;
    return kind == DatasourceAdded || kind == ConnectionAdded || kind == TokenAdded ||
           (kind >= PipeAdded && kind <= SinkAdded);
}

// A pipe that reads what is new.
bool is_harmless_pipe_change(const AssessedChange& change) {
    return change.change.subject.resource == model::ResourceKind::Pipe && !change.assessment.breaking &&
           change.assessment.change_class == ChangeClass::Safe;
}

Verdict judge(const MigrationPreview& preview, const std::vector<Twin>& twins) {
    Verdict verdict;
    verdict.changes = !preview.diff.changes.empty() || !preview.diff.drift.empty();
    verdict.drifts = preview.diff.changes.empty() && !preview.diff.drift.empty();
    bool adds = false;
    bool only_adds = true;
    for (const AssessedChange& change : preview.diff.changes) {
        verdict.change_class = std::max(verdict.change_class, change.assessment.change_class);
        verdict.breaking |= change.assessment.breaking;
        const bool is_new =
            adds_resource(change.change.kind) || is_new_resource(preview.diff.before.open.project, change);
        adds |= is_new;
        only_adds &= is_new || is_harmless_pipe_change(change);
        verdict.reversible = std::max(verdict.reversible, change.assessment.reversible);
        verdict.rebuilds |= change.assessment.change_class == ChangeClass::Rebuild;
    }
    verdict.additive = adds && only_adds;
    for (const PreviewStep& step : preview.steps) {
        verdict.rebuilds |= std::holds_alternative<model::RebuildDatasource>(step.action);
    }
    for (const Twin& twin : twins) {
        verdict.rebuilds |=
            std::any_of(twin.changes.begin(), twin.changes.end(), [](const model::Change& one) {
                return model::row_of(one.kind).change_class == ChangeClass::Rebuild;
            });
    }
    for (const PreviewFinding& finding : preview.findings) {
        verdict.warns |= finding.level != FindingLevel::Note;
        verdict.fails |= finding.level == FindingLevel::Error && !finding.allowed;
        verdict.breaking |= finding.level == FindingLevel::Error && finding.code->id.starts_with('B');
        verdict.lossy |=
            finding.code == &codes::D104 || finding.code == &codes::D105 || finding.code == &codes::D108;
        verdict.backfills |= finding.code == &codes::R306;
        verdict.repairs |= finding.code == &codes::E703;
    }
    return verdict;
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

std::string describe(const Verdict& verdict) {
    if (!verdict.changes) {
        return "no difference";
    }
    if (verdict.drifts) {
        return "external drift";
    }
    std::vector<std::string> words;
    const auto add = [&](bool holds, const char* word) {
        if (holds) {
            words.emplace_back(word);
        }
    };
    add(verdict.repairs, "data repair");
    add(verdict.additive, "additive");
    const bool is_safe = verdict.change_class == ChangeClass::Safe && !verdict.rebuilds && !verdict.breaking;
    const bool warns = verdict.warns && !verdict.additive;
    add(is_safe && verdict.fails, "incomplete");
    add(is_safe && !verdict.fails && warns, "safe with warning");
    add(is_safe && !verdict.fails && !warns, "safe");
    add(verdict.change_class > ChangeClass::Safe && verdict.change_class != ChangeClass::Rebuild,
        to_string(verdict.change_class).data());
    add(verdict.lossy, "lossy");
    add(verdict.rebuilds, "rebuild");
    add(verdict.breaking, "breaking");
    add(verdict.backfills, "backfill optional");
    return join(words, ", ");
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
    for (const AssessedChange& change : preview.diff.changes) {
        add_findings_of(change, preview.diff, preview.findings);
    }
    add_canary_findings(canary, preview.diff, preview.findings);
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

ExitCode exit_code_of(const MigrationPreview& preview) {
    bool breaks = !preview.diff.is_complete();
    for (const PreviewFinding& finding : preview.findings) {
        if (finding.level != FindingLevel::Error || finding.allowed) {
            continue;
        }
        if (finding.code->id.starts_with('D')) {
            return ExitCode::Refused;
        }
        breaks = true;
    }
    return breaks ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace birdhouse::ops

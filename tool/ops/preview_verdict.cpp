#include "ops/preview_verdict.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

using codec::AssessedChange;
using model::ChangeClass;
using model::ChangeKind;

bool is_new_resource(const model::Project& before, const AssessedChange& change) {
    const model::Subject& subject = change.change.subject;
    return subject.resource == model::ResourceKind::Datasource
               ? find_datasource(before, subject.name) == nullptr
               : subject.resource == model::ResourceKind::Pipe && find_pipe(before, subject.name) == nullptr;
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

} // namespace

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

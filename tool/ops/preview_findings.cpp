#include "ops/preview_findings.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/diff_report.hpp"
#include "target/resource_plan.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::ops {

namespace {

using codec::AssessedChange;
using model::ChangeKind;

FindingLevel level_of(const Code& code) {
    return code.severity == Severity::Error ? FindingLevel::Error : FindingLevel::Warning;
}

// R308 is no fault where the query of a materialization fills the new table.
bool is_recalculated(const model::Project& after, const model::Subject& subject) {
    const model::Datasource* datasource = find_datasource(after, subject.name);
    return datasource != nullptr && datasource->forward_query.empty() && !takes_events(*datasource) &&
           !target::fillings_of(after, datasource->name).empty();
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

} // namespace

std::vector<PreviewFinding> findings_of_changes(const DiffReport& diff,
                                                const std::vector<CanaryFinding>& canary) {
    std::vector<PreviewFinding> findings;
    for (const AssessedChange& change : diff.changes) {
        add_findings_of(change, diff, findings);
    }
    add_canary_findings(canary, diff, findings);
    return findings;
}

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

} // namespace birdhouse::ops

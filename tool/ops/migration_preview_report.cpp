// A preview as text, for whoever reviews the change.
#include "base/text.hpp"
#include "ops/diff_report.hpp"
#include "ops/migration_preview.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace birdhouse::ops {

namespace {

using target::ActionKind;
using target::PlannedAction;
using target::ResourcePlan;

std::string indented(const std::string& text, std::size_t spaces) {
    const std::string blank(spaces, ' ');
    return blank + replace_all(text, "\n", "\n" + blank);
}

std::string render_changes(const MigrationPreview& preview) {
    std::string text;
    for (const codec::AssessedChange& change : preview.diff.changes) {
        const std::string place = place_of(change, preview.diff);
        text += "  " + verdict_of(change.assessment) + ": " + describe(change.change) +
                (place.empty() ? "" : " (" + place + ")") + "\n";
    }
    for (const model::Change& change : preview.diff.drift) {
        text += "  external drift: " + describe(change) + "\n";
    }
    return text.empty() ? text : "changes\n" + text + "\n";
}

std::string render_finding(const PreviewFinding& finding) {
    std::string text = finding.place.empty() ? "" : finding.place + ": ";
    text += std::string(to_string(finding.level)) + "[" + std::string(finding.code->id) + "]: ";
    text += finding.message + (finding.allowed ? " (allowed)" : "") + "\n";
    if (!finding.why.empty()) {
        text += "  = why: " + finding.why + "\n";
    }
    if (!finding.recipe.empty()) {
        text += "  = help: " + finding.recipe + "\n";
    }
    return text;
}

std::string render_findings(const MigrationPreview& preview) {
    std::string text;
    for (const PreviewFinding& finding : preview.findings) {
        text += indented(render_finding(finding), 2);
        text.erase(text.find_last_not_of(' ') + 1);
    }
    return text.empty() ? text : "findings\n" + text + "\n";
}

std::string render_samples(const MigrationPreview& preview) {
    std::string text;
    for (const SampleComparison& samples : preview.samples) {
        const VerdictChange& verdicts = samples.verdicts;
        text += "  " + samples.datasource + ": " + counted(verdicts.all.rows, "row") + " of " +
                join(samples.files, ", ") + ": " + std::to_string(verdicts.taken_before) + " taken before, " +
                std::to_string(verdicts.taken_after) + " after; " +
                std::string(to_string(weight_of(verdicts))) + "\n";
        for (const std::string& reason : samples.reasons) {
            text += "    refused: " + reason + "\n";
        }
    }
    return text.empty() ? text : "stored samples\n" + text + "\n";
}

std::string render_action(const PlannedAction& action, std::size_t number) {
    static constexpr std::array<std::string_view, 5> kTags = {"", "",
                                                              "by itself: ", "by hand: ", "skipped: "};
    const std::string tag(kTags.at(static_cast<std::size_t>(action.kind)));
    const bool names_resource = action.kind == ActionKind::Automatic || action.kind == ActionKind::Manual;
    const std::string resource = names_resource && !action.resource.empty() ? action.resource + ": " : "";
    const std::string lead = "  " + std::to_string(number) + ". ";
    std::string text =
        lead + replace_all(tag + resource + action.text, "\n", "\n" + std::string(lead.size(), ' '));
    text += action.kind == ActionKind::Statement ? ";\n" : "\n";
    if (!action.note.empty()) {
        text += std::string(lead.size(), ' ') + "-- " + action.note + "\n";
    }
    return text;
}

bool is_among(const std::vector<PlannedAction>& actions, const std::vector<PlannedAction>& all) {
    return std::all_of(actions.begin(), actions.end(), [&](const PlannedAction& action) {
        return std::any_of(all.begin(), all.end(),
                           [&](const PlannedAction& one) { return one.text == action.text; });
    });
}

std::string render_body(const ResourcePlan& plan) {
    std::string text;
    for (const target::RefusedChange& refused : plan.refused) {
        text += "  refused[" + std::string(refused.code->id) +
                "]: " + (refused.subject.empty() ? "" : refused.subject + ": ") + refused.why + "\n" +
                "    = help: " + refused.instead + "\n";
    }
    std::size_t number = 0;
    for (const PlannedAction& action : plan.actions) {
        text += render_action(action, ++number);
    }
    if (plan.actions.empty() && plan.refused.empty()) {
        text += "  nothing to do\n";
    }
    for (const target::PlanVariant& variant : plan.variants) {
        text += "  or " + variant.name + ": " + variant.what + "\n";
        if (is_among(variant.actions, plan.actions)) {
            text += "    the statements above\n";
            continue;
        }
        number = 0;
        for (const PlannedAction& action : variant.actions) {
            text += indented(render_action(action, ++number), 2);
            text.erase(text.find_last_not_of(' ') + 1);
        }
    }
    return text;
}

std::string title_of(const std::string& target) {
    static const std::map<std::string_view, std::string_view> kTitles = {
        {"tinybird_forward", "tinybird forward"}, {"tinybird_classic", "tinybird classic"}};
    const auto title = kTitles.find(target);
    return title == kTitles.end() ? target : std::string(title->second);
}

// The embedded target and a server of ClickHouse are sent the same: they are printed once.
std::string render_plans(const MigrationPreview& preview) {
    std::string text;
    std::vector<std::pair<std::string, std::string>> bodies;
    for (const ResourcePlan& plan : preview.plans) {
        const std::string body = render_body(plan);
        const auto same = std::find_if(bodies.begin(), bodies.end(),
                                       [&](const auto& known) { return known.second == body; });
        if (same != bodies.end() && (plan.target == "clickhouse" || body == "  nothing to do\n")) {
            same->first += ", " + title_of(plan.target);
        } else {
            bodies.emplace_back(title_of(plan.target), body);
        }
    }
    for (const auto& [title, body] : bodies) {
        text += "plan for " + title + "\n" + body + "\n";
    }
    return text;
}

std::string render_migration(const MigrationPreview& preview) {
    if (preview.steps.empty() && preview.impossible.empty()) {
        return "";
    }
    std::string text = "migration\n" + indented(preview.migration, 2);
    text.erase(text.find_last_not_of(' ') + 1);
    for (const std::string& impossible : preview.impossible) {
        text += "  no step: " + impossible + "\n";
    }
    text += "  back:";
    for (const model::StepAction& step : preview.back) {
        text += " " + describe(step) + ";";
    }
    text.back() = text.back() == ';' ? '\n' : text.back();
    return (text.back() == '\n' ? text : text + " nothing\n") + "\n";
}

std::string render_refusals(const MigrationPreview& preview) {
    std::string flags;
    std::size_t broken = 0;
    for (const PreviewFinding& finding : preview.findings) {
        if (finding.level != FindingLevel::Error || finding.allowed) {
            continue;
        }
        if (finding.code->id.starts_with('D')) {
            flags += " --allow " + std::string(finding.code->id) + ":" + finding.subject;
        } else {
            ++broken;
        }
    }
    std::string text;
    if (!flags.empty()) {
        text += "refused: it destroys something; if that is meant:" + flags + "\n";
    }
    if (broken > 0) {
        text += "refused: " + counted(broken, "error") + " to mend, or to permit with --allow CODE:SUBJECT\n";
    }
    return text;
}

} // namespace

std::string render_text(const MigrationPreview& preview) {
    std::string text = "from " + preview.diff.before.name + " to " + preview.diff.after.name + ": " +
                       describe(preview.verdict) + "\n\n";
    text += render_changes(preview) + render_findings(preview) + render_samples(preview);
    if (preview.verdict.changes) {
        text += render_migration(preview) + render_plans(preview);
    }
    for (const std::string& path : preview.diff.left_out) {
        text += "not compared, it has problems: " + path + "\n";
    }
    if (!preview.without_engine.empty()) {
        text += "the canary did not run on the engine: " + preview.without_engine + "\n";
    }
    text += render_refusals(preview);
    return text + "from " + preview.diff.before.name + " to " + preview.diff.after.name + ": " +
           describe(preview.verdict) +
           "; can be taken back: " + std::string(to_string(preview.verdict.reversible)) + "\n";
}

} // namespace birdhouse::ops

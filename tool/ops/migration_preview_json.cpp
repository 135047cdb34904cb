// The JSON of a preview. Its shape is a promise: keys are added, never renamed; what is absent is null.
#include "base/text.hpp"
#include "ops/diff_report.hpp"
#include "ops/migration_preview.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const DiffSide& side) { return {{"name", side.name}, {"commit", text_or_null(side.commit)}}; }

Json json_of(const Verdict& verdict) {
    return {{"text", describe(verdict)},
            {"class", to_string(verdict.change_class)},
            {"changes", verdict.changes},
            {"warns", verdict.warns},
            {"fails", verdict.fails},
            {"additive", verdict.additive},
            {"rebuild", verdict.rebuilds},
            {"lossy", verdict.lossy},
            {"breaking", verdict.breaking},
            {"backfill", verdict.backfills},
            {"repair", verdict.repairs},
            {"drift", verdict.drifts},
            {"reversible", to_string(verdict.reversible)}};
}

Json json_of(const codec::AssessedChange& change, const DiffReport& diff) {
    const model::TargetEffects& targets = change.assessment.targets;
    return {{"kind", to_string(change.change.kind)},
            {"summary", describe(change.change)},
            {"resource", to_string(change.change.subject.resource)},
            {"name", text_or_null(change.change.subject.name)},
            {"part", text_or_null(change.change.subject.part)},
            {"place", text_or_null(place_of(change, diff))},
            {"class", to_string(change.assessment.change_class)},
            {"breaking", change.assessment.breaking},
            {"reach", to_string(change.assessment.reach)},
            {"cost", to_string(change.assessment.cost)},
            {"reversible", to_string(change.assessment.reversible)},
            {"targets",
             {{"embedded", describe(targets.clickhouse)},
              {"clickhouse", describe(targets.clickhouse)},
              {"tinybird_forward", describe(targets.forward)},
              {"tinybird_classic", describe(targets.classic)}}}};
}

Json json_of(const PreviewFinding& finding) {
    return {{"code", finding.code->id},
            {"severity", to_string(finding.level)},
            {"subject", text_or_null(finding.subject)},
            {"place", text_or_null(finding.place)},
            {"message", finding.message},
            {"why", text_or_null(finding.why)},
            {"recipe", text_or_null(finding.recipe)},
            {"allowed", finding.allowed}};
}

Json json_of(const SampleComparison& samples) {
    const VerdictChange& verdicts = samples.verdicts;
    Json paths = Json::array();
    for (const PathShare& share : samples.paths) {
        paths.push_back({{"column", share.column}, {"path", share.path}, {"rows", share.carried}});
    }
    return {{"datasource", samples.datasource},    {"files", samples.files},
            {"rows", verdicts.all.rows},           {"taken_before", verdicts.taken_before},
            {"taken_after", verdicts.taken_after}, {"refused_now", verdicts.all.refused_now},
            {"taken_now", verdicts.all.taken_now}, {"weight", to_string(weight_of(verdicts))},
            {"reasons", samples.reasons},          {"stored_now", verdicts.stored_now},
            {"lost_now", verdicts.lost_now},       {"paths", paths}};
}

Json json_of(const target::PlannedAction& action) {
    return {{"kind", to_string(action.kind)},
            {"resource", text_or_null(action.resource)},
            {"text", action.text},
            {"note", text_or_null(action.note)}};
}

Json json_of(const std::vector<target::PlannedAction>& actions) {
    Json all = Json::array();
    for (const target::PlannedAction& action : actions) {
        all.push_back(json_of(action));
    }
    return all;
}

Json json_of(const target::ResourcePlan& plan) {
    Json refused = Json::array();
    for (const target::RefusedChange& one : plan.refused) {
        refused.push_back({{"code", one.code->id},
                           {"subject", text_or_null(one.subject)},
                           {"why", one.why},
                           {"instead", text_or_null(one.instead)}});
    }
    Json variants = Json::array();
    for (const target::PlanVariant& one : plan.variants) {
        variants.push_back({{"name", one.name}, {"what", one.what}, {"actions", json_of(one.actions)}});
    }
    return {{"target", plan.target},
            {"refused", refused},
            {"allow_destructive_operations", plan.allows_destruction},
            {"actions", json_of(plan.actions)},
            {"variants", variants}};
}

template <class Items, class Make>
Json json_list(const Items& items, Make make) {
    Json all = Json::array();
    for (const auto& item : items) {
        all.push_back(make(item));
    }
    return all;
}

} // namespace

std::string render_json(const MigrationPreview& preview) {
    const Json whole = {
        {"version", 1},
        {"from", json_of(preview.diff.before)},
        {"to", json_of(preview.diff.after)},
        {"verdict", json_of(preview.verdict)},
        {"exit_code", static_cast<int>(exit_code_of(preview))},
        {"changes",
         json_list(preview.diff.changes, [&](const auto& change) { return json_of(change, preview.diff); })},
        {"drift", json_list(preview.diff.drift, [](const auto& change) { return Json(describe(change)); })},
        {"findings", json_list(preview.findings, [](const auto& one) { return json_of(one); })},
        {"samples", json_list(preview.samples, [](const auto& one) { return json_of(one); })},
        {"losses_in_samples", json_list(preview.losses_in_samples,
                                        [](const CountedSamples& one) {
                                            return Json{{"code", one.code},
                                                        {"subject", one.subject},
                                                        {"lost", one.lost},
                                                        {"rows", one.rows}};
                                        })},
        {"steps", json_list(preview.steps,
                            [](const PreviewStep& step) {
                                return Json{{"kind", kind_of(step.action)},
                                            {"summary", describe(step.action)},
                                            {"cost", step.cost}};
                            })},
        {"impossible", preview.impossible},
        {"back", json_list(preview.back, [](const auto& step) { return Json(describe(step)); })},
        {"migration", preview.steps.empty() ? Json(nullptr) : Json(preview.migration)},
        {"plans", json_list(preview.plans, [](const auto& plan) { return json_of(plan); })},
        {"not_compared", preview.diff.left_out},
        {"without_engine", text_or_null(preview.without_engine)}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

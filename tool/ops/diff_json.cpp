// The JSON of a difference. Its shape is a promise: keys are added, never renamed; what is absent is null.
#include "base/text.hpp"
#include "ops/diff_report.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;
using codec::AssessedChange;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string_view severity_name(const Code& code) {
    return code.severity == Severity::Error ? "error" : "warning";
}

Json json_of(const DiffSide& side) { return {{"name", side.name}, {"commit", text_or_null(side.commit)}}; }

// The side where the thing stands; null where it does not.
Json json_of(const model::ChangeSide& side, const DiffSide& where) {
    if (side == model::ChangeSide{} && !side.origin.span.known()) {
        return nullptr;
    }
    return {{"text", side.text}, {"place", text_or_null(place_in(where, side.origin.span))}};
}

Json json_of(const model::TargetEffect& effect) {
    return {{"action", to_string(effect.action)}, {"how", text_or_null(std::string(effect.how))}};
}

Json findings_of(const AssessedChange& change) {
    Json findings = Json::array();
    for (const model::Finding& finding : change.assessment.findings) {
        findings.push_back({{"code", finding.code->id},
                            {"severity", severity_name(*finding.code)},
                            {"message", finding.message}});
    }
    return findings;
}

Json readers_of(const AssessedChange& change, const DiffReport& report) {
    Json readers = Json::array();
    for (const codec::AffectedReader& affected : change.readers) {
        readers.push_back({{"code", affected.code->id},
                           {"severity", severity_name(*affected.code)},
                           {"pipe", affected.reader.pipe->name},
                           {"node", affected.reader.node->name},
                           {"use", to_string(affected.reader.use)},
                           {"place", text_or_null(place_in(report.after, affected.reader.place))}});
    }
    return readers;
}

Json endpoint_columns_of(const AssessedChange& change) {
    Json columns = Json::array();
    for (const codec::LineageColumn& column : change.endpoint_columns) {
        columns.push_back({{"pipe", column.resource}, {"column", column.column}});
    }
    return columns;
}

Json json_of(const AssessedChange& assessed, const DiffReport& report) {
    const model::Change& change = assessed.change;
    const model::Assessment& assessment = assessed.assessment;
    return {{"kind", to_string(change.kind)},
            {"summary", describe(change)},
            {"resource", to_string(change.subject.resource)},
            {"name", text_or_null(change.subject.name)},
            {"part", text_or_null(change.subject.part)},
            {"before", json_of(change.before, report.before)},
            {"after", json_of(change.after, report.after)},
            {"class", to_string(assessment.change_class)},
            {"breaking", assessment.breaking},
            {"reach", to_string(assessment.reach)},
            {"findings", findings_of(assessed)},
            {"readers", readers_of(assessed, report)},
            {"endpoint_columns", endpoint_columns_of(assessed)},
            {"targets",
             {{"embedded", json_of(assessment.targets.clickhouse)},
              {"clickhouse", json_of(assessment.targets.clickhouse)},
              {"tinybird_forward", json_of(assessment.targets.forward)},
              {"tinybird_classic", json_of(assessment.targets.classic)}}},
            {"cost", to_string(assessment.cost)},
            {"reversible", to_string(assessment.reversible)},
            {"why", assessment.why},
            {"recipe", text_or_null(assessment.recipe)},
            {"possible_rename", text_or_null(change.surroundings.possible_rename.value_or(""))}};
}

} // namespace

std::string render_json(const DiffReport& report) {
    Json changes = Json::array();
    for (const AssessedChange& change : report.changes) {
        changes.push_back(json_of(change, report));
    }
    const Json whole = {{"version", 1},
                        {"from", json_of(report.before)},
                        {"to", json_of(report.after)},
                        {"breaking", has_breaking(report)},
                        {"destructive", has_destructive(report)},
                        {"not_compared", report.left_out},
                        {"without_engine", text_or_null(report.without_engine)},
                        {"changes", changes}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

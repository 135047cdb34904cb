// The row of a kind, adjusted by what stands round the change. Each adjustment is a function of its own and
// says when it applies; the order is that of the list at the end.
#include "model/change_assessment.hpp"

#include "base/codes.hpp"
#include "model/change_table.hpp"

#include <algorithm>
#include <cassert>

namespace birdhouse::model {

namespace {

void add(Assessment& assessment, const Code& code, std::string message) {
    assessment.findings.push_back({&code, std::move(message)});
}

void remove(Assessment& assessment, const Code& code) {
    std::erase_if(assessment.findings, [&](const Finding& finding) { return finding.code == &code; });
}

bool changes_stored_type(ChangeKind kind) {
    using enum ChangeKind;
    static constexpr std::array kKinds = {TypeWidened,           TypeNarrowed,        TypeToText,
                                          TypeChanged,           TextToJson,          ColumnMadeNullable,
                                          ColumnMadeNotNullable, LowCardinalityAdded, LowCardinalityRemoved,
                                          EnumValuesRemoved,     EnumResized};
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

// The rows lie in the order of the key's values, so that no server changes the type of one in place.
void adjust_key_column(const Change& change, Assessment& assessment) {
    if (!change.surroundings.in_key || !changes_stored_type(change.kind)) {
        return;
    }
    remove(assessment, codes::M401);
    add(assessment, codes::R304, "the column is part of a key of the datasource");
    assessment.change_class = std::max(assessment.change_class, ChangeClass::Rebuild);
    assessment.targets.clickhouse = {TargetAction::Rebuild, "new table, copy, EXCHANGE TABLES"};
    if (assessment.targets.forward.action == TargetAction::Alter) {
        assessment.targets.forward = {TargetAction::Rewrite};
    }
    assessment.targets.classic = {TargetAction::Recreate};
    assessment.cost = Cost::Rewrite;
    const bool is_dictionary =
        change.kind == ChangeKind::LowCardinalityAdded || change.kind == ChangeKind::LowCardinalityRemoved;
    // Newer servers take a plain key column, and none takes one that the key holds in an expression.
    assessment.why += is_dictionary ? "; in place many servers refuse it (524 ALTER_OF_COLUMN_IS_FORBIDDEN)"
                                    : "; in place it is refused (524 ALTER_OF_COLUMN_IS_FORBIDDEN)";
}

void adjust_required_field(const Change& change, Assessment& assessment) {
    if (!change.surroundings.field_required) {
        return;
    }
    remove(assessment, codes::V503);
    add(assessment, codes::B214, "an event that leaves the field out goes to quarantine");
    assessment.reach = Reach::Wire;
    assessment.breaking = true;
}

void adjust_merged_rows(const Change& change, Assessment& assessment) {
    if (change.surroundings.outside_key) {
        add(assessment, codes::V504,
            "the engine merges rows that have equal keys, and keeps the value of any one of them");
    }
}

void adjust_volatile_default(const Change& change, Assessment& assessment) {
    const bool sets_default =
        change.kind == ChangeKind::DefaultAdded || change.kind == ChangeKind::DefaultChanged;
    if (sets_default && change.surroundings.is_volatile) {
        add(assessment, codes::V501, "rows stored without the column have another value at each read");
    }
}

// Appending adds to what is there; only replacing destroys.
void adjust_copy_mode(const Change& change, Assessment& assessment) {
    if (change.kind == ChangeKind::CopyModeChanged && change.after.text != "replace") {
        remove(assessment, codes::D109);
        assessment.change_class = ChangeClass::Safe;
        assessment.reversible = Reversible::Partly;
    }
}

void adjust_pipe_type(const Change& change, Assessment& assessment) {
    if (change.kind != ChangeKind::PipeTypeChanged) {
        return;
    }
    if (change.before.text == "endpoint") {
        add(assessment, codes::B210, "whoever calls it gets an error");
        assessment.reach = Reach::Wire;
        assessment.breaking = true;
    }
    if (change.before.text == "materialized" || change.after.text == "materialized") {
        add(assessment, codes::R306, "a materialization sees the rows that come while it is there");
    }
}

void adjust_backfill(const Change& change, Assessment& assessment) {
    if (change.kind == ChangeKind::BackfillChanged && change.after.text == "skip") {
        add(assessment, codes::R306,
            "rows that were there do not come along when the table is written again");
    }
}

void adjust_forward_query(const Change& change, Assessment& assessment) {
    if (assessment.targets.forward.action == TargetAction::ForwardQuery &&
        !change.surroundings.has_forward_query) {
        add(assessment, codes::R308,
            "Forward refuses the deployment: no FORWARD_QUERY says how rows are converted");
    }
}

void adjust_ignored(const Change&, Assessment& assessment) {
    if (assessment.targets.classic.action == TargetAction::Ignored) {
        add(assessment, codes::X604, "Classic keeps what it has, and reports success");
    }
}

using Adjustment = void (*)(const Change&, Assessment&);

constexpr std::array<Adjustment, 9> kAdjustments = {
    adjust_key_column, adjust_required_field, adjust_merged_rows,   adjust_volatile_default, adjust_copy_mode,
    adjust_pipe_type,  adjust_backfill,       adjust_forward_query, adjust_ignored,
};

std::vector<ChangeRow> joined_rows() {
    std::vector<ChangeRow> rows;
    for (const std::span<const ChangeRow> part :
         {column_rows(), datasource_rows(), pipe_rows(), resource_rows()}) {
        rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
}

} // namespace

std::span<const ChangeRow> change_rows() {
    static const std::vector<ChangeRow> rows = joined_rows();
    return rows;
}

const ChangeRow& row_of(ChangeKind kind) {
    const ChangeRow& row = change_rows()[static_cast<std::size_t>(kind)];
    assert(row.kind == kind);
    return row;
}

Assessment assess(const Change& change) {
    const ChangeRow& row = row_of(change.kind);
    Assessment assessment;
    assessment.change_class = row.change_class;
    assessment.reach = row.reach;
    assessment.breaking = row.breaks == Breaks::Consumers;
    for (const Code* code : row.codes) {
        if (code != nullptr) {
            add(assessment, *code, std::string(code->title));
        }
    }
    assessment.targets = row.targets;
    assessment.cost = row.cost;
    assessment.reversible = row.reversible;
    assessment.why = row.why;
    assessment.recipe = row.recipe;
    for (const Adjustment adjust : kAdjustments) {
        adjust(change, assessment);
    }
    return assessment;
}

std::string_view to_string(ChangeClass value) {
    static constexpr std::array<std::string_view, 5> kNames = {"safe", "mutation", "rebuild", "destructive",
                                                               "impossible"};
    return kNames[static_cast<std::size_t>(value)];
}

std::string_view to_string(Reach value) {
    static constexpr std::array<std::string_view, 3> kNames = {"storage", "pipe", "wire"};
    return kNames[static_cast<std::size_t>(value)];
}

std::string_view to_string(Cost value) {
    static constexpr std::array<std::string_view, 4> kNames = {"none", "metadata", "mutation", "rewrite"};
    return kNames[static_cast<std::size_t>(value)];
}

std::string_view to_string(Reversible value) {
    static constexpr std::array<std::string_view, 3> kNames = {"yes", "partly", "no"};
    return kNames[static_cast<std::size_t>(value)];
}

std::string_view to_string(TargetAction value) {
    static constexpr std::array<std::string_view, 13> kNames = {
        "nothing",  "alter",   "update",  "create",  "delete",    "rewrite",  "rewrite with FORWARD_QUERY",
        "recreate", "rebuild", "ignored", "refused", "not known", "not there"};
    return kNames[static_cast<std::size_t>(value)];
}

std::string describe(const TargetEffect& effect) {
    const std::string action(to_string(effect.action));
    return effect.how.empty() ? action : action + ": " + std::string(effect.how);
}

} // namespace birdhouse::model

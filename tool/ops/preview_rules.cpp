#include "ops/preview_rules.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/sql_form.hpp"
#include "model/change_assessment.hpp"
#include "ops/diff_report.hpp"
#include "syntax/sql_scan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <variant>

namespace birdhouse::ops {

namespace {

using model::ChangeKind;
using model::Datasource;
using model::NodeType;
using model::Pipe;
using Findings = std::vector<PreviewFinding>;

FindingLevel level_of(const Code& code) {
    return code.severity == Severity::Error ? FindingLevel::Error : FindingLevel::Warning;
}

PreviewFinding finding(const Code& code, std::string subject, std::string place, std::string message,
                       std::string recipe) {
    return {&code,
            level_of(code),
            std::move(subject),
            std::move(place),
            std::move(message),
            "",
            std::move(recipe),
            false};
}

// Pipes of the later state that are new or changed.
std::vector<const Pipe*> changed_pipes(const DiffReport& diff) {
    std::set<std::string> names;
    for (const codec::AssessedChange& change : diff.changes) {
        if (change.change.subject.resource == model::ResourceKind::Pipe) {
            names.insert(change.change.subject.name);
        }
    }
    std::vector<const Pipe*> pipes;
    for (const Pipe& pipe : diff.after.open.project.pipes) {
        if (names.contains(pipe.name)) {
            pipes.push_back(&pipe);
        }
    }
    return pipes;
}

// '2024-05-27 11:00:00'
bool is_moment(std::string_view text) {
    constexpr std::string_view kForm = "'dddd-dd-dd";
    if (text.size() < kForm.size()) {
        return false;
    }
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == 'd' ? !digit : text[i] != kForm[i]) {
            return false;
        }
    }
    return true;
}

bool is_comparison(std::string_view text) {
    return text == ">" || text == ">=" || text == "<" || text == "<=";
}

struct Moment {
    std::string text; // "timestamp > '2024-05-27 11:00:00'"
    Span place;
};

// A column held against a moment that is written out, in any of the node's conditions.
std::optional<Moment> find_moment(const model::Node& node) {
    const codec::MappedSql written = codec::written_sql(node);
    std::vector<syntax::SqlPiece> pieces = syntax::scan_sql(written.sql);
    std::erase_if(pieces, [](const syntax::SqlPiece& piece) { return !syntax::is_significant(piece.token); });
    for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
        if (!is_comparison(pieces[i].text) || !syntax::is_name(pieces[i - 1])) {
            continue;
        }
        std::size_t value = i + 1;
        const bool is_call = value + 2 < pieces.size() && pieces[value + 1].text == "(" &&
                             to_lower_ascii(pieces[value].text).starts_with("todate");
        value += is_call ? 2 : 0;
        if (is_moment(pieces[value].text)) {
            const std::size_t end = is_call ? std::min(value + 1, pieces.size() - 1) : value;
            const std::uint32_t from = pieces[i - 1].token.begin;
            const std::uint32_t to = pieces[end].token.end;
            return Moment{codec::sql_form(std::string_view(written.sql).substr(from, to - from)),
                          written.source_of(from, to)};
        }
    }
    return std::nullopt;
}

std::string origin_place(const DiffReport& diff, const Origin& origin) {
    return place_in(diff.after, origin.span);
}

bool is_connection_setting(const model::Setting& setting) {
    return setting.name.ends_with("CONNECTION_NAME");
}

bool names_connection(const model::Project& project, const std::string& name) {
    const auto uses = [&](const std::vector<model::Setting>& settings) {
        return std::any_of(settings.begin(), settings.end(), [&](const model::Setting& setting) {
            return is_connection_setting(setting) && setting.value == name;
        });
    };
    return std::any_of(project.datasources.begin(), project.datasources.end(),
                       [&](const Datasource& one) { return uses(one.connector_settings); }) ||
           std::any_of(project.pipes.begin(), project.pipes.end(),
                       [&](const Pipe& one) { return uses(one.export_settings); });
}

void check_connections(const DiffReport& diff, const std::string& user,
                       const std::vector<model::Setting>& settings, const Origin& origin,
                       Findings& findings) {
    const model::Project& after = diff.after.open.project;
    for (const model::Setting& setting : settings) {
        if (!is_connection_setting(setting) || find_connection(after, setting.value) != nullptr ||
            names_connection(diff.before.open.project, setting.value)) {
            continue;
        }
        const bool declares_any = !after.connections.empty();
        PreviewFinding found = finding(
            codes::X601, user, origin_place(diff, setting.origin.span.known() ? setting.origin : origin),
            backquoted(user) + " goes through connection " + backquoted(setting.value) +
                (declares_any ? ", which nothing declares"
                              : ", which has to exist in the workspace: no file here declares connections"),
            "make the connection before this change is deployed");
        found.level = declares_any ? FindingLevel::Error : FindingLevel::Note;
        findings.push_back(std::move(found));
    }
}

const Code* code_of_rebuild(ChangeKind kind) {
    for (const Code* code : model::row_of(kind).codes) {
        if (code != nullptr && code->id.starts_with('R')) {
            return code;
        }
    }
    return nullptr;
}

} // namespace

namespace {

bool is_same_table(const Datasource& left, const Datasource& right) {
    return left.engine.kind == right.engine.kind && left.engine.sorting_key == right.engine.sorting_key &&
           left.engine.partition_key == right.engine.partition_key &&
           std::ranges::equal(left.columns, right.columns,
                              [](const model::Column& a, const model::Column& b) {
                                  return a.name == b.name && a.type == b.type;
                              });
}

void add_findings_of_rebuild(const DiffReport& diff, const std::string& name, Findings& findings) {
    const Datasource* datasource = find_datasource(diff.after.open.project, name);
    const std::string place = datasource == nullptr ? "" : origin_place(diff, datasource->origin);
    PreviewFinding cost =
        finding(codes::M401, name, place, "every row of " + backquoted(name) + " is read and written again",
                "see how much that is: SELECT sum(rows), formatReadableSize(sum(bytes_on_disk)) FROM "
                "system.parts WHERE "
                "active AND table = '" +
                    name +
                    "'; on Tinybird: SELECT row_count, bytes FROM tinybird.datasources_storage WHERE "
                    "datasource_name = '" +
                    name + "' ORDER BY timestamp DESC LIMIT 1");
    cost.level = FindingLevel::Note;
    findings.push_back(std::move(cost));
    PreviewFinding hazard =
        finding(codes::M404, name, place,
                "EXCHANGE TABLES of ClickHouse 26.5 loses the sources of views on " + backquoted(name),
                "look at dependencies_table of system.tables afterwards");
    hazard.level = FindingLevel::Note;
    findings.push_back(std::move(hazard));
}

} // namespace

Findings find_watermarks(const DiffReport& diff) {
    Findings findings;
    for (const Pipe* pipe : changed_pipes(diff)) {
        const NodeType type = codec::type_of(*pipe);
        if (type != NodeType::Materialized && type != NodeType::Copy) {
            continue;
        }
        for (const model::Node& node : pipe->nodes) {
            if (const std::optional<Moment> moment = find_moment(node)) {
                findings.push_back(finding(
                    codes::R307, pipe->name, place_in(diff.after, moment->place),
                    backquoted(moment->text) + " in " + backquoted(pipe->name) +
                        " divides rows by their own time: one that comes late is on neither side, or on both",
                    "divide by arrival: copy what is there while inserts pause, or write the table again "
                    "beside itself and exchange the two"));
                break;
            }
        }
    }
    return findings;
}

Findings find_quarantine_repairs(const DiffReport& diff) {
    Findings findings;
    const std::vector<const Pipe*> pipes = changed_pipes(diff);
    Diagnostics ignored; // `check` reports templates that do not render
    for (const codec::Dependency& dependency : codec::find_dependencies(diff.after.open.project, ignored)) {
        const auto* quarantine =
            dependency.table ? std::get_if<codec::QuarantineTable>(&*dependency.table) : nullptr;
        const bool is_changed = std::find(pipes.begin(), pipes.end(), dependency.pipe) != pipes.end();
        if (quarantine == nullptr || !is_changed || dependency.pipe->target_datasource.empty()) {
            continue;
        }
        const std::string& table = quarantine->datasource->name;
        findings.push_back(
            finding(codes::E703, dependency.pipe->name, place_in(diff.after, dependency.place),
                    backquoted(dependency.pipe->name) + " copies refused rows of " + backquoted(table) +
                        " into " + backquoted(dependency.pipe->target_datasource) +
                        ": rows are validated no more on this way, and a second run stores them twice",
                    "write the repaired rows to a file, run `birdhouse validate " + table +
                        " FILE`, send them with `birdhouse send`, whose journal stores each once, and empty "
                        "the quarantine "
                        "afterwards"));
    }
    return findings;
}

Findings find_missing_connections(const DiffReport& diff) {
    Findings findings;
    for (const Datasource& datasource : diff.after.open.project.datasources) {
        check_connections(diff, datasource.name, datasource.connector_settings, datasource.origin, findings);
    }
    for (const Pipe& pipe : diff.after.open.project.pipes) {
        check_connections(diff, pipe.name, pipe.export_settings, pipe.origin, findings);
    }
    return findings;
}

Findings findings_of_twins(const DiffReport& diff, const std::vector<Twin>& twins) {
    Findings findings;
    for (const Twin& twin : twins) {
        for (const model::Change& change : twin.changes) {
            const Code* code = code_of_rebuild(change.kind);
            if (code == nullptr) {
                continue;
            }
            const model::ChangeRow& row = model::row_of(change.kind);
            PreviewFinding found =
                finding(*code, twin.twin->name, origin_place(diff, change.after.origin),
                        backquoted(twin.twin->name) + " is " + backquoted(twin.original->name) +
                            " written again: " + describe(change),
                        std::string(row.recipe));
            found.level = FindingLevel::Warning;
            found.why = std::string(row.why);
            findings.push_back(std::move(found));
        }
    }
    return findings;
}

Findings findings_of_drift(const DiffReport& diff) {
    Findings findings;
    for (const model::Change& change : diff.drift) {
        const DiffSide& side = change.after.origin.span.known() ? diff.after : diff.before;
        const Origin& origin = change.after.origin.span.known() ? change.after.origin : change.before.origin;
        findings.push_back(finding(codes::X603, full_name(change.subject), place_in(side, origin.span),
                                   "another workspace owns it: " + describe(change),
                                   "nothing to migrate here: pull its definition, and use what is new"));
    }
    return findings;
}

Findings findings_of_forward_queries(const DiffReport& diff) {
    Findings findings;
    for (const Datasource& now : diff.after.open.project.datasources) {
        const Datasource* old = find_datasource(diff.before.open.project, now.name);
        if (old == nullptr || now.forward_query.empty() || old->forward_query == now.forward_query) {
            continue;
        }
        PreviewFinding found =
            finding(codes::R309, now.name, origin_place(diff, now.origin),
                    "the FORWARD_QUERY of " + backquoted(now.name) + " belongs to this deployment alone",
                    "remove it once the deployment is live: the next one would write the table by it again");
        found.level = FindingLevel::Note;
        findings.push_back(std::move(found));
    }
    return findings;
}

Findings findings_of_renamed_datasources(const DiffReport& diff) {
    const model::Project& before = diff.before.open.project;
    const model::Project& after = diff.after.open.project;
    Findings findings;
    for (const Datasource& old : before.datasources) {
        if (find_datasource(after, old.name) != nullptr) {
            continue;
        }
        for (const Datasource& now : after.datasources) {
            if (find_datasource(before, now.name) == nullptr && is_same_table(old, now)) {
                findings.push_back(finding(
                    codes::R306, now.name, origin_place(diff, now.origin),
                    backquoted(now.name) + " has the columns, engine and keys of " + backquoted(old.name) +
                        ", which is dropped: if it is renamed, its rows do not come with it",
                    "let both be there for a while: add the new one, copy the rows (INSERT INTO ... SELECT, "
                    "or a "
                    "copy pipe), move producers and readers, and drop the old one in a later change"));
            }
        }
    }
    return findings;
}

Findings findings_of_histories(const DiffReport& diff, const std::vector<PreviewStep>& steps) {
    Findings findings;
    for (const PreviewStep& step : steps) {
        const auto* rebuild = std::get_if<model::RebuildDatasource>(&step.action);
        const Datasource* target =
            rebuild == nullptr ? nullptr : find_datasource(diff.after.open.project, rebuild->datasource);
        if (target == nullptr || !target->forward_query.empty()) {
            continue;
        }
        for (const target::Filling& filling : target::fillings_of(diff.after.open.project, target->name)) {
            if (!target::outlives_source(*target, filling)) {
                continue;
            }
            PreviewFinding found =
                finding(codes::D107, target->name, origin_place(diff, target->origin),
                        "Forward calculates " + backquoted(target->name) + " again by " +
                            backquoted(filling.pipe->name) + ", whose source keeps its rows for less time",
                        "give it the FORWARD_QUERY of the plan below: then the rows that are there stay");
            found.level = FindingLevel::Warning;
            found.why = "what was made of rows that are gone cannot be made again";
            findings.push_back(std::move(found));
        }
    }
    return findings;
}

Findings findings_of_steps(const DiffReport& diff, const std::vector<PreviewStep>& steps,
                           const model::Schema& before) {
    Findings findings;
    const auto first = [&](auto matches) -> std::size_t {
        return static_cast<std::size_t>(
            std::find_if(steps.begin(), steps.end(),
                         [&](const PreviewStep& step) { return matches(step.action); }) -
            steps.begin());
    };
    const std::size_t view = first([](const model::StepAction& action) {
        return std::holds_alternative<model::ChangeMaterializedView>(action);
    });
    const std::size_t added = first(
        [](const model::StepAction& action) { return std::holds_alternative<model::AddColumn>(action); });
    const std::size_t dropped = first(
        [](const model::StepAction& action) { return std::holds_alternative<model::DropColumn>(action); });
    const std::size_t renamed = first(
        [](const model::StepAction& action) { return std::holds_alternative<model::RenameColumn>(action); });
    const auto note = [&](std::string message, FindingLevel level) {
        PreviewFinding found = finding(codes::Q001, "", "", std::move(message),
                                       "leave the steps in the order in which they are derived");
        found.level = level;
        findings.push_back(std::move(found));
    };
    if (view < steps.size() && added < view) {
        note(
            "a column is added before the query of a view changes: MODIFY QUERY does not look at the target, "
            "and a column that it lacks is lost without a word",
            FindingLevel::Note);
    }
    if (view < steps.size() && dropped < steps.size() && view < dropped) {
        note("the query of a view changes before a column is dropped: the other way round every insert "
             "between "
             "the two fails, after its row was stored",
             FindingLevel::Note);
    }
    if (renamed < steps.size() && !before.views.empty()) {
        note("no order of the steps keeps inserts working: a view that reads the renamed column fails until "
             "its "
             "query has changed",
             FindingLevel::Warning);
    }
    for (const PreviewStep& step : steps) {
        if (const auto* rebuild = std::get_if<model::RebuildDatasource>(&step.action)) {
            add_findings_of_rebuild(diff, rebuild->datasource, findings);
        }
    }
    return findings;
}

Findings findings_of_samples(const DiffReport& diff, const std::vector<SampleComparison>& samples) {
    Findings findings;
    for (const SampleComparison& one : samples) {
        const Datasource* datasource = find_datasource(diff.after.open.project, one.datasource);
        const VerdictChange& verdicts = one.verdicts;
        const std::string place = datasource == nullptr ? "" : origin_place(diff, datasource->origin);
        if (verdicts.all.refused_now > 0) {
            findings.push_back(finding(
                codes::E702, one.datasource, place,
                std::to_string(verdicts.all.refused_now) + " of " +
                    counted(verdicts.all.rows, "stored sample") + " of " + backquoted(one.datasource) +
                    " that were taken go to quarantine: " + join(one.reasons, "; "),
                "change the producers first, or take both forms: Nullable, a default, or a second column"));
            continue;
        }
        PreviewFinding found =
            finding(codes::E701, one.datasource, place,
                    std::to_string(verdicts.taken_after) + " of " +
                        counted(verdicts.all.rows, "stored sample") + " of " + backquoted(one.datasource) +
                        " are taken, " + std::to_string(verdicts.taken_before) + " were before",
                    "");
        for (const auto& [path, count] : verdicts.stored_now) {
            found.message += "; " + backquoted(path) + " is stored now (" + std::to_string(count) + ")";
        }
        for (const auto& [path, count] : verdicts.lost_now) {
            found.message += "; " + backquoted(path) + " is stored no more (" + std::to_string(count) + ")";
        }
        found.level = verdicts.lost_now.empty() ? FindingLevel::Note : FindingLevel::Warning;
        findings.push_back(std::move(found));
    }
    return findings;
}

} // namespace birdhouse::ops

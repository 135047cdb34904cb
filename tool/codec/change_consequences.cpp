#include "codec/change_consequences.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/forward_query.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/sql_form.hpp"
#include "codec/ttl_change.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>

namespace birdhouse::codec {

namespace {

using model::Change;
using model::ChangeKind;
using model::Datasource;
using model::ResourceKind;
using model::TargetAction;

struct Consequences {
    std::vector<AssessedChange>& changes;
    const model::Project& before;
    const model::Project& after;
    const ReaderIndex& index;
};

void add(AssessedChange& change, const Code& code, std::string message) {
    change.assessment.findings.push_back({&code, std::move(message)});
}

bool is_column_change(const Change& change) {
    return change.subject.resource == ResourceKind::Datasource && !change.subject.part.empty() &&
           change.kind <= ChangeKind::AggregateStateChanged;
}

// The changes of one datasource that both states have, by its name.
std::map<std::string, std::vector<AssessedChange*>> by_datasource(Consequences& in) {
    std::map<std::string, std::vector<AssessedChange*>> groups;
    for (AssessedChange& change : in.changes) {
        const model::Subject& subject = change.change.subject;
        if (subject.resource == ResourceKind::Datasource &&
            find_datasource(in.before, subject.name) != nullptr &&
            find_datasource(in.after, subject.name) != nullptr) {
            groups[subject.name].push_back(&change);
        }
    }
    return groups;
}

bool has_import_query(const Datasource& datasource) {
    return std::any_of(datasource.connector_settings.begin(), datasource.connector_settings.end(),
                       [](const model::Setting& setting) { return setting.name == "IMPORT_QUERY"; });
}

bool changes_columns(ChangeKind kind) { return kind <= ChangeKind::ColumnRenamed; }

// The query's rows and the table's columns are matched by the service: one of the two changed alone.
void check_import_query(std::span<AssessedChange* const> group, const Datasource& after) {
    AssessedChange* query = nullptr;
    std::vector<AssessedChange*> columns;
    for (AssessedChange* change : group) {
        query = change->change.kind == ChangeKind::ImportQueryChanged ? change : query;
        if (changes_columns(change->change.kind)) {
            columns.push_back(change);
        }
    }
    if (query != nullptr && columns.empty()) {
        add(*query, codes::X601, "the import query changes, and no column comes or goes with it");
    }
    if (query == nullptr && has_import_query(after)) {
        for (AssessedChange* column : columns) {
            add(*column, codes::X601,
                "the import query of " + backquoted(after.name) + " does not change with it");
        }
    }
}

bool is_written_again(const AssessedChange& change) {
    const TargetAction action = change.assessment.targets.forward.action;
    return action == TargetAction::Rewrite || action == TargetAction::ForwardQuery;
}

// A FORWARD_QUERY belongs to one deployment: it names every column of the new table, and goes afterwards.
// That one is missing is said by the changes that need it.
void check_forward(std::span<AssessedChange* const> group, const Datasource& before,
                   const Datasource& after) {
    if (after.forward_query.empty()) {
        return;
    }
    const bool is_old = sql_form(before.forward_query) == sql_form(after.forward_query);
    const auto concerned = std::ranges::find_if(group, [&](const AssessedChange* change) {
        return is_written_again(*change) || (is_old ? is_column_change(change->change)
                                                    : change->change.kind == ChangeKind::ForwardQueryChanged);
    });
    if (concerned == group.end()) {
        return;
    }
    if (is_old) {
        add(**concerned, codes::R309,
            "the FORWARD_QUERY of " + backquoted(after.name) + " is that of an earlier deployment");
        return;
    }
    std::vector<std::string> faults;
    for (const ForwardQueryProblem& problem : check_forward_query(before, after)) {
        const std::string columns = "`" + join(problem.columns, "`, `") + "`";
        faults.push_back(problem.fault == ForwardQueryFault::Foreign
                             ? "it names " + columns + ", which the new schema has not"
                             : "it does not name " + columns + " exactly once");
    }
    if (!faults.empty()) {
        add(**concerned, codes::R308,
            "the FORWARD_QUERY of " + backquoted(after.name) + " does not fit: " + join(faults, "; "));
    }
}

bool modifies_column(const AssessedChange& change) {
    const model::TargetEffect& effect = change.assessment.targets.clickhouse;
    return effect.action == TargetAction::Alter && effect.how.starts_with("MODIFY COLUMN") &&
           !change.change.subject.part.empty();
}

// A type that changes in two ways is still one type.
bool changes_type(const AssessedChange& change) {
    return change.change.kind >= ChangeKind::TypeWidened &&
           change.change.kind <= ChangeKind::AggregateStateChanged;
}

void check_twice(std::span<AssessedChange* const> group) {
    std::map<std::string, std::vector<AssessedChange*>> by_column;
    for (AssessedChange* change : group) {
        std::vector<AssessedChange*>& same = by_column[change->change.subject.part];
        const bool is_counted = !same.empty() && changes_type(*same.back()) && changes_type(*change);
        if (modifies_column(*change) && !is_counted) {
            same.push_back(change);
        }
    }
    for (const auto& [column, changes] : by_column) {
        if (changes.size() > 1) {
            add(*changes.front(), codes::M403,
                backquoted(column) + " changes in " + std::to_string(changes.size()) +
                    " ways: say all in one MODIFY COLUMN, as two of one column in one ALTER are refused or "
                    "lose one");
        }
    }
}

bool shortens_life(ChangeKind kind) {
    return kind == ChangeKind::TtlAdded || kind == ChangeKind::TtlShortened || kind == ChangeKind::TtlChanged;
}

void check_rebuild(AssessedChange& change, const Datasource& source, const Consequences& in) {
    if (!shortens_life(change.change.kind)) {
        return;
    }
    for (const Reader& reader : in.index.with_readers_of(in.index.of_table(source.name))) {
        const Datasource* target = find_datasource(in.after, reader.pipe->target_datasource);
        const bool is_view = type_of(*reader.pipe) == model::NodeType::Materialized &&
                             reader.node == model::result_node(*reader.pipe) &&
                             reader.use != ReaderUse::Writes;
        if (is_view && target != nullptr && outlives(target->engine.ttl, source.engine.ttl)) {
            add(change, codes::D107,
                backquoted(target->name) + " keeps rows longer than " + backquoted(source.name) +
                    ": it can be made again from it no more");
        }
    }
}

bool is_kind(const Datasource& datasource, std::span<const std::string_view> kinds) {
    return std::ranges::find(kinds, to_lower_ascii(datasource.engine.kind)) != kinds.end();
}

// What an engine does to rows that are there, which the class of its change alone does not tell.
void check_engine(std::span<AssessedChange* const> group, const Datasource& before, const Datasource& after) {
    static constexpr std::array<std::string_view, 1> kStoresNothing = {"null"};
    static constexpr std::array<std::string_view, 5> kMerges = {"replacingmergetree", "summingmergetree",
                                                                "aggregatingmergetree", "collapsingmergetree",
                                                                "versionedcollapsingmergetree"};
    const auto changed = std::ranges::find_if(
        group, [](const AssessedChange* one) { return one->change.kind == ChangeKind::EngineChanged; });
    const auto key = std::ranges::find_if(
        group, [](const AssessedChange* one) { return one->change.kind == ChangeKind::SortingKeyChanged; });
    if (changed != group.end() && is_kind(after, kStoresNothing)) {
        add(**changed, codes::D102,
            backquoted(after.name) + " stores nothing any more: the rows that are there go");
        (*changed)->assessment.change_class = model::ChangeClass::Destructive;
        (*changed)->assessment.reversible = model::Reversible::No;
        return;
    }
    const bool replaces =
        is_kind(before, std::span(kMerges).first(1)) && is_kind(after, std::span(kMerges).first(1));
    const bool merges = changed != group.end() ? is_kind(after, kMerges) : key != group.end() && replaces;
    if (!merges || after.engine.sorting_key.empty()) {
        return;
    }
    const std::string columns = after.engine.sorting_key;
    add(changed != group.end() ? **changed : **key, changed != group.end() ? codes::R303 : codes::R301,
        "rows that are equal in `" + columns + "` become one: SELECT count() - uniqExact(" + columns +
            ") FROM " + after.name + " says how many go");
}

void check_rename(AssessedChange& change) {
    const std::optional<std::string>& name = change.change.surroundings.possible_rename;
    if (change.change.kind == ChangeKind::ColumnDropped && name) {
        add(change, codes::R305,
            "if it is renamed to " + backquoted(*name) +
                ", say so (`renamed_from:` in its definition, or --rename): `rename_column` on ClickHouse, "
                "an "
                "alias in FORWARD_QUERY on Tinybird, keeps its values");
    }
}

// A view's rows find their columns in the target by name; the others are lost.
void check_view_column(AssessedChange& change, const model::Project& after) {
    if (change.change.kind != ChangeKind::ViewColumnAdded) {
        return;
    }
    const model::Pipe* pipe = find_pipe(after, change.change.subject.name);
    const Datasource* target = pipe == nullptr ? nullptr : find_datasource(after, pipe->target_datasource);
    if (target != nullptr && find_column(*target, change.change.subject.part) == nullptr) {
        add(change, codes::B203,
            backquoted(target->name) + " has no column of this name: its values are lost");
        change.assessment.breaking = true;
    }
}

bool goes_through(const std::vector<model::Setting>& settings, std::string_view connection) {
    return std::any_of(settings.begin(), settings.end(), [&](const model::Setting& setting) {
        return setting.name.ends_with("CONNECTION_NAME") && setting.value == connection;
    });
}

void check_connection(AssessedChange& change, const model::Project& after) {
    if (change.change.kind != ChangeKind::ConnectionDropped) {
        return;
    }
    const std::string& name = change.change.subject.name;
    const auto report = [&](const std::string& user) {
        add(change, codes::X601, backquoted(user) + " still goes through it");
        change.assessment.breaking = true;
    };
    for (const Datasource& datasource : after.datasources) {
        if (goes_through(datasource.connector_settings, name)) {
            report(datasource.name);
        }
    }
    for (const model::Pipe& pipe : after.pipes) {
        if (goes_through(pipe.export_settings, name)) {
            report(pipe.name);
        }
    }
}

} // namespace

void add_consequences(std::vector<AssessedChange>& changes, const model::Project& before,
                      const model::Project& after, const ReaderIndex& index) {
    Consequences in{changes, before, after, index};
    for (const auto& [name, group] : by_datasource(in)) {
        const Datasource& old = *find_datasource(before, name);
        const Datasource& now = *find_datasource(after, name);
        check_import_query(group, now);
        check_forward(group, old, now);
        check_twice(group);
        check_engine(group, old, now);
        for (AssessedChange* change : group) {
            check_rebuild(*change, now, in);
        }
    }
    for (AssessedChange& change : changes) {
        check_rename(change);
        check_view_column(change, after);
        check_connection(change, after);
    }
}

} // namespace birdhouse::codec

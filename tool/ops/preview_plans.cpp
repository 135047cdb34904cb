#include "ops/preview_plans.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/pipe_query.hpp"
#include "codec/schema_steps.hpp"
#include "ops/migration_guard.hpp"
#include "syntax/sql_scan.hpp"
#include "target/ddl.hpp"
#include "target/forward_plan.hpp"
#include "target/plan.hpp"
#include "target/resource_plan_classic.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <set>
#include <variant>

namespace birdhouse::ops {

namespace {

using codec::AssessedChange;
using model::ChangeKind;
using model::ResourceKind;
using model::Schema;
using model::StepAction;
using target::ActionKind;
using target::PlannedAction;
using target::ResourcePlan;

// The database stands for the target's own; a project that has no name has none.
std::string database_of(const DiffReport& diff) {
    const model::Config& config = diff.after.open.project.config;
    return diff.after.has_config && !config.name.empty() ? config.name : "default";
}

std::string parts_query(const std::string& database, const std::string& table) {
    return "SELECT sum(rows), formatReadableSize(sum(bytes_on_disk)) FROM system.parts WHERE active AND "
           "database = " +
           target::string_literal(database) + " AND table = " + target::string_literal(table);
}

class SqlPlanner {
public:
    SqlPlanner(const MigrationPreview& preview, const Schema& before, const Schema& after,
               const std::vector<Twin>& twins)
        : preview_(preview), before_(before), after_(after), twins_(twins),
          database_(database_of(preview.diff)) {}

    ResourcePlan run(std::string target) {
        plan_.target = std::move(target);
        count_losses();
        Schema schema = before_;
        for (const PreviewStep& step : preview_.steps) {
            plan_step(step, schema);
            apply_step(step.action, schema);
        }
        for (const std::string& text : preview_.impossible) {
            plan_.refused.push_back(
                {"", &codes::R310, text, "declare a new datasource, fill it, and move its readers there"});
        }
        add_refused_states();
        add_skipped();
        add_view_variants();
        add_recalculations();
        add_twin_variants();
        return std::move(plan_);
    }

private:
    void add(ActionKind kind, const std::string& resource, std::string text, std::string note) {
        plan_.actions.push_back({kind, resource, std::move(text), std::move(note)});
    }

    // Before anything runs.
    void count_losses() {
        Schema schema = before_;
        for (const PreviewStep& step : preview_.steps) {
            for (const Loss& loss : losses_of(step.action, schema, database_)) {
                if (!loss.count_sql.empty()) {
                    add(ActionKind::Statement, target::object_of(step.action), loss.count_sql,
                        "counts " + loss.what + ": more than the allowance of " + std::string(loss.code->id) +
                            " stops the migration");
                }
            }
            apply_step(step.action, schema);
        }
    }

    void plan_step(const PreviewStep& step, const Schema& schema) {
        const std::string resource = target::object_of(step.action);
        if (std::holds_alternative<model::RebuildDatasource>(step.action)) {
            add(ActionKind::Manual, resource, "let inserts into " + backquoted(resource) + " pause",
                "rows that come between the copy and the exchange stay in the old table");
            add(ActionKind::Statement, resource, parts_query(database_, resource),
                "how much is read and written again");
        }
        const std::vector<target::Statement> statements = target::plan_step(step.action, schema, database_);
        bool is_first = true;
        for (const target::Statement& statement : statements) {
            add(ActionKind::Statement, resource, statement.sql, is_first ? step.cost : "");
            is_first = false;
        }
        if (statements.empty()) {
            add(ActionKind::Automatic, resource, describe(step.action), step.cost);
        }
        if (std::holds_alternative<model::RebuildDatasource>(step.action)) {
            add(ActionKind::Statement, resource,
                "SELECT count() FROM " + target::qualified_name(database_, resource),
                "must be as many as before the exchange; ClickHouse 26.5 also loses the sources of views "
                "there: "
                "look at dependencies_table of system.tables");
        }
    }

    void add_refused_states() {
        for (const AssessedChange& change : preview_.diff.changes) {
            if (change.change.kind == ChangeKind::AggregateStateChanged) {
                plan_.refused.push_back({full_name(change.change.subject), &codes::R310,
                                         describe(change.change) + ": refused (70 CANNOT_CONVERT_TYPE)",
                                         "add a column for the new state, and fill it from the source"});
            }
        }
    }

    // Said, not silently dropped.
    void add_skipped() {
        for (const target::ResourceChanges& group : target::by_resource(preview_.diff.changes)) {
            std::set<std::string> texts;
            for (const AssessedChange* change : group.changes) {
                if (change->assessment.targets.clickhouse.action == model::TargetAction::NotThere) {
                    texts.insert(describe(change->change));
                }
            }
            for (const std::string& text : texts) {
                add(ActionKind::Skipped, group.name, text, "unsupported here: ClickHouse has no such thing");
            }
            const model::Datasource* now = group.kind == ResourceKind::Datasource
                                               ? find_datasource(preview_.diff.after.open.project, group.name)
                                               : nullptr;
            const bool is_new =
                now != nullptr && find_datasource(preview_.diff.before.open.project, group.name) == nullptr;
            if (is_new && !now->connector_settings.empty()) {
                add(ActionKind::Skipped, group.name, "the connector of " + backquoted(group.name),
                    "unsupported here: something else has to fill the table");
            }
        }
    }

    // A view that changes: in place, or with its history filled in anew.
    void add_view_variants() {
        for (const PreviewStep& step : preview_.steps) {
            if (const auto* view = std::get_if<model::ChangeMaterializedView>(&step.action)) {
                add_view_variant(*view);
            }
        }
    }

    std::vector<std::string> new_columns_of(const std::string& datasource) const {
        std::vector<std::string> names;
        for (const PreviewStep& step : preview_.steps) {
            const auto* added = std::get_if<model::AddColumn>(&step.action);
            if (added != nullptr && added->datasource == datasource) {
                names.push_back(backquoted(added->column.name));
            }
        }
        return names;
    }

    void add_view_variant(const model::ChangeMaterializedView& view) {
        const model::MaterializedView* old = find_view(before_, view.view);
        if (old == nullptr) {
            return;
        }
        std::vector<PlannedAction> in_place;
        Schema schema = before_;
        for (const PreviewStep& step : preview_.steps) {
            const std::string resource = target::object_of(step.action);
            if (resource == old->target || resource == view.view) {
                for (const target::Statement& statement : target::plan_step(step.action, schema, database_)) {
                    in_place.push_back({ActionKind::Statement, resource, statement.sql, ""});
                }
            }
            apply_step(step.action, schema);
        }
        const std::vector<std::string> names = new_columns_of(old->target);
        plan_.variants.push_back(
            {"in place of `" + view.view + "`",
             names.empty() ? "rows of `" + old->target + "` that are there stay as the old query made them"
                           : "rows of `" + old->target + "` that are there keep the empty value in " +
                                 join(names, ", "),
             std::move(in_place)});
        const model::Datasource* filled = find_datasource(after_, old->target);
        if (filled == nullptr) {
            return;
        }
        const std::string scratch = name_of_scratch(*filled);
        plan_.variants.push_back(
            {"backfill of `" + old->target + "`",
             "every row is made anew by the new query, as far as its sources still have theirs; inserts "
             "pause "
             "meanwhile",
             {{ActionKind::Statement, scratch,
               "CREATE TABLE " + qualified(scratch) + " AS " + qualified(old->target),
               "after the two statements in place"},
              {ActionKind::Statement, scratch, target::insert_by_name(qualified(scratch), view.sql, *filled),
               ""},
              {ActionKind::Statement, old->target,
               "EXCHANGE TABLES " + qualified(scratch) + " AND " + qualified(old->target),
               "again to go back; drop the scratch table once the new rows are proven"}}});
    }

    std::string qualified(const std::string& table) const { return target::qualified_name(database_, table); }

    static std::string name_of_scratch(const model::Datasource& filled) {
        return "_birdhouse_backfill_" + filled.name;
    }

    // States that cannot be made of states can be made of the rows they came from.
    void add_recalculations() {
        std::set<std::string> tables;
        for (const AssessedChange& change : preview_.diff.changes) {
            if (change.change.kind == ChangeKind::AggregateStateChanged) {
                tables.insert(change.change.subject.name);
            }
        }
        for (const std::string& table : tables) {
            const model::Datasource* filled = find_datasource(after_, table);
            for (const model::MaterializedView& view : after_.views) {
                if (filled != nullptr && view.target == table && find_view(before_, view.name) != nullptr) {
                    add_recalculation(view, *filled);
                }
            }
        }
    }

    void add_recalculation(const model::MaterializedView& view, const model::Datasource& filled) {
        const std::string scratch = name_of_scratch(filled);
        std::vector<PlannedAction> actions = {
            {ActionKind::Manual, filled.name,
             "let inserts into the sources of " + backquoted(view.name) + " pause",
             "until the query is changed"},
            {ActionKind::Statement, scratch, target::create_table(filled, database_, scratch), ""},
            {ActionKind::Statement, scratch, target::insert_by_name(qualified(scratch), view.sql, filled),
             ""},
            {ActionKind::Statement, filled.name,
             "EXCHANGE TABLES " + qualified(scratch) + " AND " + qualified(filled.name),
             "again to go back; drop the scratch table once the new rows are proven"}};
        for (const target::Statement& statement :
             target::plan_step(model::ChangeMaterializedView{view.name, view.sql}, after_, database_)) {
            actions.push_back({ActionKind::Statement, view.name, statement.sql, ""});
        }
        plan_.variants.push_back({"recalculation of `" + filled.name + "`",
                                  "every row is made anew by the new query, as far as its sources still "
                                  "have theirs; inserts pause meanwhile",
                                  std::move(actions)});
    }

    // `WHERE timestamp > 'a moment'` alone divides a sync from its backfill; in place it has no use.
    static std::string without_moment(const std::string& sql) {
        std::vector<syntax::SqlPiece> pieces = syntax::scan_sql(sql);
        std::erase_if(pieces,
                      [](const syntax::SqlPiece& piece) { return !syntax::is_significant(piece.token); });
        for (std::size_t i = 0; i + 3 < pieces.size(); ++i) {
            const bool is_where =
                pieces[i].depth == 0 && to_lower_ascii(pieces[i].text) == "where" &&
                syntax::is_name(pieces[i + 1]) &&
                (pieces[i + 2].text.starts_with('>') || pieces[i + 2].text.starts_with('<')) &&
                pieces[i + 3].token.kind == syntax::SqlTokenKind::String;
            const bool ends = i + 4 == pieces.size() || to_lower_ascii(pieces[i + 4].text) == "group" ||
                              to_lower_ascii(pieces[i + 4].text) == "order";
            if (is_where && ends) {
                return std::string(trim(sql.substr(0, pieces[i].token.begin))) +
                       (i + 4 == pieces.size() ? "" : "\n" + sql.substr(pieces[i + 4].token.begin));
            }
        }
        return sql;
    }

    // What a second datasource with its own chain would be as a change of the first.
    void add_twin_variants() {
        for (const Twin& twin : twins_) {
            Schema from;
            Schema to;
            from.datasources.push_back(storage_of(*twin.original));
            to.datasources.push_back(storage_of(*twin.twin));
            to.datasources.front().name = twin.original->name;
            const model::MaterializedView* old =
                twin.original_view == nullptr ? nullptr : find_view(before_, twin.original_view->name);
            if (old != nullptr && twin.twin_view != nullptr) {
                Diagnostics unheard; // `check` says what cannot be composed
                const auto query =
                    codec::compose_materialized(preview_.diff.after.open.project, *twin.twin_view, unheard);
                if (query) {
                    from.views.push_back(*old);
                    to.views.push_back({old->name, old->target, without_moment(query->sql), {}});
                }
            }
            add_twin_variant(twin, from, to);
        }
    }

    void add_twin_variant(const Twin& twin, const Schema& from, const Schema& to) {
        const model::SchemaDiff difference = codec::derive_steps(from, to);
        std::vector<PlannedAction> actions;
        std::vector<std::string> names;
        Schema schema = from;
        for (const StepAction& step : difference.steps) {
            for (const target::Statement& statement : target::plan_step(step, schema, database_)) {
                actions.push_back({ActionKind::Statement, target::object_of(step), statement.sql, ""});
            }
            if (const auto* added = std::get_if<model::AddColumn>(&step)) {
                names.push_back(backquoted(added->column.name));
            }
            apply_step(step, schema);
        }
        if (!actions.empty()) {
            plan_.variants.push_back(
                {"in place: `" + twin.original->name + "` itself instead of `" + twin.twin->name + "`",
                 names.empty() ? "no second chain, and no moment that divides the rows"
                               : "no second chain; rows that are there keep the empty value in " +
                                     join(names, ", ") + " unless they are filled in",
                 std::move(actions)});
        }
        if (!twin.twin->connector_settings.empty()) {
            plan_.variants.push_back({"reingest into `" + twin.twin->name + "`",
                                      "history is read again from where it came from, instead of copied",
                                      {{ActionKind::Manual, twin.twin->name,
                                        "read everything again, compare the counts of both, then move the "
                                        "readers",
                                        ""}}});
        }
    }

    const MigrationPreview& preview_;
    const Schema& before_;
    const Schema& after_;
    const std::vector<Twin>& twins_;
    std::string database_;
    ResourcePlan plan_;
};

} // namespace

std::vector<ResourcePlan> make_plans(const MigrationPreview& preview, const Schema& before,
                                     const Schema& after, const std::vector<Twin>& twins) {
    const target::PlanInput input{preview.diff.before.open.project, preview.diff.after.open.project,
                                  preview.diff.changes};
    return {SqlPlanner(preview, before, after, twins).run("embedded"),
            SqlPlanner(preview, before, after, twins).run("clickhouse"), target::forward_plan(input),
            target::classic_plan(input)};
}

} // namespace birdhouse::ops

#include "target/resource_plan_classic.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/forward_query.hpp"
#include "codec/pipe_diff.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::target {

namespace {

using codec::AssessedChange;
using model::ChangeKind;
using model::Datasource;
using model::Pipe;
using model::ResourceKind;
using model::TargetAction;

bool is_ttl(ChangeKind kind) { return kind >= ChangeKind::TtlAdded && kind <= ChangeKind::TtlRemoved; }
bool is_index(ChangeKind kind) { return kind >= ChangeKind::IndexAdded && kind <= ChangeKind::IndexChanged; }

// As `alter` takes it: one line, in the order of the columns.
std::string schema_text(const Datasource& datasource) {
    std::vector<std::string> columns;
    for (const model::Column& column : datasource.columns) {
        std::string text = "`" + column.name + "` " + column.type;
        text += column.json_path ? " `json:" + *column.json_path + "`" : "";
        text += column.default_expression ? " DEFAULT " + *column.default_expression : "";
        text += column.codec ? " CODEC(" + *column.codec + ")" : "";
        columns.push_back(std::move(text));
    }
    return join(columns, ", ");
}

std::string index_text(const Datasource& datasource) {
    std::vector<std::string> indexes;
    for (const model::Index& index : datasource.indexes) {
        indexes.push_back("INDEX " + index.name + " " + index.expression + " TYPE " + index.type +
                          " GRANULARITY " + index.granularity);
    }
    return indexes.empty() ? "0" : join(indexes, "; ");
}

bool has_setting(const Datasource& datasource, std::string_view name) {
    return std::any_of(datasource.connector_settings.begin(), datasource.connector_settings.end(),
                       [&](const model::Setting& setting) { return setting.name == name; });
}

// By which rows are told apart in time.
std::string time_column(const Datasource& datasource) {
    const auto column = std::find_if(datasource.columns.begin(), datasource.columns.end(),
                                     [](const model::Column& one) { return one.type.starts_with("Date"); });
    return column == datasource.columns.end() ? "its time" : column->name;
}

std::string one_line(const std::string& sql) {
    return replace_all(replace_all(sql, "\n    ", " "), "\n", " ");
}

class ClassicPlanner {
public:
    explicit ClassicPlanner(const PlanInput& input) : input_(input) { plan_.target = "tinybird_classic"; }

    ResourcePlan run() {
        for (const ResourceChanges& group : by_resource(input_.changes)) {
            switch (group.kind) {
            case ResourceKind::Datasource:
                plan_datasource(group);
                break;
            case ResourceKind::Pipe:
                plan_pipe(group);
                break;
            case ResourceKind::Connection:
                add(ActionKind::Manual, group.name, "change the connection in the workspace",
                    "connections of Classic are no files");
                break;
            case ResourceKind::Project:
                break; // of birdhouse alone
            }
        }
        return std::move(plan_);
    }

private:
    void add(ActionKind kind, const std::string& resource, std::string text, std::string note = "") {
        plan_.actions.push_back({kind, resource, std::move(text), std::move(note)});
    }

    void plan_datasource(const ResourceChanges& group) {
        const Datasource* old = find_datasource(input_.before, group.name);
        const Datasource* now = find_datasource(input_.after, group.name);
        if (now == nullptr) {
            return add(ActionKind::Request, group.name,
                       "DELETE /v0/datasources/" + group.name + "?force=true", "its rows are gone");
        }
        if (old == nullptr) {
            return add(ActionKind::Request, group.name,
                       "POST /v0/datasources?name=" + group.name + " schema=" + schema_text(*now),
                       "with its engine and connector");
        }
        std::vector<const AssessedChange*> recreated;
        for (const AssessedChange* change : group.changes) {
            const TargetAction action = change->assessment.targets.classic.action;
            if (action == TargetAction::Ignored || action == TargetAction::Recreate ||
                action == TargetAction::Refused) {
                recreated.push_back(change);
            }
        }
        if (!recreated.empty()) {
            return plan_new_chain(group, *old, *now, recreated);
        }
        plan_alter(group, *now);
    }

    void plan_alter(const ResourceChanges& group, const Datasource& now) {
        std::string parameters;
        bool updates = false;
        const auto give = [&](const std::string& parameter) {
            if (parameters.find(parameter) == std::string::npos) {
                parameters += (parameters.empty() ? "" : "\n    ") + parameter;
            }
        };
        for (const AssessedChange* change : group.changes) {
            const ChangeKind kind = change->change.kind;
            const TargetAction action = change->assessment.targets.classic.action;
            updates |= action == TargetAction::Update;
            if (action != TargetAction::Alter) {
                continue;
            }
            if (is_ttl(kind)) {
                give("ttl=" + (now.engine.ttl.empty() ? "false" : now.engine.ttl));
            } else if (is_index(kind)) {
                give("indexes=" + index_text(now));
            } else {
                give("schema=" + schema_text(now));
            }
        }
        if (!parameters.empty()) {
            const std::string path = "POST /v0/datasources/" + now.name + "/alter\n    ";
            add(ActionKind::Request, now.name, path + parameters + "\n    dry=true",
                "answers with the operations it would do: compare them with the changes");
            add(ActionKind::Request, now.name, path + parameters + "\n    dry=false",
                "the datasource is read back afterwards and compared");
        }
        if (updates) {
            add(ActionKind::Request, now.name, "PUT /v0/datasources/" + now.name,
                "description, tokens, tags, connector");
        }
    }

    // Tinybird's own way: a second datasource that is filled by a sync from now on and by a copy of the past.
    void plan_new_chain(const ResourceChanges& group, const Datasource& old, const Datasource& now,
                        const std::vector<const AssessedChange*>& recreated) {
        for (const AssessedChange* change : recreated) {
            const bool is_ignored = change->assessment.targets.classic.action == TargetAction::Ignored;
            plan_.refused.push_back(
                {full_name(change->change.subject), &codes::X604,
                 describe(change->change) +
                     (is_ignored ? ": ignored, the push says that it exists already" : ": refused by alter"),
                 "the new datasource below; the old one must not be pushed"});
        }
        const std::string next = group.name + "_new";
        Datasource renamed = now;
        renamed.name = next;
        const std::vector<Filling> fillings = fillings_of(input_.after, group.name);
        const std::string time = time_column(old);
        chains_.insert(group.name);
        const codec::ForwardQuery query = codec::make_forward_query(old, now);
        const std::string list = query.sql.empty() ? "SELECT *" : one_line(query.sql);
        add(ActionKind::Request, next,
            "POST /v0/datasources?name=" + next + " schema=" + schema_text(renamed),
            "a new datasource beside the old one, with the new keys, engine and types");
        if (fillings.empty()) {
            add(ActionKind::Manual, "sync_" + group.name,
                "a materialized pipe: " + list + " FROM " + group.name + " WHERE " + time + " > T",
                "rows from a moment T in the future on; an event that comes late, with an older time, is in "
                "neither part");
        }
        for (const Filling& filling : fillings) {
            add(ActionKind::Manual, filling.pipe->name + "_new",
                "a materialized pipe into " + next + ": the query of " + filling.pipe->name + " WHERE " +
                    time + " > T",
                "rows from a moment T in the future on");
        }
        if (query.impossible.empty()) {
            add(ActionKind::Manual, "backfill_" + group.name,
                "a copy pipe, run in parts: " + list + " FROM " + group.name + " WHERE " + time + " <= T",
                query.lossy.empty() ? "once T has passed; compare the counts of both"
                                    : "values that do not fit become NULL or the default in `" +
                                          join(query.lossy, "`, `") + "`: count them first");
        }
        for (const Filling& filling : query.impossible.empty() ? std::vector<Filling>() : fillings) {
            add(ActionKind::Manual, "backfill_" + filling.pipe->name,
                "a copy pipe into " + next + ", run in parts: the query of " + filling.pipe->name +
                    " WHERE " + time + " <= T",
                "once T has passed; nothing makes `" + join(query.impossible, "`, `") +
                    "` of what is stored, only the sources do, as far as they still have their rows");
        }
        add_switch(group.name, next);
        if (has_setting(now, "IMPORT_BUCKET_URI") || has_setting(now, "IMPORT_EXTERNAL_DATASOURCE")) {
            plan_.variants.push_back(
                {"reingest of `" + group.name + "`",
                 "history is read again from where it came from, instead of copied",
                 {{ActionKind::Request, next, "POST /v0/datasources/" + next + "/scheduling/runs", ""}}});
        }
    }

    void add_switch(const std::string& name, const std::string& next) {
        add(ActionKind::Request, name, "POST /v0/datasources/exchange " + name + " " + next,
            "experimental; else push the pipes with " + backquoted(next) + " in them");
        add(ActionKind::Manual, name,
            "keep " + backquoted(next) + ", which has the old rows then, until the new ones are proven",
            "exchange again to go back");
    }

    void plan_pipe(const ResourceChanges& group) {
        const Pipe* old = find_pipe(input_.before, group.name);
        const Pipe* now = find_pipe(input_.after, group.name);
        if (now == nullptr) {
            return add(ActionKind::Request, group.name, "DELETE /v0/pipes/" + group.name);
        }
        const bool is_view = codec::type_of(*now) == model::NodeType::Materialized;
        const model::Node* node = model::result_node(*now);
        if (old == nullptr) {
            add(ActionKind::Request, group.name, "POST /v0/pipes?name=" + group.name, "");
            if (is_view && node != nullptr) {
                add(ActionKind::Request, group.name,
                    "POST /v0/pipes/" + group.name + "/nodes/" + node->name + "/population",
                    "fills " + backquoted(now->target_datasource) +
                        " with what its sources hold; rows that come while it runs may be there twice");
            }
            return;
        }
        const bool recreates =
            std::any_of(group.changes.begin(), group.changes.end(), [](const AssessedChange* change) {
                return change->assessment.targets.classic.action == TargetAction::Recreate;
            });
        if (is_view && chains_.contains(now->target_datasource)) {
            return; // the chain of its new target has it
        }
        if (is_view && recreates && node != nullptr) {
            const std::string target = now->target_datasource + "_new";
            add(ActionKind::Request, target, "POST /v0/datasources?name=" + target,
                "a new target beside the old one");
            add(ActionKind::Request, group.name + "_new", "POST /v0/pipes?name=" + group.name + "_new",
                "materializes into it by the new query");
            add(ActionKind::Request, group.name + "_new",
                "POST /v0/pipes/" + group.name + "_new/nodes/" + node->name + "/population",
                "fills in the past, as far as the sources still have it");
            add(ActionKind::Manual, group.name,
                "move the readers to " + backquoted(target) + ", then delete the old pipe and its target");
            return;
        }
        add(ActionKind::Request, group.name, "POST /v0/pipes?name=" + group.name + "&force=true", "");
    }

    const PlanInput& input_;
    ResourcePlan plan_;
    std::set<std::string> chains_; // datasources that get a new one beside them
};

} // namespace

ResourcePlan classic_plan(const PlanInput& input) { return ClassicPlanner(input).run(); }

} // namespace birdhouse::target

#include "target/forward_plan.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/forward_query.hpp"
#include "codec/pipe_diff.hpp"

#include <algorithm>

namespace birdhouse::target {

namespace {

using codec::AssessedChange;
using model::ChangeKind;
using model::Datasource;
using model::Pipe;
using model::ResourceKind;
using model::TargetAction;

constexpr std::string_view kFlag = "allow_destructive_operations=true";

bool has_kind(const ResourceChanges& group, ChangeKind kind) {
    return std::any_of(group.changes.begin(), group.changes.end(),
                       [&](const AssessedChange* change) { return change->change.kind == kind; });
}

bool has_action(const ResourceChanges& group, TargetAction action) {
    return std::any_of(group.changes.begin(), group.changes.end(), [&](const AssessedChange* change) {
        return change->assessment.targets.forward.action == action;
    });
}

// "`a` and `b`" of what changes by one action.
std::string changes_by(const ResourceChanges& group, TargetAction action) {
    std::vector<std::string> texts;
    for (const AssessedChange* change : group.changes) {
        if (change->assessment.targets.forward.action == action) {
            texts.push_back(describe(change->change));
        }
    }
    return join(texts, "; ");
}

class ForwardPlanner {
public:
    explicit ForwardPlanner(const PlanInput& input) : input_(input) { plan_.target = "tinybird_forward"; }

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
                add(ActionKind::Automatic, group.name, changes_by(group, TargetAction::Update), "");
                break;
            case ResourceKind::Project:
                break; // of birdhouse alone
            }
        }
        add_requests();
        return std::move(plan_);
    }

private:
    void add(ActionKind kind, const std::string& resource, std::string text, std::string note) {
        plan_.actions.push_back({kind, resource, std::move(text), std::move(note)});
    }

    void plan_datasource(const ResourceChanges& group) {
        const Datasource* old = find_datasource(input_.before, group.name);
        const Datasource* now = find_datasource(input_.after, group.name);
        if (old == nullptr || now == nullptr) {
            return plan_whole_datasource(group, now);
        }
        if (has_action(group, TargetAction::Rewrite) || has_action(group, TargetAction::ForwardQuery)) {
            return plan_rewrite(group, *old, *now);
        }
        if (has_action(group, TargetAction::Alter)) {
            add(ActionKind::Automatic, group.name,
                "alter in place: " + changes_by(group, TargetAction::Alter),
                has_kind(group, ChangeKind::ColumnDropped)
                    ? "the documents do not say whether a dropped column asks for the flag: the check tells"
                    : "");
            plan_.allows_destruction |= has_kind(group, ChangeKind::ColumnDropped);
        }
        if (has_action(group, TargetAction::Update)) {
            add(ActionKind::Automatic, group.name, "metadata: " + changes_by(group, TargetAction::Update),
                "");
        }
        if (has_action(group, TargetAction::NotKnown)) {
            add(ActionKind::Automatic, group.name,
                "not documented: " + changes_by(group, TargetAction::NotKnown),
                "look at the feedback of the check before the deployment");
        }
        note_left_query(*old, *now);
    }

    void plan_whole_datasource(const ResourceChanges& group, const Datasource* now) {
        if (now == nullptr) {
            plan_.allows_destruction = true;
            return add(ActionKind::Automatic, group.name, "delete the datasource and its rows",
                       "refused without " + std::string(kFlag));
        }
        const std::vector<Filling> fillings = fillings_of(input_.after, group.name);
        std::string note;
        if (now->backfill_skip) {
            note = "BACKFILL skip: it begins empty";
        } else if (!fillings.empty()) {
            note = "filled from what its sources hold by the query of " +
                   backquoted(fillings.front().pipe->name);
            note += outlives_source(*now, fillings.front()) ? "; rows that their TTL has deleted do not come"
                                                            : "";
        }
        add(ActionKind::Automatic, group.name, "create the datasource", note);
    }

    // Forward makes a second table, fills it from the first, and takes its place when it is promoted.
    void plan_rewrite(const ResourceChanges& group, const Datasource& old, const Datasource& now) {
        const std::string why = changes_by(group, TargetAction::ForwardQuery).empty()
                                    ? changes_by(group, TargetAction::Rewrite)
                                    : changes_by(group, TargetAction::ForwardQuery);
        const std::vector<Filling> fillings = fillings_of(input_.after, group.name);
        const codec::ForwardQuery query = codec::make_forward_query(old, now);
        const bool converts = !codec::columns_to_convert(old, now).empty();
        // Events fill the one, and a query cannot make them again.
        if (!fillings.empty() && !takes_events(now) && now.forward_query.empty()) {
            plan_recalculation(group.name, now, fillings.front(), why, query);
        } else if (!converts && now.forward_query.empty()) {
            add(ActionKind::Automatic, group.name, "rewrite: " + why,
                "every row is copied into a new table; no FORWARD_QUERY is needed");
        } else {
            plan_forward_query(group.name, old, now, why, query);
        }
        add(ActionKind::Automatic, group.name, "its quarantine is made anew, empty", "");
        note_left_query(old, now);
    }

    void plan_recalculation(const std::string& name, const Datasource& now, const Filling& filling,
                            const std::string& why, const codec::ForwardQuery& query) {
        const bool loses = outlives_source(now, filling);
        plan_.allows_destruction |= loses;
        add(ActionKind::Automatic, name, "rewrite: " + why,
            "without a FORWARD_QUERY the table is calculated again by the query of " +
                backquoted(filling.pipe->name) +
                (loses ? ", and loses the history that its source keeps no more: refused without " +
                             std::string(kFlag)
                       : ""));
        if (!query.sql.empty()) {
            plan_.variants.push_back({"FORWARD_QUERY of `" + name + "`",
                                      "the rows that are there are converted and stay",
                                      {{ActionKind::Manual, name, "FORWARD_QUERY >\n" + indented(query.sql),
                                        "in the datasource, for this deployment"}}});
        }
    }

    void plan_forward_query(const std::string& name, const Datasource& old, const Datasource& now,
                            const std::string& why, const codec::ForwardQuery& query) {
        if (!query.impossible.empty() && now.forward_query.empty()) {
            plan_.refused.push_back(
                {name, &codes::R310,
                 "no expression makes " + backquoted(join(query.impossible, "`, `")) + " of what is stored",
                 "add a column for the new state, and fill it from the source"});
            return;
        }
        std::string note = "evaluated over the live rows; a value that does not convert fails the deployment";
        if (!query.lossy.empty() && now.forward_query.empty()) {
            note = "values that do not fit become NULL or the default in `" + join(query.lossy, "`, `") + "`";
        }
        const bool is_given = !now.forward_query.empty() && now.forward_query != old.forward_query;
        if (is_given) {
            add(ActionKind::Automatic, name,
                "rewrite: " + why + "\nFORWARD_QUERY >\n" + indented(now.forward_query),
                "given by the datasource");
        } else {
            first_.push_back({ActionKind::Manual, name, "FORWARD_QUERY >\n" + indented(query.sql),
                              "put into the datasource; " + note});
            add(ActionKind::Automatic, name, "rewrite: " + why, "by this FORWARD_QUERY");
            plan_.refused.push_back({name, &codes::R308,
                                     now.forward_query.empty()
                                         ? "Forward refuses the deployment without a FORWARD_QUERY"
                                         : "its FORWARD_QUERY is that of an earlier deployment",
                                     "put the one below into the datasource"});
        }
    }

    void note_left_query(const Datasource& old, const Datasource& now) {
        if (!now.forward_query.empty()) {
            add(ActionKind::Manual, now.name, "remove FORWARD_QUERY once the deployment is live",
                old.forward_query == now.forward_query ? "it is that of an earlier deployment"
                                                       : "the next one would write the table by it again");
        }
    }

    void plan_pipe(const ResourceChanges& group) {
        const Pipe* old = find_pipe(input_.before, group.name);
        const Pipe* now = find_pipe(input_.after, group.name);
        if (now == nullptr) {
            plan_.allows_destruction |= has_action(group, TargetAction::Delete);
            return add(ActionKind::Automatic, group.name, "delete the pipe",
                       "refused without " + std::string(kFlag));
        }
        if (old == nullptr) {
            return add(ActionKind::Automatic, group.name, "create the pipe", "");
        }
        const bool is_view = codec::type_of(*now) == model::NodeType::Materialized;
        if (is_view && (has_action(group, TargetAction::Rewrite) || has_action(group, TargetAction::Alter))) {
            return plan_view(group, *now);
        }
        add(ActionKind::Automatic, group.name, "replace the pipe", "");
    }

    // In place the query changes and what the target holds stays; else the target is calculated again.
    void plan_view(const ResourceChanges& group, const Pipe& now) {
        const bool same_rows = !has_kind(group, ChangeKind::ViewColumnRemoved) &&
                               !has_kind(group, ChangeKind::ViewGrainChanged) &&
                               !has_kind(group, ChangeKind::ViewTargetChanged);
        const Datasource* target = find_datasource(input_.after, now.target_datasource);
        const std::vector<Filling> fillings = fillings_of(input_.after, now.target_datasource);
        const bool loses =
            target != nullptr && !fillings.empty() && outlives_source(*target, fillings.front());
        if (now.deployment_method == "alter" && same_rows) {
            return add(ActionKind::Automatic, group.name,
                       "change the query in place (DEPLOYMENT_METHOD alter)",
                       "what the target holds stays as it is");
        }
        if (now.deployment_method == "alter") {
            plan_.refused.push_back({group.name, &codes::R306,
                                     "DEPLOYMENT_METHOD alter keeps the target, and the rows that come from "
                                     "now on have another shape or grain",
                                     "remove DEPLOYMENT_METHOD, so that the target is calculated again"});
            return;
        }
        plan_.allows_destruction |= loses;
        add(ActionKind::Automatic, group.name,
            "rewrite: the target " + backquoted(now.target_datasource) +
                " is calculated again by the new query",
            loses
                ? "it loses the history that its source keeps no more: refused without " + std::string(kFlag)
                : "every row of the sources is read");
        if (same_rows) {
            plan_.variants.push_back(
                {"in place of `" + group.name + "`",
                 "the output is a superset of what it was: rows that are there keep the empty value in new "
                 "columns",
                 {{ActionKind::Manual, group.name, "DEPLOYMENT_METHOD alter", "in the materialized node"}}});
        }
    }

    static std::string indented(const std::string& text) {
        return "    " + replace_all(text, "\n", "\n    ");
    }

    void add_requests() {
        if (plan_.actions.empty()) {
            return;
        }
        const std::string flag = plan_.allows_destruction ? "&" + std::string(kFlag) : "";
        std::vector<PlannedAction> requests = {{ActionKind::Request, "", "POST /v1/deploy?check=true" + flag,
                                                "the whole project; nothing is left behind"},
                                               {ActionKind::Request, "",
                                                "POST /v1/deploy?auto_promote=true" + flag,
                                                "refused while another deployment is in progress"}};
        requests.insert(requests.begin(), first_.begin(), first_.end());
        plan_.actions.insert(plan_.actions.begin(), requests.begin(), requests.end());
    }

    const PlanInput& input_;
    ResourcePlan plan_;
    std::vector<PlannedAction> first_; // what has to be done before anything is sent
};

} // namespace

ResourcePlan forward_plan(const PlanInput& input) { return ForwardPlanner(input).run(); }

} // namespace birdhouse::target

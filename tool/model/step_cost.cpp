#include "model/step_cost.hpp"

#include "base/text.hpp"

#include <variant>

namespace birdhouse::model {

namespace {

// What rows that are there read in a column that is new.
std::string value_of_old_rows(const Column& column) {
    if (column.materialized) {
        return "compute it when they are read";
    }
    if (column.default_expression) {
        return "read " + *column.default_expression;
    }
    return is_nullable(column.type) ? "read NULL" : "read the zero of its type";
}

struct StepCost {
    const Schema& before;

    std::string operator()(const CreateDatasource&) const { return "metadata only"; }
    std::string operator()(const DropDatasource&) const { return "all rows are gone; cannot be taken back"; }
    std::string operator()(const AddColumn& step) const {
        return "metadata only; rows that are there " + value_of_old_rows(step.column);
    }
    std::string operator()(const DropColumn&) const {
        return "its values are deleted from every part in the background (mutation); cannot be taken back";
    }
    std::string operator()(const MoveColumn&) const {
        return "metadata only; `SELECT *` and an INSERT that names no columns go by the new order";
    }
    std::string operator()(const RenameColumn& step) const {
        std::string cost =
            "metadata and a mutation; whoever reads " + backquoted(step.from) + " fails from here on";
        if (!before.views.empty()) {
            cost += ": let inserts pause until the views are changed";
        }
        return cost;
    }
    std::string operator()(const ChangeType&) const {
        return "the column is rewritten in every part (mutation); a value that does not convert stops it "
               "half-way";
    }
    std::string operator()(const SetDefault&) const {
        return "metadata only; rows stored without the column read the new default";
    }
    std::string operator()(const SetNullable& step) const {
        return step.nullable ? "the column is rewritten in every part (mutation)"
                             : "the column is rewritten in every part (mutation); NULLs become the default";
    }
    std::string operator()(const SetTtl& step) const {
        return step.ttl.empty() ? "metadata only"
                                : "worked out for all rows (mutation); older rows are deleted at once";
    }
    std::string operator()(const AddIndex&) const {
        return "metadata only; parts that are there stay without it until MATERIALIZE INDEX";
    }
    std::string operator()(const DropIndex&) const { return "a mutation that deletes its files"; }
    std::string operator()(const CreateMaterializedView& step) const {
        return step.backfill
                   ? "reads all rows of its sources once, and then takes new ones"
                   : "takes rows that come from now on; `backfill: true` also brings those that are "
                     "there, into a target that is empty";
    }
    std::string operator()(const DropMaterializedView&) const {
        return "rows that come from now on do not reach its target";
    }
    std::string operator()(const ChangeMaterializedView&) const {
        return "atomic; rows that come from now on go by the new query, what the target holds stays";
    }
    std::string operator()(const SetJsonPath&) const { return "ingestion only; the table does not change"; }
    // Steps that say themselves what they cost.
    template <class Other>
    std::string operator()(const Other&) const {
        return "every row is read and written again";
    }
};

} // namespace

std::string cost_of(const StepAction& action, const Schema& before) {
    return std::visit(StepCost{before}, action);
}

} // namespace birdhouse::model

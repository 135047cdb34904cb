// Two states of a table, field by field.
#include "base/text.hpp"
#include "target/catalog.hpp"

#include <map>
#include <utility>

namespace birdhouse::target {

namespace {

// Collects the fields in which two sides differ.
class Differences {
public:
    void add(std::string field, const std::string& left, const std::string& right) {
        if (left != right) {
            found_.push_back({std::move(field), left, right});
        }
    }
    std::vector<FieldDifference> take() && { return std::move(found_); }

private:
    std::vector<FieldDifference> found_;
};

std::string default_of(const ColumnState& column) {
    return column.default_kind.empty() ? std::string()
                                       : column.default_kind + " " + column.default_expression;
}

void compare_columns(const ColumnState& left, const ColumnState& right, Differences& out) {
    const std::string subject = " of column " + backquoted(left.name);
    out.add("type" + subject, left.type, right.type);
    out.add("default" + subject, default_of(left), default_of(right));
    out.add("codec" + subject, left.codec, right.codec);
    out.add("comment" + subject, left.comment, right.comment);
}

std::string summary(const ColumnState& column) {
    return column.default_kind.empty() ? column.type : column.type + " " + default_of(column);
}
std::string summary(const IndexState& index) {
    return index.expression + " TYPE " + index.type + " GRANULARITY " + index.granularity;
}

template <class State>
std::map<std::string_view, const State*> by_name(const std::vector<State>& states) {
    std::map<std::string_view, const State*> found;
    for (const State& state : states) {
        found.emplace(state.name, &state);
    }
    return found;
}

template <class State>
const State* find(const std::map<std::string_view, const State*>& states, std::string_view name) {
    const auto found = states.find(name);
    return found == states.end() ? nullptr : found->second;
}

// The names of `columns` that the other side has too, in order.
std::string shared_order(const std::vector<ColumnState>& columns,
                         const std::map<std::string_view, const ColumnState*>& others) {
    std::vector<std::string> names;
    for (const ColumnState& column : columns) {
        if (find(others, column.name) != nullptr) {
            names.push_back(column.name);
        }
    }
    return join(names, ", ");
}

void compare_column_lists(const TableState& left, const TableState& right, Differences& out) {
    const auto on_left = by_name(left.columns);
    const auto on_right = by_name(right.columns);
    for (const ColumnState& column : left.columns) {
        if (const ColumnState* other = find(on_right, column.name); other != nullptr) {
            compare_columns(column, *other, out);
        } else {
            out.add("column " + backquoted(column.name), summary(column), {});
        }
    }
    for (const ColumnState& column : right.columns) {
        if (find(on_left, column.name) == nullptr) {
            out.add("column " + backquoted(column.name), {}, summary(column));
        }
    }
    out.add("order of columns", shared_order(left.columns, on_right), shared_order(right.columns, on_left));
}

void compare_indexes(const TableState& left, const TableState& right, Differences& out) {
    const auto on_left = by_name(left.indexes);
    const auto on_right = by_name(right.indexes);
    for (const IndexState& index : left.indexes) {
        const IndexState* other = find(on_right, index.name);
        out.add("index " + backquoted(index.name), summary(index),
                other == nullptr ? std::string() : summary(*other));
    }
    for (const IndexState& index : right.indexes) {
        if (find(on_left, index.name) == nullptr) {
            out.add("index " + backquoted(index.name), {}, summary(index));
        }
    }
}

} // namespace

std::vector<FieldDifference> compare(const TableState& left, const TableState& right) {
    Differences out;
    out.add("engine", left.engine, right.engine);
    out.add("partition key", left.partition_key, right.partition_key);
    out.add("sorting key", left.sorting_key, right.sorting_key);
    out.add("primary key", left.primary_key, right.primary_key);
    out.add("sampling key", left.sampling_key, right.sampling_key);
    out.add("TTL", left.ttl, right.ttl);
    out.add("settings", join(left.settings, ", "), join(right.settings, ", "));
    compare_column_lists(left, right, out);
    compare_indexes(left, right, out);
    out.add("query", left.select, right.select);
    out.add("view's target", left.view_target, right.view_target);
    out.add("comment", left.comment, right.comment);
    return std::move(out).take();
}

} // namespace birdhouse::target

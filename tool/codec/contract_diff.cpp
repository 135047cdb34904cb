#include "codec/contract_diff.hpp"

#include "base/text.hpp"
#include "codec/output_type.hpp"

#include <algorithm>
#include <iterator>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Contract;
using model::OutputColumn;
using model::Parameter;
using Columns = std::vector<OutputColumn>;

template <class Items>
auto find_named(const Items& items, const std::string& name) {
    return std::find_if(items.begin(), items.end(), [&](const auto& one) { return one.name == name; });
}

template <class Items>
bool holds(const Items& items, const std::string& name) {
    return find_named(items, name) != items.end();
}

std::string names_of(const Columns& columns) {
    std::vector<std::string> names;
    std::transform(columns.begin(), columns.end(), std::back_inserter(names),
                   [](const OutputColumn& column) { return column.name; });
    return join(names, ", ");
}

// Those that the other side has too, in this side's order.
std::string shared_names(const Columns& columns, const Columns& other) {
    Columns shared;
    std::copy_if(columns.begin(), columns.end(), std::back_inserter(shared),
                 [&](const OutputColumn& column) { return holds(other, column.name); });
    return names_of(shared);
}

// The new column at the place of one that is gone, when it may be the same.
std::optional<std::string> new_name(const Columns& before, const Columns& after, std::size_t gone) {
    if (gone >= after.size() || holds(before, after[gone].name)) {
        return std::nullopt;
    }
    const bool one_type = before[gone].type.empty() || after[gone].type.empty() ||
                          !compare_output_types(before[gone].type, after[gone].type);
    return one_type ? std::optional(after[gone].name) : std::nullopt;
}

class OutputDiff {
public:
    OutputDiff(const Contract& before, const Contract& after, OutputUse use, ChangeList& changes)
        : before_(before), after_(after), is_view_(use == OutputUse::View), changes_(changes) {}

    void run() {
        if (before_.columns && after_.columns) {
            compare_columns(*before_.columns, *after_.columns);
        }
        changes_.add_if_different(is_view_ ? ChangeKind::ViewGrainChanged : ChangeKind::GrainChanged,
                                  before_.group_by, after_.group_by, before_.group_origin,
                                  after_.group_origin);
        if (!is_view_) {
            changes_.add_if_different(ChangeKind::OrderChanged, before_.order, after_.order,
                                      before_.order_origin, after_.order_origin);
        }
    }

private:
    void compare_columns(const Columns& before, const Columns& after) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            const auto same = find_named(after, before[i].name);
            if (same == after.end()) {
                remove(before, after, i);
            } else {
                compare_types(before[i], *same);
            }
        }
        for (const OutputColumn& column : after) {
            if (!holds(before, column.name)) {
                changes_.add(is_view_ ? ChangeKind::ViewColumnAdded : ChangeKind::OutputColumnAdded,
                             column.name, nothing(), side(column.name, column.origin));
            }
        }
        if (!is_view_ && shared_names(before, after) != shared_names(after, before)) {
            changes_.add(ChangeKind::OutputColumnsReordered, "", side(names_of(before), before_.origin),
                         side(names_of(after), after_.origin));
        }
    }

    void remove(const Columns& before, const Columns& after, std::size_t gone) {
        const OutputColumn& column = before[gone];
        model::Change& change =
            changes_.add(is_view_ ? ChangeKind::ViewColumnRemoved : ChangeKind::OutputColumnRemoved,
                         column.name, side(column.name, column.origin), nothing());
        if (!is_view_) {
            change.surroundings.possible_rename = new_name(before, after, gone);
        }
    }

    // What a view writes is held against its target.
    void compare_types(const OutputColumn& before, const OutputColumn& after) {
        if (is_view_ || before.type.empty() || after.type.empty()) {
            return;
        }
        if (const std::optional<ChangeKind> kind = compare_output_types(before.type, after.type)) {
            changes_.add(*kind, after.name, side(before.type, before.origin), side(after.type, after.origin));
        }
    }

    const Contract& before_;
    const Contract& after_;
    bool is_view_;
    ChangeList& changes_;
};

void diff_parameter(const Parameter& before, const Parameter& after, ChangeList& changes) {
    const auto add = [&](ChangeKind kind, std::string old, std::string now) {
        changes.add(kind, after.name, side(std::move(old), before, before.origin),
                    side(std::move(now), after, after.origin));
    };
    if (before.type != after.type) {
        add(ChangeKind::ParameterRetyped, before.type, after.type);
    }
    const std::string old_default = before.default_value.value_or("");
    const std::string new_default = after.default_value.value_or("");
    if (before.required != after.required) {
        add(after.required ? ChangeKind::ParameterMadeRequired : ChangeKind::ParameterMadeOptional,
            old_default, new_default);
    } else if (before.default_value != after.default_value) {
        add(ChangeKind::ParameterDefaultChanged, old_default, new_default);
    }
    if (trim(before.description) != trim(after.description)) {
        add(ChangeKind::ParameterDescriptionChanged, before.description, after.description);
    }
}

} // namespace

void diff_outputs(const Contract& before, const Contract& after, OutputUse use, ChangeList& changes) {
    OutputDiff(before, after, use, changes).run();
}

void diff_parameters(std::span<const Parameter> before, std::span<const Parameter> after,
                     ChangeList& changes) {
    for (const Parameter& parameter : before) {
        const auto same = find_named(after, parameter.name);
        if (same != after.end()) {
            diff_parameter(parameter, *same, changes);
        } else {
            changes.add(ChangeKind::ParameterRemoved, parameter.name,
                        side(parameter.type, parameter, parameter.origin), nothing());
        }
    }
    for (const Parameter& parameter : after) {
        if (!holds(before, parameter.name)) {
            changes.add(parameter.required ? ChangeKind::RequiredParameterAdded : ChangeKind::ParameterAdded,
                        parameter.name, nothing(), side(parameter.type, parameter, parameter.origin));
        }
    }
}

std::vector<model::Change> diff_contracts(const Contract& before, const Contract& after,
                                          const std::string& name) {
    ChangeList changes(model::ResourceKind::Pipe, name);
    diff_outputs(before, after, OutputUse::Endpoint, changes);
    diff_parameters(before.parameters, after.parameters, changes);
    return std::move(changes).take();
}

} // namespace birdhouse::codec

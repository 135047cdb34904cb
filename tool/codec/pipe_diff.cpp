#include "codec/pipe_diff.hpp"

#include "base/text.hpp"
#include "codec/engine_directives.hpp"
#include "codec/node_rendering.hpp"
#include "codec/pipe_parameters.hpp"
#include "codec/query_output.hpp"
#include "codec/resource_parts.hpp"
#include "codec/sql_form.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Node;
using model::NodeType;
using model::Parameter;
using model::Pipe;

// The kinds of change that a pipe of one type can have as a whole, by NodeType.
struct KindsOfType {
    ChangeKind added;
    ChangeKind dropped;
    ChangeKind query_changed;
};

constexpr std::array<KindsOfType, 5> kKindsOfTypes = {{
    {ChangeKind::PipeAdded, ChangeKind::PipeDropped, ChangeKind::NodeQueryChanged},
    {ChangeKind::EndpointAdded, ChangeKind::EndpointDropped, ChangeKind::EndpointQueryChanged},
    {ChangeKind::MaterializationAdded, ChangeKind::MaterializationDropped,
     ChangeKind::MaterializationQueryChanged},
    {ChangeKind::CopyAdded, ChangeKind::CopyDropped, ChangeKind::CopyQueryChanged},
    {ChangeKind::SinkAdded, ChangeKind::SinkDropped, ChangeKind::SinkQueryChanged},
}};

const KindsOfType& kinds_of(const Pipe& pipe) {
    return kKindsOfTypes.at(static_cast<std::size_t>(type_of(pipe)));
}

// What the pipe's result returns when its template is tried out. Nothing when it cannot be.
QueryOutput output_of(const Pipe& pipe) {
    const Node* node = model::result_node(pipe);
    if (node == nullptr) {
        return {};
    }
    NodeValues values;
    values.input.test_mode = true;
    values.has_secret = [](std::string_view) { return true; };
    RenderNotes notes;
    Diagnostics ignored; // the rules of `check` report what does not render
    const std::optional<MappedSql> rendered = render_node(*node, values, notes, ignored);
    return rendered ? read_output(rendered->sql) : QueryOutput{};
}

class PipeDiff {
public:
    PipeDiff(const Pipe& before, const Pipe& after)
        : before_(before), after_(after), changes_(model::ResourceKind::Pipe, after.name) {}

    std::vector<model::Change> run() {
        if (type_of(before_) != type_of(after_)) {
            change(ChangeKind::PipeTypeChanged, std::string(to_string(type_of(before_))),
                   std::string(to_string(type_of(after_))));
        }
        changes_.add_if_different(ChangeKind::PipeVersionChanged, std::to_string(before_.version),
                                  std::to_string(after_.version), before_.origin, after_.origin);
        compare_nodes();
        compare_results();
        compare_parameters();
        compare_destination();
        diff_tokens(before_.tokens, after_.tokens, changes_);
        diff_descriptions(ChangeKind::DescriptionChanged, before_.description, after_.description,
                          before_.origin, after_.origin, changes_);
        diff_tags(before_.tags, after_.tags, before_.origin, after_.origin, changes_);
        changes_.add_if_different(ChangeKind::TemplateChanged, before_.template_file, after_.template_file,
                                  before_.origin, after_.origin);
        return std::move(changes_).take();
    }

private:
    void change(ChangeKind kind, std::string text_before, std::string text_after, std::string part = {}) {
        changes_.add(kind, std::move(part), side(std::move(text_before), before_.origin),
                     side(std::move(text_after), after_.origin));
    }

    void compare_nodes() {
        for (const Node& node : before_.nodes) {
            if (find_node(after_, node.name) == nullptr) {
                changes_.add(ChangeKind::NodeRemoved, node.name, side(node.sql, node, node.origin),
                             nothing());
            }
        }
        for (const Node& node : after_.nodes) {
            if (const Node* old = find_node(before_, node.name)) {
                compare_node(*old, node);
            } else {
                changes_.add(ChangeKind::NodeAdded, node.name, nothing(), side(node.sql, node, node.origin));
            }
        }
        compare_node_order();
    }

    void compare_node(const Node& before, const Node& after) {
        // The same query published from another node is another result.
        const bool moved = before.type != after.type && type_of(before_) == type_of(after_) &&
                           after.type != NodeType::Standard;
        if (moved || sql_form(before.sql) != sql_form(after.sql)) {
            changes_.add(kinds_of(after_).query_changed, after.name, side(before.sql, before, before.origin),
                         side(after.sql, after, after.origin));
        }
        diff_descriptions(ChangeKind::NodeDescriptionChanged, before.description, after.description,
                          before.origin, after.origin, changes_, after.name);
    }

    void compare_node_order() {
        const auto shared = [](const Pipe& pipe, const Pipe& other) {
            std::vector<std::string> names;
            for (const Node& node : pipe.nodes) {
                if (find_node(other, node.name) != nullptr) {
                    names.push_back(node.name);
                }
            }
            return join(names, ", ");
        };
        const std::string old_order = shared(before_, after_);
        const std::string new_order = shared(after_, before_);
        if (old_order != new_order) {
            change(ChangeKind::NodesReordered, old_order, new_order);
        }
    }

    // Endpoints are read from outside, materializations by their targets; other pipes by queries that are
    // seen.
    void compare_results() {
        const NodeType type = type_of(after_);
        if (type != type_of(before_) || (type != NodeType::Endpoint && type != NodeType::Materialized)) {
            return;
        }
        const bool is_view = type == NodeType::Materialized;
        const QueryOutput old = output_of(before_);
        const QueryOutput now = output_of(after_);
        if (old.columns && now.columns) {
            compare_outputs(*old.columns, *now.columns, is_view);
        }
        if (old.group_by != now.group_by) {
            change(is_view ? ChangeKind::ViewGrainChanged : ChangeKind::GrainChanged, old.group_by,
                   now.group_by);
        }
        if (!is_view && old.order != now.order) {
            change(ChangeKind::OrderChanged, old.order, now.order);
        }
    }

    void compare_outputs(const std::vector<std::string>& before, const std::vector<std::string>& after,
                         bool is_view) {
        const auto holds = [](const std::vector<std::string>& all, const std::string& name) {
            return std::find(all.begin(), all.end(), name) != all.end();
        };
        const auto shared = [&](const std::vector<std::string>& all, const std::vector<std::string>& other) {
            std::vector<std::string> names;
            std::copy_if(all.begin(), all.end(), std::back_inserter(names),
                         [&](const std::string& name) { return holds(other, name); });
            return join(names, ", ");
        };
        for (const std::string& name : before) {
            if (!holds(after, name)) {
                changes_.add(is_view ? ChangeKind::ViewColumnRemoved : ChangeKind::OutputColumnRemoved, name,
                             side(name, result_origin(before_)), nothing());
            }
        }
        for (const std::string& name : after) {
            if (!holds(before, name)) {
                changes_.add(is_view ? ChangeKind::ViewColumnAdded : ChangeKind::OutputColumnAdded, name,
                             nothing(), side(name, result_origin(after_)));
            }
        }
        if (!is_view && shared(before, after) != shared(after, before)) {
            change(ChangeKind::OutputColumnsReordered, join(before, ", "), join(after, ", "));
        }
    }

    static Origin result_origin(const Pipe& pipe) { return model::result_node(pipe)->origin; }

    void compare_parameters() {
        const std::vector<Parameter> old = pipe_parameters(before_);
        const std::vector<Parameter> now = pipe_parameters(after_);
        const auto find = [](const std::vector<Parameter>& all, const std::string& name) -> const Parameter* {
            const auto found =
                std::find_if(all.begin(), all.end(), [&](const Parameter& one) { return one.name == name; });
            return found == all.end() ? nullptr : &*found;
        };
        for (const Parameter& parameter : old) {
            if (const Parameter* same = find(now, parameter.name)) {
                compare_parameter(parameter, *same);
            } else {
                changes_.add(ChangeKind::ParameterRemoved, parameter.name,
                             side(parameter.type, parameter, parameter.origin), nothing());
            }
        }
        for (const Parameter& parameter : now) {
            if (find(old, parameter.name) == nullptr) {
                changes_.add(parameter.required ? ChangeKind::RequiredParameterAdded
                                                : ChangeKind::ParameterAdded,
                             parameter.name, nothing(), side(parameter.type, parameter, parameter.origin));
            }
        }
    }

    void compare_parameter(const Parameter& before, const Parameter& after) {
        const auto add = [&](ChangeKind kind, std::string old, std::string now) {
            changes_.add(kind, after.name, side(std::move(old), before, before.origin),
                         side(std::move(now), after, after.origin));
        };
        if (before.type != after.type) {
            add(ChangeKind::ParameterRetyped, before.type, after.type);
        }
        if (before.required != after.required) {
            add(after.required ? ChangeKind::ParameterMadeRequired : ChangeKind::ParameterMadeOptional,
                before.default_value.value_or(""), after.default_value.value_or(""));
        } else if (before.default_value != after.default_value) {
            add(ChangeKind::ParameterDefaultChanged, before.default_value.value_or(""),
                after.default_value.value_or(""));
        }
        if (trim(before.description) != trim(after.description)) {
            add(ChangeKind::ParameterDescriptionChanged, before.description, after.description);
        }
    }

    void compare_destination() {
        const auto compare = [&](ChangeKind kind, const std::string& before, const std::string& after) {
            changes_.add_if_different(kind, before, after, before_.origin, after_.origin);
        };
        if (type_of(before_) == type_of(after_)) {
            compare(type_of(after_) == NodeType::Copy ? ChangeKind::CopyTargetChanged
                                                      : ChangeKind::ViewTargetChanged,
                    before_.target_datasource, after_.target_datasource);
        }
        const auto mode = [](const Pipe& pipe) { return pipe.copy_mode.empty() ? "append" : pipe.copy_mode; };
        compare(ChangeKind::CopyModeChanged, mode(before_), mode(after_));
        compare(ChangeKind::CopyScheduleChanged, before_.copy_schedule, after_.copy_schedule);
        compare(ChangeKind::DeploymentMethodChanged, before_.deployment_method, after_.deployment_method);
        diff_settings(ChangeKind::ExportSettingChanged, before_.export_settings, after_.export_settings,
                      changes_);
        compare(ChangeKind::ViewEngineChanged, engine_text(before_), engine_text(after_));
        const auto version = [](const Pipe& pipe) -> std::string {
            return pipe.classic_version ? std::to_string(*pipe.classic_version) : "";
        };
        compare(ChangeKind::ClassicVersionChanged, version(before_), version(after_));
    }

    // Every part of the engine that the pipe makes its target with, as one text.
    static std::string engine_text(const Pipe& pipe) {
        std::string text;
        for (const EngineDirective& directive : engine_directives()) {
            const std::string value = pipe.target_engine ? (*pipe.target_engine).*directive.field : "";
            if (!value.empty()) {
                text += (text.empty() ? "" : ", ") + std::string(directive.name) + " " + value;
            }
        }
        return text;
    }

    const Pipe& before_;
    const Pipe& after_;
    ChangeList changes_;
};

} // namespace

std::vector<model::Change> diff_pipe(const Pipe& before, const Pipe& after) {
    return PipeDiff(before, after).run();
}

NodeType type_of(const Pipe& pipe) {
    const Node* node = model::published_node(pipe);
    if (node != nullptr) {
        return node->type;
    }
    return pipe.tokens.empty() ? NodeType::Standard : NodeType::Endpoint;
}

model::Change added_pipe(const Pipe& pipe) {
    ChangeList changes(model::ResourceKind::Pipe, pipe.name);
    return changes.add(kinds_of(pipe).added, "", nothing(), side(pipe.target_datasource, pipe, pipe.origin));
}

model::Change dropped_pipe(const Pipe& pipe) {
    ChangeList changes(model::ResourceKind::Pipe, pipe.name);
    return changes.add(kinds_of(pipe).dropped, "", side(pipe.target_datasource, pipe, pipe.origin),
                       nothing());
}

} // namespace birdhouse::codec

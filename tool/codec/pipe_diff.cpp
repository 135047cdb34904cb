#include "codec/pipe_diff.hpp"

#include "base/text.hpp"
#include "codec/contract_diff.hpp"
#include "codec/engine_directives.hpp"
#include "codec/resource_parts.hpp"
#include "codec/sql_form.hpp"
#include "codec/text_contract.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Node;
using model::NodeType;
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
    // seen. Parameters are anybody's.
    void compare_results() {
        const NodeType type = type_of(after_);
        const model::Contract old = text_contract(before_);
        const model::Contract now = text_contract(after_);
        if (type == type_of(before_) && (type == NodeType::Endpoint || type == NodeType::Materialized)) {
            diff_outputs(old, now, type == NodeType::Endpoint ? OutputUse::Endpoint : OutputUse::View,
                         changes_);
            compare_grains(old, now, type);
        }
        diff_parameters(old.parameters, now.parameters, changes_);
    }

    // `GROUP BY date` is another grain where `date` is the month and was the day. What is read from other
    // tables may have been grouped there: that only its rows can tell.
    void compare_grains(const model::Contract& old, const model::Contract& now, NodeType type) {
        if (old.group_by.empty() || old.group_by != now.group_by) {
            return;
        }
        Grain before = grain_of(before_);
        Grain after = grain_of(after_);
        if (before.shape != after.shape && before.tables == after.tables) {
            change(type == NodeType::Endpoint ? ChangeKind::GrainChanged : ChangeKind::ViewGrainChanged,
                   std::move(before.text), std::move(after.text));
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
        compare(ChangeKind::CacheChanged, before_.cache_seconds, after_.cache_seconds);
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

#include "ops/rules/materializations.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/rules/select_list.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace birdhouse::ops {

using codec::DatasourceTable;
using codec::Dependency;
using codec::NodeTable;
using codec::RenderedNode;
using model::Datasource;
using model::Node;
using model::Pipe;

namespace {

struct Materialization {
    const Pipe& pipe;
    const Node& node;
    const Datasource* target; // null when it is not declared
};

std::vector<Materialization> materializations(const RuleFacts& facts) {
    std::vector<Materialization> found;
    for (const Pipe& pipe : facts.project.pipes) {
        const Node* node = model::published_node(pipe);
        if (node != nullptr && node->type == model::NodeType::Materialized) {
            found.push_back({pipe, *node, model::find_datasource(facts.project, pipe.target_datasource)});
        }
    }
    return found;
}

const RenderedNode* rendered(const RuleFacts& facts, const Node& node) {
    const auto found = std::find_if(facts.nodes.begin(), facts.nodes.end(),
                                    [&](const RenderedNode& one) { return one.node == &node; });
    return found == facts.nodes.end() ? nullptr : &*found;
}

bool has_column(const Datasource& target, const SelectedColumn& column) {
    return model::find_column(target, column.name) != nullptr ||
           (!column.qualified.empty() && model::find_column(target, column.qualified) != nullptr);
}

std::string mend_of(const std::string& name, const Datasource& target) {
    std::vector<std::string_view> names;
    for (const model::Column& column : target.columns) {
        names.push_back(column.name);
    }
    const std::optional<std::string> near = nearest(name, names);
    return near ? "did you mean " + backquoted(*near) + "?"
                : "add the column to " + backquoted(target.name) + ", or take it out of the SELECT";
}

void check_columns(const RuleFacts& facts, const Materialization& one, Diagnostics& problems) {
    const RenderedNode* node = rendered(facts, one.node);
    const auto list = node == nullptr ? std::nullopt : select_list(node->text.sql);
    if (!list || one.target == nullptr || !facts.understood(one.target->origin)) {
        return;
    }
    for (const SelectedColumn& column : *list) {
        if (column.kind != SelectedColumn::Kind::Named || has_column(*one.target, column)) {
            continue;
        }
        Diagnostic report{&codes::F322,
                          "the column " + backquoted(column.name) + " is not in " +
                              backquoted(one.target->name) + ", which the pipe fills",
                          {},
                          mend_of(column.name, *one.target)};
        const Span place = node->text.source_of(column.begin, column.end);
        report.labels = {{place.known() ? place : one.node.origin.span, {}}};
        problems.add(std::move(report));
    }
}

} // namespace

void check_target_columns(const RuleFacts& facts, Diagnostics& problems) {
    for (const Materialization& one : materializations(facts)) {
        check_columns(facts, one, problems);
    }
}

void check_select_all(const RuleFacts& facts, Diagnostics& problems) {
    for (const Materialization& one : materializations(facts)) {
        const RenderedNode* node = rendered(facts, one.node);
        const auto list = node == nullptr ? std::nullopt : select_list(node->text.sql);
        if (!list) {
            continue;
        }
        for (const SelectedColumn& column : *list) {
            if (column.kind == SelectedColumn::Kind::All) {
                const Span place = node->text.source_of(column.begin, column.end);
                problems.add(codes::F331, place.known() ? place : one.node.origin.span,
                             "materialized pipe " + backquoted(one.pipe.name) + " selects `*`",
                             "name the columns: one that the source gets later is not stored, and stops the "
                             "view when it is made again");
                break;
            }
        }
    }
}

void check_double_filling(const RuleFacts& facts, Diagnostics& problems) {
    for (const Materialization& one : materializations(facts)) {
        if (one.target == nullptr || !model::takes_events(*one.target)) {
            continue;
        }
        Diagnostic report{
            &codes::F324,
            "pipe " + backquoted(one.pipe.name) + " fills " + backquoted(one.target->name) +
                ", which takes events too",
            {},
            "take the JSON paths from its columns, or materialize into a datasource of its own"};
        report.labels = {{one.node.origin.span, {}}, {one.target->origin.span, "this datasource"}};
        problems.add(std::move(report));
    }
}

namespace {

// The datasource whose new rows set a view off: known for sure when its query names one table and no more.
class Triggers {
public:
    explicit Triggers(const RuleFacts& facts) {
        for (const Dependency& dependency : facts.dependencies) {
            if (dependency.use == syntax::TableUse::Source) {
                sources_[dependency.node].push_back(&dependency);
            }
        }
    }

    const Datasource* of(const Node& node) const {
        const Node* at = &node;
        for (std::size_t step = 0; step <= sources_.size(); ++step) { // a ring of nodes has no end
            const auto found = sources_.find(at);
            if (found == sources_.end() || found->second.size() != 1 || !found->second.front()->table) {
                return nullptr;
            }
            const codec::NamedTable& table = *found->second.front()->table;
            if (const auto* datasource = std::get_if<DatasourceTable>(&table)) {
                return datasource->datasource;
            }
            const auto* next = std::get_if<NodeTable>(&table);
            if (next == nullptr) {
                return nullptr;
            }
            at = next->node;
        }
        return nullptr;
    }

private:
    std::map<const Node*, std::vector<const Dependency*>> sources_;
};

} // namespace

// Rows that come into one datasource of a ring are passed round it until the engine gives up.
void check_write_rings(const RuleFacts& facts, Diagnostics& problems) {
    const std::vector<Materialization> all = materializations(facts);
    const Triggers triggers(facts);
    std::multimap<const Datasource*, const Materialization*> from;
    for (const Materialization& one : all) {
        const Datasource* source = triggers.of(one.node);
        if (source != nullptr && one.target != nullptr) {
            from.emplace(source, &one);
        }
    }
    for (const auto& [source, first] : from) {
        // Everything that rows of `source` reach through this view; the view is in a ring when that is
        // `source`.
        std::vector<const Datasource*> reached{first->target};
        std::set<const Datasource*> seen{first->target};
        while (!reached.empty() && !seen.contains(source)) {
            const Datasource* at = reached.back();
            reached.pop_back();
            for (auto [next, end] = from.equal_range(at); next != end; ++next) {
                if (seen.insert(next->second->target).second) {
                    reached.push_back(next->second->target);
                }
            }
        }
        if (seen.contains(source)) {
            problems.add(codes::F323, first->node.origin.span,
                         "pipe " + backquoted(first->pipe.name) + " is set off by rows of " +
                             backquoted(source->name) +
                             (first->target == source ? " and writes them into it again"
                                                      : " and writes them into `" + first->target->name +
                                                            "`, from where they come back"),
                         "write into a datasource that does not feed it");
        }
    }
}

} // namespace birdhouse::ops

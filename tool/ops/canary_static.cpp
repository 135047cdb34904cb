#include "ops/canary_static.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/contract_diff.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_diff.hpp"
#include "model/contract.hpp"
#include "ops/node_check.hpp"
#include "ops/scratch_tables.hpp"
#include "ops/target_check.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <variant>

namespace birdhouse::ops {

namespace {

using model::ChangeKind;
using model::Node;
using model::NodeType;
using model::Pipe;

bool fills_a_target(const Node& node) {
    return node.type == NodeType::Materialized || node.type == NodeType::Copy;
}

// Does the problem stand in the node's lines?
bool stands_in(const Diagnostic& problem, const Node& node) {
    if (problem.labels.empty() || !problem.labels.front().span.known()) {
        return false;
    }
    const Span place = problem.labels.front().span;
    if (place == node.origin.span) {
        return true;
    }
    return std::any_of(node.line_origins.begin(), node.line_origins.end(), [&](const Origin& line) {
        return line.span.source == place.source && place.begin >= line.span.begin &&
               place.begin <= line.span.end;
    });
}

Result<DescribedState> describe_all(const model::Project& project, const SourceMap& sources,
                                    target::SqlChannel& engine) {
    Diagnostics of_tables;
    Diagnostics of_nodes;
    const std::vector<codec::RenderedNode> rendered = codec::render_for_checks(project, of_nodes);
    ScratchTables tables(engine, sources, of_tables);
    TRY(tables.prepare());
    for (const model::Datasource& datasource : project.datasources) {
        TRY(tables.add(datasource));
    }
    NodeCheck check(project, rendered, engine, tables, of_nodes);
    TRY(check.check_all());
    DescribedState state;
    for (const Pipe& pipe : project.pipes) {
        for (const Node& node : pipe.nodes) {
            const CheckedNode& checked = check.checked(node);
            DescribedNode described{&pipe,
                                    &node,
                                    checked.state == NodeState::Accepted,
                                    checked.state != NodeState::Unchecked,
                                    checked.columns,
                                    {}};
            Diagnostics of_target;
            if (described.accepted && fills_a_target(node)) {
                TargetCheck targets(project, engine, tables, of_target);
                TRY(targets.check(*check.rendered(node), checked));
            }
            const auto found = of_target.all();
            described.problems.assign(found.begin(), found.end());
            for (const Diagnostic& problem : of_nodes.all()) {
                if (stands_in(problem, node)) {
                    described.problems.push_back(problem);
                }
            }
            state.nodes.push_back(std::move(described));
        }
    }
    return state;
}

const DescribedNode* find(const DescribedState& state, const DescribedNode& like) {
    const auto found = std::find_if(state.nodes.begin(), state.nodes.end(), [&](const DescribedNode& one) {
        return one.pipe->name == like.pipe->name && one.node->name == like.node->name;
    });
    return found == state.nodes.end() ? nullptr : &*found;
}

bool is_new(const Diagnostic& problem, const DescribedNode* before) {
    return before == nullptr ||
           std::none_of(before->problems.begin(), before->problems.end(), [&](const Diagnostic& old) {
               return old.code == problem.code && old.message == problem.message;
           });
}

Span place_of(const Diagnostic& problem, const DescribedNode& node) {
    const bool known = !problem.labels.empty() && problem.labels.front().span.known();
    return known ? problem.labels.front().span : node.node->origin.span;
}

// The way from a datasource to the pipe, `a` -> `b` -> `c`, through nodes and pipes; empty when there is
// none.
class Chains {
public:
    explicit Chains(const model::Project& project) {
        Diagnostics ignored; // `check` reports templates that do not render
        for (const codec::Dependency& dependency : codec::find_dependencies(project, ignored)) {
            if (!dependency.table) {
                continue;
            }
            if (const auto* table = std::get_if<codec::DatasourceTable>(&*dependency.table)) {
                reads_[dependency.pipe->name].insert(table->datasource->name);
            } else if (const auto* node = std::get_if<codec::NodeTable>(&*dependency.table)) {
                if (node->pipe != dependency.pipe) {
                    reads_[dependency.pipe->name].insert(node->pipe->name);
                }
            }
        }
    }

    // The names on the way, the datasource first.
    std::vector<std::string> way(const std::string& datasource, const std::string& pipe) const {
        std::set<std::string> seen;
        std::vector<std::string> names;
        if (walk(datasource, pipe, seen, names)) {
            names.push_back(pipe);
            return names;
        }
        return {};
    }

private:
    bool walk(const std::string& datasource, const std::string& reader, std::set<std::string>& seen,
              std::vector<std::string>& names) const {
        const auto read = reads_.find(reader);
        if (read == reads_.end() || !seen.insert(reader).second) {
            return false;
        }
        if (read->second.contains(datasource)) {
            names.push_back(datasource);
            return true;
        }
        for (const std::string& inner : read->second) {
            if (walk(datasource, inner, seen, names)) {
                names.push_back(inner);
                return true;
            }
        }
        return false;
    }

    std::map<std::string, std::set<std::string>> reads_;
};

std::string shown(std::vector<std::string> names, const std::string& target) {
    if (!target.empty()) {
        names.push_back(target);
    }
    for (std::string& name : names) {
        name = backquoted(name);
    }
    return join(names, " -> ");
}

class Comparison {
public:
    Comparison(const DescribedState& before, const DescribedState& after, const model::Project& later,
               const std::vector<codec::AssessedChange>& changes)
        : before_(before), after_(after), changes_(changes), chains_(later) {}

    std::vector<CanaryFinding> run() {
        for (const DescribedNode& node : after_.nodes) {
            const DescribedNode* old = find(before_, node);
            if (!node.accepted && node.known) {
                report_refused(node, old);
            }
            for (const Diagnostic& problem : node.problems) {
                if (is_new(problem, old)) {
                    report(problem, node);
                }
            }
        }
        return std::move(findings_);
    }

private:
    // Through which changed datasource, and on which way, something reaches the node.
    std::string way_to(const DescribedNode& node) const {
        for (const codec::AssessedChange& change : changes_) {
            if (change.change.subject.resource != model::ResourceKind::Datasource) {
                continue;
            }
            const std::vector<std::string> names = chains_.way(change.change.subject.name, node.pipe->name);
            if (!names.empty()) {
                return shown(names, node.pipe->target_datasource);
            }
        }
        return {};
    }

    std::string reason_of(const DescribedNode& node) const {
        for (const Diagnostic& problem : node.problems) {
            if (problem.code == &codes::T062) {
                return ": " + problem.message;
            }
        }
        return ": what it reads is refused by the engine";
    }

    void report_refused(const DescribedNode& node, const DescribedNode* old) {
        const bool worked = old == nullptr || old->accepted;
        const bool is_view = node.node->type == NodeType::Materialized;
        if (!worked || !is_view) {
            return;
        }
        const std::string way = way_to(node);
        findings_.push_back({&codes::B202, node.pipe, node.node, node.node->origin.span,
                             "the next insert fails in " + backquoted(node.pipe->name) +
                                 ", after its row was stored" + reason_of(node) +
                                 (way.empty() ? "" : "; " + way),
                             "change the query first, in the same migration"});
    }

    void report(const Diagnostic& problem, const DescribedNode& node) {
        const bool is_view = node.node->type == NodeType::Materialized;
        if (problem.code == &codes::F355) {
            const std::string way = way_to(node);
            const std::string origin = origin_of_null(node);
            findings_.push_back({is_view ? &codes::B204 : &codes::F355, node.pipe, node.node,
                                 place_of(problem, node),
                                 problem.message + (way.empty() ? "" : "; " + way) + origin, problem.help});
        } else if (problem.code == &codes::F351 || problem.code == &codes::F352) {
            findings_.push_back(
                {&codes::B203, node.pipe, node.node, place_of(problem, node), problem.message, problem.help});
        } else if (problem.code == &codes::F353) {
            findings_.push_back(
                {&codes::F353, node.pipe, node.node, place_of(problem, node), problem.message, problem.help});
        } else if (problem.code == &codes::T062 && !is_view) {
            findings_.push_back(
                {&codes::B201, node.pipe, node.node, place_of(problem, node), problem.message, problem.help});
        }
    }

    // "an event with payload = null"
    std::string origin_of_null(const DescribedNode& node) const {
        for (const codec::AssessedChange& change : changes_) {
            const model::Subject& subject = change.change.subject;
            if (change.change.kind == ChangeKind::ColumnMadeNullable &&
                !chains_.way(subject.name, node.pipe->name).empty()) {
                return "; a row with " + backquoted(subject.part) + " NULL shows it";
            }
        }
        return {};
    }

    const DescribedState& before_;
    const DescribedState& after_;
    const std::vector<codec::AssessedChange>& changes_;
    Chains chains_;
    std::vector<CanaryFinding> findings_;
};

model::Contract contract_of(const DescribedNode& node) {
    model::Contract contract;
    contract.columns.emplace();
    for (const OutputColumn& column : node.columns) {
        contract.columns->push_back({column.name, column.type, node.node->origin});
    }
    return contract;
}

bool is_published(const DescribedNode& node) {
    return codec::type_of(*node.pipe) == NodeType::Endpoint && node.node == model::result_node(*node.pipe) &&
           node.accepted;
}

} // namespace

Result<DescribedState> describe_state(const model::Project& project, const SourceMap& sources,
                                      target::TargetOpener& targets) {
    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> engine, targets.open_scratch());
    return describe_all(project, sources, *engine);
}

std::vector<CanaryFinding> compare_described(const DescribedState& before, const DescribedState& after,
                                             const model::Project& later,
                                             const std::vector<codec::AssessedChange>& changes) {
    return Comparison(before, after, later, changes).run();
}

std::vector<model::Change> diff_described_outputs(const DescribedState& before, const DescribedState& after) {
    std::vector<model::Change> changes;
    for (const DescribedNode& now : after.nodes) {
        const auto old =
            std::find_if(before.nodes.begin(), before.nodes.end(), [&](const DescribedNode& one) {
                return one.pipe->name == now.pipe->name && is_published(one);
            });
        if (!is_published(now) || old == before.nodes.end()) {
            continue;
        }
        codec::ChangeList list(model::ResourceKind::Pipe, now.pipe->name);
        codec::diff_outputs(contract_of(*old), contract_of(now), codec::OutputUse::Endpoint, list);
        std::vector<model::Change> found = std::move(list).take();
        std::move(found.begin(), found.end(), std::back_inserter(changes));
    }
    return changes;
}

} // namespace birdhouse::ops

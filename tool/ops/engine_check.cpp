#include "ops/engine_check.hpp"

#include "codec/pipe_diff.hpp"
#include "ops/node_check.hpp"
#include "ops/scratch_tables.hpp"
#include "ops/target_check.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace birdhouse::ops {

namespace {

bool fills_a_target(const model::Node& node) {
    return node.type == model::NodeType::Materialized || node.type == model::NodeType::Copy;
}

bool overlap(Span a, Span b) {
    return a == b || (a.source == b.source && a.begin < b.end && b.begin < a.end);
}

bool is_said(const Diagnostic& problem, std::span<const Diagnostic> said) {
    if (problem.code->severity != Severity::Error || problem.labels.empty()) {
        return false;
    }
    const Span place = problem.labels.front().span;
    return place.known() && std::any_of(said.begin(), said.end(), [&](const Diagnostic& known) {
               return known.code->severity == Severity::Error && !known.labels.empty() &&
                      overlap(known.labels.front().span, place);
           });
}

// A fragment that several files include is a source for each of them, and its problems are one.
bool is_same(const Diagnostic& a, const Diagnostic& b, const SourceMap& sources) {
    if (a.code != b.code || a.message != b.message || a.labels.empty() || b.labels.empty()) {
        return false;
    }
    const Span one = a.labels.front().span;
    const Span other = b.labels.front().span;
    return one == other || (one.known() && other.known() && one.begin == other.begin &&
                            one.end == other.end && sources.path(one.source) == sources.path(other.source));
}

// Adds what is new.
void report(const Diagnostics& found, const SourceMap& sources, Diagnostics& diagnostics) {
    const std::vector<Diagnostic> said(diagnostics.all().begin(), diagnostics.all().end());
    for (std::size_t i = 0; i < found.all().size(); ++i) {
        const Diagnostic& problem = found.all()[i];
        const auto earlier = found.all().first(i);
        const bool twice = std::any_of(earlier.begin(), earlier.end(), [&](const Diagnostic& other) {
            return is_same(problem, other, sources);
        });
        if (!twice && !is_said(problem, said)) {
            diagnostics.add(problem);
        }
    }
}

void count(const CheckedNode& checked, EngineCheck& figures) {
    switch (checked.state) {
    case NodeState::Accepted:
        ++figures.nodes;
        break;
    case NodeState::Refused:
        ++figures.refused_nodes;
        break;
    case NodeState::FollowsUp:
    case NodeState::Unchecked:
        ++figures.unchecked_nodes;
        break;
    }
}

Result<EngineCheck> check_all(const model::Project& project, std::span<const codec::RenderedNode> nodes,
                              const SourceMap& sources, target::SqlChannel& engine, Diagnostics& found) {
    ScratchTables tables(engine, sources, found);
    TRY(tables.prepare());
    for (const model::Datasource& datasource : project.datasources) {
        TRY(tables.add(datasource));
    }
    NodeCheck check(project, nodes, engine, tables, found);
    TRY(check.check_all());
    EngineCheck figures;
    TargetCheck targets(project, engine, tables, found);
    for (const model::Pipe& pipe : project.pipes) {
        for (const model::Node& node : pipe.nodes) {
            const CheckedNode& checked = check.checked(node);
            count(checked, figures);
            if (checked.state == NodeState::Accepted && fills_a_target(node)) {
                TRY(targets.check(*check.rendered(node), checked));
            }
        }
    }
    for (const model::Pipe& pipe : project.pipes) {
        const model::Node* result = model::result_node(pipe);
        if (result != nullptr && codec::type_of(pipe) == model::NodeType::Endpoint &&
            check.checked(*result).state == NodeState::Accepted) {
            figures.endpoints.push_back({&pipe, check.checked(*result).columns});
        }
    }
    targets.report_unfilled();
    figures.datasources = tables.taken();
    figures.refused_datasources = tables.refused();
    return figures;
}

} // namespace

Result<EngineCheck> check_on_engine(const model::Project& project, const SourceMap& sources,
                                    target::TargetOpener& targets, Diagnostics& diagnostics) {
    Diagnostics found;
    const std::vector<codec::RenderedNode> nodes = codec::render_for_checks(project, found);
    report(found, sources, diagnostics);
    return check_on_engine(project, nodes, sources, targets, diagnostics);
}

Result<EngineCheck> check_on_engine(const model::Project& project, std::span<const codec::RenderedNode> nodes,
                                    const SourceMap& sources, target::TargetOpener& targets,
                                    Diagnostics& diagnostics) {
    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> engine, targets.open_scratch());
    Diagnostics found;
    Result<EngineCheck> figures = check_all(project, nodes, sources, *engine, found);
    report(found, sources, diagnostics);
    return figures;
}

} // namespace birdhouse::ops

#include "ops/rules/references.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

namespace birdhouse::ops {

using codec::Dependency;
using codec::NodeTable;
using model::Node;
using model::Pipe;
using syntax::Dialect;

namespace {

constexpr std::string_view kQuarantine = "_quarantine";

// A name that a template puts together at run time says nothing about the tables there are.
bool is_written(Span place, const SourceMap& sources) {
    return place.known() && sources.slice(place).find('{') == std::string_view::npos;
}

// Is the resource in a file that could not be read?
bool may_be_broken(const RuleFacts& facts, std::string_view name) {
    return std::any_of(facts.broken.begin(), facts.broken.end(), [&](SourceId source) {
        const std::string_view path = facts.sources.path(source);
        const std::string_view file = path.substr(path.rfind('/') + 1); // npos + 1 is 0
        return file.substr(0, file.find('.')) == name;
    });
}

// Tables that are there although no file declares them: of rows put aside, and those that a pipe of Classic
// makes for itself.
bool exists_undeclared(const RuleFacts& facts, std::string_view name) {
    if (name.ends_with(kQuarantine) &&
        model::find_datasource(facts.project, name.substr(0, name.size() - kQuarantine.size())) != nullptr) {
        return true;
    }
    return std::any_of(facts.project.pipes.begin(), facts.project.pipes.end(), [&](const Pipe& pipe) {
        return pipe.target_datasource == name && (pipe.target_engine || facts.dialect == Dialect::Classic);
    });
}

bool is_unresolved(const RuleFacts& facts, const Dependency& dependency) {
    return !dependency.table && dependency.database.empty() && dependency.use != syntax::TableUse::Member &&
           is_written(dependency.place, facts.sources) && !exists_undeclared(facts, dependency.name) &&
           !may_be_broken(facts, dependency.name);
}

// Reports each name once a pipe: the mend is the same for all.
template <class Function>
void each_unresolved(const RuleFacts& facts, Function function) {
    std::set<std::pair<const Pipe*, std::string_view>> told;
    for (const Dependency& dependency : facts.dependencies) {
        if (is_unresolved(facts, dependency) && told.emplace(dependency.pipe, dependency.name).second) {
            function(dependency);
        }
    }
}

// The pipe writes into a datasource that nothing declares.
template <class Function>
void each_missing_target(const RuleFacts& facts, Function function) {
    for (const Pipe& pipe : facts.project.pipes) {
        const Node* writer = model::published_node(pipe);
        const std::string& target = pipe.target_datasource;
        if (writer == nullptr || target.empty() || target.find_first_of("${.") != std::string::npos ||
            pipe.target_engine || model::find_datasource(facts.project, target) != nullptr ||
            may_be_broken(facts, target)) {
            continue;
        }
        function(pipe, *writer);
    }
}

std::string nearest_datasource(const RuleFacts& facts, std::string_view name, std::string_view otherwise) {
    std::vector<std::string_view> names;
    for (const model::Datasource& datasource : facts.project.datasources) {
        names.push_back(datasource.name);
    }
    const std::optional<std::string> near = nearest(name, names);
    return near ? "did you mean " + backquoted(*near) + "?" : std::string(otherwise);
}

const std::string* setting_of(const std::vector<model::Setting>& settings, std::string_view name,
                              Span& place) {
    for (const model::Setting& setting : settings) {
        if (setting.name == name) {
            place = setting.origin.span;
            return &setting.value;
        }
    }
    return nullptr;
}

void check_connection(const RuleFacts& facts, const std::vector<model::Setting>& settings,
                      std::string_view name, Diagnostics& problems) {
    Span place;
    const std::string* value = setting_of(settings, name, place);
    if (value == nullptr || value->empty() || value->find_first_of("${") != std::string::npos ||
        model::find_connection(facts.project, *value) != nullptr || may_be_broken(facts, *value)) {
        return;
    }
    problems.add(codes::F320, place, "no connection here is called " + backquoted(printable(*value)),
                 "declare it in a file of its own, `connections/" + printable(*value) + ".connection`");
}

} // namespace

void check_tables(const RuleFacts& facts, Diagnostics& problems) {
    if (facts.dialect != Dialect::Forward) {
        return;
    }
    each_unresolved(facts, [&](const Dependency& dependency) {
        problems.add(codes::T056, dependency.place, "Resource '" + printable(dependency.name) + "' not found",
                     codec::nearest_table(facts.project, *dependency.pipe, dependency.name));
    });
}

// A workspace of Classic holds what was pushed into it, from this folder or another.
void check_undeclared(const RuleFacts& facts, Diagnostics& problems) {
    if (facts.dialect == Dialect::Classic) {
        each_unresolved(facts, [&](const Dependency& dependency) {
            const std::string near = codec::nearest_table(facts.project, *dependency.pipe, dependency.name);
            problems.add(codes::F320, dependency.place,
                         "nothing here is called " + backquoted(printable(dependency.name)),
                         near.starts_with("did you")
                             ? near
                             : "declare it here, unless the workspace has it from elsewhere");
        });
        return;
    }
    for (const model::Datasource& datasource : facts.project.datasources) {
        check_connection(facts, datasource.connector_settings, "KAFKA_CONNECTION_NAME", problems);
        check_connection(facts, datasource.connector_settings, "IMPORT_CONNECTION_NAME", problems);
    }
    for (const Pipe& pipe : facts.project.pipes) {
        check_connection(facts, pipe.export_settings, "EXPORT_CONNECTION_NAME", problems);
    }
}

void check_targets(const RuleFacts& facts, Diagnostics& problems) {
    if (facts.dialect != Dialect::Forward) {
        return; // of Classic the push makes the datasource
    }
    each_missing_target(facts, [&](const Pipe& pipe, const Node& writer) {
        const bool is_pipe = model::find_pipe(facts.project, pipe.target_datasource) != nullptr;
        problems.add(codes::F321, writer.origin.span,
                     "pipe " + backquoted(pipe.name) + " writes into " + backquoted(pipe.target_datasource) +
                         (is_pipe ? ", which is a pipe" : ", which no datasource is called"),
                     nearest_datasource(facts, pipe.target_datasource, "declare the datasource"));
    });
}

namespace {

// Depth first over the nodes that read nodes; each ring is reported at the mention that closes it.
class RingFinder {
public:
    RingFinder(const RuleFacts& facts, Diagnostics& problems) : facts_(facts), problems_(problems) {
        for (const Dependency& dependency : facts.dependencies) {
            if (dependency.table && std::holds_alternative<NodeTable>(*dependency.table)) {
                reads_[dependency.node].push_back(&dependency);
            }
        }
    }

    void visit_all() {
        for (const Pipe& pipe : facts_.project.pipes) {
            for (const Node& node : pipe.nodes) {
                visit({&pipe, &node});
            }
        }
    }

private:
    // Not recursive: a chain may be as long as the project has nodes.
    void visit(NodeTable start) {
        if (done_.contains(start.node)) {
            return;
        }
        chain_.push_back({start, 0});
        while (!chain_.empty()) {
            Step& step = chain_.back();
            const std::vector<const Dependency*>& reads = reads_[step.table.node];
            if (step.next == reads.size()) {
                done_.insert(step.table.node);
                chain_.pop_back();
                continue;
            }
            const Dependency& dependency = *reads[step.next++];
            const NodeTable read = std::get<NodeTable>(*dependency.table);
            const auto first = std::find_if(chain_.begin(), chain_.end(),
                                            [&](const Step& one) { return one.table.node == read.node; });
            if (first != chain_.end()) {
                report(first - chain_.begin(), dependency);
            } else if (!done_.contains(read.node)) {
                chain_.push_back({read, 0});
            }
        }
    }

    void report(std::ptrdiff_t first, const Dependency& dependency) {
        std::string ring;
        for (auto step = chain_.begin() + first; step != chain_.end(); ++step) {
            ring += backquoted(shown(step->table)) + " -> ";
        }
        problems_.add(codes::T057, dependency.place,
                      "nodes read each other in a ring: " + ring +
                          backquoted(shown(chain_[static_cast<std::size_t>(first)].table)),
                      "let one of them read a table instead");
    }

    std::string shown(const NodeTable& table) const {
        return table.pipe == chain_.front().table.pipe ? table.node->name
                                                       : table.pipe->name + "." + table.node->name;
    }

    struct Step {
        NodeTable table;
        std::size_t next = 0; // of what it reads
    };
    const RuleFacts& facts_;
    Diagnostics& problems_;
    std::unordered_map<const Node*, std::vector<const Dependency*>> reads_;
    std::set<const Node*> done_;
    std::vector<Step> chain_;
};

} // namespace

void check_rings(const RuleFacts& facts, Diagnostics& problems) { RingFinder(facts, problems).visit_all(); }

} // namespace birdhouse::ops

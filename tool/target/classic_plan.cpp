#include "target/classic_plan.hpp"

#include "base/text.hpp"
#include "codec/datafile_lines.hpp"
#include "codec/dependencies.hpp"
#include "codec/project_diff.hpp"
#include "model/change_assessment.hpp"
#include "target/resource_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

using model::Change;
using model::ChangeKind;
using model::Datasource;
using model::Pipe;
using model::ResourceKind;
using model::TargetAction;

// A directive's value without the quotes that a datafile puts round it.
std::string unquoted(const std::string& value) {
    const bool quoted =
        value.size() > 1 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
    return quoted ? value.substr(1, value.size() - 2) : value;
}

std::string schema_of(const Datasource& datasource) {
    std::vector<std::string> lines;
    for (const model::Column& column : datasource.columns) {
        lines.push_back(codec::column_line(column));
    }
    return join(lines, ", ");
}

std::string indexes_of(const Datasource& datasource) {
    std::vector<std::string> lines;
    for (const model::Index& index : datasource.indexes) {
        lines.push_back(codec::index_line(index));
    }
    return lines.empty() ? "0" : join(lines, "\n"); // 0 drops them all
}

ClassicStep create_step(const Datasource& datasource) {
    ClassicStep step{ClassicAction::CreateDatasource, datasource.name, {}, "", false, {}};
    step.fields = {{"name", datasource.name},
                   {"mode", "create"},
                   {"format", model::takes_events(datasource) ? "ndjson" : "csv"},
                   {"schema", schema_of(datasource)}};
    if (!datasource.description.empty()) {
        step.fields.emplace_back("description", datasource.description);
    }
    for (const codec::DirectiveLine& line : codec::engine_lines(datasource.engine)) {
        step.fields.emplace_back(to_lower_ascii(line.directive), unquoted(line.value));
    }
    if (!datasource.indexes.empty()) {
        step.fields.emplace_back("indexes", indexes_of(datasource));
    }
    return step;
}

// Clients send the whole of what may change; the service finds out what did.
ClassicStep alter_step(const Datasource& before, const Datasource& after) {
    ClassicStep step{ClassicAction::AlterDatasource, after.name, {}, "", false, {}};
    step.fields.emplace_back("schema", schema_of(after));
    if (before.description != after.description) {
        step.fields.emplace_back("description", after.description);
    }
    if (before.engine.ttl != after.engine.ttl) {
        step.fields.emplace_back("ttl", after.engine.ttl.empty() ? "false" : after.engine.ttl);
    }
    if (before.indexes != after.indexes) {
        step.fields.emplace_back("indexes", indexes_of(after));
    }
    return step;
}

nlohmann::ordered_json json_of(const Pipe& pipe, const model::Node& node) {
    nlohmann::ordered_json json = {{"name", node.name},
                                   {"sql", node.sql},
                                   {"description", node.description},
                                   {"type", std::string(model::to_string(node.type))}};
    if (node.type == model::NodeType::Materialized) {
        json["datasource"] = pipe.target_datasource;
    } else if (node.type == model::NodeType::Copy) {
        json["target_datasource"] = pipe.target_datasource;
        json["schedule_cron"] = pipe.copy_schedule;
        json["mode"] = pipe.copy_mode;
    }
    return json;
}

ClassicStep write_step(const Pipe& pipe, const std::optional<ClassicPopulation>& fills) {
    nlohmann::ordered_json nodes = nlohmann::ordered_json::array();
    for (const model::Node& node : pipe.nodes) {
        nodes.push_back(json_of(pipe, node));
    }
    const model::Node* published = model::published_node(pipe);
    ApiFields fields = {{"force", "true"}, {"unlink_on_populate_error", "false"}};
    if (fills) {
        fields.emplace_back("populate", "true");
    }
    return {ClassicAction::WritePipe,
            pipe.name,
            std::move(fields),
            nlohmann::ordered_json{{"name", pipe.name}, {"description", pipe.description}, {"nodes", nodes}}
                .dump(),
            published != nullptr && published->type == model::NodeType::Endpoint,
            fills};
}

bool is_materialized(const Pipe& pipe) {
    const model::Node* node = model::published_node(pipe);
    return node != nullptr && node->type == model::NodeType::Materialized;
}

// A datasource, and each pipe that fills it.
std::multimap<std::string, std::string> writers_of(const model::Project& project) {
    std::multimap<std::string, std::string> writers;
    for (const Pipe& pipe : project.pipes) {
        if (is_materialized(pipe)) {
            writers.emplace(pipe.target_datasource, pipe.name);
        }
    }
    return writers;
}

// Pipes before those that read them, or what they fill.
std::vector<const Pipe*> in_order(const model::Project& project, const std::set<std::string>& wanted) {
    Diagnostics ignored; // what does not render is told by `check`
    const std::multimap<std::string, std::string> writers = writers_of(project);
    std::map<std::string, std::set<std::string>> reads;
    for (const codec::Dependency& one : codec::find_dependencies(project, ignored)) {
        if (model::find_pipe(project, one.name) != nullptr && one.name != one.pipe->name) {
            reads[one.pipe->name].insert(one.name);
        }
        for (auto [writer, end] = writers.equal_range(one.name); writer != end; ++writer) {
            if (writer->second != one.pipe->name) {
                reads[one.pipe->name].insert(writer->second);
            }
        }
    }
    std::vector<const Pipe*> ordered;
    std::set<std::string> placed;
    while (placed.size() < wanted.size()) {
        const std::size_t before = placed.size();
        for (const std::string& name : wanted) {
            const bool ready = std::ranges::none_of(reads[name], [&](const std::string& other) {
                return wanted.contains(other) && !placed.contains(other);
            });
            if (!placed.contains(name) && ready) {
                ordered.push_back(model::find_pipe(project, name));
                placed.insert(name);
            }
        }
        if (placed.size() == before) { // a circle: the service says so
            for (const std::string& name : wanted) {
                if (placed.insert(name).second) {
                    ordered.push_back(model::find_pipe(project, name));
                }
            }
        }
    }
    return ordered;
}

bool is_token(ChangeKind kind) { return kind == ChangeKind::TokenAdded || kind == ChangeKind::TokenRemoved; }

// The service keeps what it has, or would need another table, which this never makes by itself.
bool is_ignored(TargetAction action) {
    return action == TargetAction::Ignored || action == TargetAction::Recreate ||
           action == TargetAction::Rebuild || action == TargetAction::Refused;
}

class Planning {
public:
    Planning(const model::Project& deployed, const model::Project& declared, bool populate)
        : deployed_(deployed), declared_(declared), populate_(populate) {}

    ClassicPlan run() {
        for (const Change& change : codec::diff_projects(deployed_, declared_)) {
            sort(change);
        }
        for (const std::string& name : created_) {
            plan_.steps.push_back(create_step(*model::find_datasource(declared_, name)));
        }
        for (const std::string& name : altered_) {
            plan_.steps.push_back(alter_step(*model::find_datasource(deployed_, name),
                                             *model::find_datasource(declared_, name)));
        }
        for (const Pipe* pipe : in_order(declared_, written_)) {
            const std::optional<ClassicPopulation> population = population_of(*pipe);
            plan_.steps.push_back(write_step(*pipe, populate_ ? population : std::nullopt));
            if (population) {
                plan_.populations.push_back(*population);
            }
        }
        for (const std::string& token : tokens_) {
            ClassicStep step{ClassicAction::GiveToken, token, {}, "", false, {}};
            for (const std::string& scope : token_scopes(declared_, token)) {
                step.fields.emplace_back("scope", scope);
            }
            plan_.steps.push_back(std::move(step));
        }
        for (const std::string& name : dropped_pipes_) {
            plan_.steps.push_back({ClassicAction::DropPipe, name, {}, "", false, {}});
        }
        for (const std::string& name : dropped_datasources_) {
            plan_.steps.push_back({ClassicAction::DropDatasource, name, {}, "", false, {}});
        }
        return std::move(plan_);
    }

private:
    // Nothing for what is there already, and where every source begins empty as well.
    std::optional<ClassicPopulation> population_of(const Pipe& pipe) const {
        if (!is_materialized(pipe) || model::find_pipe(deployed_, pipe.name) != nullptr) {
            return std::nullopt;
        }
        ClassicPopulation population{
            pipe.name, model::published_node(pipe)->name, pipe.target_datasource, {}};
        for (const Filling& filling : fillings_of(declared_, pipe.target_datasource)) {
            for (const Datasource* source :
                 filling.pipe->name == pipe.name ? filling.sources : std::vector<const Datasource*>()) {
                if (has_rows(source->name)) {
                    population.sources.push_back(source->name);
                }
            }
        }
        return population.sources.empty() ? std::nullopt : std::optional(population);
    }

    // What is new has rows once a materialization above it was filled.
    bool has_rows(const std::string& datasource) const {
        return model::find_datasource(deployed_, datasource) != nullptr ||
               (populate_ && std::ranges::any_of(plan_.populations, [&](const ClassicPopulation& one) {
                    return one.datasource == datasource;
                }));
    }

    void sort(const Change& change) {
        switch (change.subject.resource) {
        case ResourceKind::Datasource:
            return sort_datasource(change);
        case ResourceKind::Pipe:
            return sort_pipe(change);
        case ResourceKind::Connection:
            plan_.ignored.push_back(model::describe(change) +
                                    ": connections are made in the workspace itself");
            return;
        case ResourceKind::Project:
            return;
        }
    }

    void sort_datasource(const Change& change) {
        const std::string& name = change.subject.name;
        const Datasource* after = model::find_datasource(declared_, name);
        if (after == nullptr) {
            dropped_datasources_.insert(name);
            plan_.destroyed.push_back(model::describe(change));
            return;
        }
        if (model::find_datasource(deployed_, name) == nullptr) {
            created_.insert(name);
            for (const model::Token& token : after->tokens) {
                tokens_.insert(token.name);
            }
            if (!after->connector_settings.empty()) {
                plan_.ignored.push_back("datasource " + backquoted(name) +
                                        " is filled by a connector, which is set up in the workspace itself");
            }
            return;
        }
        if (is_token(change.kind)) {
            tokens_.insert(change.subject.part);
            return;
        }
        const model::Assessment assessment = model::assess(change);
        if (is_ignored(assessment.targets.classic.action)) {
            plan_.ignored.push_back(model::describe(change) + ": " +
                                    model::describe(assessment.targets.classic));
            return;
        }
        if (assessment.change_class >= model::ChangeClass::Destructive) {
            plan_.destroyed.push_back(model::describe(change));
        }
        if (assessment.targets.classic.action != TargetAction::Nothing &&
            assessment.targets.classic.action != TargetAction::NotThere) {
            altered_.insert(name);
        }
    }

    void sort_pipe(const Change& change) {
        const std::string& name = change.subject.name;
        const Pipe* after = model::find_pipe(declared_, name);
        if (after == nullptr) {
            dropped_pipes_.insert(name);
            return;
        }
        if (is_token(change.kind)) {
            tokens_.insert(change.subject.part);
            return;
        }
        const bool is_new = model::find_pipe(deployed_, name) == nullptr;
        if (is_new) {
            for (const model::Token& token : after->tokens) {
                tokens_.insert(token.name);
            }
        } else if (const model::Assessment assessment = model::assess(change);
                   assessment.targets.classic.action == TargetAction::Ignored) {
            plan_.ignored.push_back(model::describe(change) + ": " +
                                    model::describe(assessment.targets.classic));
            return;
        }
        written_.insert(name);
    }

    const model::Project& deployed_;
    const model::Project& declared_;
    bool populate_;
    ClassicPlan plan_;
    std::set<std::string> created_;
    std::set<std::string> altered_;
    std::set<std::string> written_;
    std::set<std::string> tokens_;
    std::set<std::string> dropped_pipes_;
    std::set<std::string> dropped_datasources_;
};

} // namespace

std::string describe(const ClassicStep& step) {
    switch (step.action) {
    case ClassicAction::CreateDatasource:
        return "POST /v0/datasources: create " + step.resource;
    case ClassicAction::AlterDatasource:
        return "POST /v0/datasources/" + step.resource + "/alter";
    case ClassicAction::WritePipe:
        return "POST /v0/pipes: write " + step.resource +
               (step.fills ? ", and fill " + step.fills->datasource + " with the rows that are there" : "");
    case ClassicAction::GiveToken:
        return "PUT /v0/tokens/" + step.resource;
    case ClassicAction::DropPipe:
        return "DELETE /v0/pipes/" + step.resource;
    case ClassicAction::DropDatasource:
        return "DELETE /v0/datasources/" + step.resource;
    }
    return {};
}

ClassicPlan plan_classic(const model::Project& deployed, const model::Project& declared, bool populate) {
    return Planning(deployed, declared, populate).run();
}

std::vector<std::string> token_scopes(const model::Project& project, const std::string& token) {
    std::vector<std::string> scopes;
    for (const Datasource& datasource : project.datasources) {
        for (const model::Token& one : datasource.tokens) {
            if (one.name == token) {
                scopes.push_back(
                    (one.scope == model::TokenScope::Append ? "DATASOURCES:APPEND:" : "DATASOURCES:READ:") +
                    datasource.name);
            }
        }
    }
    for (const Pipe& pipe : project.pipes) {
        for (const model::Token& one : pipe.tokens) {
            if (one.name == token) {
                scopes.push_back("PIPES:READ:" + pipe.name);
            }
        }
    }
    return scopes;
}

} // namespace birdhouse::target

#include "ops/node_check.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/pipe_diff.hpp"
#include "codec/pipe_query.hpp"
#include "codec/service_tables.hpp"
#include "ops/engine_problem.hpp"
#include "ops/other_renderings.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace birdhouse::ops {

namespace {

using codec::MappedSql;
using codec::RenderedNode;
using syntax::SqlTable;

// What a copy pipe may read beside tables. Asking for its columns would leave this machine.
constexpr auto kOutsideFunctions = std::to_array<std::string_view>(
    {"postgresql", "mysql", "mongodb", "url", "azureblobstorage", "gcs", "iceberg", "s3", "deltalake"});

// The engine stopped because of what it would have to do, not because of what the SQL says.
constexpr auto kLimits =
    std::to_array<std::string_view>({"TIMEOUT_EXCEEDED", "MEMORY_LIMIT_EXCEEDED", "TOO_SLOW"});

constexpr std::string_view kNoValue = "__no_value__"; // what a parameter without a value prints

// No table is there for what was put aside: it is empty.
codec::ComposeOptions scratch_options() {
    return {std::string(ScratchTables::kDatabase), [](std::string_view) { return false; }};
}

template <class Names>
bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const syntax::SqlFunction* find_outside_function(const RenderedNode& node) {
    const model::Node* published = model::published_node(*node.pipe);
    if (published == nullptr || published->type != model::NodeType::Copy) {
        return nullptr;
    }
    const auto& functions = node.outline.table_functions;
    const auto found = std::find_if(functions.begin(), functions.end(), [](const syntax::SqlFunction& used) {
        return holds(kOutsideFunctions, to_lower_ascii(used.name));
    });
    return found == functions.end() ? nullptr : &*found;
}

bool mentions_any(const MappedSql& text, const ScratchTables::GuessedColumns& names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return !find_name(text.sql, name).empty(); });
}

// The scratch database is ours: nobody knows it.
std::string without_database(const std::string& text) {
    const std::string database(ScratchTables::kDatabase);
    return replace_all(replace_all(text, "`" + database + "`.", ""), database + ".", "");
}

std::string help_for(const EngineWords& words, const RenderedNode& node) {
    const bool tagged =
        node.text.sql.find("{{") != std::string::npos || node.text.sql.find("{%") != std::string::npos;
    if (words.code == "SYNTAX_ERROR" && tagged) {
        return "a node whose SQL begins with `%` is a template; without it `{{` is given to the engine";
    }
    return without_database(did_you_mean(words));
}

Span place_of(const RenderedNode& node, syntax::SqlRange range) {
    const Span place = node.text.source_of(range.begin, range.end);
    return place.known() ? place : node.node->origin.span;
}

bool makes_target(const RenderedNode& node) {
    return node.pipe->target_engine && !node.pipe->target_datasource.empty() &&
           node.node == model::published_node(*node.pipe);
}

// Its columns are held against a target or a contract, so that it is asked about by itself.
bool needs_columns(const RenderedNode& node) {
    const model::NodeType type = node.node->type;
    const bool is_result = node.node == model::result_node(*node.pipe);
    return type == model::NodeType::Materialized || type == model::NodeType::Copy ||
           (is_result && codec::type_of(*node.pipe) == model::NodeType::Endpoint);
}

CheckedNode in_state(NodeState state) {
    CheckedNode checked;
    checked.state = state;
    return checked;
}

} // namespace

NodeCheck::NodeCheck(const model::Project& project, std::span<const RenderedNode> nodes,
                     target::SqlChannel& channel, ScratchTables& tables, Diagnostics& diagnostics)
    : project_(project), channel_(channel), tables_(tables), diagnostics_(diagnostics) {
    for (const RenderedNode& node : nodes) {
        rendered_.emplace(node.node, &node);
    }
}

const RenderedNode* NodeCheck::rendered(const model::Node& node) const {
    const auto found = rendered_.find(&node);
    return found == rendered_.end() ? nullptr : found->second;
}

const CheckedNode& NodeCheck::checked(const model::Node& node) const {
    const auto found = checked_.find(&node);
    return found == checked_.end() ? unasked_ : found->second;
}

Result<void> NodeCheck::check_all() {
    const Nodes read = nodes_read();
    for (const model::Pipe& pipe : project_.pipes) {
        for (const model::Node& node : pipe.nodes) {
            const RenderedNode* text = rendered(node);
            if (text != nullptr && !read.contains(&node)) {
                TRY(accept_whole(*text));
            }
        }
    }
    for (const model::Pipe& pipe : project_.pipes) {
        for (const model::Node& node : pipe.nodes) {
            TRY(check(node));
        }
    }
    report_unchecked();
    return {};
}

NodeCheck::Nodes NodeCheck::nodes_read() const {
    Nodes read;
    for (const auto& [node, text] : rendered_) {
        for (const SqlTable& table : text->outline.tables) {
            const std::optional<codec::NamedTable> named =
                table.database.empty() ? codec::find_table(project_, *text->pipe, *node, table.name)
                                       : std::nullopt;
            const auto* inner = named ? std::get_if<codec::NodeTable>(&*named) : nullptr;
            if (inner != nullptr && inner->node != node) {
                read.insert(inner->node);
            }
        }
    }
    return read;
}

// With all that it reads in one question. Nothing is told where the engine refuses it, or where something of
// it needs another look.
Result<void> NodeCheck::accept_whole(const RenderedNode& node) {
    Nodes inside;
    Diagnostics untold;
    if (!survey(node, inside)) {
        return {};
    }
    const std::optional<MappedSql> query = compose(node, untold);
    if (!query) {
        return {};
    }
    Result<std::vector<OutputColumn>> columns = describe(channel_, describe_statement(*query).sql);
    if (!columns) {
        return engine_words(columns.error()) ? Result<void>() : columns.error();
    }
    for (const model::Node* accepted : inside) {
        if (!needs_columns(*rendered(*accepted))) {
            checked_.try_emplace(accepted);
        }
    }
    CheckedNode& checked = checked_[node.node];
    checked.columns = std::move(columns).value();
    return make_target(node, checked);
}

// Adds the nodes that the query is made of. False when one of them is known not to be acceptable, or not
// known.
bool NodeCheck::survey(const RenderedNode& node, Nodes& inside) const {
    if (!inside.insert(node.node).second) {
        return true;
    }
    return inside.size() <= codec::kDeepestPipes && find_outside_function(node) == nullptr &&
           std::all_of(node.outline.tables.begin(), node.outline.tables.end(),
                       [&](const SqlTable& table) { return survey_table(node, table, inside); });
}

bool NodeCheck::survey_table(const RenderedNode& node, const SqlTable& table, Nodes& inside) const {
    if (!table.database.empty()) {
        return table.database == "system";
    }
    const std::optional<codec::NamedTable> named =
        codec::find_table(project_, *node.pipe, *node.node, table.name);
    if (!named) {
        return table.use == syntax::TableUse::Member;
    }
    if (const auto* inner = std::get_if<codec::NodeTable>(&*named)) {
        const RenderedNode* text = rendered(*inner->node);
        return text != nullptr && checked(*inner->node).state == NodeState::Accepted && survey(*text, inside);
    }
    if (const auto* datasource = std::get_if<codec::DatasourceTable>(&*named)) {
        return tables_.has(datasource->datasource->name) &&
               tables_.guessed(datasource->datasource->name).empty();
    }
    if (const auto* target = std::get_if<codec::TargetTable>(&*named)) {
        return tables_.has(target->pipe->target_datasource);
    }
    return true; // a quarantine
}

Result<const CheckedNode*> NodeCheck::check(const model::Node& node) {
    if (const auto known = checked_.find(&node); known != checked_.end()) {
        return &known->second;
    }
    if (depth_ > codec::kDeepestPipes) { // deeper than a query is composed: the composition says so
        return &unasked_;
    }
    CheckedNode& checked = checked_[&node]; // stays where it is when the map grows
    const RenderedNode* text = rendered(node);
    if (text == nullptr) { // reported by who rendered it
        checked.state = NodeState::Refused;
        return &checked;
    }
    ++depth_;
    Result<CheckedNode> made = check_new(*text);
    --depth_;
    TRY_ASSIGN(checked, std::move(made));
    return &checked;
}

Result<CheckedNode> NodeCheck::check_new(const RenderedNode& node) {
    TRY_ASSIGN(CheckedNode sources, check_sources(node));
    if (sources.state != NodeState::Accepted) {
        return sources;
    }
    TRY_ASSIGN(CheckedNode described, check_query(node, std::move(sources)));
    if (described.state == NodeState::Accepted) {
        TRY(make_target(node, described));
    }
    return described;
}

// What those that the node reads allow to say of it.
Result<CheckedNode> NodeCheck::check_sources(const RenderedNode& node) {
    CheckedNode all;
    if (const syntax::SqlFunction* function = find_outside_function(node)) {
        return unchecked(place_of(node, function->place),
                         "node " + backquoted(node.node->name) + " reads " + backquoted(function->name) +
                             ", whose columns are known outside only",
                         "run the copy in a branch of the workspace to see it checked");
    }
    for (const SqlTable& table : node.outline.tables) {
        TRY_ASSIGN(CheckedNode source, check_source(node, table));
        if (source.state != NodeState::Accepted) {
            return source;
        }
        all.guessed.merge(source.guessed);
    }
    return all;
}

Result<CheckedNode> NodeCheck::check_source(const RenderedNode& node, const SqlTable& table) {
    if (!table.database.empty()) {
        return check_foreign(node, table);
    }
    const std::optional<codec::NamedTable> named =
        codec::find_table(project_, *node.pipe, *node.node, table.name);
    if (!named) {
        return CheckedNode(); // the composition says so
    }
    if (const auto* datasource = std::get_if<codec::DatasourceTable>(&*named)) {
        return check_table(datasource->datasource->name);
    }
    if (const auto* target = std::get_if<codec::TargetTable>(&*named)) {
        return check_target(*target->pipe);
    }
    const auto* read = std::get_if<codec::NodeTable>(&*named);
    if (read == nullptr) {
        return CheckedNode(); // a quarantine: its columns are known
    }
    TRY_ASSIGN(const CheckedNode* inner, check(*read->node));
    if (inner->state == NodeState::Unchecked) {
        return reads_unchecked(inner->reason);
    }
    CheckedNode source = in_state(inner->state == NodeState::Refused ? NodeState::FollowsUp : inner->state);
    source.guessed = inner->guessed;
    return source;
}

CheckedNode NodeCheck::check_table(const std::string& name) const {
    CheckedNode source;
    source.state = tables_.has(name) ? NodeState::Accepted : NodeState::FollowsUp;
    source.guessed = tables_.guessed(name);
    return source;
}

// The table is made once the node that fills it is described.
Result<CheckedNode> NodeCheck::check_target(const model::Pipe& maker) {
    const model::Node* node = model::published_node(maker);
    if (node == nullptr) {
        return in_state(NodeState::FollowsUp);
    }
    TRY_ASSIGN(const CheckedNode* made, check(*node));
    return made->state == NodeState::Unchecked ? reads_unchecked(made->reason)
                                               : check_table(maker.target_datasource);
}

Result<CheckedNode> NodeCheck::check_foreign(const RenderedNode& node, const SqlTable& table) {
    if (table.database == "system" || tables_.has_foreign(table.database, table.name)) {
        return CheckedNode();
    }
    if (const std::optional<model::Datasource> known = codec::service_table(table.database, table.name)) {
        TRY(tables_.add_foreign(table.database, *known));
        return CheckedNode();
    }
    const std::string name = backquoted(table.database + "." + table.name);
    const bool service = codec::is_service_database(table.database);
    return unchecked(place_of(node, table.place),
                     "node " + backquoted(node.node->name) + " reads " + name +
                         (service ? ", whose columns are not known here" : ", which no file here declares"),
                     service ? "" : "run it on the workspace to see it checked");
}

std::optional<MappedSql> NodeCheck::compose(const RenderedNode& node, Diagnostics& diagnostics) const {
    const codec::NodeRenderer render = [&](const model::Node& part, Diagnostics&) {
        const RenderedNode* text = rendered(part);
        return text == nullptr ? std::nullopt : std::optional(text->text);
    };
    return codec::compose_query(project_, *node.pipe, *node.node, render, scratch_options(), diagnostics);
}

Result<CheckedNode> NodeCheck::check_query(const RenderedNode& node, CheckedNode checked) {
    const std::optional<MappedSql> query = compose(node, diagnostics_);
    if (!query) {
        return in_state(NodeState::Refused);
    }
    const MappedSql statement = describe_statement(*query);
    Result<std::vector<OutputColumn>> columns = describe(channel_, statement.sql);
    if (!columns) {
        return judge(node, columns.error(), statement, std::move(checked));
    }
    checked.columns = std::move(columns).value();
    return checked;
}

Result<CheckedNode> NodeCheck::judge(const RenderedNode& node, const Error& refusal,
                                     const MappedSql& statement, CheckedNode checked) {
    const std::optional<EngineWords> words = engine_words(refusal);
    if (!words) {
        return refusal;
    }
    if (mentions_any(node.text, checked.guessed)) {
        return in_state(NodeState::FollowsUp);
    }
    const Span place = place_in_node(*words, statement, *node.node);
    TRY_ASSIGN(std::optional<std::vector<OutputColumn>> columns, ask_again(node, statement, place));
    if (columns) {
        checked.columns = std::move(*columns);
        return checked;
    }
    return refuse(node, *words, place);
}

Result<std::optional<std::vector<OutputColumn>>>
NodeCheck::ask_again(const RenderedNode& node, const MappedSql& statement, Span place) {
    std::vector<std::string> others;
    const auto add = [&](const std::string& sql) {
        others.push_back(sql);
        std::vector<std::string> values = with_other_values(sql);
        others.insert(others.end(), values.begin(), values.end());
    };
    // A mistake in a branch that this call does not take is one all the same.
    const std::optional<MappedSql> called = least_call(project_, *node.pipe, *node.node, scratch_options());
    if (called && (place == node.node->origin.span || comes_from(*called, place))) {
        add(describe_statement(*called).sql);
    }
    add(statement.sql);
    for (const std::string& other : others) {
        Result<std::vector<OutputColumn>> columns = describe(channel_, other);
        if (columns) {
            return std::optional(std::move(columns).value());
        }
        if (!engine_words(columns.error())) {
            return columns.error();
        }
    }
    return std::optional<std::vector<OutputColumn>>();
}

CheckedNode NodeCheck::refuse(const RenderedNode& node, const EngineWords& words, Span place) {
    const std::string subject = "node " + backquoted(node.node->name);
    const std::string text = without_database(words.text);
    if (holds(kLimits, words.code)) {
        return unchecked(place, subject + " asks for too much to be checked: " + text,
                         "move what it computes from constants into a datasource");
    }
    if (words.code == "INCORRECT_RESULT_OF_SCALAR_SUBQUERY") {
        return unchecked(
            place, subject + " depends on the rows there are: " + text,
            "let the subquery give a row whatever the tables hold: an aggregate without GROUP BY does");
    }
    if (holds(words.names, kNoValue)) {
        return unchecked(place, subject + " needs values for its parameters: " + text,
                         "give them defaults, or types such as DateTime(...)");
    }
    const bool reads_service =
        std::any_of(node.outline.tables.begin(), node.outline.tables.end(),
                    [](const SqlTable& table) { return codec::is_service_database(table.database); });
    if (reads_service && words.code == "UNKNOWN_IDENTIFIER") {
        return unchecked(place, subject + " reads what is not known here of a service table: " + text, "");
    }
    diagnostics_.add(codes::T062, place, "the engine refuses the query: " + text, help_for(words, node));
    return in_state(NodeState::Refused);
}

// The target that a pipe of Classic declares beside its SQL has the columns that come out of it.
Result<void> NodeCheck::make_target(const RenderedNode& node, const CheckedNode& checked) {
    const std::string& name = node.pipe->target_datasource;
    if (!makes_target(node) || tables_.has(name)) {
        return {};
    }
    model::Datasource target;
    target.name = name;
    target.origin = node.node->origin;
    target.engine = *node.pipe->target_engine;
    for (const OutputColumn& output : checked.columns) {
        model::Column column;
        column.name = output.name;
        column.type = output.type;
        column.origin = node.node->origin;
        target.columns.push_back(std::move(column));
    }
    return tables_.add(target);
}

CheckedNode NodeCheck::reads_unchecked(std::size_t reason) {
    ++reasons_[reason].readers;
    CheckedNode checked = in_state(NodeState::Unchecked);
    checked.reason = reason;
    return checked;
}

CheckedNode NodeCheck::unchecked(Span place, std::string why, std::string help) {
    CheckedNode checked = in_state(NodeState::Unchecked);
    checked.reason = reasons_.size();
    reasons_.push_back({place, std::move(why), std::move(help), 0});
    return checked;
}

void NodeCheck::report_unchecked() {
    for (const Unchecked& reason : reasons_) {
        const std::string also = reason.readers == 0 ? std::string()
                                 : reason.readers == 1
                                     ? "; nor is the node that reads it"
                                     : "; nor are the " + counted(reason.readers, "node") + " that read it";
        diagnostics_.add(codes::F356, reason.place, "not checked: " + reason.why + also, reason.help);
    }
}

} // namespace birdhouse::ops

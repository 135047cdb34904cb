#include "ops/lineage.hpp"

#include "base/text.hpp"
#include "codec/pipe_query.hpp"
#include "codec/query_tree.hpp"
#include "ops/describe_query.hpp"
#include "ops/engine_words.hpp"
#include "ops/node_check.hpp"
#include "ops/scratch_tables.hpp"
#include "syntax/sql_tokens.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace birdhouse::ops {

namespace {

using codec::LineageColumn;
using codec::MappedSql;
using codec::NodeLineage;
using codec::RenderedNode;

constexpr std::string_view kDatabase = ScratchTables::kDatabase;
constexpr std::string_view kViewPrefix = "lineage of node ";

// A query may compute what nobody would store.
constexpr std::string_view kViewSettings =
    "SET allow_suspicious_low_cardinality_types = 1, allow_suspicious_fixed_string_types = 1, "
    "allow_suspicious_variant_types = 1";

// A view cannot ask for a secret.
std::string without_parameters(std::string_view sql) {
    std::string out;
    for (const syntax::SqlToken& token : syntax::tokenize_sql(sql)) {
        const bool asks = token.kind == syntax::SqlTokenKind::Parameter;
        out += asks ? std::string_view("'secret'") : syntax::text_of(token, sql);
    }
    return out;
}

// `payload.city` is a part of the column `payload`, `tags.name` may be a column of its own.
std::string whole_column(const model::Datasource* datasource, const std::string& column) {
    std::string_view name = column;
    while (datasource != nullptr && model::find_column(*datasource, name) == nullptr) {
        const std::size_t dot = name.rfind('.');
        if (dot == std::string_view::npos) {
            return column;
        }
        name = name.substr(0, dot);
    }
    return std::string(name);
}

// Each node is asked about by itself: what it reads of other nodes are views, so that the analyzer says which
// of their columns.
class LineageSearch {
public:
    LineageSearch(const model::Project& project, std::span<const RenderedNode> nodes,
                  const SourceMap& sources, target::SqlChannel& engine)
        : project_(project), engine_(engine), tables_(engine, sources, untold_),
          check_(project, nodes, engine, tables_, untold_) {
        for (const RenderedNode& node : nodes) {
            rendered_.emplace(node.node, &node);
        }
    }

    Result<std::vector<NodeLineage>> find_all() {
        TRY(tables_.prepare());
        for (const model::Datasource& datasource : project_.datasources) {
            TRY(tables_.add(datasource));
        }
        TRY(check_.check_all());
        TRY(engine_.execute(kViewSettings));
        note_readers();
        for (const model::Pipe& pipe : project_.pipes) {
            for (const model::Node& node : pipe.nodes) {
                TRY(ask(node, 0));
            }
        }
        return std::move(found_);
    }

private:
    const RenderedNode* rendered(const model::Node& node) const {
        const auto found = rendered_.find(&node);
        return found == rendered_.end() ? nullptr : found->second;
    }

    // The nodes that the node names; each of them once.
    std::vector<const model::Node*> nodes_read_by(const RenderedNode& node) const {
        std::vector<const model::Node*> read;
        for (const syntax::SqlTable& table : node.outline.tables) {
            const std::optional<codec::NamedTable> named =
                table.database.empty() ? codec::find_table(project_, *node.pipe, *node.node, table.name)
                                       : std::nullopt;
            const auto* inner = named ? std::get_if<codec::NodeTable>(&*named) : nullptr;
            if (inner != nullptr && inner->node != node.node &&
                std::find(read.begin(), read.end(), inner->node) == read.end()) {
                read.push_back(inner->node);
            }
        }
        return read;
    }

    void note_readers() {
        for (const auto& [node, text] : rendered_) {
            for (const model::Node* inner : nodes_read_by(*text)) {
                read_by_others_.insert(inner);
            }
        }
    }

    // Those that it reads come first. A node that is not taken leaves no trace, nor do those that read it.
    Result<void> ask(const model::Node& node, std::size_t depth) {
        const RenderedNode* text = rendered(node);
        const bool asked = !asked_.insert(&node).second;
        if (asked || text == nullptr || depth > codec::kDeepestPipes ||
            check_.checked(node).state != NodeState::Accepted) {
            return {};
        }
        for (const model::Node* inner : nodes_read_by(*text)) {
            TRY(ask(*inner, depth + 1));
            if (!views_.contains(inner)) {
                return {};
            }
        }
        Result<void> asked_engine = ask_engine(*text);
        const bool is_refusal = !asked_engine && engine_words(asked_engine.error()).has_value();
        return is_refusal ? Result<void>() : asked_engine;
    }

    Result<void> ask_engine(const RenderedNode& node) {
        const std::optional<MappedSql> query = compose(node);
        if (!query) {
            return {};
        }
        const std::string sql = without_parameters(query->sql);
        TRY_ASSIGN(const target::QueryResult tree,
                   engine_.query("EXPLAIN QUERY TREE passes = 1 " + sql, "TSVRaw", {}));
        const auto is_view = [](std::string_view table) { return node_view(table).has_value(); };
        const std::optional<codec::QueryColumns> columns = codec::read_query_tree(tree.bytes, is_view);
        if (!columns) {
            return {};
        }
        TRY_ASSIGN(const std::vector<OutputColumn> names, describe(engine_, "DESCRIBE (\n" + sql + "\n)"));
        if (names.size() == columns->made_of.size()) {
            add(node, names, *columns);
            TRY(make_view(*node.node, sql));
        }
        return {};
    }

    // The node's own SQL, with views for the nodes that it reads.
    std::optional<MappedSql> compose(const RenderedNode& node) {
        const codec::NodeRenderer render = [&](const model::Node& part,
                                               Diagnostics&) -> std::optional<MappedSql> {
            if (&part == node.node) {
                return node.text;
            }
            MappedSql view;
            view.append("SELECT * FROM " + view_name(views_.at(&part)), {});
            return view;
        };
        const codec::ComposeOptions options{std::string(kDatabase), [](std::string_view) { return false; }};
        return codec::compose_query(project_, *node.pipe, *node.node, render, options, untold_);
    }

    static std::string view_name(std::size_t number) {
        return target::qualified_name(kDatabase, std::string(kViewPrefix) + std::to_string(number));
    }

    // The number of the view that a table of the query tree is.
    static std::optional<std::size_t> node_view(std::string_view table) {
        const std::string prefix = std::string(kDatabase) + "." + std::string(kViewPrefix);
        return table.starts_with(prefix)
                   ? std::optional(std::size_t(std::stoul(std::string(table.substr(prefix.size())))))
                   : std::nullopt;
    }

    // Of the node that was added last.
    Result<void> make_view(const model::Node& node, const std::string& sql) {
        const std::size_t number = found_.size() - 1;
        if (read_by_others_.contains(&node)) {
            TRY(engine_.execute("CREATE VIEW " + view_name(number) + " AS " + sql));
        }
        views_.emplace(&node, number);
        return {};
    }

    LineageColumn named(const codec::TableColumn& column) const {
        if (const std::optional<std::size_t> view = node_view(column.table)) {
            const NodeLineage& node = found_.at(*view);
            return {node.pipe->name, node.node->name, column.column};
        }
        std::string_view table = column.table;
        const std::string prefix = std::string(kDatabase) + ".";
        if (table.starts_with(prefix)) {
            table.remove_prefix(prefix.size());
        }
        return {std::string(table), "", whole_column(model::find_datasource(project_, table), column.column)};
    }

    std::vector<LineageColumn> named(const std::vector<codec::TableColumn>& columns) const {
        std::vector<LineageColumn> all;
        for (const codec::TableColumn& column : columns) {
            all.push_back(named(column));
        }
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }

    void add(const RenderedNode& node, const std::vector<OutputColumn>& names,
             const codec::QueryColumns& columns) {
        NodeLineage lineage{node.pipe, node.node, {}, named(columns.reads)};
        for (std::size_t i = 0; i < names.size(); ++i) {
            lineage.columns.push_back({names[i].name, names[i].type, named(columns.made_of[i])});
        }
        found_.push_back(std::move(lineage));
    }

    const model::Project& project_;
    target::SqlChannel& engine_;
    Diagnostics untold_; // `check` tells it
    ScratchTables tables_;
    NodeCheck check_;
    std::unordered_map<const model::Node*, const RenderedNode*> rendered_;
    std::unordered_set<const model::Node*> read_by_others_;
    std::unordered_set<const model::Node*> asked_;
    std::unordered_map<const model::Node*, std::size_t> views_; // of taken nodes: their index in found_
    std::vector<NodeLineage> found_;
};

} // namespace

Result<codec::ColumnLineage> find_lineage(const model::Project& project,
                                          std::span<const codec::RenderedNode> nodes,
                                          const SourceMap& sources, target::TargetOpener& targets) {
    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> engine, targets.open_scratch());
    LineageSearch search(project, nodes, sources, *engine);
    TRY_ASSIGN(std::vector<NodeLineage> found, search.find_all());
    return codec::ColumnLineage(std::move(found));
}

} // namespace birdhouse::ops

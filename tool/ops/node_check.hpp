// The nodes of a project, each described by the engine: does it take the SQL, and which columns come out? A
// node that nothing reads is asked about first, with all that it reads inside of it. Only where that is
// refused, those it reads are asked about before it, so that a fault is told once, where it stands.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/dependencies.hpp"
#include "codec/mapped_sql.hpp"
#include "model/project.hpp"
#include "ops/describe_query.hpp"
#include "ops/engine_words.hpp"
#include "ops/scratch_tables.hpp"
#include "target/channel.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace birdhouse::ops {

enum class NodeState {
    Accepted,
    Refused,   // a problem was reported
    FollowsUp, // what it reads was refused: nothing is known of the node itself
    Unchecked, // it, or what it reads, rests on what only the workspace knows
};

struct CheckedNode {
    NodeState state = NodeState::Accepted;
    std::vector<OutputColumn> columns; // of a node that fills a target or is an endpoint's result; others may
                                       // not be asked for theirs
    ScratchTables::GuessedColumns guessed; // columns of what it reads whose types are not known yet
    std::size_t reason = 0;                // of an unchecked one
};

class NodeCheck {
public:
    // `project` and `nodes` outlive this.
    NodeCheck(const model::Project& project, std::span<const codec::RenderedNode> nodes,
              target::SqlChannel& channel, ScratchTables& tables, Diagnostics& diagnostics);

    // The Error is one that is no refusal: the engine is gone.
    Result<void> check_all();
    // What came of it.
    const CheckedNode& checked(const model::Node& node) const;
    // Null for a node whose template did not render.
    const codec::RenderedNode* rendered(const model::Node& node) const;

private:
    struct Unchecked {
        Span place;
        std::string why;
        std::string help;
        std::size_t readers = 0;
    };
    using Nodes = std::unordered_set<const model::Node*>;

    Nodes nodes_read() const;
    Result<void> accept_whole(const codec::RenderedNode& node);
    bool survey(const codec::RenderedNode& node, Nodes& inside) const;
    bool survey_table(const codec::RenderedNode& node, const syntax::SqlTable& table, Nodes& inside) const;

    Result<const CheckedNode*> check(const model::Node& node);
    Result<CheckedNode> check_new(const codec::RenderedNode& node);
    Result<CheckedNode> check_sources(const codec::RenderedNode& node);
    Result<CheckedNode> check_source(const codec::RenderedNode& node, const syntax::SqlTable& table);
    CheckedNode check_table(const std::string& name) const;
    Result<CheckedNode> check_target(const model::Pipe& maker);
    Result<CheckedNode> check_foreign(const codec::RenderedNode& node, const syntax::SqlTable& table);
    Result<CheckedNode> check_query(const codec::RenderedNode& node, CheckedNode checked);

    std::optional<codec::MappedSql> compose(const codec::RenderedNode& node, Diagnostics& diagnostics) const;
    Result<CheckedNode> judge(const codec::RenderedNode& node, const Error& refusal,
                              const codec::MappedSql& statement, CheckedNode checked);
    // The columns that come out when the query is rendered otherwise; nothing when the engine refuses it
    // then, too.
    Result<std::optional<std::vector<OutputColumn>>> ask_again(const codec::RenderedNode& node,
                                                               const codec::MappedSql& statement, Span place);
    CheckedNode refuse(const codec::RenderedNode& node, const EngineWords& words, Span place);
    CheckedNode reads_unchecked(std::size_t reason);
    CheckedNode unchecked(Span place, std::string why, std::string help);
    Result<void> make_target(const codec::RenderedNode& node, const CheckedNode& checked);
    void report_unchecked();

    const model::Project& project_;
    target::SqlChannel& channel_;
    ScratchTables& tables_;
    Diagnostics& diagnostics_;
    std::unordered_map<const model::Node*, const codec::RenderedNode*> rendered_;
    std::unordered_map<const model::Node*, CheckedNode> checked_; // a node in the making counts as accepted
    const CheckedNode unasked_;
    std::vector<Unchecked> reasons_;
    std::size_t depth_ = 0;
};

} // namespace birdhouse::ops

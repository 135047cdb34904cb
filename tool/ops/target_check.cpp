#include "ops/target_check.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "ops/engine_words.hpp"
#include "ops/type_fit.hpp"
#include "syntax/sql_tokens.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace birdhouse::ops {

namespace {

using codec::RenderedNode;
using syntax::SqlToken;
using syntax::SqlTokenKind;

// How sure it is that a name in the SQL is the name of an output column.
enum class Standing { Anywhere, Outermost, EndsItem, BehindAs };

std::string lowered(const SqlToken& token, std::string_view sql) {
    return to_lower_ascii(syntax::text_of(token, sql));
}

Standing standing_of(const std::vector<SqlToken>& tokens, std::size_t at, int depth, std::string_view sql) {
    if (depth != 0) {
        return Standing::Anywhere;
    }
    if (at > 0 && lowered(tokens[at - 1], sql) == "as") {
        return Standing::BehindAs;
    }
    const std::string next = at + 1 < tokens.size() ? lowered(tokens[at + 1], sql) : std::string();
    return next.empty() || next == "," || next == "from" ? Standing::EndsItem : Standing::Outermost;
}

bool is_aggregate_state(std::string_view type) { return type.starts_with("AggregateFunction("); }

// "sum" of "AggregateFunction(sum, UInt64)", of "AggregateFunction(quantiles(0.5), Float64)" quantiles.
std::string function_of(std::string_view type) {
    const std::string_view inside = type.substr(type.find('(') + 1);
    return std::string(inside.substr(0, inside.find_first_of("(,)")));
}

std::string mend_type(const OutputColumn& output, const StoredColumn& stored) {
    if (is_aggregate_state(stored.type) && is_aggregate_state(output.type)) {
        return "declare " + backquoted(stored.name) + " as " + output.type + ", or cast what is aggregated";
    }
    if (is_aggregate_state(stored.type)) {
        return "a state is made by " + backquoted(function_of(stored.type) + "State");
    }
    if (is_aggregate_state(output.type)) {
        return "declare " + backquoted(stored.name) + " as " + output.type + ", or finish the state with " +
               backquoted(function_of(output.type) + "Merge");
    }
    return "convert it in the SELECT, or declare " + backquoted(stored.name) + " as " + output.type;
}

std::string stored_as(const RenderedNode& node, const StoredColumn& stored) {
    return backquoted(node.pipe->target_datasource + "." + stored.name) + " is " + stored.type;
}

} // namespace

Span place_of_output(const RenderedNode& node, const std::string& column) {
    const std::string_view sql = node.text.sql;
    std::vector<SqlToken> tokens = syntax::tokenize_sql(sql);
    std::erase_if(tokens, [](const SqlToken& token) { return !syntax::is_significant(token); });
    std::optional<std::pair<Standing, const SqlToken*>> best;
    int depth = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const SqlToken& token = tokens[i];
        const std::string_view text = syntax::text_of(token, sql);
        depth += text == "(" || text == "[" ? 1 : text == ")" || text == "]" ? -1 : 0;
        const bool named = token.kind == SqlTokenKind::Word || token.kind == SqlTokenKind::QuotedName;
        if (!named || syntax::name_of(token, sql) != column) {
            continue;
        }
        const Standing standing = standing_of(tokens, i, depth, sql);
        if (!best || standing > best->first) {
            best = {standing, &token};
        }
    }
    const Span place = best ? node.text.source_of(best->second->begin, best->second->end) : Span();
    return place.known() ? place : node.node->origin.span;
}

Result<TargetCheck::Filling*> TargetCheck::filling_of(const RenderedNode& node) {
    Filling& filling = fillings_[node.pipe->target_datasource];
    if (filling.first == nullptr) {
        filling.first = &node;
        TRY_ASSIGN(filling.columns, tables_.columns(node.pipe->target_datasource));
    }
    ++filling.nodes;
    return &filling;
}

Result<void> TargetCheck::check(const RenderedNode& node, const CheckedNode& checked) {
    const std::string& target = node.pipe->target_datasource;
    if (!tables_.has(target)) {
        return {};
    }
    TRY_ASSIGN(Filling * filling, filling_of(node));
    for (const OutputColumn& output : checked.columns) {
        const auto stored =
            std::find_if(filling->columns.begin(), filling->columns.end(),
                         [&](const StoredColumn& known) { return known.name == output.name; });
        if (stored == filling->columns.end()) {
            report_missing(node, output, *filling);
            continue;
        }
        filling->filled.insert(output.name);
        if (!tables_.guessed(target).contains(output.name)) {
            TRY(check_column(node, output, *stored));
        }
    }
    return {};
}

void TargetCheck::report_missing(const RenderedNode& node, const OutputColumn& output,
                                 const Filling& filling) {
    std::vector<std::string_view> names;
    for (const StoredColumn& column : filling.columns) {
        names.push_back(column.name);
    }
    const std::optional<std::string> near = nearest(output.name, names);
    diagnostics_.add(codes::F351, place_of_output(node, output.name),
                     "node " + backquoted(node.node->name) + " gives a column " + backquoted(output.name) +
                         " that its target " + backquoted(node.pipe->target_datasource) + " does not have",
                     near ? "did you mean " + backquoted(*near) + "?"
                          : "declare it there, or leave it out of the SELECT");
}

Result<void> TargetCheck::check_column(const RenderedNode& node, const OutputColumn& output,
                                       const StoredColumn& stored) {
    const TypeFit fit = fit_type(output.type, stored.type);
    const std::string given = "column " + backquoted(output.name) + " is " + output.type;
    if (!fit.same) {
        const std::string cast = "DESCRIBE (SELECT CAST(x, " + target::string_literal(stored.type) +
                                 ") FROM null(" + target::string_literal("x " + output.type) + "))";
        if (const Result<target::QueryResult> known = channel_.query(cast, "TSV", {}); !known) {
            const std::optional<EngineWords> words = engine_words(known.error());
            if (!words) {
                return known.error();
            }
            diagnostics_.add(codes::F352, place_of_output(node, output.name),
                             given + " and " + stored_as(node, stored) +
                                 ": the engine knows no way from one to the other",
                             mend_type(output, stored));
            return {};
        }
    }
    if (fit.null_into_plain) {
        const bool copied = node.node->type == model::NodeType::Copy;
        diagnostics_.add(
            codes::F355, place_of_output(node, output.name),
            given + " and " + stored_as(node, stored) + ": a NULL " +
                (copied ? "becomes the default of the column" : "fails the insert of the rows it came from"),
            "write ifNull(...) in the SELECT, or declare " + backquoted(stored.name) + " Nullable");
    }
    if (!fit.loss.empty()) {
        diagnostics_.add(codes::F353, place_of_output(node, output.name),
                         given + " and " + stored_as(node, stored) + ": " + fit.loss,
                         mend_type(output, stored));
    }
    return {};
}

void TargetCheck::report_unfilled() {
    for (const auto& [target, filling] : fillings_) {
        const model::Datasource* datasource = model::find_datasource(project_, target);
        std::vector<std::string> unfilled;
        Diagnostic problem{&codes::F354, {}, {}, {}};
        problem.labels.push_back({filling.first->node->origin.span, "fills the others"});
        for (const StoredColumn& column : filling.columns) {
            const model::Column* declared =
                datasource == nullptr ? nullptr : model::find_column(*datasource, column.name);
            // Null and events are other ways to a value; what a connector adds it also fills.
            if (declared == nullptr || declared->json_path || column.filled ||
                filling.filled.contains(column.name) || column.type.find("Nullable(") != std::string::npos) {
                continue;
            }
            unfilled.push_back(backquoted(column.name));
            problem.labels.push_back({declared->origin.span, "filled by nothing"});
        }
        if (unfilled.empty()) {
            continue;
        }
        const std::string nodes = filling.nodes == 1
                                      ? "node " + backquoted(filling.first->node->name) + " does not fill"
                                      : "none of " + counted(filling.nodes, "node") + " fills";
        problem.message = nodes + " " + join(unfilled, ", ") + " of " + backquoted(target) +
                          ": every row holds the type's zero there";
        problem.help = "select it, give it a default, or drop it";
        diagnostics_.add(std::move(problem));
    }
}

} // namespace birdhouse::ops

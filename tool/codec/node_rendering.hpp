// From a node as it was written to the SQL it stands for under given parameters.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/mapped_sql.hpp"
#include "model/pipe.hpp"
#include "syntax/template.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace birdhouse::codec {

// What was learned by rendering the nodes of one query.
struct RenderNotes {
    std::set<std::string> names;    // that a template mentions: a parameter outside of these does nothing
    std::set<std::string> secrets;  // to be bound as String parameters
    std::set<std::string> warnings; // reserved names that are used as parameters
    std::optional<syntax::TemplateError> failure; // of the first template that failed, in the service's words
};

struct NodeValues {
    syntax::RenderInput input;                        // its secrets are filled in from `has_secret`
    std::function<bool(std::string_view)> has_secret; // no secret exists when nobody can be asked
};

// Reports a template that fails at its place in the node's source.
std::optional<MappedSql> render_node(const model::Node& node, const NodeValues& values, RenderNotes& notes,
                                     Diagnostics& diagnostics);

// The literal names given to tb_secret() and tb_var() in a template's text.
std::set<std::string> secret_names(std::string_view text);

} // namespace birdhouse::codec

#include "codec/call_parameters.hpp"

#include "codec/node_rendering.hpp"
#include "codec/pipe_parameters.hpp"
#include "codec/pipe_query.hpp"

#include <algorithm>

namespace birdhouse::codec {

std::vector<const model::Node*> nodes_behind(const model::Project& project, const model::Pipe& pipe,
                                             const model::Node& node) {
    std::vector<const model::Node*> found;
    NodeValues values;
    values.input.test_mode = true;
    RenderNotes notes;
    const NodeRenderer render = [&](const model::Node& part, Diagnostics& problems) {
        if (std::find(found.begin(), found.end(), &part) == found.end()) {
            found.push_back(&part);
        }
        return render_node(part, values, notes, problems);
    };
    Diagnostics unheard;
    if (!compose_query(project, pipe, node, render, {}, unheard)) {
        for (const model::Node& own : pipe.nodes) {
            if (std::find(found.begin(), found.end(), &own) == found.end()) {
                found.push_back(&own);
            }
        }
    }
    return found;
}

std::vector<syntax::MergedParameter> call_parameters(const model::Project& project, const model::Pipe& pipe,
                                                     const model::Node& node) {
    std::vector<syntax::TemplateParameter> found;
    for (const model::Node* part : nodes_behind(project, pipe, node)) {
        const std::vector<syntax::TemplateParameter> uses = node_parameters(*part);
        found.insert(found.end(), uses.begin(), uses.end());
    }
    return syntax::merge_parameters(found);
}

} // namespace birdhouse::codec

#include "codec/dependencies.hpp"

#include "codec/node_rendering.hpp"

namespace birdhouse::codec {

std::vector<RenderedNode> render_for_checks(const model::Project& project, Diagnostics& diagnostics) {
    NodeValues values;
    values.input.test_mode = true;
    values.has_secret = [](std::string_view) { return true; };
    RenderNotes notes;
    std::vector<RenderedNode> rendered;
    for (const model::Pipe& pipe : project.pipes) {
        for (const model::Node& node : pipe.nodes) {
            if (std::optional<MappedSql> text = render_node(node, values, notes, diagnostics)) {
                syntax::SqlOutline outline = syntax::outline_sql(text->sql);
                rendered.push_back({&pipe, &node, std::move(*text), std::move(outline)});
            }
        }
    }
    return rendered;
}

std::vector<Dependency> find_dependencies(const model::Project& project,
                                          const std::vector<RenderedNode>& nodes) {
    std::vector<Dependency> found;
    for (const RenderedNode& rendered : nodes) {
        for (const syntax::SqlTable& table : rendered.outline.tables) {
            const std::optional<NamedTable> named =
                table.database.empty() ? find_table(project, *rendered.pipe, *rendered.node, table.name)
                                       : std::nullopt;
            found.push_back({rendered.pipe, rendered.node, table.name, table.database, named, table.use,
                             rendered.text.source_of(table.place.begin, table.place.end)});
        }
    }
    return found;
}

std::vector<Dependency> find_dependencies(const model::Project& project, Diagnostics& diagnostics) {
    return find_dependencies(project, render_for_checks(project, diagnostics));
}

} // namespace birdhouse::codec

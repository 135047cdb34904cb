#include "ops/rules/queries.hpp"

#include "base/text.hpp"
#include "codec/query_rules.hpp"
#include "syntax/template_statements.hpp"

#include <vector>

namespace birdhouse::ops {

// Whether it is one reading statement at all. Which tables, functions and settings it may use differs by the
// service's plans and is for the engine's part.
void check_statements(const RuleFacts& facts, Diagnostics& problems) {
    for (const codec::RenderedNode& node : facts.nodes) {
        if (trim(node.node->sql).empty() && !facts.is_definition(node.node->origin)) {
            continue; // of a datafile the reader says so
        }
        syntax::SqlOutline outline;
        outline.problems = node.outline.problems;
        // `FROM t SELECT a` is a query to the engine.
        std::erase_if(outline.problems, [](const syntax::SqlProblem& problem) {
            return problem.kind == syntax::SqlProblemKind::NotReading &&
                   to_lower_ascii(problem.what) == "from";
        });
        codec::check_query_rules(outline, node.text, node.node->origin.span, problems);
    }
}

void check_parameter_names(const RuleFacts& facts, Diagnostics& problems) {
    for (const codec::RenderedNode& rendered : facts.nodes) {
        const codec::MappedSql written = codec::written_sql(*rendered.node);
        const std::optional<std::string_view> text = syntax::template_part(written.sql);
        if (!text) {
            continue;
        }
        auto parsed = syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query);
        auto* tree = std::get_if<syntax::Template>(&parsed);
        if (tree == nullptr) {
            continue; // reported where it was rendered
        }
        // Places in the node's text first, then in the file: a template may be indented or repeated there.
        const auto offset = static_cast<std::uint32_t>(text->data() - written.sql.data());
        tree->origin = {SourceId{0}, offset, offset + static_cast<std::uint32_t>(text->size())};
        Diagnostics found;
        syntax::warn_of_names(*tree, found);
        for (Diagnostic diagnostic : found.all()) {
            for (Label& label : diagnostic.labels) {
                const Span place = written.source_of(label.span.begin, label.span.end);
                label.span = place.known() ? place : rendered.node->origin.span;
            }
            problems.add(std::move(diagnostic));
        }
    }
}

} // namespace birdhouse::ops

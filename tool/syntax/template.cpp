#include "syntax/template.hpp"

#include "syntax/template_parser.hpp"
#include "syntax/template_statements.hpp"
#include "syntax/value_unicode.hpp"

namespace birdhouse::syntax {

std::optional<Template> parse_template(const SourceMap& sources, Span text, TemplateDialect dialect,
                                       Diagnostics& diagnostics) {
    Template tree;
    tree.dialect = dialect;
    tree.text = sources.slice(text);
    tree.origin = text;
    const TemplateProblems problems = parse_into(tree, "<string>");
    for (const auto* found : {&problems.reading, &problems.compiling}) {
        for (const TemplateError& error : *found) {
            report(error, diagnostics);
        }
    }
    if (problems.first() != nullptr) {
        return std::nullopt;
    }
    if (tree.name_error) {
        report(*tree.name_error, diagnostics);
        return std::nullopt;
    }
    if (dialect == TemplateDialect::Query) {
        warn_of_names(tree, diagnostics);
    }
    return tree;
}

std::variant<Template, TemplateError> parse_template_text(std::string text, TemplateDialect dialect,
                                                          std::string_view name) {
    Template tree;
    tree.dialect = dialect;
    tree.owned_text = std::make_shared<const std::string>(std::move(text));
    tree.text = *tree.owned_text;
    tree.origin.end = static_cast<std::uint32_t>(tree.text.size());
    const TemplateProblems problems = parse_into(tree, name);
    if (const TemplateError* first = problems.first()) {
        return *first;
    }
    return tree;
}

std::optional<std::string_view> template_part(std::string_view node_text) {
    const std::string_view stripped = strip_spaces(node_text);
    return stripped.starts_with('%') ? std::optional(stripped.substr(1)) : std::nullopt;
}

} // namespace birdhouse::syntax

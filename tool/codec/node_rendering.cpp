#include "codec/node_rendering.hpp"

#include <array>
#include <variant>

namespace birdhouse::codec {

namespace {

// `offset` is where the template's text begins in the node's.
void report_at_source(syntax::TemplateError error, const MappedSql& written, std::size_t offset,
                      RenderNotes& notes, Diagnostics& diagnostics) {
    error.span = written.source_of(offset + error.span.begin, offset + error.span.end);
    syntax::report(error, diagnostics);
    if (!notes.failure) {
        notes.failure = std::move(error);
    }
}

MappedSql map_rendered(const syntax::Rendered& rendered, const MappedSql& written, std::size_t offset) {
    MappedSql out;
    const std::string_view text = rendered.text;
    for (std::size_t i = 0; i < rendered.pieces.size(); ++i) {
        const syntax::SpanPiece& piece = rendered.pieces[i];
        const std::size_t end = i + 1 < rendered.pieces.size() ? rendered.pieces[i + 1].output : text.size();
        const std::size_t begin = offset + piece.source_begin;
        if (piece.verbatim) {
            out.append(written, begin, begin + (end - piece.output));
        } else {
            out.append(text.substr(piece.output, end - piece.output),
                       written.source_of(begin, offset + piece.source_end));
        }
    }
    return out;
}

} // namespace

std::optional<MappedSql> render_node(const model::Node& node, const NodeValues& values, RenderNotes& notes,
                                     Diagnostics& diagnostics) {
    MappedSql written = written_sql(node);
    const std::optional<std::string_view> text = syntax::template_part(written.sql);
    if (!text) {
        return written;
    }
    const auto offset = static_cast<std::size_t>(text->data() - written.sql.data());
    auto parsed = syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query, node.name);
    if (auto* error = std::get_if<syntax::TemplateError>(&parsed)) {
        report_at_source(std::move(*error), written, offset, notes, diagnostics);
        return std::nullopt;
    }
    const auto& tree = std::get<syntax::Template>(parsed);
    notes.names.insert(tree.names.begin(), tree.names.end());
    syntax::RenderInput input = values.input;
    for (const std::string& name : secret_names(*text)) {
        if (values.has_secret && values.has_secret(name)) {
            input.secrets.push_back(name);
        }
    }
    auto outcome = syntax::render(tree, input);
    if (auto* error = std::get_if<syntax::TemplateError>(&outcome)) {
        report_at_source(std::move(*error), written, offset, notes, diagnostics);
        return std::nullopt;
    }
    const auto& rendered = std::get<syntax::Rendered>(outcome);
    notes.secrets.insert(rendered.secrets.begin(), rendered.secrets.end());
    notes.warnings.insert(rendered.warnings.begin(), rendered.warnings.end());
    return map_rendered(rendered, written, offset);
}

std::set<std::string> secret_names(std::string_view text) {
    constexpr std::array<std::string_view, 2> kCalls = {"tb_secret", "tb_var"};
    std::set<std::string> names;
    for (const std::string_view call : kCalls) {
        for (std::size_t at = text.find(call); at != std::string_view::npos; at = text.find(call, at + 1)) {
            const std::size_t bracket = text.find_first_not_of(" \t\n", at + call.size());
            if (bracket == std::string_view::npos || text[bracket] != '(') {
                continue;
            }
            const std::size_t quote = text.find_first_not_of(" \t\n", bracket + 1);
            if (quote == std::string_view::npos || (text[quote] != '\'' && text[quote] != '"')) {
                continue;
            }
            // A name ends at its quote; stopping at a line end too keeps the search short.
            const std::size_t end = text.find_first_of("'\"\n", quote + 1);
            if (end != std::string_view::npos && text[end] == text[quote]) {
                names.emplace(text.substr(quote + 1, end - quote - 1));
            }
        }
    }
    return names;
}

} // namespace birdhouse::codec

#include "codec/pipe_parameters.hpp"

#include "codec/mapped_sql.hpp"
#include "syntax/template.hpp"
#include "syntax/value_text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace birdhouse::codec {

namespace {

using syntax::MergedParameter;
using syntax::TemplateParameter;

// Of the template's own, whatever the request says: `set` and `for` make them.
bool is_local(const syntax::Template& tree, std::string_view name) {
    bool local = false;
    for (std::size_t slot = 0; slot < tree.names.size(); ++slot) {
        if (tree.names[slot] == name && !tree.assigned[slot]) {
            return false;
        }
        local = local || tree.names[slot] == name;
    }
    return local;
}

} // namespace

std::vector<TemplateParameter> node_parameters(const model::Node& node) {
    const MappedSql written = written_sql(node);
    const std::optional<std::string_view> text = syntax::template_part(written.sql);
    if (!text) {
        return {};
    }
    const auto offset = static_cast<std::size_t>(text->data() - written.sql.data());
    auto parsed = syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query, node.name);
    const auto* tree = std::get_if<syntax::Template>(&parsed);
    if (tree == nullptr) {
        return {};
    }
    std::vector<TemplateParameter> found = syntax::extract_parameters(*tree);
    std::erase_if(found, [tree](const TemplateParameter& use) { return is_local(*tree, use.name); });
    for (TemplateParameter& parameter : found) {
        parameter.span = written.source_of(offset + parameter.span.begin, offset + parameter.span.end);
    }
    return found;
}

namespace {

model::Parameter parameter_of(const MergedParameter& merged) {
    model::Parameter parameter;
    parameter.name = merged.name;
    parameter.type = merged.type;
    if (!merged.default_value.is_none()) {
        parameter.default_value = syntax::repr_of(merged.default_value);
    }
    parameter.description = merged.description;
    parameter.required = merged.required;
    parameter.origin = {merged.span};
    return parameter;
}

} // namespace

std::vector<MergedParameter> merged_parameters(const model::Pipe& pipe) {
    std::vector<TemplateParameter> found;
    for (const model::Node& node : pipe.nodes) {
        std::vector<TemplateParameter> more = node_parameters(node);
        std::move(more.begin(), more.end(), std::back_inserter(found));
    }
    std::vector<MergedParameter> merged = syntax::merge_parameters(found);
    std::sort(merged.begin(), merged.end(),
              [](const MergedParameter& a, const MergedParameter& b) { return a.name < b.name; });
    return merged;
}

std::vector<model::Parameter> pipe_parameters(const model::Pipe& pipe) {
    std::vector<model::Parameter> parameters;
    for (const MergedParameter& merged : merged_parameters(pipe)) {
        parameters.push_back(parameter_of(merged));
    }
    return parameters;
}

} // namespace birdhouse::codec

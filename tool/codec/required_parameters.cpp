#include "codec/required_parameters.hpp"

#include "codec/node_rendering.hpp"
#include "syntax/template.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace birdhouse::codec {

namespace {

using model::Parameter;
using syntax::Template;

// A pipe's templates, parsed once and rendered for many calls.
class Calls {
public:
    explicit Calls(const model::Pipe& pipe) {
        for (const model::Node& node : pipe.nodes) {
            const std::optional<std::string_view> text = syntax::template_part(node.sql);
            if (!text) {
                continue;
            }
            auto parsed =
                syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query, node.name);
            auto* tree = std::get_if<Template>(&parsed);
            is_sound_ = is_sound_ && tree != nullptr;
            if (tree != nullptr) {
                const std::set<std::string> secrets = secret_names(*text);
                templates_.push_back({std::move(*tree), {secrets.begin(), secrets.end()}});
            }
        }
    }

    // Does a call work that gives these, and nothing else?
    bool work(const std::vector<const Parameter*>& given) const {
        syntax::RenderInput input;
        input.job_timestamp = sample_value("DateTime");
        for (const Parameter* parameter : given) {
            input.parameters.emplace_back(parameter->name, syntax::make_text(sample_value(parameter->type)));
        }
        return is_sound_ && std::all_of(templates_.begin(), templates_.end(), [&](const NodeTemplate& node) {
                   input.secrets = node.secrets;
                   return std::holds_alternative<syntax::Rendered>(syntax::render(node.tree, input));
               });
    }

private:
    struct NodeTemplate {
        Template tree;
        std::vector<std::string> secrets;
    };
    std::vector<NodeTemplate> templates_;
    bool is_sound_ = true;
};

} // namespace

std::string sample_value(std::string_view type) {
    constexpr std::string_view kArray = "Array(";
    if (type.starts_with(kArray) && type.ends_with(')')) {
        return sample_value(type.substr(kArray.size(), type.size() - kArray.size() - 1));
    }
    if (type == "Date") {
        return "2019-01-01";
    }
    if (type == "DateTime" || type == "DateTime64") {
        return type == "DateTime" ? "2019-01-01 00:00:00" : "2019-01-01 00:00:00.000";
    }
    if (type == "JSON") {
        return "{}";
    }
    return type == "String" ? "__no_value__" : "0";
}

void settle_required(const model::Pipe& pipe, std::vector<Parameter>& parameters) {
    std::vector<const Parameter*> needed;
    for (const Parameter& parameter : parameters) {
        if (!parameter.default_value) {
            needed.push_back(&parameter);
        }
    }
    const Calls calls(pipe);
    if (needed.empty() || !calls.work(needed)) {
        return;
    }
    if (calls.work({})) {
        needed.clear();
    }
    // One may be needed only because another is given: what is left out stays out until nothing more can be.
    for (std::size_t before = needed.size() + 1; needed.size() < before;) {
        before = needed.size();
        for (std::size_t i = 0; i < needed.size();) {
            std::vector<const Parameter*> fewer = needed;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (calls.work(fewer)) {
                needed = std::move(fewer);
            } else {
                ++i;
            }
        }
    }
    std::set<std::string_view> names;
    for (const Parameter* parameter : needed) {
        names.insert(parameter->name);
    }
    for (Parameter& parameter : parameters) {
        parameter.required = names.contains(parameter.name);
    }
}

} // namespace birdhouse::codec

#include "ops/other_renderings.hpp"

#include "base/text.hpp"
#include "codec/node_rendering.hpp"
#include "codec/required_parameters.hpp"
#include "syntax/template.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

namespace birdhouse::ops {

namespace {

// What test mode prints for a text, and for a list of texts.
constexpr std::string_view kNoText = "'__no_value__'";
constexpr std::string_view kNoTexts = "['']";

// Texts that read as a number, a day, a moment, an id, an address, JSON, an array.
constexpr auto kValues = std::to_array<std::string_view>({"'0'", "'2019-01-01'", "'2019-01-01 00:00:00'",
                                                          "'00000000-0000-0000-0000-000000000000'",
                                                          "'127.0.0.1'", "'{}'", "'[]'"});

// Composes a node as somebody would call it who gives no more than he must.
class LeastCall {
public:
    LeastCall(const model::Project& project, const model::Pipe& pipe, const model::Node& node,
              const codec::ComposeOptions& options)
        : project_(project), pipe_(pipe), node_(node), options_(options) {
        values_.input.job_timestamp = codec::sample_value("DateTime");
        values_.has_secret = [](std::string_view) { return true; };
    }

    std::optional<codec::MappedSql> compose() {
        may_give_ = true;
        if (!compose_once()) {
            return std::nullopt;
        }
        may_give_ = false;
        std::optional<codec::MappedSql> least =
            compose_once(); // what a later node needs, an earlier one may read
        auto& given = values_.input.parameters;
        for (std::size_t i = 0; i < given.size();) {
            auto taken = std::move(given[i]);
            given.erase(given.begin() + static_cast<std::ptrdiff_t>(i));
            if (std::optional<codec::MappedSql> without = compose_once()) {
                least = std::move(without);
            } else {
                given.insert(given.begin() + static_cast<std::ptrdiff_t>(i), std::move(taken));
                ++i;
            }
        }
        return least;
    }

private:
    std::optional<codec::MappedSql> compose_once() {
        const codec::NodeRenderer render = [this](const model::Node& part, Diagnostics& problems) {
            codec::RenderNotes notes;
            std::optional<codec::MappedSql> text = codec::render_node(part, values_, notes, problems);
            while (!text && may_give_ && give_next(part)) {
                text = codec::render_node(part, values_, notes, problems);
            }
            return text;
        };
        Diagnostics ignored; // a parameter that is not given is no mistake
        return codec::compose_query(project_, pipe_, node_, render, options_, ignored);
    }

    // The first parameter without a default that has no value yet. False: there is none.
    bool give_next(const model::Node& part) {
        const std::optional<std::string_view> text = syntax::template_part(part.sql);
        if (!text) {
            return false;
        }
        const auto parsed =
            syntax::parse_template_text(std::string(*text), syntax::TemplateDialect::Query, part.name);
        const auto* tree = std::get_if<syntax::Template>(&parsed);
        if (tree == nullptr) {
            return false;
        }
        for (const syntax::TemplateParameter& parameter : syntax::extract_parameters(*tree)) {
            if (!parameter.in_call && parameter.default_value.is_none() && !is_given(parameter.name)) {
                values_.input.parameters.emplace_back(parameter.name,
                                                      syntax::make_text(codec::sample_value(parameter.type)));
                return true;
            }
        }
        return false;
    }

    bool is_given(const std::string& name) const {
        const auto& given = values_.input.parameters;
        return std::any_of(given.begin(), given.end(),
                           [&](const auto& entry) { return entry.first == name; });
    }

    const model::Project& project_;
    const model::Pipe& pipe_;
    const model::Node& node_;
    const codec::ComposeOptions& options_;
    codec::NodeValues values_;
    bool may_give_ = true;
};

} // namespace

std::optional<codec::MappedSql> least_call(const model::Project& project, const model::Pipe& pipe,
                                           const model::Node& node, const codec::ComposeOptions& options) {
    return LeastCall(project, pipe, node, options).compose();
}

bool comes_from(const codec::MappedSql& query, Span place) {
    return std::any_of(query.pieces.begin(), query.pieces.end(), [&](const codec::SqlPiece& piece) {
        return piece.source.source == place.source && piece.source.begin <= place.begin &&
               place.end <= piece.source.end;
    });
}

std::vector<std::string> with_other_values(const std::string& sql) {
    std::vector<std::string> others;
    if (sql.find(kNoText) == std::string::npos && sql.find(kNoTexts) == std::string::npos) {
        return others;
    }
    for (const std::string_view value : kValues) {
        others.push_back(
            replace_all(replace_all(sql, kNoText, value), kNoTexts, "[" + std::string(value) + "]"));
    }
    return others;
}

} // namespace birdhouse::ops

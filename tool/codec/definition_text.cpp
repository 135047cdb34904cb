#include "codec/definition_text.hpp"

#include "base/text.hpp"
#include "codec/definition_parts.hpp"
#include "codec/yaml_text.hpp"

#include <algorithm>

namespace birdhouse::codec {

void add_text(YamlPairs& pairs, std::string_view key, std::string_view value) {
    if (!value.empty()) {
        pairs.emplace_back(key, write_yaml_text(value));
    }
}

std::string write_list(const std::vector<std::string>& values) {
    std::vector<std::string> written(values.size());
    std::transform(values.begin(), values.end(), written.begin(), write_yaml_text);
    return "[" + join(written, ", ") + "]";
}

std::string write_flow(const YamlPairs& pairs) {
    std::string out = "{";
    for (const auto& [key, value] : pairs) {
        out.append(out.size() == 1 ? "" : ", ").append(key).append(": ").append(value);
    }
    return out.append("}");
}

YamlPairs column_pairs(const model::Column& column) {
    YamlPairs pairs;
    pairs.emplace_back("name", write_yaml_text(column.name));
    add_text(pairs, "type", column.type);
    if (column.json_path) {
        pairs.emplace_back("path", write_yaml_text(*column.json_path));
    }
    if (column.default_expression) {
        pairs.emplace_back("default", write_yaml_expression(*column.default_expression));
    }
    if (column.materialized) {
        pairs.emplace_back("materialized", write_yaml_expression(*column.materialized));
    }
    if (column.codec) {
        pairs.emplace_back("codec", write_yaml_text(*column.codec));
    }
    add_text(pairs, "description", column.description);
    add_text(pairs, "renamed_from", column.renamed_from.value_or(""));
    if (!column.allowed.empty()) {
        pairs.emplace_back("allowed", write_list(column.allowed));
    }
    if (column.range) {
        pairs.emplace_back("range", "[" + column.range->minimum.value_or("null") + ", " +
                                        column.range->maximum.value_or("null") + "]");
    }
    if (column.pattern) {
        pairs.emplace_back("pattern", write_yaml_text(*column.pattern));
    }
    if (column.max_chars) {
        pairs.emplace_back("max_chars", std::to_string(*column.max_chars));
    }
    if (column.privacy != model::Privacy::None) {
        pairs.emplace_back("privacy", model::to_string(column.privacy));
    }
    return pairs;
}

YamlPairs index_pairs(const model::Index& index) {
    YamlPairs pairs;
    pairs.emplace_back("name", write_yaml_text(index.name));
    pairs.emplace_back("expression", write_yaml_text(index.expression));
    pairs.emplace_back("type", write_yaml_text(index.type));
    // What is no number was reported where it was read; it must not end the YAML that holds it.
    const bool is_number = index.granularity.find_first_not_of("0123456789") == std::string::npos;
    pairs.emplace_back("granularity", is_number ? index.granularity : write_yaml_text(index.granularity));
    return pairs;
}

YamlPairs engine_pairs(const model::TableEngine& engine) {
    YamlPairs pairs;
    for (const EngineField& field : engine_fields()) {
        add_text(pairs, field.key, engine.*field.value);
    }
    return pairs;
}

std::string write_text_line(std::string_view key, std::string_view value, std::size_t indentation) {
    const std::string start = std::string(indentation, ' ') + std::string(key) + ": ";
    return fits_yaml_block(value) ? start + write_yaml_block(value, indentation + 2)
                                  : start + write_yaml_text(value) + "\n";
}

} // namespace birdhouse::codec

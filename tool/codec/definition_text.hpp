// The parts that definitions and migrations are written with in YAML.
#pragma once

#include "model/datasource.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::codec {

using YamlPairs = std::vector<std::pair<std::string, std::string>>; // key, value as YAML

// Nothing for an empty value.
void add_text(YamlPairs& pairs, std::string_view key, std::string_view value);
// `{key: value, ...}` and `[value, ...]`, on one line.
std::string write_flow(const YamlPairs& pairs);
std::string write_list(const std::vector<std::string>& values);
// `key: value` with its line end; a text of several lines stands as a block below its key.
std::string write_text_line(std::string_view key, std::string_view value, std::size_t indentation);

YamlPairs column_pairs(const model::Column& column);
YamlPairs index_pairs(const model::Index& index);
YamlPairs engine_pairs(const model::TableEngine& engine);

} // namespace birdhouse::codec

// The lines that datafiles are written with, one function a construct: the writer and the generation
// templates print the same ones.
#pragma once

#include "model/connection.hpp"
#include "model/datasource.hpp"
#include "model/pipe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// `value` is as it stands behind the directive; a value of several lines opens a block instead.
struct DirectiveLine {
    std::string directive;
    std::string value;
};

// Name, type, json path, DEFAULT, CODEC: the one order that both dialects take.
std::string column_line(const model::Column& column);
std::string index_line(const model::Index& index);
std::vector<DirectiveLine> engine_lines(const model::TableEngine& engine);
// What stands behind TYPE of the published node, in the order of the documentation.
std::vector<DirectiveLine> type_lines(const model::Pipe& pipe);
std::vector<DirectiveLine> setting_lines(const std::vector<model::Setting>& settings);
// The tags between quotes; empty without tags.
std::string tags_value(const std::vector<std::string>& tags);

// `value` as one argument of a directive, between quotes that it does not hold itself.
std::string quoted_argument(std::string_view value);
// The same without quotes where the value reads back without them.
std::string plain_argument(std::string_view value);

} // namespace birdhouse::codec

// The parameters of a pipe: which ones it takes, told to people and programs, and values for them as they are
// given on the command line, in a file, or in the query string of a request.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/project.hpp"
#include "syntax/template.hpp"
#include "syntax/value.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::ops {

using GivenParameters = std::vector<std::pair<std::string, syntax::Value>>;

// A JSON object, its members in order; values keep their kinds, as in the body of a request.
Result<GivenParameters> read_parameter_file(const std::filesystem::path& path);
// `a=1&b=x%20y`: texts. A name that comes twice holds a list.
Result<GivenParameters> parse_query_string(std::string_view text);
// Texts by name, in the order of the first of each name. A name that comes twice holds a list.
GivenParameters group_texts(const std::vector<std::pair<std::string, std::string>>& given);

struct NodeParameters {
    std::string pipe;
    std::string node;
    std::vector<syntax::MergedParameter> parameters;
};

struct PipeParameters {
    std::string pipe;
    std::vector<syntax::MergedParameter> parameters; // over all nodes, in the order they were found
    std::vector<NodeParameters> nodes;               // that have any, those of pipes it reads included
};

// Of the node and of all that it reads, since a request's values reach all of them.
PipeParameters describe_parameters(const model::Project& project, const model::Pipe& pipe,
                                   const model::Node& node);

std::string render_text(const PipeParameters& parameters);
std::string render_json(const PipeParameters& parameters);

} // namespace birdhouse::ops

// The JSON paths of datafiles and definitions, which say where in an event a column's value is:
// `$`, `$.usage.prompt_tokens`, `$.messages[:]`, `$.choices[:].index`, `$.['a key'].b`.
#pragma once

#include "syntax/parsed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::syntax {

struct JsonPathStep {
    enum class Kind { Key, Elements };
    Kind kind = Kind::Key;
    std::string key; // empty for Elements
    friend bool operator==(const JsonPathStep&, const JsonPathStep&) = default;
};

struct JsonPath {
    std::vector<JsonPathStep> steps; // none: the whole document
    friend bool operator==(const JsonPath&, const JsonPath&) = default;
};

// At most 64 steps, and at most one `[:]`: ingestion knows no array of arrays.
Parsed<JsonPath> parse_json_path(std::string_view text);

// The shortest spelling; reading it back gives the same path.
std::string write_json_path(const JsonPath& path);
// Appends one key as it stands in a path: `.name`, or `.['a name']`.
void append_json_path_key(std::string& path, std::string_view key);

} // namespace birdhouse::syntax

// The two small languages inside a `.datasource` file: the columns of SCHEMA and the lines of INDEXES. Read
// as the service's tools read them; what they take silently and the server then refuses is reported as well.
#pragma once

#include "base/diagnostic.hpp"
#include "syntax/datafile.hpp"

#include <optional>
#include <string>
#include <vector>

namespace birdhouse::syntax {

struct TextAt {
    std::string text; // runs of blanks outside quotes are one blank, comments are gone
    Span span;
};

struct SchemaColumn {
    TextAt name;                     // without back-quotes
    TextAt type;                     // empty when only a default gives it
    std::optional<TextAt> json_path; // `$.a.b`
    std::optional<TextAt> default_expression;
    std::optional<TextAt> materialized; // Classic only
    std::optional<TextAt> codec;        // without the word and its parentheses: `ZSTD(1)`
    Span span;
};

struct SchemaIndex {
    TextAt name;
    TextAt expression;
    TextAt type; // with its arguments
    std::optional<TextAt> granularity;
    Span span;
};

// `directive` is a SCHEMA of `file`: a block, or one quoted word.
std::vector<SchemaColumn> parse_schema(const Datafile& file, const Directive& directive,
                                       const SourceMap& sources, Diagnostics& diagnostics);

std::vector<SchemaIndex> parse_indexes(const Datafile& file, const Directive& directive,
                                       const SourceMap& sources, Diagnostics& diagnostics);

} // namespace birdhouse::syntax

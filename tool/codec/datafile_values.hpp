// What single directives of a datafile mean, shared by the readers of datasources and pipes.
#pragma once

#include "base/diagnostic.hpp"
#include "model/datasource.hpp"
#include "syntax/datafile.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// A datafile while it is read.
struct DatafileReading {
    const syntax::Datafile& file;
    const SourceMap& sources;
    Diagnostics& diagnostics;

    std::string value(const syntax::Directive& directive) const { return value_of(file, directive, sources); }
    Span place(const syntax::Directive& directive) const { return value_span(file, directive); }
};

// Text of a block without the indentation its lines share, and where each of its lines stands.
struct BlockText {
    std::string text;
    std::vector<Origin> line_origins; // one a line of `text`
};
BlockText block_text(const DatafileReading& reading, const syntax::Directive& directive);

// Does the file's dialect know the directive in files of this kind? The parser has reported it otherwise.
bool is_known(const DatafileReading& reading, const syntax::Directive& directive);

// VERSION: a number that Classic appends to the deployed name; Forward ignores it.
void read_classic_version(const DatafileReading& reading, const syntax::Directive& directive,
                          std::optional<std::uint32_t>& version);

// On one line DESCRIPTION keeps its quotes, as for the service.
std::string read_description(const DatafileReading& reading, const syntax::Directive& directive);

void read_token(const DatafileReading& reading, const syntax::Directive& directive,
                std::vector<model::Token>& tokens);
// Tags with `=` steer operations of Classic and are no labels: they are reported as not kept.
void read_tags(const DatafileReading& reading, const syntax::Directive& directive,
               std::vector<std::string>& tags);
// Names between commas or on lines of their own.
std::vector<std::string> read_names(const DatafileReading& reading, const syntax::Directive& directive);

// True when the value is one of `choices`; reports it otherwise. An empty value is reported elsewhere.
bool check_choice(const DatafileReading& reading, const syntax::Directive& directive,
                  std::span<const std::string_view> choices);
// `@on-demand`, or five fields of a cron expression.
bool check_schedule(const DatafileReading& reading, const syntax::Directive& directive);

// Reports the second and later directives of one name, except those that add up.
void report_repeated(const DatafileReading& reading, std::span<const syntax::Directive* const> directives);

// "`A`, `B`", for messages.
std::string quoted_list(std::span<const std::string_view> names);

} // namespace birdhouse::codec

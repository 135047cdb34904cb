// A text formatted, for golden cases and properties.
#pragma once

#include "codec/datafile_formatter.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace birdhouse::testing {

struct Formatting {
    syntax::DatafileKind kind = syntax::DatafileKind::Datasource;
    syntax::Dialect dialect = syntax::Dialect::Forward;
    codec::FormatStyle style = codec::FormatStyle::Quoted;
};

// By the name: `x.classic.pipe` is read as Classic, `x.tb.pipe` is written in that style.
Formatting formatting_of_file(const std::filesystem::path& path);

// The canonical text; the problems, and nothing else, when it has errors.
struct Formatted {
    std::optional<std::string> text;
    std::string problems;
    std::string difference; // what the text says otherwise; empty as it should be
};
Formatted format_whole(const std::string& name, const std::string& text, const Formatting& formatting);

} // namespace birdhouse::testing

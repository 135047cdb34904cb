// Datafiles in their canonical form, printed from the tree: what `generate` would write for the same
// definition, with every comment kept. docs/formatting.md is the form in words.
#pragma once

#include "base/diagnostic.hpp"
#include "syntax/datafile.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace birdhouse::codec {

enum class FormatStyle {
    Quoted, // engine lines between quotes, in the order in which the service writes them
    Tb,     // as near to `tb fmt` as is harmless: engine lines bare and sorted, no blank lines in blocks
};

// The tree of a text that can be laid out anew. Nothing when it has errors, which are reported; those about
// which dialect takes a directive are none here. Where `dialect` leaves doubts about a line and the other one
// does not, the tree is the other's.
std::optional<syntax::Datafile> parse_for_formatting(SourceId source, const SourceMap& sources,
                                                     syntax::DatafileKind kind, syntax::Dialect dialect,
                                                     Diagnostics& diagnostics);

// New texts of SQL blocks, by the index of their directive.
using FormattedSql = std::map<std::size_t, std::string>;

// `file` comes from parse_for_formatting. Formatting the result again gives the same text.
std::string format_datafile(const syntax::Datafile& file, const SourceMap& sources, FormatStyle style,
                            const FormattedSql& sql = {});

} // namespace birdhouse::codec

// Where a directive stands in a canonical datafile: the one table of groups and ranks, and what may not move.
#pragma once

#include "codec/datafile_formatter.hpp"
#include "codec/datafile_formatter_units.hpp"

#include <cstddef>
#include <vector>

namespace birdhouse::codec {

// In the order in which they are written. Between two groups stands a blank line.
enum class FormatGroup {
    Node,
    Include,
    Head, // SOURCE, MAINTAINER, VERSION, ...
    Description,
    Tokens,
    Tags,
    Sql,
    Schema,
    Indexes,
    Engine,
    Settings, // of a node, of a connection; of a datasource those of its connector
    SharedWith,
    ForwardQuery,
    Backfill,
    Foreign, // not known to the dialect
};

struct OrderedUnit {
    FormatUnit unit;
    std::size_t section = 0; // of the file: its head, a node, what an INCLUDE begins
    FormatGroup group = FormatGroup::Foreign;
    std::size_t rank = 0;
    bool fixed = false; // its section stands as it was written
};

std::vector<OrderedUnit> order_units(const syntax::Datafile& file, const SourceMap& sources,
                                     std::vector<FormatUnit> units, FormatStyle style);

// Does the dialect of the file know the directive, be it to refuse it?
bool is_understood(const syntax::Datafile& file, const syntax::Directive& directive);
// TOKEN, TAGS and VERSION are the file's wherever they stand; Classic keeps tags with `=` with the node.
bool belongs_to_file(const syntax::Datafile& file, const syntax::Directive& directive,
                     const SourceMap& sources);
// The name under which a directive is written: aliases become the word that both dialects know.
std::string_view canonical_name(const syntax::Directive& directive);

} // namespace birdhouse::codec

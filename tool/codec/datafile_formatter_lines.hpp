// One directive as lines of a canonical datafile: its name, its value or block, the comment behind it.
#pragma once

#include "codec/datafile_formatter_blocks.hpp"
#include "codec/datafile_formatter_order.hpp"

#include <string>
#include <vector>

namespace birdhouse::codec {

std::vector<std::string> unit_lines(const Formatting& formatting, const OrderedUnit& ordered,
                                    const FormattedSql& sql);

} // namespace birdhouse::codec

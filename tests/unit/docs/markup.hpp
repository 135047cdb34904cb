// What can be said of a document without knowing what it is about.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::testing {

std::size_t count(std::string_view text, std::string_view part);

// Why the text is not well-formed: tags that do not close, attributes without quotes or given twice, entities
// that XML does not know, identifiers used twice. Empty when it is.
std::string markup_fault(std::string_view html);

// Fragments (`#x`) that links and icons name and no element has.
std::vector<std::string> missing_targets(std::string_view html);

// Values of attributes, and parts of styles, that would make a browser fetch something.
std::vector<std::string> loaded_from_elsewhere(std::string_view html);

// The lines of the tables of a Markdown text, with the number of columns that their table has.
std::vector<std::pair<std::size_t, std::string>> table_lines(std::string_view markdown);

} // namespace birdhouse::testing

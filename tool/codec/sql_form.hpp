// SQL without its layout, so that two texts which differ in blanks, comments and needless quotes are one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// The tokens of an expression or a query; `x` without the quotes it does not need. Of a template (`%` first)
// comments that hold tags stay: a tag works wherever it stands.
std::vector<std::string> sql_words(std::string_view sql);
// The same as one text, blanks where people write them.
std::string sql_form(std::string_view sql);

// The elements of a key: `(a, b)` and `a,b` are both a and b; an empty text and `tuple()` are none.
std::vector<std::string> key_form(std::string_view key);

// Is one of the names in the text that name, alone or behind a dot?
bool names_column(std::string_view sql, std::string_view column);

// Has the expression another value each time it is asked: now(), generateUUIDv4() and their kin?
bool is_volatile(std::string_view expression);

} // namespace birdhouse::codec

// The names under which a SELECT gives its columns, as far as they stand in its text. The engine knows them
// all; this is what can be said without one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

struct SelectedColumn {
    enum class Kind {
        Named,   // by AS, or a column by its own name
        All,     // `*` or `t.*`, and all that is made of it: EXCEPT, APPLY, COLUMNS(...)
        Unnamed, // an expression: its name is its text
    };
    Kind kind = Kind::Unnamed;
    std::string name;      // of Named
    bool is_plain = false; // of Named: a column of a table under its own name
    // Of a column written as `t.name`: that. The engine names it so where another joined table has the name
    // too.
    std::string qualified;
    std::size_t begin = 0; // of the name or the whole item, in the text
    std::size_t end = 0;
};

// Of the first SELECT that stands in no parentheses; nothing when there is none.
std::optional<std::vector<SelectedColumn>> select_list(std::string_view sql);

} // namespace birdhouse::ops

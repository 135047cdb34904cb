// The words of SQL that say where a table list begins and ends. Compared without regard to case.
#pragma once

#include <string_view>

namespace birdhouse::syntax {

bool same_word(std::string_view a, std::string_view b);

// Words that end a list of tables: WHERE, GROUP, LIMIT ...
bool ends_tables(std::string_view word);
// Words that cannot be a table's alias unless AS stands before them.
bool is_reserved_after_table(std::string_view word);
// Words after which an expression begins, so that what follows cannot be a clause.
bool expects_expression(std::string_view word);

} // namespace birdhouse::syntax

// The stack of brackets that sql_outline.cpp walks a statement with.
#pragma once

#include "syntax/sql_outline.hpp"

#include <cstddef>
#include <string>

namespace birdhouse::syntax {

// Where the walk stands inside one pair of brackets.
enum class Part {
    Head,             // SELECT, WITH, ... is next
    With,             // an element of WITH is next
    WithValue,        // inside `WITH expression AS name`
    AfterCommonTable, // behind `WITH name AS (...)`
    Expressions,
    TableExpected,
    Arguments, // a table function's brackets are next
    AfterTable,
    JoinOn,
    ArrayJoin,
    Using,
    Settings,
};

// Tables are the brackets of `FROM (a JOIN b)`; groups are all that hold expressions.
enum class FrameKind { Query, Tables, Group };

struct Frame {
    FrameKind kind = FrameKind::Query;
    Part part = Part::Head;
    char opener = '\0';
    SqlRange opened;
    std::string binds;       // the common table whose body this is
    std::size_t bound = 0;   // common tables in sight before this frame began
    bool alias_open = false; // a table was just read: a name here is its alias
    bool described = false;  // DESCRIBE: its table takes no alias
};

inline char closer_of(char opener) { return opener == '(' ? ')' : opener == '[' ? ']' : '}'; }

} // namespace birdhouse::syntax

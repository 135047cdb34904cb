// `rows.txt` of a use case: what happens to the data before, between and after the steps, and questions with
// their answers. Lines before the first section that begin with `#` say what of the case no engine can show.
//
//   -- before, -- during, -- after   acts, a line each: SQL; `events DATASOURCE {...}`, which is checked and
//                                    stored as ingestion does; `copy PIPE`, which runs a copy pipe
//   -- fails                         SQL that the engine refuses, once all steps ran
//   -- backfill                      new materializations bring the rows that are there
//   -- refused                       no step can make the change, and none is run
//   -- query [before]                SQL, and under `-- expect` its answer as TSV
//   -- run [before] PIPE [name=value ...]
//                                    what a pipe gives, as CSV
//
// Questions that say `before` are asked of the earlier state, with the rows of `-- before` in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::testing {

struct RowQuestion {
    bool before = false;
    std::string pipe; // empty: the SQL is asked
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string sql;
    std::string expected;
};

struct RowsFile {
    std::vector<std::string> before;
    std::vector<std::string> during; // before each step, once where there is none: rows come all the time
    std::vector<std::string> after;
    std::vector<std::string> fails;
    bool backfill = false;
    bool refused = false;
    std::vector<RowQuestion> questions;
};

RowsFile read_rows_file(std::string_view text);

} // namespace birdhouse::testing

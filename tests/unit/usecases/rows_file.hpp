// `rows.txt` of a use case: inserts before, between and after the steps, and queries with their answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::testing {

struct RowQuery {
    std::string sql;
    std::string expected; // TSV
};

struct RowsFile {
    std::vector<std::string> before;
    std::vector<std::string> during; // before each step: the table takes rows all the time
    std::vector<std::string> after;
    std::vector<std::string> fails; // inserts that the engine refuses, once all steps ran
    bool backfill = false;          // new materializations bring the rows that are there
    std::vector<RowQuery> queries;
};

RowsFile read_rows_file(std::string_view text);

} // namespace birdhouse::testing

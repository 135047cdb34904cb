#include "rows_file.hpp"

#include "base/text.hpp"

#include <map>
#include <stdexcept>

namespace birdhouse::testing {

RowsFile read_rows_file(std::string_view text) {
    RowsFile file;
    const std::map<std::string_view, std::vector<std::string>*> inserts = {
        {"before", &file.before}, {"during", &file.during}, {"after", &file.after}, {"fails", &file.fails}};
    std::string section;
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("-- ")) {
            section = std::string(line.substr(3));
            file.backfill = file.backfill || section == "backfill";
            if (section == "query") {
                file.queries.emplace_back();
            }
            continue;
        }
        if (section == "query") {
            file.queries.back().sql += std::string(line) + "\n";
        } else if (section == "expect") {
            file.queries.back().expected += std::string(line) + "\n";
        } else if (line.empty()) {
            continue;
        } else if (inserts.contains(section)) {
            inserts.at(section)->emplace_back(line);
        } else {
            throw std::runtime_error("a line of rows.txt stands in no section: " + std::string(line));
        }
    }
    return file;
}

} // namespace birdhouse::testing

#include "known_false.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace birdhouse::corpus {

std::vector<KnownFalse> read_known_false(const std::filesystem::path& table) {
    std::vector<KnownFalse> known;
    if (table.empty()) {
        return known;
    }
    std::ifstream file(table);
    if (!file) {
        throw std::runtime_error("cannot read " + table.string());
    }
    bool heading = true;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const std::vector<std::string_view> cells = split(line, '\t');
        if (cells.size() != 4) {
            throw std::runtime_error(table.string() + ": a row has not four cells: " + line);
        }
        if (!heading) {
            known.push_back({std::string(cells[0]), std::regex(std::string(cells[1])),
                             std::regex(std::string(cells[2])), std::string(cells[3])});
        }
        heading = false;
    }
    return known;
}

const KnownFalse* find_known_false(const std::vector<KnownFalse>& known, const Problem& error) {
    const auto row = std::ranges::find_if(known, [&](const KnownFalse& each) {
        return each.code == error.code && std::regex_match(error.message, each.message) &&
               std::regex_search(error.line, each.line);
    });
    return row == known.end() ? nullptr : &*row;
}

} // namespace birdhouse::corpus

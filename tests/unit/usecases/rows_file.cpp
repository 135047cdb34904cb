#include "rows_file.hpp"

#include "base/text.hpp"

#include <map>
#include <stdexcept>

namespace birdhouse::testing {

namespace {

RowQuestion read_question(std::string_view heading) {
    RowQuestion question;
    std::vector<std::string_view> words = split(heading, ' ');
    const bool runs = words.front() == "run";
    words.erase(words.begin());
    if (!words.empty() && words.front() == "before") {
        question.before = true;
        words.erase(words.begin());
    }
    if (runs) {
        question.pipe = words.at(0);
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::size_t equals = words[i].find('=');
            question.parameters.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
        }
    }
    return question;
}

} // namespace

RowsFile read_rows_file(std::string_view text) {
    RowsFile file;
    const std::map<std::string_view, std::vector<std::string>*> acts = {
        {"before", &file.before}, {"during", &file.during}, {"after", &file.after}, {"fails", &file.fails}};
    std::string_view section;
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("-- ")) {
            section = line.substr(3);
            file.backfill = file.backfill || section == "backfill";
            file.refused = file.refused || section == "refused";
            if (section.starts_with("query") || section.starts_with("run ")) {
                file.questions.push_back(read_question(section));
            }
        } else if (section.starts_with("query")) {
            file.questions.back().sql += std::string(line) + "\n";
        } else if (section == "expect") {
            file.questions.back().expected += std::string(line) + "\n";
        } else if (acts.contains(section)) {
            if (!line.empty()) {
                acts.at(section)->emplace_back(line);
            }
        } else if (!line.empty() && !(section.empty() && line.starts_with('#'))) {
            throw std::runtime_error("a line of rows.txt stands in no section: " + std::string(line));
        }
    }
    return file;
}

} // namespace birdhouse::testing

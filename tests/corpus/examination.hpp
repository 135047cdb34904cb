// What becomes of one project's datafiles: read, written, read again.
#pragma once

#include "projects.hpp"
#include "syntax/directives.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace birdhouse::corpus {

struct Problem {
    std::string place; // `web/pipes/top.pipe:4:1`, below the folder of the corpus
    std::string code;
    std::string message;
    std::string line; // the text it stands in
};

// Counted as the head of run.sh says.
struct Figures {
    std::size_t files = 0;
    std::size_t parsed = 0;
    std::size_t stable = 0;
    std::size_t model_equal = 0;
    std::size_t kept = 0;           // not imported: they stayed datafiles
    std::size_t of_other_times = 0; // problems between files of a history, which never stood side by side
    std::size_t warnings = 0;
    std::size_t crashes = 0;
    std::size_t classic = 0; // projects read by the rules of Classic
    std::map<std::string, std::size_t> kinds;
    std::map<std::string, std::size_t> warning_codes;
    std::vector<Problem> errors;
    std::vector<std::string> misses;  // "unparsed web/pipes/top.pipe: why"
    std::vector<std::string> read_as; // "web/pipes/top.pipe Classic"

    void add(const Figures& other);
};

struct Setting {
    std::filesystem::path corpus;           // the folder that paths are told from
    std::filesystem::path work;             // an empty folder to work in
    std::optional<syntax::Dialect> dialect; // told, not found out
};

Figures examine(const CorpusProject& project, const Setting& setting);

} // namespace birdhouse::corpus

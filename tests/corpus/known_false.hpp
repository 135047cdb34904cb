// Errors that were once reported and found, by hand, to be none: a table that says how such a report looks.
#pragma once

#include "examination.hpp"

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace birdhouse::corpus {

struct KnownFalse {
    std::string code;
    std::regex message; // of the whole message
    std::regex line;    // found somewhere in the line that the error points at
    std::string reason;
};

// Tab-separated rows below a row of column names: code, message, line, reason. Lines with `#` are comments.
std::vector<KnownFalse> read_known_false(const std::filesystem::path& table);

// Null when nobody has shown the error to be false.
const KnownFalse* find_known_false(const std::vector<KnownFalse>& known, const Problem& error);

} // namespace birdhouse::corpus

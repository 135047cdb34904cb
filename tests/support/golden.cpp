#include "support/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace birdhouse::testing {

namespace fs = std::filesystem;

std::vector<fs::path> golden_inputs(const std::string& area) {
    std::vector<fs::path> found;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(BIRDHOUSE_SOURCE_DIR) / "tests/golden" / area)) {
        if (entry.is_regular_file() && entry.path().extension() != ".expected") {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void check_golden(const fs::path& input, const std::string& actual) {
    const fs::path expectation = input.string() + ".expected";
    if (std::getenv("BIRDHOUSE_ACCEPT") != nullptr) {
        std::ofstream(expectation, std::ios::binary) << actual;
        WARN("accepted " << expectation.string());
        return;
    }
    INFO("golden case " << input.string());
    REQUIRE(fs::exists(expectation));
    CHECK(actual == read_text(expectation));
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "birdhouse-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored; // a folder a test made unreadable stays behind: nothing to do about it here
    fs::remove_all(path_, ignored);
}

fs::path TemporaryFolder::write(const std::string& name, const std::string& content) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
}

void unpack_project(const std::string& archive, const TemporaryFolder& folder) {
    std::istringstream lines(archive);
    std::string path;
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("-- ") && line.ends_with(" --")) {
            if (!path.empty()) {
                folder.write(path, text);
            }
            path = line.substr(3, line.size() - 6);
            text.clear();
        } else {
            text += line + "\n";
        }
    }
    folder.write(path, text);
}

} // namespace birdhouse::testing

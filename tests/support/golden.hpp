// Golden cases: an input file, and beside it `<input>.expected` with the exact output. With
// BIRDHOUSE_ACCEPT=1 in the environment the expectation is rewritten and the case reports that it was
// accepted, so that nobody takes a rewrite for a pass.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace birdhouse::testing {

// Inputs below tests/golden/<area>, sorted: every file that does not end in `.expected`.
std::vector<std::filesystem::path> golden_inputs(const std::string& area);

// Compares `actual` with the expectation beside `input`; call inside a Catch2 section.
void check_golden(const std::filesystem::path& input, const std::string& actual);

std::string read_text(const std::filesystem::path& path);

// A folder of this test's own, removed at the end of the scope.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }
    // Writes a file below the folder, making parents.
    std::filesystem::path write(const std::string& name, const std::string& content) const;

private:
    std::filesystem::path path_;
};

// Writes the files of a project that stand in one text: `-- path --` begins each.
void unpack_project(const std::string& archive, const TemporaryFolder& folder);

} // namespace birdhouse::testing

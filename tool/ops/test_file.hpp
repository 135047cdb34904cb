// Tests of pipes as Tinybird keeps them: tests/<pipe>.yaml, a list of requests with what must come back.
// Reads them and writes what was recorded back into them; runs nothing.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "base/source.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// Where a field stands in its file, its key included; begin and end are equal where it is to be added.
struct FieldPlace {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t indentation = 0;
    bool present = false;
};

struct PipeTest {
    std::string name;
    std::string description;
    std::string parameters; // a query string
    std::optional<std::string>
        expected_result; // NDJSON, or the message of an error; nothing when not recorded
    std::int64_t expected_status = 200;
    Span place; // of the name
    FieldPlace result_place;
    FieldPlace status_place;
};

struct TestFile {
    std::filesystem::path path;
    std::string shown; // relative to the project's folder
    std::string pipe;  // the file's stem
    SourceId source = SourceId::None;
    std::vector<PipeTest> tests;
};

// The files directly in tests/, by path. Lists of Classic's data quality tests are passed over with a
// warning.
Result<std::vector<TestFile>> read_test_files(const std::filesystem::path& project_folder, SourceMap& sources,
                                              Diagnostics& problems);

// Adds the tests of one text; nothing when it holds none.
std::vector<PipeTest> read_tests(SourceId source, const SourceMap& sources, Diagnostics& problems);

struct RecordedResult {
    const PipeTest* test = nullptr;
    std::string result;
    std::int64_t status = 200;
};

// The text of the file with the results in place, everything else as it was.
std::string with_results(std::string_view text, const std::vector<RecordedResult>& recorded);

} // namespace birdhouse::ops

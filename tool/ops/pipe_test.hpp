// `test`: every test of the project against its fixtures, on an engine in memory, several at a time.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "ops/fixtures.hpp"
#include "ops/project.hpp"
#include "ops/session.hpp"
#include "ops/test_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace birdhouse::ops {

struct TestOptions {
    std::vector<std::string> only; // pipes or files of tests; empty: all
    std::size_t jobs = 0;          // 0: as many as the machine has cores
    bool accept = false;           // write what came back into the files
};

enum class TestState { Passed, Failed, Recorded };

struct TestOutcome {
    const PipeTest* test = nullptr;
    TestState state = TestState::Passed;
    std::string result; // what came back: rows as NDJSON, or the message of an error
    std::int64_t status = 200;
    double seconds = 0;
};

struct TestedFile {
    TestFile file;
    std::vector<TestOutcome> outcomes; // in the order of its tests
};

struct TestReport {
    std::vector<TestedFile> files;
    FixtureTables fixtures;
    std::size_t count(TestState state) const;
};

// An error when the engine fails, or when `only` names no file; problems of test files are in `problems`.
Result<TestReport> test_pipes(OpenProject& open, const TestOptions& options, const Session& session,
                              Diagnostics& problems);

std::string render_text(const TestReport& report);
std::string render_json(const TestReport& report);

} // namespace birdhouse::ops

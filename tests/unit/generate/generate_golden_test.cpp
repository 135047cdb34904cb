// Whole projects in one file each: `-- path --` begins a file of the project. The expectation holds the
// problems and every generated file.
#include "ops/generate.hpp"
#include "ops/project.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::string generate_all(const std::filesystem::path& folder) {
    ops::OpenProject open = ops::open_project(folder);
    std::string out = render_text(open.problems, open.sources);
    if (!open.usable()) {
        return out;
    }
    Diagnostics problems;
    const auto report = ops::generate(open.project, folder, open.project.config.output_folder, open.sources,
                                      problems, ops::GenerateMode::Write);
    out += render_text(problems, open.sources);
    if (!report) {
        return out + "error: " + report.error().message + "\n";
    }
    if (report->refused) {
        return out + "== nothing written\n";
    }
    for (const ops::GeneratedFile& file : report->files) {
        out += "== " + file.path + "\n" + read_text(folder / open.project.config.output_folder / file.path);
    }
    return out;
}

} // namespace

TEST_CASE("projects generate as their golden cases say") {
    for (const auto& input : golden_inputs("generate")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const TemporaryFolder folder;
            unpack_project(read_text(input), folder);
            check_golden(input, generate_all(folder.path()));
        }
    }
}

// tests/golden/checks: one project a case, as one text file with a line `-- path --` above each of its files.
#include "ops/check.hpp"
#include "support/golden.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

void unpack(const std::string& text, const testing::TemporaryFolder& folder) {
    std::istringstream lines(text);
    std::string path;
    std::string content;
    const auto flush = [&] {
        if (!path.empty()) {
            folder.write(path, content);
        }
        content.clear();
    };
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("-- ") && line.ends_with(" --")) {
            flush();
            path = line.substr(3, line.size() - 6);
        } else if (!path.empty()) {
            content += line + "\n";
        }
    }
    flush();
}

} // namespace

TEST_CASE("projects with and without problems are reported on as expected") {
    for (const auto& input : testing::golden_inputs("checks")) {
        const testing::TemporaryFolder folder;
        unpack(testing::read_text(input), folder);
        const ops::OpenProject open = ops::open_project(folder.path());
        const ops::CheckReport report = ops::check_project(open, nullptr, Date{});
        const std::string said = render_text(report.problems, open.sources);
        testing::check_golden(input, said.empty() ? "no problems\n" : said);
    }
}

// docs/diff.md lists the kinds of change as the table has them; BIRDHOUSE_ACCEPT=1 writes them there.
#include "model/change_assessment.hpp"
#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::string class_of(const model::ChangeRow& row) {
    const std::string name(to_string(row.change_class));
    return row.breaks == model::Breaks::Consumers ? name + ", breaking" : name;
}

std::string codes_of(const model::ChangeRow& row) {
    std::string text;
    for (const Code* code : row.codes) {
        text += code == nullptr ? "" : (text.empty() ? "" : " ") + std::string(code->id);
    }
    if (row.code_for_readers != nullptr) {
        text += (text.empty() ? "" : " ") + std::string("(") + std::string(row.code_for_readers->id) + ")";
    }
    return text;
}

std::string kinds_table() {
    std::string text = "| kind | class | codes (of readers) | ClickHouse | Forward | Classic | back |\n"
                       "|---|---|---|---|---|---|---|\n";
    for (const model::ChangeRow& row : model::change_rows()) {
        text += "| `" + std::string(to_string(row.kind)) + "` | " + class_of(row) + " | " + codes_of(row) +
                " | " + describe(row.targets.clickhouse) + " | " + describe(row.targets.forward) + " | " +
                describe(row.targets.classic) + " | " + std::string(to_string(row.reversible)) + " |\n";
    }
    return text;
}

} // namespace

TEST_CASE("docs/diff.md lists every kind of change as the program has it") {
    const std::filesystem::path page = std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "docs/diff.md";
    std::string text = read_text(page);
    const std::string begin = "<!-- kinds -->\n";
    const std::size_t from = text.find(begin) + begin.size();
    const std::size_t to = text.find("<!-- /kinds -->");
    REQUIRE(from < text.size());
    REQUIRE(to < text.size());
    if (std::getenv("BIRDHOUSE_ACCEPT") != nullptr) {
        text.replace(from, to - from, kinds_table());
        std::ofstream(page, std::ios::binary) << text;
        WARN("accepted " << page.string());
        return;
    }
    CHECK(text.substr(from, to - from) == kinds_table());
}

// Whole projects in one file each, as in golden/engine_check; the expectation holds every endpoint's columns
// and every column's way.
#include "ops/lineage.hpp"
#include "ops/lineage_report.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "unit/engine_check/checked_project.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

struct Traced {
    ops::OpenProject open;
    std::vector<codec::RenderedNode> nodes;
    codec::ColumnLineage lineage;
};

Traced trace(const std::filesystem::path& folder, target::TargetOpener& opener) {
    Traced traced;
    traced.open = ops::open_project(folder);
    Diagnostics problems;
    traced.nodes = codec::render_for_checks(traced.open.project, problems);
    auto found = ops::find_lineage(traced.open.project, traced.nodes, traced.open.sources, opener);
    INFO((found ? "" : found.error().message));
    REQUIRE(found.ok());
    traced.lineage = std::move(*found);
    return traced;
}

std::vector<ops::LineageSubject> subjects(const Traced& traced, const std::vector<std::string>& names) {
    const auto chosen = ops::choose_subjects(traced.open.project, names);
    REQUIRE(chosen.ok());
    return *chosen;
}

} // namespace

TEST_CASE("columns are followed as the golden cases say") {
    REQUIRE_ENGINE(library);
    ScratchOpener opener(library);
    for (const auto& input : golden_inputs("lineage")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const TemporaryFolder folder;
            unpack_project(read_text(input), folder);
            const Traced traced = trace(folder.path(), opener);
            std::vector<std::string> datasources;
            for (const model::Datasource& datasource : traced.open.project.datasources) {
                datasources.push_back(datasource.name);
            }
            check_golden(input, render_lineage_text(subjects(traced, {}), traced.lineage) +
                                    render_lineage_text(subjects(traced, datasources), traced.lineage));
        }
    }
}

TEST_CASE("what is asked for and is not there is named, with what is near") {
    const TemporaryFolder folder;
    folder.write("datasources/events.datasource", "SCHEMA >\n    `id` String\n");
    const ops::OpenProject open = ops::open_project(folder.path());
    const auto chosen = ops::choose_subjects(open.project, {"events.ids"});
    REQUIRE_FALSE(chosen.ok());
    CHECK(chosen.error().message == "no pipe, datasource or column is called `events.ids`");
    CHECK(chosen.error().hint == "did you mean `events.id`?");
}

// Whole projects in one file each, and what becomes of them as Markdown, with the graph in Mermaid.
#include "ops/project_docs.hpp"
#include "support/golden.hpp"
#include "unit/docs/markup.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

std::string document(const ops::OpenProject& open) {
    Diagnostics problems;
    const ops::ProjectDocs docs = ops::make_project_docs(open, problems);
    return render_text(open.problems, open.sources) + render_text(problems, open.sources) +
           ops::render_docs(docs, ops::DocsFormat::Markdown);
}

} // namespace

TEST_CASE("projects are documented as their golden cases say") {
    for (const auto& input : golden_inputs("docs")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const TemporaryFolder folder;
            unpack_project(read_text(input), folder);
            ops::OpenProject open = ops::open_project(folder.path());
            open.project.config.name = input.stem().string(); // else datafiles are called as their folder
            check_golden(input, document(open));
            Diagnostics ignored;
            const std::string html =
                ops::render_docs(ops::make_project_docs(open, ignored), ops::DocsFormat::Html);
            CHECK(markup_fault(html) == "");
            CHECK(missing_targets(html).empty());
        }
    }
}

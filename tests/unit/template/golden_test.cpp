// tests/golden/templates: `.sql` files are pipe templates, checked and then rendered in test mode; `.tmpl`
// files are generation templates, rendered with a few variables.
#include "support/golden.hpp"
#include "syntax/generation.hpp"
#include "syntax/template.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::syntax;

namespace {

std::string render_file(const Template& tree, Diagnostics& diagnostics) {
    RenderInput input;
    input.test_mode = true;
    RenderResult result = render(tree, input);
    if (const auto* error = std::get_if<TemplateError>(&result)) {
        report(*error, diagnostics);
        return "";
    }
    return std::get<Rendered>(result).text;
}

std::string run_case(const std::filesystem::path& input) {
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId id = sources.add(input.filename().string(), testing::read_text(input));
    const bool generation = input.extension() == ".tmpl";
    const auto tree =
        parse_template(sources, sources.whole(id),
                       generation ? TemplateDialect::Generation : TemplateDialect::Query, diagnostics);
    std::string out;
    if (tree && generation) {
        const Value variables =
            make_dict({{make_text("window"), make_text("1d")},
                       {make_text("kinds"), make_list({make_text("http"), make_text("tcp")})}});
        out = render_generation(sources, *tree, variables, diagnostics).value_or("");
    } else if (tree) {
        out = render_file(*tree, diagnostics);
    }
    const std::string problems = render_text(diagnostics, sources);
    return problems + (problems.empty() || out.empty() ? "" : "---\n") + out;
}

} // namespace

TEST_CASE("golden templates render as recorded") {
    for (const auto& input : testing::golden_inputs("templates")) {
        const std::string actual = run_case(input);
        if (input.filename().string().starts_with("bad-")) {
            CHECK(actual.find(": error[T") != std::string::npos);
        }
        testing::check_golden(input, actual);
    }
}

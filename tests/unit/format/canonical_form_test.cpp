// The canonical form is what birdhouse writes itself: formatting its own files changes nothing.
#include "codec/connection_file.hpp"
#include "codec/datafile_writer.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "formatting.hpp"
#include "ops/generate.hpp"
#include "ops/project.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;
using syntax::DatafileKind;

namespace {

// What the writer makes of a datafile; nothing when it does not read without errors.
std::optional<std::string> written_anew(const std::string& text, const Formatting& formatting) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("x", text);
    const syntax::Datafile file =
        parse_datafile(source, sources, formatting.kind, problems, formatting.dialect);
    std::optional<std::string> written;
    if (formatting.kind == DatafileKind::Datasource) {
        if (const auto datasource = codec::read_datasource_file(file, "x", sources, problems)) {
            written = codec::write_datasource_file(*datasource);
        }
    } else if (formatting.kind == DatafileKind::Pipe) {
        if (const auto pipe = codec::read_pipe_file(file, "x", sources, problems)) {
            written = codec::write_pipe_file(*pipe);
        }
    } else if (formatting.kind == DatafileKind::Connection) {
        if (const auto connection = codec::read_connection_file(file, "x", sources, problems)) {
            written = codec::write_connection_file(*connection);
        }
    }
    return problems.has_errors() ? std::nullopt : written;
}

} // namespace

TEST_CASE("what the writer writes is in canonical form") {
    std::size_t seen = 0;
    for (const char* area : {"datafiles", "fmt"}) {
        for (const auto& input : golden_inputs(area)) {
            INFO(input.filename().string());
            Formatting formatting = formatting_of_file(input);
            formatting.style = codec::FormatStyle::Quoted;
            const auto written = written_anew(read_text(input), formatting);
            // A value with both kinds of quotes can be kept but not written: `generate` refuses it.
            if (written && written_anew(*written, formatting)) {
                CHECK(format_whole("written", *written, formatting).text == *written);
                ++seen;
            }
        }
    }
    CHECK(seen > 35);
}

TEST_CASE("the generated files of the shipped project are in canonical form") {
    ops::OpenProject open = ops::open_project(BIRDHOUSE_SOURCE_DIR);
    REQUIRE(open.usable());
    Diagnostics problems;
    const auto files = ops::render_datafiles(open.project, BIRDHOUSE_SOURCE_DIR, open.sources, problems);
    REQUIRE(files.ok());
    CHECK(files->size() > 30);
    for (const ops::RenderedFile& file : *files) {
        INFO(file.path);
        const std::string below_mark = file.text.substr(file.text.find('\n') + 1);
        const std::string text =
            below_mark.substr(std::min(below_mark.find_first_not_of('\n'), below_mark.size()));
        const Formatted formatted = format_whole(file.path, text, formatting_of_file(file.path));
        CHECK(formatted.text.value_or(formatted.problems) == text);
    }
}

// A datafile of any bytes, written as a definition with its comments: the YAML is always one document that
// reads, and what reads without a problem says the same as the datafile did.
#include "base/codes.hpp"
#include "codec/datafile_comments.hpp"
#include "codec/datafile_form.hpp"
#include "codec/datasource_file.hpp"
#include "codec/definition_writer.hpp"
#include "codec/definitions.hpp"
#include "codec/pipe_file.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace birdhouse;

namespace {

// A definition may say more strictly what it takes; it must never be YAML that cannot be read at all.
bool is_yaml(const Diagnostics& problems) {
    for (const Diagnostic& problem : problems.all()) {
        const bool broken = problem.code == &codes::F004 || problem.code == &codes::F006 ||
                            problem.code == &codes::F009 || problem.code == &codes::F012;
        if (broken) {
            return false;
        }
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto dialect = (data[0] & 1U) != 0 ? syntax::Dialect::Classic : syntax::Dialect::Forward;
    SourceMap sources;
    const SourceId source = sources.add("input", std::string(data + 1, data + size));
    Diagnostics ignored;
    Diagnostics problems;
    if ((data[0] & 2U) != 0) {
        const auto tree = parse_datafile(source, sources, syntax::DatafileKind::Datasource, ignored, dialect);
        const auto read = codec::read_datasource_file(tree, "input", sources, ignored);
        if (read) {
            const std::string text =
                write_datasource_definition(*read, codec::collect_comments(tree, *read, sources));
            codec::read_datasource_definition(sources.add("definition", text), sources, {}, problems);
        }
    } else {
        const auto tree = parse_datafile(source, sources, syntax::DatafileKind::Pipe, ignored, dialect);
        const auto read = codec::read_pipe_file(tree, "input", sources, ignored);
        if (read) {
            const std::string text =
                write_pipe_definition(*read, codec::collect_comments(tree, *read, sources));
            codec::read_pipe_definition(sources.add("definition", text), sources, problems);
        }
    }
    if (!is_yaml(problems)) {
        std::abort();
    }
    return 0;
}

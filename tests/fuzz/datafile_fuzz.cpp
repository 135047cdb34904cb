// Any bytes as any kind of datafile: the tree gives the bytes back, the readers come home.
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "syntax/datafile.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace birdhouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto dialect = (data[0] & 1U) != 0 ? syntax::Dialect::Classic : syntax::Dialect::Forward;
    const auto kind = static_cast<syntax::DatafileKind>((data[0] >> 1U) & 3U);
    SourceMap sources;
    const SourceId source = sources.add("input", std::string(data + 1, data + size));
    Diagnostics diagnostics;
    const syntax::Datafile file = parse_datafile(source, sources, kind, diagnostics, dialect);
    std::string joined;
    for (const syntax::DatafileLine& line : file.lines) {
        joined += sources.slice(line.span);
    }
    if (!file.lines.empty() && joined != sources.text(source)) {
        std::abort();
    }
    codec::read_datasource_file(source, "input", sources, diagnostics, dialect);
    codec::read_pipe_file(source, "input", sources, diagnostics, dialect);
    render_text(diagnostics, sources);
    return 0;
}

// Any bytes as any kind of datafile: what can be formatted says the same afterwards, with every comment, and
// is not changed by formatting it again.
#include "codec/datafile_formatter.hpp"
#include "codec/datafile_formatter_proof.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace birdhouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto dialect = (data[0] & 1U) != 0 ? syntax::Dialect::Classic : syntax::Dialect::Forward;
    const auto kind = static_cast<syntax::DatafileKind>((data[0] >> 1U) & 3U);
    const auto style = (data[0] & 8U) != 0 ? codec::FormatStyle::Tb : codec::FormatStyle::Quoted;
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("input", std::string(data + 1, data + size));
    const auto file = codec::parse_for_formatting(source, sources, kind, dialect, problems);
    if (!file) {
        return 0;
    }
    const std::string text = format_datafile(*file, sources, style);
    if (const auto difference = codec::find_difference(*file, text, sources)) {
        std::fprintf(stderr, "%s\n%s", difference->c_str(), text.c_str());
        std::abort();
    }
    const SourceId again = sources.add("formatted", text);
    const auto second = codec::parse_for_formatting(again, sources, kind, file->dialect, problems);
    if (!second || format_datafile(*second, sources, style) != text) {
        std::fprintf(stderr, "not settled:\n%s", text.c_str());
        std::abort();
    }
    return 0;
}

#include "formatting.hpp"

#include "codec/datafile_formatter_proof.hpp"

namespace birdhouse::testing {

using syntax::DatafileKind;

Formatting formatting_of_file(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    const std::string mark = path.stem().extension().string();
    return {extension == ".datasource"   ? DatafileKind::Datasource
            : extension == ".pipe"       ? DatafileKind::Pipe
            : extension == ".connection" ? DatafileKind::Connection
                                         : DatafileKind::Include,
            mark == ".classic" ? syntax::Dialect::Classic : syntax::Dialect::Forward,
            mark == ".tb" ? codec::FormatStyle::Tb : codec::FormatStyle::Quoted};
}

Formatted format_whole(const std::string& name, const std::string& text, const Formatting& formatting) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add(name, text);
    const auto file =
        codec::parse_for_formatting(source, sources, formatting.kind, formatting.dialect, problems);
    Formatted formatted{std::nullopt, render_text(problems, sources), ""};
    if (file) {
        formatted.text = format_datafile(*file, sources, formatting.style);
        formatted.difference = codec::find_difference(*file, *formatted.text, sources).value_or("");
    }
    return formatted;
}

} // namespace birdhouse::testing

// Fragments of any bytes, included by any bytes: reading ends, however they include each other, and every
// line of the spliced tree is a line of one of the texts.
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "syntax/datafile_include.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

using namespace birdhouse;

// NUL bytes part the input into the file that is read first and the fragments `0`, `1`, ...
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::map<std::string, std::string, std::less<>> fragments;
    std::string text(data, data + size);
    std::string first = text.substr(0, text.find('\0'));
    for (std::size_t at = first.size(); at < text.size() && fragments.size() < 10;) {
        const std::size_t end = std::min(text.find('\0', at + 1), text.size());
        fragments.emplace(std::to_string(fragments.size()), text.substr(at + 1, end - at - 1));
        at = end;
    }
    SourceMap sources;
    Diagnostics diagnostics;
    const SourceId source = sources.add("input", std::move(first));
    const syntax::Fragments open{
        [&](std::string_view path) -> Result<std::string> {
            const auto found = fragments.find(path);
            return found == fragments.end() ? Result<std::string>(Error{ExitCode::Usage, "no such file", ""})
                                            : Result<std::string>(found->second);
        },
        [](std::string_view name) -> std::optional<std::string> {
            return name.size() == 1 ? std::optional(std::string(name)) : std::nullopt;
        },
        [](std::string_view path) { return std::string(path); }};
    for (const auto kind : {syntax::DatafileKind::Datasource, syntax::DatafileKind::Pipe}) {
        const syntax::Datafile file =
            splice_includes(parse_datafile(source, sources, kind, diagnostics, syntax::Dialect::Classic),
                            open, sources, diagnostics);
        for (const syntax::Directive& directive : file.directives) {
            if (directive.first_line + directive.line_count > file.lines.size()) {
                std::abort();
            }
        }
        codec::read_datasource_file(file, "input", sources, diagnostics);
        codec::read_pipe_file(file, "input", sources, diagnostics);
    }
    render_text(diagnostics, sources);
    return 0;
}

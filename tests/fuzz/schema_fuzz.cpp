// Any bytes as the columns of a SCHEMA and the lines of INDEXES: every part lies in the text.
#include "syntax/schema_columns.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace birdhouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    for (const std::string opener : {"SCHEMA >\n ", "INDEXES >\n "}) {
        SourceMap sources;
        const SourceId source = sources.add("input", opener + bytes);
        Diagnostics diagnostics;
        const syntax::Datafile file =
            parse_datafile(source, sources, syntax::DatafileKind::Datasource, diagnostics);
        for (const syntax::Directive& directive : file.directives) {
            for (const syntax::SchemaColumn& column : parse_schema(file, directive, sources, diagnostics)) {
                if (column.span.begin > column.span.end || column.span.end > sources.text(source).size()) {
                    std::abort();
                }
            }
            parse_indexes(file, directive, sources, diagnostics);
        }
        render_text(diagnostics, sources);
    }
    return 0;
}

// Any bytes, read as each kind of definition; a migration that reads without errors writes back the same.
#include "codec/definitions.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace birdhouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SourceMap sources;
    Diagnostics problems;
    const SourceId source = sources.add("migrations/0001_fuzz.yaml", std::string(data, data + size));
    codec::ColumnGroups groups;
    groups.read(source, sources, problems);
    groups.resolve(sources, problems);
    codec::read_datasource_definition(source, sources, groups, problems);
    codec::read_pipe_definition(source, sources, problems);
    codec::read_config(source, sources, problems);
    Diagnostics of_migration;
    const auto migration = codec::read_migration(source, sources, of_migration);
    if (migration && !of_migration.has_errors()) {
        const SourceId written = sources.add("migrations/0001_fuzz.yaml", codec::write_migration(*migration));
        auto again = codec::read_migration(written, sources, of_migration);
        if (!again) {
            std::abort();
        }
        again->checksum = migration->checksum;
        if (!(*again == *migration)) {
            std::abort();
        }
    }
    render_text(problems, sources);
    return 0;
}

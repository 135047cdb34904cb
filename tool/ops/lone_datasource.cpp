#include "ops/lone_datasource.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "codec/definitions.hpp"

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatafile = ".datasource";
constexpr std::string_view kDefinition = ".yaml";

void read_definition(const fs::path& file, OpenProject& open) {
    Result<std::string> text = read_file(file);
    if (!text) {
        open.problems.add(codes::F021, {}, text.error().message, text.error().hint);
        return;
    }
    const SourceId source = open.sources.add(file.generic_string(), std::move(*text));
    open.project.datasources =
        codec::read_datasource_definition(source, open.sources, codec::ColumnGroups(), open.problems);
}

void read_datafile(const fs::path& file, const Environment& environment, OpenProject& open) {
    codec::DatafileProject datafiles = codec::load_datafiles(
        file.parent_path(), {file}, datafile_options(environment), open.sources, open.problems);
    open.project.datasources = std::move(datafiles.datasources);
    open.sign = std::move(datafiles.sign);
    open.datafiles = std::move(datafiles.files);
}

} // namespace

bool names_datasource_file(std::string_view name) {
    return name.ends_with(kDatafile) || name.ends_with(kDefinition);
}

OpenProject open_datasource_file(const fs::path& file, const Environment& environment) {
    OpenProject open;
    open.project.config = codec::default_config("project");
    if (file.extension() == kDatafile) {
        read_datafile(file, environment, open);
    } else {
        read_definition(file, open);
    }
    return open;
}

} // namespace birdhouse::ops

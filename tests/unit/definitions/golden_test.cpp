// tests/golden/definitions and tests/golden/migrations: one file a case, read as the kind its name's middle
// says.
#include "codec/definitions.hpp"
#include "support/dump.hpp"
#include "support/golden.hpp"
#include "syntax/yaml.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::dump;

namespace {

namespace fs = std::filesystem;

// The good groups are there for every case to use.
codec::ColumnGroups read_groups(const fs::path& own, SourceMap& sources, Diagnostics& problems) {
    codec::ColumnGroups groups;
    for (const fs::path& input : testing::golden_inputs("definitions")) {
        const std::string name = input.filename().string();
        if (name.ends_with(".group.yaml") && (name.starts_with("good-") || input == own)) {
            groups.read(sources.add(name, testing::read_text(input)), sources, problems);
        }
    }
    groups.resolve(sources, problems);
    return groups;
}

std::string dump_group(const fs::path& input, SourceMap& sources, Diagnostics& problems) {
    const codec::ColumnGroups groups = read_groups(input, sources, problems);
    std::string out;
    for (const std::string_view name : groups.names()) {
        syntax::YamlNode use;
        use.text = name;
        out += "group " + std::string(name) + "\n" + dump(groups.look_up(use, problems)->columns);
    }
    return out;
}

// `bad-name.migration.yaml` is read as migrations/0001_bad_name.yaml.
std::string migration_path(std::string name) {
    name = name.substr(0, name.find('.'));
    std::replace(name.begin(), name.end(), '-', '_');
    return "migrations/0001_" + name + ".yaml";
}

std::string read_and_dump(const fs::path& input, SourceMap& sources, Diagnostics& problems) {
    const std::string name = input.filename().string();
    const std::string kind = input.stem().extension().string();
    if (kind == ".group") {
        return dump_group(input, sources, problems);
    }
    std::string out;
    if (kind == ".datasource") {
        const codec::ColumnGroups groups = read_groups(input, sources, problems);
        for (const model::Datasource& one : codec::read_datasource_definition(
                 sources.add(name, testing::read_text(input)), sources, groups, problems)) {
            out += dump(one);
        }
        return out;
    }
    if (kind == ".migration") {
        const auto read = codec::read_migration(sources.add(migration_path(name), testing::read_text(input)),
                                                sources, problems);
        return read ? dump(*read) : out;
    }
    const SourceId source = sources.add(name, testing::read_text(input));
    if (kind == ".project") {
        const auto read = codec::read_config(source, sources, problems);
        return read ? dump(*read) : out;
    }
    if (kind == ".connection") {
        const auto read = codec::read_connection_definition(source, sources, problems);
        return read ? dump(*read) : out;
    }
    REQUIRE(kind == ".pipe");
    for (const model::Pipe& one : codec::read_pipe_definition(source, sources, problems)) {
        out += dump(one, sources);
    }
    return out;
}

void check_area(const std::string& area) {
    for (const fs::path& input : testing::golden_inputs(area)) {
        if (input.extension() != ".yaml") {
            continue;
        }
        SourceMap sources;
        Diagnostics problems;
        const std::string dumped = read_and_dump(input, sources, problems);
        CHECK(problems.empty() == input.filename().string().starts_with("good-"));
        testing::check_golden(input, problems.empty() ? dumped : render_text(problems, sources));
    }
}

} // namespace

TEST_CASE("every golden definition reads as expected") { check_area("definitions"); }
TEST_CASE("every golden migration reads as expected") { check_area("migrations"); }

TEST_CASE("every golden project loads as expected") {
    for (const auto& entry :
         fs::directory_iterator(fs::path(BIRDHOUSE_SOURCE_DIR) / "tests/golden/projects")) {
        if (!entry.is_directory()) {
            continue;
        }
        SourceMap sources;
        Diagnostics problems;
        const auto loaded = codec::load_project(entry.path(), {}, sources, problems);
        std::string out;
        if (loaded && problems.empty()) {
            out = dump(loaded->project.config);
            for (const model::Datasource& one : loaded->project.datasources) {
                out += dump(one);
            }
            for (const model::Pipe& one : loaded->project.pipes) {
                out += dump(one, sources);
            }
            for (const model::Connection& one : loaded->project.connections) {
                out += dump(one);
            }
            for (const model::Migration& one : loaded->migrations) {
                out += dump(one);
            }
            if (!loaded->datafiles.empty()) {
                out += "read as " + std::string(to_string(loaded->sign.dialect)) + ": " +
                       loaded->sign.reason + "\n";
            }
        }
        // Failures without a place name the folder; where the repository lies is not the case's.
        std::string text = problems.empty() ? out : render_text(problems, sources);
        const std::string folder = entry.path().string();
        for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
            text.replace(at, folder.size(), "PROJECT");
        }
        testing::check_golden(entry.path(), text);
    }
}

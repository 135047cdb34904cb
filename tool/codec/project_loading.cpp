// A project's folder to a loaded project: which files are read, and what holds between them.
#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"
#include "codec/resource_names.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace birdhouse::codec {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kGroupFolder = "datasources/groups/";

class Loading {
public:
    Loading(const fs::path& folder, SourceMap& sources, Diagnostics& problems)
        : folder_(folder), sources_(sources), problems_(problems) {}

    std::optional<SourceId> open(const fs::path& path) {
        Result<std::string> text = read_file(path);
        if (!text) {
            problems_.add(codes::F021, {}, text.error().message, text.error().hint);
            return std::nullopt;
        }
        return sources_.add(relative(path), std::move(*text));
    }

    // The definitions below one of the project's folders, in the order of their paths.
    std::vector<SourceId> open_all(std::string_view below) {
        std::vector<SourceId> opened;
        for (const fs::path& path : list(below, ".yaml")) {
            if (const std::optional<SourceId> source = open(path)) {
                opened.push_back(*source);
            }
        }
        for (const fs::path& path : list(below, ".yml")) {
            problems_.add(codes::F024, {},
                          "the file " + backquoted(relative(path)) + " is passed over: it ends in `.yml`",
                          "rename it to end in `.yaml`");
        }
        return opened;
    }

private:
    std::string relative(const fs::path& path) const {
        return path.lexically_relative(folder_).generic_string();
    }

    std::vector<fs::path> list(std::string_view below, std::string_view suffix) {
        Result<std::vector<fs::path>> files = list_files(folder_ / below, suffix);
        if (!files) {
            problems_.add(codes::F021, {}, files.error().message, files.error().hint);
            return {};
        }
        return std::move(*files);
    }

    const fs::path& folder_;
    SourceMap& sources_;
    Diagnostics& problems_;
};

void load_definitions(model::Project& project, Loading& loading, ResourceNames& names,
                      const SourceMap& sources, Diagnostics& problems) {
    ColumnGroups groups;
    std::vector<SourceId> datasources;
    for (const SourceId source : loading.open_all("datasources")) {
        if (sources.path(source).starts_with(kGroupFolder)) {
            groups.read(source, sources, problems);
        } else {
            datasources.push_back(source);
        }
    }
    groups.resolve(sources, problems);
    for (const SourceId source : datasources) {
        for (model::Datasource& one : read_datasource_definition(source, sources, groups, problems)) {
            append_new(std::move(one), "a datasource", names, project.datasources);
        }
    }
    for (const SourceId source : loading.open_all("pipes")) {
        for (model::Pipe& one : read_pipe_definition(source, sources, problems)) {
            append_new(std::move(one), "a pipe", names, project.pipes);
        }
    }
    for (const SourceId source : loading.open_all("connections")) {
        if (std::optional<model::Connection> one = read_connection_definition(source, sources, problems)) {
            project.connections.push_back(std::move(*one));
        }
    }
}

// A project that moves to definitions step by step keeps datafiles beside them; those that birdhouse
// generated are not read twice.
void load_datafiles_beside(LoadedProject& loaded, const fs::path& folder, DatafileOptions options,
                           ResourceNames& names, SourceMap& sources, Diagnostics& problems) {
    std::vector<fs::path> files;
    for (const std::string_view below : kDatafileFolders) {
        if (Result<std::vector<fs::path>> found = list_datafiles(folder / below)) {
            std::ranges::move(*found, std::back_inserter(files));
        } else {
            problems.add(codes::F021, {}, found.error().message, found.error().hint);
        }
    }
    options.pass_over_generated = true;
    if (!options.dialect && !files.empty()) {
        options.dialect = dialect_of(loaded.project.config);
    }
    DatafileProject datafiles = load_datafiles(folder, files, options, sources, problems);
    model::Project& project = loaded.project;
    for (model::Datasource& one : datafiles.datasources) {
        append_new(std::move(one), "a datasource", names, project.datasources);
    }
    for (model::Pipe& one : datafiles.pipes) {
        append_new(std::move(one), "a pipe", names, project.pipes);
    }
    std::ranges::move(datafiles.connections, std::back_inserter(project.connections));
    loaded.sign = std::move(datafiles.sign);
    loaded.datafiles = std::move(datafiles.files);
}

// A name that can be a folder's and a database's.
std::string project_name(const fs::path& folder) {
    std::error_code ignored; // the folder was read before
    const fs::path whole = fs::absolute(folder, ignored).lexically_normal();
    std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '-';
        c = plain ? c : '_';
    }
    return name.empty() ? "project" : name;
}

std::optional<LoadedProject> load_datafiles_only(const fs::path& folder, const DatafileOptions& options,
                                                 SourceMap& sources, Diagnostics& problems) {
    const Result<std::vector<fs::path>> files = list_datafiles(folder);
    if (!files) {
        problems.add(codes::F021, {}, files.error().message, files.error().hint);
        return std::nullopt;
    }
    if (files->empty()) {
        problems.add(codes::F020, {},
                     "no `birdhouse.yaml` and no datafiles in " + backquoted(folder.string()),
                     "go to the project's folder, or begin one with a `birdhouse.yaml` that says `name:`");
        return std::nullopt;
    }
    DatafileProject datafiles = load_datafiles(folder, *files, options, sources, problems);
    LoadedProject loaded;
    loaded.project.config = default_config(project_name(folder));
    loaded.project.datasources = std::move(datafiles.datasources);
    loaded.project.pipes = std::move(datafiles.pipes);
    loaded.project.connections = std::move(datafiles.connections);
    loaded.sign = std::move(datafiles.sign);
    loaded.datafiles = std::move(datafiles.files);
    return loaded;
}

// Two branches that both add `0007_...` must be seen before one of them is applied.
void check_numbers(const std::vector<model::Migration>& migrations, Diagnostics& problems) {
    std::unordered_map<std::string, const model::Migration*> first;
    for (const model::Migration& migration : migrations) {
        const std::string number = migration.id.substr(0, migration.id.find('_'));
        const auto [seen, is_new] = first.try_emplace(number, &migration);
        if (!is_new && !migration.id.empty()) {
            Diagnostic twice{&codes::F076,
                             "two migrations have the number " + backquoted(number),
                             {},
                             "give the newer one the next number"};
            twice.labels = {{migration.origin.span, {}}, {seen->second->origin.span, {}}};
            problems.add(std::move(twice));
        }
    }
}

std::vector<model::Migration> load_migrations(Loading& loading, const SourceMap& sources,
                                              Diagnostics& problems) {
    std::vector<model::Migration> migrations;
    for (const SourceId source : loading.open_all("migrations")) {
        if (std::optional<model::Migration> migration = read_migration(source, sources, problems)) {
            migrations.push_back(std::move(*migration));
        }
    }
    std::stable_sort(migrations.begin(), migrations.end(),
                     [](const auto& a, const auto& b) { return a.id < b.id; });
    check_numbers(migrations, problems);
    return migrations;
}

} // namespace

std::optional<LoadedProject> load_project(const fs::path& folder, const DatafileOptions& options,
                                          SourceMap& sources, Diagnostics& problems) {
    Loading loading(folder, sources, problems);
    std::error_code error;
    if (!fs::exists(folder / "birdhouse.yaml", error)) {
        return load_datafiles_only(folder, options, sources, problems);
    }
    LoadedProject loaded;
    if (const std::optional<SourceId> source = loading.open(folder / "birdhouse.yaml")) {
        if (std::optional<model::Config> config = read_config(*source, sources, problems)) {
            loaded.project.config = std::move(*config);
        }
    }
    ResourceNames names(problems);
    load_definitions(loaded.project, loading, names, sources, problems);
    load_datafiles_beside(loaded, folder, options, names, sources, problems);
    sort_by_name(loaded.project.datasources);
    sort_by_name(loaded.project.pipes);
    sort_by_name(loaded.project.connections);
    loaded.migrations = load_migrations(loading, sources, problems);
    return loaded;
}

} // namespace birdhouse::codec

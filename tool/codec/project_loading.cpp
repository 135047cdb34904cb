// A project's folder to a loaded project: which files are read, and what holds between them.
#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/definitions.hpp"

#include <algorithm>
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

// Datasources and pipes share one namespace: a query names either as a table.
class ResourceNames {
public:
    explicit ResourceNames(Diagnostics& problems) : problems_(problems) {}

    bool add(std::string_view kind, const std::string& name, Span place) {
        const auto [first, is_new] = first_.try_emplace(name, Resource{kind, place});
        if (is_new || name.empty()) {
            return true;
        }
        Diagnostic twice{&codes::F032,
                         "two resources are called " + backquoted(name),
                         {},
                         "rename one of the two, or delete one file"};
        twice.labels = {{place, std::string(kind) + " here"},
                        {first->second.place, std::string(first->second.kind) + " here"}};
        problems_.add(std::move(twice));
        return false;
    }

private:
    struct Resource {
        std::string_view kind;
        Span place;
    };
    Diagnostics& problems_;
    std::unordered_map<std::string, Resource> first_;
};

template <class Named>
void sort_by_name(std::vector<Named>& all) {
    std::stable_sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
}

// The first of two resources with one name stays; the other was reported.
template <class Named>
void append_new(std::vector<Named> read, std::string_view kind, ResourceNames& names,
                std::vector<Named>& all) {
    for (Named& one : read) {
        if (names.add(kind, one.name, one.origin.span)) {
            all.push_back(std::move(one));
        }
    }
}

void load_resources(model::Project& project, Loading& loading, const SourceMap& sources,
                    Diagnostics& problems) {
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
    ResourceNames names(problems);
    for (const SourceId source : datasources) {
        append_new(read_datasource_definition(source, sources, groups, problems), "a datasource", names,
                   project.datasources);
    }
    for (const SourceId source : loading.open_all("pipes")) {
        append_new(read_pipe_definition(source, sources, problems), "a pipe", names, project.pipes);
    }
    sort_by_name(project.datasources);
    sort_by_name(project.pipes);
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

std::optional<LoadedProject> load_project(const fs::path& folder, SourceMap& sources, Diagnostics& problems) {
    Loading loading(folder, sources, problems);
    std::error_code error;
    if (!fs::exists(folder / "birdhouse.yaml", error)) {
        problems.add(codes::F020, {}, "no `birdhouse.yaml` in " + backquoted(folder.string()),
                     "go to the project's folder, or begin one with a `birdhouse.yaml` that says `name:`");
        return std::nullopt;
    }
    LoadedProject loaded;
    if (const std::optional<SourceId> source = loading.open(folder / "birdhouse.yaml")) {
        if (std::optional<model::Config> config = read_config(*source, sources, problems)) {
            loaded.project.config = std::move(*config);
        }
    }
    load_resources(loaded.project, loading, sources, problems);
    loaded.migrations = load_migrations(loading, sources, problems);
    return loaded;
}

} // namespace birdhouse::codec

#include "codec/datafile_project.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "codec/resource_names.hpp"
#include "syntax/datafile_include.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::codec {

namespace fs = std::filesystem;
using syntax::DatafileKind;
using syntax::Dialect;

namespace {

struct Extension {
    std::string_view text;
    DatafileKind kind;
};

constexpr auto kExtensions = std::to_array<Extension>({
    {".datasource", DatafileKind::Datasource},
    {".pipe", DatafileKind::Pipe},
    {".connection", DatafileKind::Connection},
    {".incl", DatafileKind::Include},
});

// A line that only one of the generations knows, in files of which kind. The strong signs stand first: they
// decide a folder that holds signs of both.
struct LineSign {
    std::string_view word;
    DatafileKind kind;
    Dialect dialect;
};

constexpr auto kLineSigns = std::to_array<LineSign>({
    {"INCLUDE", DatafileKind::Datasource, Dialect::Classic},
    {"INCLUDE", DatafileKind::Pipe, Dialect::Classic},
    {"FORWARD_QUERY", DatafileKind::Datasource, Dialect::Forward},
    {"BACKFILL", DatafileKind::Datasource, Dialect::Forward},
    {"DEPLOYMENT_METHOD", DatafileKind::Pipe, Dialect::Forward},
    {"CACHE", DatafileKind::Pipe, Dialect::Forward},
    {"ENGINE", DatafileKind::Pipe, Dialect::Classic},
    {"EXPORT_SERVICE", DatafileKind::Pipe, Dialect::Classic},
    {"IMPORT_STRATEGY", DatafileKind::Datasource, Dialect::Classic},
    {"IMPORT_SERVICE", DatafileKind::Datasource, Dialect::Classic},
    {"KAFKA_BOOTSTRAP_SERVERS", DatafileKind::Datasource, Dialect::Classic},
    {"KAFKA_TARGET_PARTITIONS", DatafileKind::Datasource, Dialect::Classic},
    {"VERSION", DatafileKind::Datasource, Dialect::Classic},
    {"VERSION", DatafileKind::Pipe, Dialect::Classic},
});

// At the head of a line, as a directive would stand.
bool has_line(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool ends = end == text.size() || text[end] == ' ' || text[end] == '\t' || text[end] == '\n' ||
                          text[end] == '\r';
        if (ends && (at == 0 || text[at - 1] == '\n')) {
            return true;
        }
    }
    return false;
}

// `web.events.datasource`: a datasource's name ends at the last dot, a pipe's in Classic at the first.
std::string resource_name(const fs::path& path, DatafileKind kind, Dialect dialect) {
    const std::string stem = path.stem().string();
    const bool to_first_dot = kind == DatafileKind::Pipe && dialect == Dialect::Classic;
    return to_first_dot ? stem.substr(0, stem.find('.')) : stem;
}

class Loading {
public:
    Loading(const fs::path& folder, const DatafileOptions& options, SourceMap& sources, Diagnostics& problems)
        : folder_(folder), options_(options), sources_(sources), problems_(problems), names_(problems) {}

    void open(const fs::path& path) {
        Result<std::string> text = read_file(path);
        if (!text) {
            problems_.add(codes::F021, {}, text.error().message, text.error().hint);
            return;
        }
        if (options_.pass_over_generated && text->starts_with(kGeneratedMark)) {
            return;
        }
        const SourceId source = sources_.add(relative(path), std::move(*text));
        project_.files.push_back({source, *datafile_kind(path), {}, {}});
    }

    DatafileProject read() {
        project_.sign = options_.dialect ? DialectSign{*options_.dialect, "as told"} : find_sign();
        for (DatafileSource& file : project_.files) {
            file.name = resource_name(fs::path(sources_.path(file.source)).filename(), file.kind,
                                      project_.sign.dialect);
            read(file);
        }
        sort_by_name(project_.datasources);
        sort_by_name(project_.pipes);
        sort_by_name(project_.connections);
        return std::move(project_);
    }

private:
    std::string relative(const fs::path& path) const {
        return path.lexically_relative(folder_).generic_string();
    }

    bool exists(std::string_view name) const {
        std::error_code ignored; // what cannot be looked at is no sign
        return fs::exists(folder_ / name, ignored);
    }

    DialectSign find_sign() const {
        if (exists(".tinyenv")) {
            return {Dialect::Classic, "`.tinyenv`"};
        }
        for (const LineSign& sign : kLineSigns) {
            for (const DatafileSource& file : project_.files) {
                if (file.kind == sign.kind && has_line(sources_.text(file.source), sign.word)) {
                    return {sign.dialect,
                            backquoted(sign.word) + " in " + std::string(sources_.path(file.source))};
                }
            }
        }
        for (const std::string_view name : {"tinybird.config.json", "tinybird.config.mjs", "connections",
                                            "copies", "materializations", "sinks"}) {
            if (exists(name)) {
                return {Dialect::Forward, backquoted(name)};
            }
        }
        if (no_pipe_has_a_type()) {
            return {Dialect::Classic, "no `TYPE` in any pipe"};
        }
        return {};
    }

    // Classic publishes the last node of a pipe; in Forward such a pipe is of use to other pipes only.
    bool no_pipe_has_a_type() const {
        const auto is_pipe = [](const DatafileSource& file) { return file.kind == DatafileKind::Pipe; };
        return std::ranges::any_of(project_.files, is_pipe) &&
               std::ranges::none_of(project_.files, [&](const DatafileSource& file) {
                   const std::string_view text = sources_.text(file.source);
                   return is_pipe(file) && (has_line(text, "TYPE") || has_line(text, "type"));
               });
    }

    void read(DatafileSource& file) {
        if (file.kind == DatafileKind::Include) {
            return; // a part of the files that include it
        }
        file.tree = splice_includes(
            parse_datafile(file.source, sources_, file.kind, problems_, project_.sign.dialect),
            fragments_for(file), sources_, problems_);
        if (file.kind == DatafileKind::Datasource) {
            keep(read_datasource_file(file.tree, file.name, sources_, problems_), "a datasource",
                 project_.datasources);
        } else if (file.kind == DatafileKind::Pipe) {
            keep(read_pipe_file(file.tree, file.name, sources_, problems_), "a pipe", project_.pipes);
        } else if (std::optional<model::Connection> connection =
                       read_connection_file(file.tree, file.name, sources_, problems_)) {
            project_.connections.push_back(std::move(*connection));
        }
    }

    template <class Named>
    void keep(std::optional<Named> read, std::string_view kind, std::vector<Named>& all) {
        if (read) {
            append_new(std::move(*read), kind, names_, all);
        }
    }

    // Fragments are found from the folder of the file, and never outside of what the project's root holds.
    syntax::Fragments fragments_for(const DatafileSource& file) const {
        const fs::path base = (folder_ / fs::path(sources_.path(file.source))).parent_path();
        const auto place = [base](std::string_view path) { return (base / path).lexically_normal(); };
        return {[this, place](std::string_view path) -> Result<std::string> {
                    const fs::path whole = place(path);
                    const fs::path within = whole.lexically_relative(folder_.lexically_normal());
                    if (within.empty() || *within.begin() == "..") {
                        return Error{ExitCode::Usage, "it lies outside of the project", ""};
                    }
                    return read_file(whole);
                },
                options_.variable ? options_.variable : [](std::string_view) -> std::optional<std::string> {
                    return std::nullopt;
                },
                [this, place](std::string_view path) {
                    return place(path).lexically_relative(folder_.lexically_normal()).generic_string();
                }};
    }

    const fs::path& folder_;
    const DatafileOptions& options_;
    SourceMap& sources_;
    Diagnostics& problems_;
    ResourceNames names_;
    DatafileProject project_;
};

} // namespace

Result<std::vector<fs::path>> list_datafiles(const fs::path& folder) {
    std::array<std::string_view, kExtensions.size()> suffixes;
    std::ranges::transform(kExtensions, suffixes.begin(), &Extension::text);
    TRY_ASSIGN(std::vector<fs::path> files, list_files(folder, suffixes));
    // What another workspace shares is its own to declare.
    std::erase_if(files, [&](const fs::path& path) {
        const fs::path relative = path.lexically_relative(folder);
        return std::ranges::any_of(relative, [](const fs::path& part) { return part == "vendor"; });
    });
    return files;
}

DatafileProject load_datafiles(const fs::path& folder, const std::vector<fs::path>& files,
                               const DatafileOptions& options, SourceMap& sources, Diagnostics& problems) {
    Loading loading(folder, options, sources, problems);
    for (const fs::path& path : files) {
        loading.open(path);
    }
    return loading.read();
}

Dialect dialect_of(const model::Config& config) {
    const auto has = [&](model::TargetKind kind) {
        return std::ranges::find(config.targets, kind, &model::TargetSettings::kind) != config.targets.end();
    };
    const bool classic = has(model::TargetKind::TinybirdClassic) && !has(model::TargetKind::TinybirdForward);
    return classic ? Dialect::Classic : Dialect::Forward;
}

std::optional<DatafileKind> datafile_kind(const fs::path& path) {
    const std::string name = path.filename().string();
    const auto found = std::ranges::find_if(
        kExtensions, [&](const Extension& extension) { return name.ends_with(extension.text); });
    return found == kExtensions.end() ? std::nullopt : std::optional(found->kind);
}

} // namespace birdhouse::codec

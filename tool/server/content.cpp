#include "server/content.hpp"

#include "codec/connection_file.hpp"
#include "codec/datafile_project.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace birdhouse::server {

namespace {

namespace fs = std::filesystem;
using syntax::DatafileKind;

std::string resource_of(const Datafile& file) { return fs::path(file.path).stem().string(); }

template <class Named>
void sort_by_name(std::vector<Named>& all) {
    std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
}

class Reading {
public:
    Reading(Content& content, Diagnostics& diagnostics, std::vector<FileProblem>& problems)
        : content_(content), diagnostics_(diagnostics), problems_(problems) {}

    void read(const Datafile& file) {
        const std::optional<DatafileKind> kind = codec::datafile_kind(file.path);
        if (!kind || *kind == DatafileKind::Include) {
            problems_.push_back({file.path, "a build takes .datasource, .pipe and .connection files"});
            return;
        }
        const std::string name = resource_of(file);
        if (!names_.insert(name).second) {
            problems_.push_back({file.path, "two resources are called `" + name + "`"});
            return;
        }
        const SourceId source = content_.sources.add(file.path, file.text);
        if (*kind == DatafileKind::Datasource) {
            keep(codec::read_datasource_file(source, name, content_.sources, diagnostics_),
                 content_.project.datasources);
        } else if (*kind == DatafileKind::Pipe) {
            keep(codec::read_pipe_file(source, name, content_.sources, diagnostics_), content_.project.pipes);
        } else {
            const syntax::Datafile tree =
                syntax::parse_datafile(source, content_.sources, *kind, diagnostics_);
            keep(codec::read_connection_file(tree, name, content_.sources, diagnostics_),
                 content_.project.connections);
        }
    }

private:
    template <class Named>
    void keep(std::optional<Named> read, std::vector<Named>& all) {
        if (read) {
            all.push_back(std::move(*read));
        }
    }

    Content& content_;
    Diagnostics& diagnostics_;
    std::vector<FileProblem>& problems_;
    std::set<std::string> names_;
};

void compile_schemas(Content& content, Diagnostics& diagnostics) {
    for (const model::Datasource& datasource : content.project.datasources) {
        if (!model::takes_events(datasource)) {
            continue;
        }
        std::optional<events::EventSchema> schema = events::EventSchema::compile(
            datasource, content.project.config.ingestion, content.project.config.privacy, diagnostics);
        if (schema) {
            content.schemas.emplace(datasource.name, std::move(*schema));
        }
    }
}

} // namespace

std::shared_ptr<const Content> read_content(std::vector<Datafile> files, const model::Config& config,
                                            std::vector<FileProblem>& problems) {
    auto content = std::make_shared<Content>();
    std::sort(files.begin(), files.end(),
              [](const Datafile& a, const Datafile& b) { return a.path < b.path; });
    content->files = std::move(files);
    content->project.config = config;
    Diagnostics diagnostics;
    Reading reading(*content, diagnostics, problems);
    for (const Datafile& file : content->files) {
        reading.read(file);
    }
    sort_by_name(content->project.datasources);
    sort_by_name(content->project.pipes);
    sort_by_name(content->project.connections);
    compile_schemas(*content, diagnostics);
    for (FileProblem& problem : file_problems(diagnostics, content->sources)) {
        problems.push_back(std::move(problem));
    }
    return problems.empty() ? content : nullptr;
}

const Datafile* find_file(const Content& content, std::string_view name, std::string_view extension) {
    const std::string wanted = std::string(name) + std::string(extension);
    const auto found = std::find_if(content.files.begin(), content.files.end(), [&](const Datafile& file) {
        return fs::path(file.path).filename() == wanted;
    });
    return found == content.files.end() ? nullptr : &*found;
}

std::vector<FileProblem> file_problems(const Diagnostics& problems, const SourceMap& sources) {
    std::vector<FileProblem> out;
    for (const Diagnostic& problem : problems.all()) {
        if (problem.code->severity != Severity::Error) {
            continue;
        }
        const Span place = problem.labels.empty() ? Span{} : problem.labels.front().span;
        std::string text = problem.message + " (" + std::string(problem.code->id) + ")";
        if (place.known()) {
            const LineColumn at = sources.locate(place.source, place.begin);
            text = "line " + std::to_string(at.line) + ": " + text;
        }
        text += problem.help.empty() ? "" : "; " + problem.help;
        out.push_back({place.known() ? std::string(sources.path(place.source)) : "", std::move(text)});
    }
    return out;
}

} // namespace birdhouse::server

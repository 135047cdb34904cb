#include "ops/generate.hpp"

#include "codec/datafile_form.hpp"
#include "codec/datafile_loss.hpp"
#include "codec/datafile_project.hpp"
#include "codec/template_values.hpp"
#include "ops/generated_files.hpp"
#include "ops/generation_templates.hpp"
#include "ops/standard_templates.hpp"
#include "syntax/generation.hpp"

#include <algorithm>

namespace birdhouse::ops {

using syntax::DatafileKind;

namespace {

// Which kind of resource a definition becomes: folder, extension, template.
struct Kind {
    DatafileKind datafile;
    std::string_view folder;
    std::string_view extension;
    std::string_view template_name;
    std::string_view (*template_text)();
};

constexpr Kind kDatasourceKind{DatafileKind::Datasource, "datasources/", ".datasource", "datasource.tmpl",
                               standard_datasource_template};
constexpr Kind kPipeKind{DatafileKind::Pipe, "pipes/", ".pipe", "pipe.tmpl", standard_pipe_template};

constexpr Kind kConnectionKind{DatafileKind::Connection, "connections/", ".connection", "connection.tmpl",
                               standard_connection_template};

const Kind& kind_of(const model::Connection&) { return kConnectionKind; }
const Kind& kind_of(const model::Datasource&) { return kDatasourceKind; }
const Kind& kind_of(const model::Pipe&) { return kPipeKind; }

template <class Resource>
const std::string& template_of(const Resource& definition) {
    return definition.template_file;
}
const std::string& template_of(const model::Connection&) {
    static const std::string standard;
    return standard;
}

// One final line end, whatever the template's last lines are.
std::string with_one_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) {
        text.pop_back();
    }
    return text + "\n";
}

class Generator {
public:
    Generator(const std::filesystem::path& folder, syntax::Dialect dialect, SourceMap& sources,
              Diagnostics& diagnostics)
        : dialect_(dialect), sources_(sources), diagnostics_(diagnostics),
          templates_(folder, sources, diagnostics) {}

    // Adds the definition's file, unless it has problems.
    template <class Resource>
    Result<void> add(const Resource& definition) {
        const Kind& kind = kind_of(definition);
        const Span origin = definition.origin.span;
        TRY_ASSIGN(
            const GenerationTemplate* used,
            templates_.find(template_of(definition), kind.template_name, kind.template_text(), origin));
        if (used == nullptr || !used->tree) {
            return {};
        }
        const Resource form = codec::to_datafile_form(definition, diagnostics_);
        const auto body =
            syntax::render_generation(sources_, *used->tree, codec::template_values(form), diagnostics_);
        if (!body) {
            return {};
        }
        const std::string path = std::string(kind.folder) + definition.name + std::string(kind.extension);
        const std::string text = with_one_line_end(first_line(origin) + *body);
        const bool sound = used->standard
                               ? codec::holds_all(text, form, dialect_, diagnostics_)
                               : codec::reads(text, path, kind.datafile, dialect_, origin, diagnostics_);
        if (sound) {
            files_.push_back({path, text});
        }
        return {};
    }

    std::vector<RenderedFile> take() { return std::move(files_); }

private:
    std::string first_line(Span origin) const {
        std::string line(codec::kGeneratedMark);
        if (origin.known()) {
            line += " from " + std::string(sources_.path(origin.source)) + ". Edit that file instead";
        }
        return line + ".\n";
    }

    syntax::Dialect dialect_;
    SourceMap& sources_;
    Diagnostics& diagnostics_;
    GenerationTemplates templates_;
    std::vector<RenderedFile> files_;
};

} // namespace

std::size_t GenerateReport::count(FileChange change) const {
    return static_cast<std::size_t>(std::ranges::count(files, change, &GeneratedFile::change));
}

Result<std::vector<RenderedFile>> render_datafiles(const model::Project& project,
                                                   const std::filesystem::path& folder, SourceMap& sources,
                                                   Diagnostics& diagnostics) {
    Generator generator(folder, codec::dialect_of(project.config), sources, diagnostics);
    for (const model::Datasource& datasource : project.datasources) {
        TRY(generator.add(datasource));
    }
    for (const model::Pipe& pipe : project.pipes) {
        TRY(generator.add(pipe));
    }
    for (const model::Connection& connection : project.connections) {
        TRY(generator.add(connection));
    }
    return generator.take();
}

Result<GenerateReport> generate(const model::Project& project, const std::filesystem::path& folder,
                                const std::string& output, SourceMap& sources, Diagnostics& diagnostics,
                                GenerateMode mode) {
    GenerateReport report;
    report.mode = mode;
    report.output = output;
    const std::size_t errors_before = diagnostics.errors();
    TRY_ASSIGN(const std::vector<RenderedFile> files,
               render_datafiles(project, folder, sources, diagnostics));
    report.refused = diagnostics.errors() != errors_before;
    if (!report.refused) {
        TRY(bring_up_to_date(files, folder / output, report));
    }
    return report;
}

} // namespace birdhouse::ops

#include "base/files.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/project_docs.hpp"

#include <filesystem>
#include <ostream>

namespace birdhouse::commands {

namespace {

constexpr std::string_view kStandardOutput = "-";
constexpr std::string_view kDefaultFolder = "build/docs";

struct Flags {
    std::string format = "html";
    std::string output;
    void bind(FlagBinder& binder) {
        binder.choice("--format", format, {"html", "markdown", "mermaid"}, "what is made");
        binder.text("--output", output, "DIR",
                    "where it is written, or `-` for standard output; build/docs by default for html, "
                    "standard output otherwise");
    }
};

std::string_view done(Written written) {
    switch (written) {
    case Written::Created:
        return "created";
    case Written::Changed:
        return "changed";
    case Written::Unchanged:
        break;
    }
    return "unchanged";
}

// A folder from the command line is meant from where the user stands, the default one from the project.
ExitCode write(const std::string& text, std::string_view file, const Flags& flags, ops::Session& session) {
    const std::filesystem::path shown =
        std::filesystem::path(flags.output.empty() ? kDefaultFolder : flags.output) / file;
    const Result<Written> written =
        write_if_changed(flags.output.empty() ? session.folder / shown : shown, text);
    if (!written) {
        return report_failure(written.error(), session);
    }
    session.out << done(*written) << ": " << shown.generic_string() << "\n";
    return ExitCode::Fine;
}

// What can be read is documented, beside the report of what cannot: a project of many years has its faults.
ExitCode run(const Flags& flags, ops::Session& session) {
    const ops::OpenProject open =
        ops::open_project(session.folder, ops::datafile_options(session.environment));
    Diagnostics problems;
    const ops::ProjectDocs docs = ops::make_project_docs(open, problems);
    problems.append(open.problems);
    report_problems(problems, open.sources, session);
    const std::optional<ops::DocsFormat> format = ops::parse_docs_format(flags.format);
    if (!format || (docs.pages.empty() && problems.has_errors())) {
        return ExitCode::Problems;
    }
    const std::string text = ops::render_docs(docs, *format);
    const bool prints =
        flags.output == kStandardOutput || (flags.output.empty() && *format != ops::DocsFormat::Html);
    if (prints) {
        session.out << text;
    } else if (const ExitCode code = write(text, ops::file_name(*format), flags, session);
               code != ExitCode::Fine) {
        return code;
    }
    return problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command export_docs() {
    return make_command<Flags>(
        {"export", "docs"}, "the project's documentation and dependency graph",
        "Documents every connection, datasource and pipe: columns, keys, parameters, SQL, tokens, who "
        "writes\n"
        "it and who reads it, with the graph of them all. As html it is one file, DIR/index.html, that "
        "needs\n"
        "no network and nothing beside it: open it, attach it, or put it on any web server. As markdown it\n"
        "is one file for a code host, the graph in Mermaid; as mermaid it is the graph alone.\n\n"
        "Values of secrets, and whatever looks like a credential, are left out. What cannot be read is\n"
        "reported and missing from the documentation, with exit code 1: a column that does not parse, or\n"
        "the tables of a template that fails.\n\n"
        "  birdhouse export docs\n"
        "  birdhouse export docs --format markdown --output docs/tinybird\n"
        "  birdhouse export docs --format mermaid > graph.mmd\n",
        run);
}

} // namespace birdhouse::commands

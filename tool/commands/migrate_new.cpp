#include "base/codes.hpp"
#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/migrate.hpp"
#include "ops/migration_preview.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string name;
    std::string from;
    std::string to;
    std::string format = "text";
    std::vector<std::string> renames;
    std::vector<std::string> allow;
    bool print = false;
    bool no_engine = false;
    void bind(FlagBinder& binder) {
        binder.positional("NAME", name, false, "what it is about, such as image_columns");
        binder.flag("--print", print, "print what it would be and do on each target; write nothing");
        binder.text("--from", from, "STATE",
                    "with --print: the earlier state, a folder or a git revision; HEAD by default");
        binder.text("--to", to, "STATE",
                    "with --print: the later state; the project's folder as it is by default");
        binder.choice("--format", format, {"text", "json"}, "with --print: how it is printed");
        binder.list("--rename", renames, "OLD=NEW",
                    "the column was renamed; DATASOURCE.OLD=NEW where several have one");
        binder.list("--allow", allow, "CODE[:SUBJECT]",
                    "with --print: what may be lost or broken, such as D101:events.version");
        binder.flag("--no-engine", no_engine, "with --print: do without the engine");
    }
};

// `old=new`, `datasource.old=new`
Result<std::vector<model::ColumnRename>> read_renames(const std::vector<std::string>& texts) {
    std::vector<model::ColumnRename> renames;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        const std::string left = text.substr(0, equals);
        const std::size_t dot = left.rfind('.');
        model::ColumnRename rename;
        rename.datasource = dot == std::string::npos ? "" : left.substr(0, dot);
        rename.from = dot == std::string::npos ? left : left.substr(dot + 1);
        rename.to = equals == std::string::npos ? "" : text.substr(equals + 1);
        if (rename.from.empty() || rename.to.empty()) {
            return Error{ExitCode::Usage, "--rename is given " + backquoted(printable(text)),
                         "write it as OLD=NEW, or DATASOURCE.OLD=NEW"};
        }
        renames.push_back(std::move(rename));
    }
    return renames;
}

// `D101`, `D101:events.version`, `D101:events.version=412`
Result<std::vector<model::Allowance>> read_allowances(const std::vector<std::string>& texts) {
    std::vector<model::Allowance> allowances;
    for (const std::string& text : texts) {
        const std::size_t colon = text.find(':');
        const std::size_t equals = text.find('=', colon == std::string::npos ? 0 : colon);
        model::Allowance allowance;
        allowance.code = text.substr(0, std::min(colon, equals));
        allowance.subject = colon == std::string::npos
                                ? ""
                                : text.substr(colon + 1, equals == std::string::npos ? std::string::npos
                                                                                     : equals - colon - 1);
        bool is_read = std::any_of(codes::kAll.begin(), codes::kAll.end(),
                                   [&](const Code* code) { return code->id == allowance.code; });
        if (equals != std::string::npos) {
            std::uint64_t rows = 0;
            const char* end = text.data() + text.size();
            const auto [stop, failure] = std::from_chars(text.data() + equals + 1, end, rows);
            is_read = is_read && failure == std::errc() && stop == end;
            allowance.rows = rows;
        }
        if (!is_read) {
            return Error{ExitCode::Usage, "--allow is given " + backquoted(printable(text)),
                         "write it as CODE, CODE:SUBJECT or CODE:SUBJECT=ROWS, such as D101:events.version"};
        }
        allowances.push_back(std::move(allowance));
    }
    return allowances;
}

ExitCode print_preview(const Flags& flags, std::vector<model::ColumnRename> renames, ops::Session& session) {
    const Result<std::vector<model::Allowance>> allow = read_allowances(flags.allow);
    if (!allow) {
        return report_failure(allow.error(), session);
    }
    const Result<ops::MigrationPreview> preview = ops::preview_migration(
        {flags.name, flags.from, flags.to, !flags.no_engine, std::move(renames), *allow}, session);
    if (!preview) {
        return report_failure(preview.error(), session);
    }
    for (const ops::DiffSide* side : {&preview->diff.before, &preview->diff.after}) {
        if (side->open.problems.has_errors()) {
            session.err << "problems in " << side->name << ":\n";
            report_problems(side->open.problems, side->open.sources, session);
        }
    }
    if (preview->diff.refusal) {
        return report_failure(*preview->diff.refusal, session);
    }
    session.out << (flags.format == "json" ? ops::render_json(*preview) : ops::render_text(*preview));
    return ops::exit_code_of(*preview);
}

ExitCode write_migration(const Flags& flags, const std::vector<model::ColumnRename>& renames,
                         ops::Session& session) {
    const std::optional<std::filesystem::path> folder = ops::find_project(session.folder);
    if (!folder) {
        return report_failure({ExitCode::Usage,
                               "no birdhouse.yaml here or in a folder above, and no datafiles here",
                               "go to a project's folder, or name it with --project DIR"},
                              session);
    }
    session.folder = *folder;
    const std::optional<ops::OpenProject> project = open_usable_project(session);
    if (!project) {
        return ExitCode::Problems;
    }
    Diagnostics problems;
    const Result<ops::NewMigration> made =
        ops::new_migration(*project, session, flags.name, renames, problems);
    report_problems(problems, project->sources, session);
    if (!made) {
        return report_failure(made.error(), session);
    }
    for (const std::string& step : made->steps) {
        session.out << "  " << step << "\n";
    }
    if (made->steps.empty() && !problems.has_errors()) {
        session.out << "nothing to do: the migrations build the declared schema\n";
    } else if (!made->steps.empty()) {
        session.out << "wrote " << made->file.string() << "\n";
    }
    return problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    Result<std::vector<model::ColumnRename>> renames = read_renames(flags.renames);
    if (!renames) {
        return report_failure(renames.error(), session);
    }
    if (flags.print) {
        return print_preview(flags, std::move(*renames), session);
    }
    const bool of_print = !flags.from.empty() || !flags.to.empty() || !flags.allow.empty() ||
                          flags.no_engine || flags.format != "text";
    if (of_print) {
        return report_failure({ExitCode::Usage,
                               "--from, --to, --format, --allow and --no-engine go with --print",
                               "add --print, or leave them out to write the project's next migration"},
                              session);
    }
    if (flags.name.empty()) {
        return report_failure({ExitCode::Usage, "NAME is missing",
                               "say what it is about, such as `birdhouse migrate new image_columns`, or add "
                               "--print"},
                              session);
    }
    return write_migration(flags, *renames, session);
}

} // namespace

Command migrate_new() {
    Command command = make_command<Flags>(
        {"migrate", "new"}, "write the migration from what the migrations build to what is declared",
        "Edit a definition first; this compares it with what replaying all migrations gives, and\n"
        "writes the steps between the two as migrations/NNNN_NAME.yaml, in an order that is safe while\n"
        "events keep coming, each with a comment on what it costs. The file is yours to edit before it is\n"
        "applied: then run `birdhouse migrate verify --write-sum`.\n\n"
        "A renamed column looks like one that was dropped and another that was added: say so with\n"
        "`renamed_from: OLD` in its definition, or with --rename OLD=NEW.\n\n"
        "With --print two states are compared instead, each a folder of definitions or datafiles or a git\n"
        "revision, and nothing is written: how each change is classified, what it breaks and loses, the\n"
        "typed steps, and the plan for each kind of target (embedded and ClickHouse, Forward, Classic).\n"
        "Queries of both states are described on the engine, and samples in fixtures/<datasource>.ndjson\n"
        "are held against both schemas. Exits with 0, with 1 when somebody breaks or a step is impossible,\n"
        "with 4 when something stored is lost that no --allow permits. docs/migrations.md explains the "
        "plan.\n\n"
        "  birdhouse migrate new image_columns\n"
        "  birdhouse migrate new --from before/ --to after/ --print\n"
        "  birdhouse migrate new --from main --print --format json\n"
        "  birdhouse migrate new --from before/ --to after/ --print --allow D101:events.version\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/import.hpp"
#include "ops/migrate.hpp"

#include <filesystem>
#include <ostream>

namespace birdhouse::commands {

namespace {

namespace fs = std::filesystem;

struct Flags {
    std::string folder = ".";
    std::string from;
    std::string name;
    bool groups = false;
    std::string generation;
    void bind(FlagBinder& binder) {
        binder.positional("DIR", folder, false, "the new project's folder; this one by default");
        binder.text("--from", from, "DIR", "a project of datafiles to import; it is only read");
        binder.text("--name", name, "NAME", "the project's name; the folder's by default");
        binder.flag("--groups", groups,
                    "with --from: make column groups where three or more datasources share a run of columns");
        binder.choice("--generation", generation, {"forward", "classic"},
                      "with --from: whose rules the datafiles follow; found out by default");
    }
};

std::string name_of(const Flags& flags) {
    if (!flags.name.empty()) {
        return flags.name;
    }
    std::error_code ignored; // a folder that cannot be resolved is called as it was written
    const fs::path whole = fs::absolute(flags.folder, ignored).lexically_normal();
    const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
    return name.empty() ? "project" : name;
}

ExitCode begin(const Flags& flags, ops::Session& session) {
    ops::ImportPlan plan;
    plan.files = ops::starter_project(name_of(flags));
    if (const auto written = ops::write_import(plan, flags.folder); !written) {
        return report_failure(written.error(), session);
    }
    ops::OpenProject open = ops::open_project(flags.folder);
    ops::Session there = session;
    there.folder = flags.folder;
    Diagnostics problems;
    const auto migration = ops::new_migration(open, there, "events", {}, problems);
    if (!migration) {
        return report_failure(migration.error(), session);
    }
    session.out << "a new project in " << backquoted(flags.folder)
                << ": a datasource, a pipe and a migration\n\nnext, in that folder:\n"
                   "  birdhouse generate         the datafiles, in build/tinybird\n"
                   "  birdhouse migrate apply    the table, on an embedded ClickHouse in .birdhouse\n"
                   "  birdhouse send events      rows from standard input, as NDJSON\n"
                   "  birdhouse run events_by_kind\n";
    return ExitCode::Fine;
}

ExitCode import(const Flags& flags, ops::Session& session) {
    std::error_code ignored; // then there is no such file
    if (fs::exists(fs::path(flags.from) / "birdhouse.yaml", ignored)) {
        return report_failure({ExitCode::Usage,
                               backquoted(flags.from) + " is a project of definitions already",
                               "name a folder of datafiles"},
                              session);
    }
    const ops::OpenProject old =
        ops::open_project(flags.from, ops::datafile_options(session.environment, flags.generation));
    report_problems(old.problems, old.sources, session);
    if (old.datafiles.empty()) {
        return ExitCode::Problems;
    }
    ops::ImportOptions wanted;
    wanted.name = flags.name.empty() && flags.folder != "." ? name_of(flags) : flags.name;
    wanted.groups = flags.groups;
    const ops::ImportPlan plan = ops::plan_import(old, wanted);
    if (const auto written = ops::write_import(plan, flags.folder); !written) {
        return report_failure(written.error(), session);
    }
    session.out << render_text(plan, old, flags.folder);
    const ops::OpenProject made = ops::open_project(flags.folder, ops::datafile_options(session.environment));
    const std::vector<std::string> different = ops::compare_models(old.project, made.project);
    if (!different.empty()) {
        return report_failure({ExitCode::Bug,
                               "the new project does not say the same of " + join(different, ", "),
                               "please report this with the datafiles"},
                              session);
    }
    session.out << "\nevery resource was read back from the new project, and equals the old one\n";
    return old.problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

ExitCode run(const Flags& flags, ops::Session& session) {
    return flags.from.empty() ? begin(flags, session) : import(flags, session);
}

} // namespace

Command init() {
    Command command = make_command<Flags>(
        {"init"}, "begin a project, or import one made of datafiles",
        "Without --from: a small project that works at once, to look at and to change.\n"
        "With --from: reads every .datasource, .pipe, .connection and .incl file of a Tinybird project, "
        "Classic\n"
        "or Forward, and writes definitions, a birdhouse.yaml and a baseline migration into DIR. Comments "
        "come\n"
        "along. Each definition is proven: the datafile generated from it reads as the old one did. What a\n"
        "definition cannot say stays a datafile beside the definitions. The old project is only read.\n\n"
        "  birdhouse init shop\n"
        "  birdhouse init shop --from ../shop-tinybird\n"
        "  birdhouse init shop --from ../shop-tinybird --groups --generation classic\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands

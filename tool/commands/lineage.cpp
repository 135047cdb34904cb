#include "ops/lineage.hpp"

#include "commands/list.hpp"
#include "commands/reporting.hpp"
#include "ops/lineage_report.hpp"

#include <ostream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::vector<std::string> names;
    std::string format = "text";
    void bind(FlagBinder& binder) {
        binder.rest("NAME", names, "a pipe, a datasource, or DATASOURCE.COLUMN; every endpoint by default");
        binder.choice("--format", format, {"text", "json"}, "how it is printed");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    const auto subjects = ops::choose_subjects(open->project, flags.names);
    if (!subjects) {
        return report_failure(subjects.error(), session);
    }
    Diagnostics problems;
    const std::vector<codec::RenderedNode> nodes = codec::render_for_checks(open->project, problems);
    report_problems(problems, open->sources, session);
    const auto lineage = ops::find_lineage(open->project, nodes, open->sources, session.targets);
    if (!lineage) {
        return report_failure(lineage.error(), session);
    }
    session.out << (flags.format == "json" ? ops::render_lineage_json(*subjects, *lineage)
                                           : ops::render_lineage_text(*subjects, *lineage));
    return problems.has_errors() ? ExitCode::Problems : ExitCode::Fine;
}

} // namespace

Command lineage() {
    return make_command<Flags>(
        {"lineage"}, "which columns come from which, and where they end",
        "Asks the analyzer of the embedded engine, node by node, what each column is computed from, and\n"
        "follows it through nodes, pipes, materialized views and copies. For a pipe: its columns, each with\n"
        "the columns of datasources it is made of, nearest first, and what is read only to filter, group,\n"
        "order or join. For a column of a datasource: the nodes that read it, the columns it is stored as\n"
        "in other datasources, and the columns of endpoints that show it.\n\n"
        "  birdhouse lineage\n"
        "  birdhouse lineage top_models_by_spend\n"
        "  birdhouse lineage llm_events.cost_usd --format json\n",
        run);
}

} // namespace birdhouse::commands

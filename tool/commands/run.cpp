// birdhouse run PIPE
#include "ops/run.hpp"

#include "base/text.hpp"
#include "commands/list.hpp"
#include "commands/reporting.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string pipe;
    std::string node;
    std::string target;
    std::string format = "table";
    std::vector<std::string> parameters;
    std::string parameter_file;
    bool sql = false;
    bool explain = false;
    bool help_params = false;

    void bind(FlagBinder& binder) {
        binder.positional("PIPE", pipe, true, "the pipe to run");
        binder.list("--param", parameters, "NAME=VALUE", "a parameter of the pipe; given twice it is a list");
        binder.text("--params", parameter_file, "FILE",
                    "a JSON object of parameters; --param goes before it");
        binder.text("--node", node, "NAME", "the rows of this node instead of the pipe's");
        binder.text("--target", target, "NAME", "where to run it; the project's default target otherwise");
        binder.choice("--format", format,
                      {"table", "json", "csv", "ndjson", "parquet", "prometheus", "chart"},
                      "how the rows are printed");
        binder.flag("--sql", sql, "print the SQL the engine would get and stop");
        binder.flag("--explain", explain, "print how the engine would read it and stop");
        binder.flag("--help-params", help_params,
                    "print the parameters the pipe takes and stop, as JSON with --format json");
    }
};

Result<ops::RunRequest> request_of(const Flags& flags) {
    ops::RunRequest request{flags.pipe, flags.node, {}, ops::parse_run_format(flags.format).value(), 120};
    if (!flags.parameter_file.empty()) {
        TRY_ASSIGN(request.parameters, ops::read_parameter_file(flags.parameter_file));
    }
    std::vector<std::pair<std::string, std::string>> texts;
    for (const std::string& text : flags.parameters) {
        TRY_ASSIGN(auto parameter, ops::parse_parameter(text));
        texts.push_back(std::move(parameter));
    }
    for (auto& parameter : ops::group_texts(texts)) {
        request.parameters.push_back(std::move(parameter));
    }
    return request;
}

void print_notices(const std::vector<std::string>& notices, ops::Session& session) {
    for (const std::string& notice : notices) {
        session.err << "notice: " << notice << "\n";
    }
}

std::string summary(const ops::RunOutcome& outcome) {
    std::ostringstream text;
    text << (outcome.rows ? counted(*outcome.rows, "row") + " in " : "") << std::fixed << std::setprecision(3)
         << outcome.elapsed_seconds << " s, " << with_thousands(outcome.rows_read) << " read";
    return text.str();
}

Result<void> print_sql(const ops::OpenProject& open, const ops::RunRequest& request,
                       const std::string& database, ops::Session& session, Diagnostics& problems) {
    TRY_ASSIGN(const ops::PreparedRun prepared,
               ops::prepare_run(open.project, request, database, {}, session, problems));
    print_notices(prepared.notices, session);
    session.out << prepared.query.sql << "\n";
    return {};
}

Result<void> print_parameters(const ops::OpenProject& open, const ops::RunRequest& request,
                              ops::Session& session) {
    TRY_ASSIGN(const ops::ChosenNode chosen, ops::choose_node(open.project, request));
    const ops::PipeParameters parameters = ops::describe_parameters(open.project, *chosen.pipe, *chosen.node);
    session.out << (request.format == ops::RunFormat::Json ? ops::render_json(parameters)
                                                           : ops::render_text(parameters));
    return {};
}

Result<void> run_on_target(const ops::OpenProject& open, const ops::RunRequest& request, bool explain,
                           const model::TargetSettings& settings, ops::Session& session,
                           Diagnostics& problems) {
    // What is wrong with the pipe is told before half a gigabyte of engine is loaded, or a target made.
    Diagnostics early;
    Result<ops::PreparedRun> prepared =
        ops::prepare_run(open.project, request, settings.database, {}, session, early);
    if (!prepared) {
        problems.append(std::move(early));
        return std::move(prepared).error();
    }
    TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> target,
               session.targets.open(settings, session.folder));
    TRY_ASSIGN(const ops::RunOutcome outcome,
               explain ? ops::explain_pipe(open.project, request, *target, session, problems)
                       : ops::run_pipe(open.project, request, *target, session, problems));
    session.out << outcome.output << std::flush;
    print_notices(outcome.notices, session);
    if (!explain) {
        session.err << summary(outcome) << "\n";
    }
    return {};
}

ExitCode run(const Flags& flags, ops::Session& session) {
    const std::optional<ops::OpenProject> open = open_usable_project(session);
    if (!open) {
        return ExitCode::Problems;
    }
    const Result<ops::RunRequest> request = request_of(flags);
    if (!request) {
        return report_failure(request.error(), session);
    }
    const Result<model::TargetSettings> settings = ops::choose_target(open->project.config, flags.target);
    if (!settings) {
        return report_failure(settings.error(), session);
    }
    Diagnostics problems;
    const Result<void> done =
        flags.help_params ? print_parameters(*open, *request, session)
        : flags.sql       ? print_sql(*open, *request, settings->database, session, problems)
                          : run_on_target(*open, *request, flags.explain, *settings, session, problems);
    report_problems(problems, open->sources, session);
    return done ? ExitCode::Fine : report_failure(done.error(), session);
}

} // namespace

Command run_command() {
    return make_command<Flags>({"run"}, "run a pipe and print its rows",
                               "Renders the pipe with the parameters given, replaces the nodes and pipes it "
                               "reads by their SQL, and runs\n"
                               "the one SELECT that comes of it. An error of the engine is shown at its line "
                               "in the pipe's own file.\n"
                               "Values of secrets come from the environment, BIRDHOUSE_SECRET_NAME for "
                               "tb_secret('name'), and are bound\n"
                               "by the engine: they never stand in the SQL.\n"
                               "A value of --param is a text, as in a URL; values of --params keep their "
                               "JSON kinds, as in the body of\n"
                               "a request. A chart draws numbers over time as columns and numbers by name as "
                               "bars.\n"
                               "\n"
                               "  birdhouse run top_models_by_spend --param top=5\n"
                               "  birdhouse run top_models_by_spend --params request.json --format json\n"
                               "  birdhouse run top_models_by_spend --format chart\n"
                               "  birdhouse run top_models_by_spend --help-params\n"
                               "  birdhouse run top_models_by_spend --node spend --sql",
                               run);
}

} // namespace birdhouse::commands

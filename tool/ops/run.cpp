#include "ops/run.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/pipe_query.hpp"
#include "ops/engine_problem.hpp"
#include "ops/result_chart.hpp"
#include "ops/result_table.hpp"
#include "syntax/value.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace birdhouse::ops {

namespace {

struct NamedFormat {
    std::string_view name;
    std::string_view engine_format;
};

// In the order of RunFormat.
constexpr auto kFormats = std::to_array<NamedFormat>({{"table", "JSONCompact"},
                                                      {"json", "JSON"},
                                                      {"csv", "CSVWithNames"},
                                                      {"ndjson", "JSONEachRow"},
                                                      {"parquet", "Parquet"},
                                                      {"prometheus", "Prometheus"},
                                                      {"chart", "JSONCompact"}});

Result<const model::Pipe*> choose_pipe(const model::Project& project, const std::string& name) {
    if (const model::Pipe* pipe = model::find_pipe(project, name)) {
        return pipe;
    }
    if (model::find_datasource(project, name) != nullptr) {
        return Error{ExitCode::Usage, backquoted(name) + " is a datasource, and `run` takes pipes",
                     "write a pipe that reads it"};
    }
    std::vector<std::string_view> names;
    for (const model::Pipe& pipe : project.pipes) {
        names.push_back(pipe.name);
    }
    const std::optional<std::string> near = nearest(name, names);
    return Error{ExitCode::Usage, "no pipe is called " + backquoted(name),
                 near            ? "did you mean " + backquoted(*near) + "?"
                 : names.empty() ? "the project has no pipes"
                                 : "the project has " + counted(names.size(), "pipe")};
}

Result<const model::Node*> find_node_of(const model::Pipe& pipe, const std::string& name) {
    const model::Node* node = name.empty() ? model::result_node(pipe) : model::find_node(pipe, name);
    if (node != nullptr) {
        return node;
    }
    if (name.empty()) {
        return Error{ExitCode::Problems, "pipe " + backquoted(pipe.name) + " has no node", "give it one"};
    }
    std::vector<std::string_view> names;
    std::vector<std::string> shown;
    for (const model::Node& known : pipe.nodes) {
        names.push_back(known.name);
        shown.push_back(backquoted(known.name));
    }
    const std::optional<std::string> near = nearest(name, names);
    return Error{ExitCode::Usage, "pipe " + backquoted(pipe.name) + " has no node " + backquoted(name),
                 near ? "did you mean " + backquoted(*near) + "?" : "it has " + join(shown, ", ")};
}

std::string utc_text(std::chrono::system_clock::time_point when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 20> text{};
    return std::string(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts));
}

std::vector<std::string> notices_of(const RunRequest& request, const codec::RenderNotes& notes) {
    std::vector<std::string> notices(notes.warnings.begin(), notes.warnings.end());
    const std::vector<std::string_view> known(notes.names.begin(), notes.names.end());
    for (const auto& [name, value] : request.parameters) {
        if (!notes.names.contains(name)) {
            const std::optional<std::string> near = nearest(name, known);
            notices.push_back("nothing in " + backquoted(request.pipe) + " reads the parameter " +
                              backquoted(name) + (near ? "; did you mean " + backquoted(*near) + "?" : ""));
        }
    }
    return notices;
}

Error has_problems(const RunRequest& request) {
    return {ExitCode::Problems, "pipe " + backquoted(request.pipe) + " cannot be run as it stands", {}};
}

bool is_drawn(RunFormat format) { return format == RunFormat::Table || format == RunFormat::Chart; }

// How values are written differs between people, who want every digit, and programs, which get Tinybird's
// form: wide integers unquoted.
Result<void> choose_number_form(target::SqlChannel& channel, RunFormat format) {
    const std::string exact = is_drawn(format) ? "1" : "0";
    return channel.execute("SET output_format_json_quote_64bit_integers = " + exact +
                           ", output_format_json_quote_denormals = " + exact +
                           ", output_format_json_quote_decimals = " + exact +
                           ", output_format_json_validate_utf8 = 1");
}

Result<bool> table_exists(target::SqlTarget& target, std::string_view table) {
    const std::array<target::Parameter, 2> names = {
        target::Parameter{"database", target::escape_tsv(target.database())},
        target::Parameter{"table", target::escape_tsv(table)},
    };
    TRY_ASSIGN(const target::QueryResult found,
               target.channel().query("SELECT count() FROM system.tables "
                                      "WHERE database = {database:String} AND name = {table:String}",
                                      "TSV", names));
    return trim(found.bytes) != "0";
}

Result<RunOutcome> outcome_of(target::QueryResult result, const RunRequest& request) {
    RunOutcome outcome;
    outcome.elapsed_seconds = result.elapsed_seconds;
    outcome.rows_read = result.rows_read;
    if (!is_drawn(request.format)) {
        outcome.output = std::move(result.bytes);
        return outcome;
    }
    if (request.format == RunFormat::Chart) {
        TRY_ASSIGN(ResultChart chart, render_chart(result.bytes, request.width));
        if (chart.fits()) {
            outcome.output = std::move(chart.text);
            outcome.rows = chart.rows;
            return outcome;
        }
        outcome.notices.push_back(chart.unfit + ": this is the table");
    }
    TRY_ASSIGN(ResultTable table, render_table(result.bytes, request.width));
    outcome.output = std::move(table.text);
    outcome.rows = table.rows;
    if (table.hidden_columns != 0) {
        outcome.notices.push_back("the terminal has no room for the last " +
                                  counted(table.hidden_columns, "column") + "; `--format json` shows all");
    }
    return outcome;
}

} // namespace

std::optional<RunFormat> parse_run_format(std::string_view text) {
    const auto* const found = std::find_if(kFormats.begin(), kFormats.end(),
                                           [text](const NamedFormat& known) { return known.name == text; });
    return found == kFormats.end() ? std::nullopt
                                   : std::optional(static_cast<RunFormat>(found - kFormats.begin()));
}

Result<std::pair<std::string, std::string>> parse_parameter(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        return Error{ExitCode::Usage, "the parameter " + backquoted(text) + " is not of the form name=value",
                     "an empty value is given by `" + std::string(text.substr(0, equals)) + "=`"};
    }
    return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

std::string secret_variable(std::string_view secret) {
    std::string name = "BIRDHOUSE_SECRET_";
    for (const char c : secret) {
        const bool lower = c >= 'a' && c <= 'z';
        const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += lower ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
    }
    return name;
}

Result<ChosenNode> choose_node(const model::Project& project, const RunRequest& request) {
    TRY_ASSIGN(const model::Pipe* pipe, choose_pipe(project, request.pipe));
    TRY_ASSIGN(const model::Node* node, find_node_of(*pipe, request.node));
    return ChosenNode{pipe, node};
}

ComposedRun compose_run(const model::Project& project, const ChosenNode& chosen,
                        const GivenParameters& parameters, const std::string& database,
                        const std::function<bool(std::string_view)>& table_exists, const Session& session,
                        Diagnostics& diagnostics) {
    codec::NodeValues values;
    values.input.parameters = parameters;
    values.input.job_timestamp = utc_text(session.clock.now());
    values.has_secret = [&](std::string_view secret) {
        return session.environment.get(secret_variable(secret)).has_value();
    };
    ComposedRun run;
    const codec::NodeRenderer render = [&](const model::Node& part, Diagnostics& problems) {
        return codec::render_node(part, values, run.notes, problems);
    };
    run.query = codec::compose_query(project, *chosen.pipe, *chosen.node, render, {database, table_exists},
                                     diagnostics);
    for (const std::string& secret : run.notes.secrets) {
        const std::string value = session.environment.get(secret_variable(secret)).value_or("");
        run.secrets.push_back({secret, target::escape_tsv(value)});
    }
    return run;
}

Result<PreparedRun> prepare_run(const model::Project& project, const RunRequest& request,
                                const std::string& database,
                                const std::function<bool(std::string_view)>& table_exists,
                                const Session& session, Diagnostics& diagnostics) {
    TRY_ASSIGN(const ChosenNode chosen, choose_node(project, request));
    ComposedRun run =
        compose_run(project, chosen, request.parameters, database, table_exists, session, diagnostics);
    if (!run.query) {
        return has_problems(request);
    }
    return PreparedRun{std::move(*run.query), std::move(run.secrets), notices_of(request, run.notes)};
}

namespace {

// The query that is sent: the one prepared for the target, after what `before` puts in front of it.
Result<target::QueryResult> ask(PreparedRun& prepared, std::string_view before, std::string_view format,
                                const RunRequest& request, target::SqlTarget& target,
                                Diagnostics& diagnostics) {
    codec::MappedSql sent;
    sent.append(before, Span{});
    sent.append(prepared.query, 0, prepared.query.sql.size());
    Result<target::QueryResult> result = target.channel().query(sent.sql, format, prepared.secrets);
    if (!result && report_refusal(result.error(), sent, diagnostics)) {
        return has_problems(request);
    }
    return result;
}

Result<PreparedRun> prepare_for(const model::Project& project, const RunRequest& request,
                                target::SqlTarget& target, const Session& session, Diagnostics& diagnostics) {
    std::optional<Error> failure; // of asking for a table; the composition goes on as if there were none
    const auto exists = [&](std::string_view table) {
        Result<bool> found = table_exists(target, table);
        if (!found) {
            failure = std::move(found).error();
            return false;
        }
        return *found;
    };
    TRY_ASSIGN(PreparedRun prepared,
               prepare_run(project, request, target.database(), exists, session, diagnostics));
    if (failure) {
        return std::move(*failure);
    }
    return prepared;
}

} // namespace

Result<RunOutcome> run_pipe(const model::Project& project, const RunRequest& request,
                            target::SqlTarget& target, const Session& session, Diagnostics& diagnostics) {
    TRY_ASSIGN(PreparedRun prepared, prepare_for(project, request, target, session, diagnostics));
    TRY(choose_number_form(target.channel(), request.format));
    const std::string_view format = kFormats[static_cast<std::size_t>(request.format)].engine_format;
    TRY_ASSIGN(target::QueryResult result, ask(prepared, "", format, request, target, diagnostics));
    TRY_ASSIGN(RunOutcome outcome, outcome_of(std::move(result), request));
    outcome.notices.insert(outcome.notices.begin(), prepared.notices.begin(), prepared.notices.end());
    return outcome;
}

Result<RunOutcome> explain_pipe(const model::Project& project, const RunRequest& request,
                                target::SqlTarget& target, const Session& session, Diagnostics& diagnostics) {
    TRY_ASSIGN(PreparedRun prepared, prepare_for(project, request, target, session, diagnostics));
    TRY_ASSIGN(target::QueryResult result,
               ask(prepared, "EXPLAIN indexes = 1 ", "TSVRaw", request, target, diagnostics));
    RunOutcome outcome;
    outcome.output = std::move(result.bytes);
    outcome.notices = prepared.notices;
    outcome.elapsed_seconds = result.elapsed_seconds;
    return outcome;
}

} // namespace birdhouse::ops

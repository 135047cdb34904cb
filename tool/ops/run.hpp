// Runs a pipe on a target: render its nodes, compose one SELECT, bind what is secret, ask the engine.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "codec/mapped_sql.hpp"
#include "codec/node_rendering.hpp"
#include "model/project.hpp"
#include "ops/run_parameters.hpp"
#include "ops/session.hpp"
#include "target/target.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::ops {

enum class RunFormat { Table, Json, Csv, Ndjson, Parquet, Prometheus, Chart };

std::optional<RunFormat> parse_run_format(std::string_view text);

struct RunRequest {
    std::string pipe;
    std::string node;           // empty: the one the pipe's name stands for
    GivenParameters parameters; // of equal names the last counts
    RunFormat format = RunFormat::Table;
    std::size_t width = 120; // of the terminal; a table is cut to it
};

// `name=value` as --param takes it.
Result<std::pair<std::string, std::string>> parse_parameter(std::string_view text);

struct PreparedRun {
    codec::MappedSql query;
    std::vector<target::Parameter> secrets; // bound by the engine; the query holds their names only
    std::vector<std::string> notices;       // parameters that nothing reads, reserved names
};

struct RunOutcome {
    std::string output;
    std::vector<std::string> notices;
    std::optional<std::size_t> rows; // of a table or chart: the engine writes the other formats
    double elapsed_seconds = 0;
    std::uint64_t rows_read = 0;
};

// The pipe and node that the request names; the errors name the nearest.
struct ChosenNode {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
};
Result<ChosenNode> choose_node(const model::Project& project, const RunRequest& request);

// A query as far as it could be made; problems are in the diagnostics.
struct ComposedRun {
    std::optional<codec::MappedSql> query;
    codec::RenderNotes notes; // with the failure of a template, where there was one
    std::vector<target::Parameter> secrets;
};
ComposedRun compose_run(const model::Project& project, const ChosenNode& chosen,
                        const GivenParameters& parameters, const std::string& database,
                        const std::function<bool(std::string_view)>& table_exists, const Session& session,
                        Diagnostics& diagnostics);

// The SQL of the run, without an engine. `table_exists` is asked for quarantine tables; empty: they all do.
// The Error of a run that failed for problems in files says so briefly: the problems are in `diagnostics`.
Result<PreparedRun> prepare_run(const model::Project& project, const RunRequest& request,
                                const std::string& database,
                                const std::function<bool(std::string_view)>& table_exists,
                                const Session& session, Diagnostics& diagnostics);

// How the engine would go about it, in its own words; the format does not count.
Result<RunOutcome> explain_pipe(const model::Project& project, const RunRequest& request,
                                target::SqlTarget& target, const Session& session, Diagnostics& diagnostics);

Result<RunOutcome> run_pipe(const model::Project& project, const RunRequest& request,
                            target::SqlTarget& target, const Session& session, Diagnostics& diagnostics);

// The environment variable that holds a secret: BIRDHOUSE_SECRET_STRIPE_KEY for `stripe-key`.
std::string secret_variable(std::string_view secret);

} // namespace birdhouse::ops

#include "ops/sample.hpp"

#include "commands/event_flags.hpp"
#include "commands/list.hpp"

namespace birdhouse::commands {

namespace {

struct Flags {
    std::string datasource;
    std::uint64_t rows = 10;
    std::uint64_t seed = 1;
    std::string bad;
    std::string reasons;
    void bind(FlagBinder& binder) {
        binder.positional("datasource", datasource, true, "the datasource that the events are for");
        binder.number("--rows", rows, "N", "how many; 10 without it");
        binder.number("--seed", seed, "N", "another seed gives other rows; 1 without it");
        binder.text("--bad", bad, "PERCENT", "so many of the rows are refused by ingestion: 5%");
        binder.text("--reasons", reasons, "FILE",
                    "why each bad row is refused, as NDJSON; on standard error without it");
    }
};

ExitCode run(const Flags& flags, ops::Session& session) {
    const Result<double> bad = read_share("--bad", flags.bad);
    if (!bad) {
        return report_failure(bad.error(), session);
    }
    const auto schema = open_event_schema(flags.datasource, false, session);
    if (!schema) {
        return report_failure(schema.error(), session);
    }
    if (!*schema) {
        return ExitCode::Problems;
    }
    const Result<void> written =
        ops::write_sample(**schema, {flags.rows, flags.seed, *bad, flags.reasons}, session);
    return written ? ExitCode::Fine : report_failure(written.error(), session);
}

} // namespace

Command sample() {
    Command command = make_command<Flags>(
        {"sample"}, "make events that fit a datasource",
        "Prints NDJSON: values by the names and types of the columns, within the definition's rules, the\n"
        "same rows for the same seed. Every row went through the checker of `validate`: nothing is to be\n"
        "said against a good one, and a bad one is refused for the reason that is told.\n"
        "A .datasource file, or a definition without column groups, may stand for the datasource.\n\n"
        "  birdhouse sample llm_events --rows 1000 > events.ndjson\n"
        "  birdhouse sample llm_events --rows 1000 --bad 5% --reasons why.ndjson > events.ndjson\n"
        "  birdhouse sample tinybird/visits.datasource --seed 7 | birdhouse send visits\n",
        run);
    command.needs_project = false;
    return command;
}

} // namespace birdhouse::commands

#include "ops/migration_run.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "target/sql_text.hpp"

namespace birdhouse::ops {

namespace {

using target::LedgerEvent;
using target::Resume;
using target::Statement;
using target::TableState;

enum class Decision { Run, Skip, Restart };

class Runner {
public:
    Runner(MigrationRun& run, const ProvenMigration& proven, const Progress& progress)
        : run_(run), proven_(proven), progress_(progress) {
        if (progress_.direction != proven.planned.direction) {
            progress_ = Progress{};
        }
    }

    Result<void> all_steps() {
        for (std::uint32_t step = 0; step < proven_.planned.steps.size(); ++step) {
            if (Result<void> done = one_step(step); !done) {
                return as_partial(std::move(done).error());
            }
        }
        const bool up = proven_.planned.direction == target::Direction::Up;
        return record({}, up ? LedgerEvent::Applied : LedgerEvent::RolledBack, nullptr, "");
    }

private:
    const PlannedStep& planned(std::uint32_t step) const { return proven_.planned.steps[step]; }

    Result<void> one_step(std::uint32_t step) {
        const bool begun = progress_.started.contains({step, 0});
        if (!begun) {
            TRY(check_loss(planned(step)));
        }
        const auto count = static_cast<std::uint32_t>(planned(step).statements.size());
        for (std::uint32_t statement = 0; statement < count;) {
            TRY_ASSIGN(const Decision decision, decide({step, statement}));
            if (decision == Decision::Restart) {
                forget(step);
                statement = 0;
                continue;
            }
            TRY(decision == Decision::Run ? execute({step, statement}) : skip({step, statement}));
            ++statement;
        }
        return {};
    }

    // The rows that would lose something are counted again right before: between plan and apply they may
    // have grown past what the file permits.
    Result<void> check_loss(const PlannedStep& step) {
        if (!step.loss || proven_.planned.direction == target::Direction::Down) {
            return {}; // a rollback's losses are counted and shown by the op that asked for it
        }
        const model::Allowance* allowance = allowance_for(*proven_.planned.migration, *step.loss);
        if (allowance == nullptr || !allowance->rows) {
            return {};
        }
        TRY_ASSIGN(const std::uint64_t rows, count_loss(run_.target.channel(), *step.loss));
        if (rows <= *allowance->rows) {
            return {};
        }
        const std::string migration = backquoted(proven_.planned.migration->id);
        return Error{ExitCode::Refused,
                     migration + " would destroy " + step.loss->what + " in " + counted(rows, "row") +
                         ", and permits " + counted(*allowance->rows, "row"),
                     "look at the rows: then raise `rows:` of its allowance " +
                         std::string(step.loss->code->id) +
                         ", record it with `birdhouse migrate verify --write-sum`, or drop the step"};
    }

    Result<Decision> decide(Place place) {
        const Statement& statement = statement_at(place);
        const bool started = progress_.started.contains(place);
        if (progress_.done.contains(place)) {
            return Decision::Skip;
        }
        switch (statement.resume) {
        case Resume::Repeat:
            return Decision::Run;
        case Resume::RestartStep:
            return started ? Decision::Restart : Decision::Run;
        case Resume::SwapOfEmpty:
            return decide_swap(statement, started);
        case Resume::ByState:
            break;
        }
        return decide_by_state(place);
    }

    Result<Decision> decide_swap(const Statement& statement, bool started) {
        TRY_ASSIGN(const bool empty, is_empty(statement.object));
        if (!empty && !started) {
            return Error{ExitCode::Refused,
                         backquoted(statement.object) + " holds rows already, so it cannot be backfilled",
                         "use a new datasource for the view, or leave out `backfill`"};
        }
        return empty ? Decision::Run : Decision::Skip;
    }

    Result<bool> is_empty(const std::string& table) {
        const std::string name = target::qualified_name(run_.target.database(), table);
        TRY_ASSIGN(const target::QueryResult result,
                   run_.target.channel().query("SELECT count() = 0 FROM " + name, "TSV", {}));
        return result.bytes.starts_with('1');
    }

    Result<Decision> decide_by_state(Place place) {
        const Statement& statement = statement_at(place);
        const ProvenStatement& expected = proven_.steps[place.step][place.statement];
        TRY_ASSIGN(const target::Catalog catalog,
                   target::read_catalog(run_.target.channel(), run_.target.database()));
        const TableState* found = target::find_table(catalog, statement.object);
        const auto is = [&](const std::optional<TableState>& state) {
            return state ? found != nullptr && *found == *state : found == nullptr;
        };
        if (is(expected.after)) {
            TRY(wait_for_mutations(statement.object));
            return Decision::Skip;
        }
        if (is(expected.before)) {
            return Decision::Run;
        }
        return drift(statement, expected.before, found);
    }

    // A process killed inside an ALTER leaves the new structure and a mutation that the engine finishes
    // later.
    Result<void> wait_for_mutations(const std::string& table) {
        const std::string name = target::qualified_name(run_.target.database(), table);
        const std::vector<target::Parameter> parameters{{"database", run_.target.database()},
                                                        {"table", table}};
        TRY_ASSIGN(const target::QueryResult open,
                   run_.target.channel().query(
                       "SELECT count() FROM system.mutations WHERE database = {database:String}"
                       " AND table = {table:String} AND NOT is_done",
                       "TSV", parameters));
        if (open.bytes.starts_with('0')) {
            return {};
        }
        // A mutation that changes nothing, run synchronously, returns once all before it are finished.
        return run_.target.channel().execute("ALTER TABLE " + name +
                                             " DELETE WHERE 0 SETTINGS mutations_sync = 2");
    }

    Error drift(const Statement& statement, const std::optional<TableState>& expected,
                const TableState* found) const {
        std::string difference = found == nullptr ? "it does not exist" : "it should not exist yet";
        if (expected && found != nullptr) {
            std::vector<std::string> differences;
            for (const target::FieldDifference& one : target::compare(*expected, *found)) {
                differences.push_back(one.field + " is " + backquoted(one.right) + " where " +
                                      backquoted(one.left) + " was expected");
            }
            difference = join(differences, "; ");
        }
        return {ExitCode::Problems,
                backquoted(statement.object) + " on target " + backquoted(run_.target.name()) +
                    " is neither as it should be before nor after this statement: " + difference,
                "somebody changed the target by other means: bring it back by hand, or write a migration for "
                "what it is now"};
    }

    Result<void> execute(Place place) {
        const Statement& statement = statement_at(place);
        TRY(record(place, LedgerEvent::Started, &statement, statement.sql));
        if (const Result<void> done = run_.target.channel().execute(statement.sql); !done) {
            // The record of the failure is a courtesy: the statement's own error is what must reach the user.
            static_cast<void>(record(place, LedgerEvent::Failed, &statement, done.error().message).ok());
            return done.error();
        }
        TRY(record(place, LedgerEvent::Done, &statement, statement.sql));
        note(place, statement, false);
        return {};
    }

    Result<void> skip(Place place) {
        const Statement& statement = statement_at(place);
        if (!progress_.done.contains(place)) {
            TRY(record(place, LedgerEvent::Done, &statement, statement.sql));
        }
        note(place, statement, true);
        return {};
    }

    void note(Place place, const Statement& statement, bool skipped) {
        progress_.started.insert(place);
        progress_.done.insert(place);
        did_something_ = true;
        if (run_.on_statement) {
            run_.on_statement(proven_.planned, statement, skipped);
        }
    }

    void forget(std::uint32_t step) {
        const auto of_step = [&](const Place& place) { return place.step == step; };
        std::erase_if(progress_.started, of_step);
        std::erase_if(progress_.done, of_step);
    }

    Error as_partial(Error error) const {
        if (did_something_ && error.code == ExitCode::Failed) {
            error.code = ExitCode::Partial;
            error.hint += (error.hint.empty() ? "" : "; ") +
                          std::string("what was done is recorded: run the same command again");
        }
        return error;
    }

    const Statement& statement_at(Place place) const {
        return planned(place.step).statements[place.statement];
    }

    Result<void> record(Place place, LedgerEvent event, const Statement* statement, std::string detail) {
        target::LedgerEntry entry;
        entry.migration = proven_.planned.migration->id;
        entry.checksum = proven_.planned.migration->checksum;
        entry.direction = proven_.planned.direction;
        entry.event = event;
        entry.step = place.step;
        entry.statement = place.statement;
        entry.statement_hash = statement == nullptr ? "" : sha256(statement->sql);
        entry.detail = std::move(detail);
        entry.who = run_.author.who;
        entry.tool_version = run_.author.tool_version;
        entry.git_revision = run_.author.git_revision;
        return run_.ledger.append(std::move(entry));
    }

    MigrationRun& run_;
    const ProvenMigration& proven_;
    Progress progress_; // what was done before this run and by it
    bool did_something_ = false;
};

} // namespace

Result<void> run_migration(MigrationRun& run, const ProvenMigration& proven, const Progress& progress) {
    return Runner(run, proven, progress).all_steps();
}

} // namespace birdhouse::ops

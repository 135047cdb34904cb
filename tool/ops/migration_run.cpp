#include "ops/migration_run.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "ops/migration_mutations.hpp"
#include "ops/migration_rebuild.hpp"
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
            TRY(check_losses(planned(step)));
            TRY(check_names(planned(step)));
        }
        const auto count = static_cast<std::uint32_t>(planned(step).statements.size());
        for (std::uint32_t statement = 0; statement < count;) {
            TRY_ASSIGN(const Decision decision, decide({step, statement}));
            if (decision == Decision::Restart) {
                progress_.forget(step);
                TRY(record({step, statement}, LedgerEvent::Restarted, nullptr,
                           "an earlier run stopped in it"));
                statement = 0;
                continue;
            }
            TRY(decision == Decision::Run ? execute({step, statement}) : skip({step, statement}));
            ++statement;
        }
        return {};
    }

    // Before anything is done: a rebuild at its end would find no name for the old table.
    Result<void> check_names(const PlannedStep& step) {
        const auto& statements = step.statements;
        return statements.empty() || !statements.front().rebuild
                   ? Result<void>()
                   : refuse_kept_table(channel(), database(), *statements.front().rebuild);
    }

    // The rows that would lose something are counted again right before: between plan and apply they may
    // have grown past what the file permits.
    Result<void> check_losses(const PlannedStep& step) {
        if (proven_.planned.direction == target::Direction::Down) {
            return {}; // a rollback's losses are counted and shown by the op that asked for it
        }
        for (const Loss& loss : step.losses) {
            TRY(check_loss(loss));
        }
        return {};
    }

    Result<void> check_loss(const Loss& loss) {
        const model::Allowance* allowance = allowance_for(*proven_.planned.migration, loss);
        if (allowance == nullptr || !allowance->rows) {
            return {};
        }
        TRY_ASSIGN(const std::uint64_t rows, count_loss(channel(), loss));
        if (rows <= *allowance->rows) {
            return {};
        }
        const std::string migration = backquoted(proven_.planned.migration->id);
        return Error{ExitCode::Refused,
                     migration + " would destroy " + loss.what + " in " + counted(rows, "row") +
                         ", and permits " + counted(*allowance->rows, "row"),
                     "look at the rows: then raise `rows:` of its allowance " + std::string(loss.code->id) +
                         ", record it with `birdhouse migrate verify --write-sum`, or drop the step"};
    }

    Result<Decision> decide(Place place) {
        const Statement& statement = statement_at(place);
        const bool started = progress_.started.contains(place);
        if (statement.resume == Resume::UntilSwapped) {
            return is_swapped(place.step) ? Decision::Skip : Decision::Run;
        }
        if (progress_.done.contains(place)) {
            return Decision::Skip;
        }
        switch (statement.resume) {
        case Resume::Repeat:
        case Resume::UntilSwapped:
        case Resume::CheckedSwap:
            return Decision::Run;
        case Resume::EachPartition:
            return started && statement.rebuild->clear.empty() ? Decision::Restart : Decision::Run;
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
        const std::string name = target::qualified_name(database(), table);
        TRY_ASSIGN(const target::QueryResult result,
                   channel().query("SELECT count() = 0 FROM " + name, "TSV", {}));
        return result.bytes.starts_with('1');
    }

    Result<Decision> decide_by_state(Place place) {
        const Statement& statement = statement_at(place);
        const ProvenStatement& expected = proven_.steps[place.step][place.statement];
        TRY_ASSIGN(const std::optional<TableState> found,
                   target::read_table(channel(), database(), statement.object));
        if (found == expected.after) {
            TRY(wait_for_mutations(statement.object, expected.before));
            return Decision::Skip;
        }
        if (found == expected.before) {
            return Decision::Run;
        }
        return drift(statement, expected.before, found);
    }

    bool is_swapped(std::uint32_t step) const {
        const auto& statements = planned(step).statements;
        for (std::uint32_t i = 0; i < statements.size(); ++i) {
            if (statements[i].resume == Resume::CheckedSwap) {
                return progress_.done.contains({step, i});
            }
        }
        return false;
    }

    // A process killed inside an ALTER leaves the new structure and a mutation that the engine finishes
    // later; a failed one leaves it as well.
    Result<void> wait_for_mutations(const std::string& table, const std::optional<TableState>& before) {
        return await_mutations(channel(), database(), table, before, run_.on_wait);
    }

    Error drift(const Statement& statement, const std::optional<TableState>& expected,
                const std::optional<TableState>& found) const {
        std::string difference = !found ? "it does not exist" : "it should not exist yet";
        if (expected && found) {
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
        TRY(run_.before_statement());
        TRY(record(place, LedgerEvent::Started, &statement, statement.sql));
        if (const Result<void> done = perform(place, statement); !done) {
            // The record of the failure is a courtesy: the statement's own error is what must reach the user.
            static_cast<void>(record(place, LedgerEvent::Failed, &statement, done.error().message).ok());
            return done.error();
        }
        TRY(record(place, LedgerEvent::Done, &statement, statement.sql));
        note(place, statement, false);
        return {};
    }

    Result<void> perform(Place place, const Statement& statement) {
        switch (statement.resume) {
        case Resume::EachPartition:
            return copy(place, statement);
        case Resume::CheckedSwap:
            return swap(place, statement);
        case Resume::UntilSwapped:
            TRY(wait_for_mutations(statement.object, std::nullopt)); // it would stop them as well
            return channel().execute(statement.sql);
        default:
            return alter(place, statement);
        }
    }

    // An ALTER whose rewriting fails is reported by its mutation, which knows why and tells the way back.
    Result<void> alter(Place place, const Statement& statement) {
        Result<void> done = channel().execute(statement.sql);
        const bool may_mutate = statement.resume == Resume::ByState && statement.sql.starts_with("ALTER");
        if (may_mutate) {
            const ProvenStatement& expected = proven_.steps[place.step][place.statement];
            TRY(wait_for_mutations(statement.object, expected.before));
        }
        return done;
    }

    Result<void> copy(Place place, const Statement& statement) {
        const CopyRun copying{
            channel(),
            database(),
            statement,
            noted_partitions(place),
            progress_.started.contains(place),
            [&](const PartitionState& partition) -> Result<void> {
                progress_.notes[place].push_back(write_partition(partition));
                TRY(record(place, LedgerEvent::Noted, &statement, write_partition(partition)));
                return run_.before_statement();
            }};
        did_something_ = true;
        return copy_partitions(copying);
    }

    std::vector<PartitionState> noted_partitions(Place place) const {
        std::vector<PartitionState> partitions;
        const auto notes = progress_.notes.find(place);
        for (const std::string& text :
             notes == progress_.notes.end() ? std::vector<std::string>() : notes->second) {
            if (const std::optional<PartitionState> one = parse_partition(text)) {
                partitions.push_back(*one);
            }
        }
        return partitions;
    }

    // The table's identity tells whether an earlier run swapped: its shape does not, when only values change.
    Result<void> swap(Place place, const Statement& statement) {
        TRY_ASSIGN(const std::optional<TableState> found,
                   target::read_table(channel(), database(), statement.object));
        const ProvenStatement& expected = proven_.steps[place.step][place.statement];
        const auto noted = progress_.notes.find(place);
        const bool known = noted != progress_.notes.end() && !noted->second.empty();
        const bool swapped = known && found && found->identity.uuid != noted->second.front();
        const std::optional<TableState>& right = swapped ? expected.after : expected.before;
        if (!found || found != right) {
            return drift(statement, right, found);
        }
        if (!known) {
            progress_.notes[place].push_back(found->identity.uuid);
            TRY(record(place, LedgerEvent::Noted, &statement, found->identity.uuid));
        }
        did_something_ = true;
        TRY_ASSIGN(std::optional<Error> refused,
                   swap_checked({channel(), database(), statement, copied_before(place), swapped}));
        if (refused) {
            progress_.forget(place.step);
            TRY(record(place, LedgerEvent::Restarted, &statement, refused->message));
            return std::move(*refused);
        }
        return {};
    }

    // What the copy before the swap noted; nothing when there was none by partitions.
    std::optional<std::vector<PartitionState>> copied_before(Place swap) const {
        const auto& statements = planned(swap.step).statements;
        for (std::uint32_t i = 0; i < swap.statement; ++i) {
            if (statements[i].resume == Resume::EachPartition) {
                return noted_partitions({swap.step, i});
            }
        }
        return std::nullopt;
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

    target::SqlChannel& channel() const { return run_.target.channel(); }
    const std::string& database() const { return run_.target.database(); }

    MigrationRun& run_;
    const ProvenMigration& proven_;
    Progress progress_; // what was done before this run and by it
    bool did_something_ = false;
};

} // namespace

Result<void> record_as_applied(target::Ledger& ledger, std::span<const model::Migration* const> migrations,
                               const Author& author, const std::string& why) {
    for (const model::Migration* migration : migrations) {
        target::LedgerEntry entry;
        entry.migration = migration->id;
        entry.checksum = migration->checksum;
        entry.event = LedgerEvent::Baselined;
        entry.detail = why;
        entry.who = author.who;
        entry.tool_version = author.tool_version;
        entry.git_revision = author.git_revision;
        TRY(ledger.append(std::move(entry)));
    }
    return {};
}

Result<void> run_migration(MigrationRun& run, const ProvenMigration& proven, const Progress& progress) {
    return Runner(run, proven, progress).all_steps();
}

} // namespace birdhouse::ops

#include "ops/migration_target.hpp"

#include "base/text.hpp"
#include "ops/git_revision.hpp"
#include "ops/migration_canary.hpp"
#include "ops/migration_lock.hpp"
#include "target/catalog.hpp"
#include "target/ledger_copy.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <thread>

#include <unistd.h>

namespace birdhouse::ops {

namespace {

constexpr const char* kFinishRollback = "finish it with `birdhouse migrate rollback`";

bool is_applied(const std::map<std::string, Progress>& progress, const std::string& id) {
    const auto found = progress.find(id);
    return found != progress.end() && found->second.applied;
}

// What the ledger knows of migrations that the files contradict.
void check_against_ledger(std::span<const model::Migration> migrations,
                          const std::map<std::string, Progress>& progress,
                          std::vector<SumProblem>& problems) {
    for (const auto& [id, one] : progress) {
        const auto file =
            std::find_if(migrations.begin(), migrations.end(),
                         [&name = id](const model::Migration& migration) { return migration.id == name; });
        const bool begun = one.applied || one.under_way();
        if (!begun) {
            continue;
        }
        const bool in_checkpoint =
            !migrations.empty() && migrations.front().checkpoint && id < migrations.front().id;
        if (file == migrations.end() && in_checkpoint) {
            continue; // its file may go: the checkpoint builds what it built
        }
        if (file == migrations.end()) {
            problems.push_back({id, backquoted(id) + " was applied to this target but its file is gone",
                                "restore the file from git"});
        } else if (file->checksum != one.checksum) {
            problems.push_back({id, backquoted(id) + " was edited after it was applied to this target",
                                "restore the file from git: change the schema with a new migration instead"});
        }
    }
    bool gap = false;
    std::string first_pending;
    for (const model::Migration& migration : migrations) {
        if (!is_applied(progress, migration.id)) {
            first_pending = gap ? first_pending : migration.id;
            gap = true;
        } else if (gap) {
            problems.push_back({first_pending,
                                backquoted(first_pending) + " is not applied but " +
                                    backquoted(migration.id) + ", which comes after it, is",
                                "give it a number after the newest applied migration"});
            return;
        }
    }
}

std::string examples_of(target::SqlChannel& channel, const Loss& loss) {
    if (loss.examples_sql.empty()) {
        return {};
    }
    const Result<target::QueryResult> result = channel.query(loss.examples_sql, "TSV", {});
    std::vector<std::string> shown;
    for (const std::vector<std::string>& row :
         result ? target::parse_tsv(result->bytes) : std::vector<std::vector<std::string>>()) {
        shown.push_back(row.size() == 2 ? backquoted(row[0]) + " in " + row[1] : "");
    }
    return join(shown, ", ");
}

CountedLoss count_one(target::SqlChannel& channel, const target::Catalog& catalog, const Loss& loss) {
    CountedLoss counted_loss{std::string(loss.code->id), loss.subject, loss.what, std::nullopt, ""};
    const std::string table = loss.subject.substr(0, loss.subject.find('.'));
    if (target::find_table(catalog, table) != nullptr) {
        // A column that an earlier pending step adds cannot be counted yet, and holds nothing yet.
        const Result<std::uint64_t> rows = count_loss(channel, loss);
        counted_loss.rows = rows ? std::optional(*rows) : std::nullopt;
        counted_loss.examples = rows && *rows != 0 ? examples_of(channel, loss) : "";
    }
    return counted_loss;
}

// A target that has nothing of what stands before a checkpoint begins there: all of it is in the checkpoint.
std::size_t first_to_replay(std::span<const model::Migration> migrations, const TargetRecord& record,
                            const std::string& up_to) {
    const auto begun_before = [&](const std::string& id) {
        return std::any_of(record.progress.begin(), record.progress.end(), [&](const auto& one) {
            return one.first < id && (one.second.applied || one.second.under_way());
        });
    };
    std::size_t start = 0;
    for (std::size_t i = 0; i < migrations.size(); ++i) {
        if (migrations[i].checkpoint && !begun_before(migrations[i].id)) {
            start = i;
        }
        if (migrations[i].id == up_to) {
            break;
        }
    }
    return start;
}

} // namespace

Result<TargetRecord> read_record(const OpenProject& project, Session& session, const std::string& target_name,
                                 std::chrono::seconds wait) {
    TRY_ASSIGN(const model::TargetSettings settings, choose_target(project.project.config, target_name));
    TargetRecord record;
    record.database = settings.database;
    record.settings = settings;
    if (!session.targets.exists(settings, session.folder)) {
        return record;
    }
    const std::optional<target::LedgerCopy> copy = target::ledger_copy_of(settings, session.folder);
    if (std::optional<std::vector<target::LedgerEntry>> entries = copy ? copy->read() : std::nullopt) {
        record.entries = std::move(*entries);
        record.progress = read_progress(record.entries);
        return record;
    }
    TRY_ASSIGN(const std::unique_ptr<target::SqlTarget> target, open_waiting(session, settings, wait));
    target::Ledger ledger(target->channel(), target->database());
    TRY_ASSIGN(record.entries, copy ? copy->renew(ledger) : ledger.read());
    record.progress = read_progress(record.entries);
    target::TargetLock lock(target->channel(), target->database());
    TRY_ASSIGN(const std::optional<target::LockHolder> holder, lock.holder());
    record.lock = holder ? target::describe(*holder) : "";
    return record;
}

Result<std::vector<SumProblem>> integrity_problems(const OpenProject& project, const Session& session,
                                                   const std::map<std::string, Progress>& progress) {
    TRY_ASSIGN(std::vector<SumProblem> problems, check_sum_file(session.folder, project.migrations));
    check_against_ledger(project.migrations, progress, problems);
    return problems;
}

Result<void> refuse_unless_intact(std::span<const SumProblem> problems) {
    if (problems.empty()) {
        return {};
    }
    const std::string more = problems.size() == 1 ? ""
                                                  : " (and " + counted(problems.size() - 1, "more problem") +
                                                        ": see `birdhouse migrate status`)";
    return Error{ExitCode::Refused, problems.front().message + more, problems.front().hint};
}

Result<void> check_up_to(std::span<const model::Migration> migrations, const std::string& up_to) {
    const bool known = up_to.empty() ||
                       std::any_of(migrations.begin(), migrations.end(),
                                   [&](const model::Migration& migration) { return migration.id == up_to; });
    if (known) {
        return {};
    }
    std::vector<std::string_view> names;
    for (const model::Migration& migration : migrations) {
        names.push_back(migration.id);
    }
    const std::optional<std::string> near = nearest(up_to, names);
    return Error{ExitCode::Usage, "there is no migration " + backquoted(up_to),
                 near ? "did you mean " + backquoted(*near) + "?" : "`birdhouse migrate status` lists them"};
}

Result<std::optional<Division>> divide(const OpenProject& project, const TargetRecord& record,
                                       const std::string& up_to, Diagnostics& problems) {
    TRY(check_up_to(project.migrations, up_to));
    replay_model(project.migrations, problems);
    if (problems.has_errors()) {
        return std::optional<Division>();
    }
    Division division;
    model::Schema schema;
    bool past = false;
    const std::size_t start = first_to_replay(project.migrations, record, up_to);
    for (std::size_t i = 0; i < start; ++i) {
        division.covered.push_back(&project.migrations[i]);
    }
    for (const model::Migration& migration : std::span(project.migrations).subspan(start)) {
        const auto progress = record.progress.find(migration.id);
        const bool known = progress != record.progress.end();
        if (known && progress->second.under_way() && progress->second.direction == target::Direction::Down) {
            return Error{ExitCode::Refused,
                         "the rollback of " + backquoted(migration.id) + " stopped part-way",
                         kFinishRollback};
        }
        const bool applied = known && progress->second.applied;
        const bool pending = !applied && !past;
        if (pending) {
            check_allowances(migration, schema, problems);
        }
        if (pending && division.pending.empty()) {
            division.met = schema;
        }
        PlannedMigration planned = plan_up(migration, schema, record.database);
        if (applied) {
            division.earlier.push_back(std::move(planned));
        } else if (pending) {
            division.pending.push_back(std::move(planned));
        }
        past = past || migration.id == up_to;
    }
    if (problems.has_errors()) {
        return std::optional<Division>();
    }
    return std::optional<Division>(std::move(division));
}

Result<std::optional<std::vector<ProvenMigration>>>
prove_in_memory(const OpenProject& project, Session& session, const std::string& database,
                const Division& division, CanaryUse use, Diagnostics& problems) {
    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> scratch, session.targets.open_scratch());
    TRY(prepare_scratch(*scratch, database));
    TableNames scope = scope_of(division.earlier, division.pending);
    std::unique_ptr<Canary> canary;
    if (use == CanaryUse::Fly) {
        canary =
            std::make_unique<Canary>(*scratch, database, project, session.folder, division.met, problems);
        scope.merge(canary->keep_to(scope));
    }
    TRY_ASSIGN(
        std::optional<std::vector<ProvenMigration>> proven,
        prove(*scratch, database, within(division.earlier, scope), division.pending, problems, canary.get()));
    if (problems.has_errors()) {
        return std::optional<std::vector<ProvenMigration>>();
    }
    return proven;
}

void wait_a_little(const OpenMutation&) { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

Author author_of(const Session& session) {
    std::string host(256, '\0');
    if (::gethostname(host.data(), host.size() - 1) != 0) {
        host = "unknown";
    }
    host.resize(host.find('\0') == std::string::npos ? host.size() : host.find('\0'));
    const std::string user =
        session.environment.get("USER").value_or(session.environment.get("LOGNAME").value_or("unknown"));
    return {user + "@" + host, session.version, git_revision(session.folder)};
}

Result<std::vector<CountedLoss>> count_losses(target::SqlTarget& target,
                                              std::span<const PlannedMigration> planned) {
    TRY_ASSIGN(const target::Catalog catalog, target::read_catalog(target.channel(), target.database()));
    std::vector<CountedLoss> losses;
    for (const PlannedMigration& migration : planned) {
        for (const PlannedStep& step : migration.steps) {
            for (const Loss& loss : step.losses) {
                losses.push_back(count_one(target.channel(), catalog, loss));
            }
        }
    }
    return losses;
}

} // namespace birdhouse::ops

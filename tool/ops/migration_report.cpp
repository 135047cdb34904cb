#include "ops/migration_report.hpp"

#include "base/text.hpp"
#include "target/distributed_ddl.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(MigrationState state) {
    switch (state) {
    case MigrationState::Applied:
        return "applied";
    case MigrationState::Pending:
        return "pending";
    case MigrationState::PartlyApplied:
        return "partly applied";
    case MigrationState::PartlyRolledBack:
        return "partly rolled back";
    }
    return "";
}

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string render_integrity(const std::vector<SumProblem>& problems) {
    std::string text;
    for (const SumProblem& problem : problems) {
        text += "error[F222]: " + problem.message + "\n  = help: " + problem.hint + "\n";
    }
    return text;
}

Json json_of(const std::vector<SumProblem>& problems) {
    Json list = Json::array();
    for (const SumProblem& problem : problems) {
        list.push_back(
            {{"migration", problem.migration}, {"message", problem.message}, {"hint", problem.hint}});
    }
    return list;
}

std::string render_drift(const std::vector<DriftLine>& drift) {
    std::string text;
    for (const DriftLine& one : drift) {
        text += "  drift[" + one.reason + "]: " + backquoted(one.object) + ": " + one.message + "\n";
    }
    return text;
}

Json json_of(const std::vector<DriftLine>& drift) {
    Json list = Json::array();
    for (const DriftLine& one : drift) {
        list.push_back({{"reason", one.reason}, {"object", one.object}, {"message", one.message}});
    }
    return list;
}

std::string indented(std::string_view text, std::string_view indent) {
    std::string out;
    for (const std::string_view line : split(text, '\n')) {
        out += std::string(indent) + std::string(line) + "\n";
    }
    return out;
}

std::string render_steps(const PlannedMigration& planned, const model::TargetSettings& settings) {
    std::string text;
    for (const PlannedStep& step : planned.steps) {
        text += "  " + model::describe(step.action) + "\n";
        if (step.statements.empty()) {
            text += "    (no statement: only ingestion changes)\n";
        }
        for (const target::Statement& statement : step.statements) {
            text += indented(target::distributed_ddl(statement.sql, settings) + ";", "    ");
            if (statement.resume == target::Resume::EachPartition) {
                text += "    -- sent for each partition of the table\n";
            }
        }
        for (const std::string& note : notes_before(step)) {
            text += "    note: " + note + "\n";
        }
    }
    return text;
}

std::string render_losses(const std::vector<CountedLoss>& losses) {
    std::string text;
    for (const CountedLoss& loss : losses) {
        text += "warning[" + loss.code + "]: destroys " + loss.what + ": " +
                (loss.rows ? counted(*loss.rows, "row") : std::string("nothing there yet to count")) +
                (loss.examples.empty() ? "" : " (" + loss.examples + ")") + "\n";
    }
    return text;
}

} // namespace

std::string render_text(const StatusReport& report) {
    std::size_t width = 0;
    for (const MigrationStatus& one : report.migrations) {
        width = std::max(width, one.id.size());
    }
    std::string text = "target " + report.target + "\n";
    for (const MigrationStatus& one : report.migrations) {
        text += "  " + one.id + std::string(width - one.id.size() + 2, ' ') + std::string(name_of(one.state));
        if (!one.applied_at.empty()) {
            text += " " + one.applied_at.substr(0, 19) + " UTC";
        }
        text += "\n";
    }
    text += counted(report.migrations.size(), "migration") + ", " + std::to_string(report.pending()) +
            " to apply\n";
    text += report.lock.empty() ? "" : "locked by " + report.lock + "\n";
    if (report.drift) {
        text += report.drift->empty() ? "no drift: the target holds what its migrations build\n"
                                      : render_drift(*report.drift);
    }
    return text + render_integrity(report.integrity);
}

std::string render_text(const BaselineReport& report, bool dry_run) {
    if (!report.drift.empty()) {
        return "target " + report.target +
               " does not hold what the migrations build, so nothing is recorded\n" +
               render_drift(report.drift);
    }
    if (report.recorded.empty()) {
        return "nothing to record: target " + report.target + " has them all\n";
    }
    std::string text = "target " + report.target + " holds what the migrations build\n";
    for (const std::string& one : report.recorded) {
        text += (dry_run ? "  would record " : "  recorded ") + one + " as applied\n";
    }
    return text;
}

std::string render_json(const StatusReport& report) {
    Json migrations = Json::array();
    for (const MigrationStatus& one : report.migrations) {
        migrations.push_back({{"id", one.id},
                              {"description", one.description},
                              {"state", name_of(one.state)},
                              {"applied_at", one.applied_at.empty() ? Json(nullptr) : Json(one.applied_at)}});
    }
    return dump({{"target", report.target},
                 {"pending", report.pending()},
                 {"migrations", migrations},
                 {"locked_by", report.lock.empty() ? Json(nullptr) : Json(report.lock)},
                 {"drift", report.drift ? json_of(*report.drift) : Json(nullptr)},
                 {"problems", json_of(report.integrity)}});
}

std::string render_text(const PlanReport& report) {
    if (report.migrations.empty()) {
        return "nothing to apply: target " + report.target + " is up to date\n";
    }
    std::string text = "target " + report.target + ", database " + report.database + "\n";
    std::size_t statements = 0;
    for (const PlannedMigration& planned : report.migrations) {
        text += "\n" + planned.migration->id;
        if (!planned.migration->description.empty()) {
            text += ": " + planned.migration->description;
        }
        text += "\n" + render_steps(planned, report.settings);
        statements += count_statements(planned);
    }
    return text + "\n" + render_losses(report.losses) + counted(report.migrations.size(), "migration") +
           ", " + counted(statements, "statement") + ", proven on the engine in memory\n";
}

std::string render_markdown(const PlanReport& report) {
    std::string text = "### Migrations for target `" + report.target + "`\n\n";
    if (report.migrations.empty()) {
        return text + "Nothing to apply: it is up to date.\n";
    }
    for (const PlannedMigration& planned : report.migrations) {
        text += "#### `" + planned.migration->id + "`\n\n";
        text += planned.migration->description.empty() ? "" : planned.migration->description + "\n\n";
        for (const PlannedStep& step : planned.steps) {
            text += "- " + model::describe(step.action) + "\n";
            for (const std::string& note : notes_before(step)) {
                text += "  - **" + note + "**\n";
            }
        }
        text += "\n";
    }
    if (!report.losses.empty()) {
        text += "| code | what is lost | rows |\n|---|---|---|\n";
    }
    for (const CountedLoss& loss : report.losses) {
        text += "| " + loss.code + " | " + loss.what +
                (loss.examples.empty() ? "" : " (" + loss.examples + ")") + " | " +
                (loss.rows ? std::to_string(*loss.rows) : std::string("nothing there yet")) + " |\n";
    }
    text += report.losses.empty() ? "No row loses anything.\n" : "";
    text += "\n<details><summary>Statements</summary>\n\n```sql\n";
    for (const PlannedMigration& planned : report.migrations) {
        text += "-- " + planned.migration->id + "\n";
        for (const PlannedStep& step : planned.steps) {
            for (const target::Statement& statement : step.statements) {
                text += target::distributed_ddl(statement.sql, report.settings) + ";\n";
            }
        }
    }
    return text + "```\n\n</details>\n\nProven on the engine in memory.\n";
}

std::string render_json(const PlanReport& report) {
    Json migrations = Json::array();
    for (const PlannedMigration& planned : report.migrations) {
        Json steps = Json::array();
        for (const PlannedStep& step : planned.steps) {
            Json statements = Json::array();
            for (const target::Statement& statement : step.statements) {
                statements.push_back(target::distributed_ddl(statement.sql, report.settings));
            }
            steps.push_back({{"kind", model::kind_of(step.action)},
                             {"summary", model::describe(step.action)},
                             {"statements", statements},
                             {"notes", notes_before(step)}});
        }
        migrations.push_back({{"id", planned.migration->id},
                              {"description", planned.migration->description},
                              {"steps", steps}});
    }
    Json losses = Json::array();
    for (const CountedLoss& loss : report.losses) {
        losses.push_back({{"code", loss.code},
                          {"subject", loss.subject},
                          {"what", loss.what},
                          {"rows", loss.rows ? Json(*loss.rows) : Json(nullptr)}});
    }
    return dump({{"target", report.target},
                 {"database", report.database},
                 {"migrations", migrations},
                 {"losses", losses}});
}

std::string render_text(const RollbackReport& report, bool dry_run) {
    std::string text;
    if (dry_run) {
        text += "would roll back " + report.migration + " on target " + report.target + "\n" +
                render_steps(report.planned, report.settings);
    } else {
        text += "rolled back " + report.migration + " on target " + report.target + ": " +
                counted(report.statements, "statement") + "\n";
    }
    text += render_losses(report.losses);
    for (const std::string& lost : report.unrecoverable) {
        text += "note: " + lost + " cannot come back: the migration destroyed it\n";
    }
    for (const std::string& note : report.notes) {
        text += "note: " + note + "\n";
    }
    return text;
}

std::string render_text(const VerifyReport& report) {
    std::string text = counted(report.migrations, "migration") + ", " + counted(report.steps, "step") +
                       ": replayed on the engine, they build the declared schema (" +
                       counted(report.tables, "table") + " compared)\n";
    if (report.canary_rows != 0) {
        text += counted(report.canary_rows, "canary row") + " went through the views and endpoints\n";
    }
    if (report.sum_written) {
        text += "migrations/birdhouse.sum written\n";
    }
    return text + render_integrity(report.integrity);
}

} // namespace birdhouse::ops

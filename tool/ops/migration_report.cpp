#include "ops/migration_report.hpp"

#include "base/text.hpp"

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

std::string indented(std::string_view text, std::string_view indent) {
    std::string out;
    for (const std::string_view line : split(text, '\n')) {
        out += std::string(indent) + std::string(line) + "\n";
    }
    return out;
}

std::string render_steps(const PlannedMigration& planned) {
    std::string text;
    for (const PlannedStep& step : planned.steps) {
        text += "  " + model::describe(step.action) + "\n";
        if (step.statements.empty()) {
            text += "    (no statement: only ingestion changes)\n";
        }
        for (const target::Statement& statement : step.statements) {
            text += indented(statement.sql + ";", "    ");
        }
    }
    return text;
}

std::string render_losses(const std::vector<CountedLoss>& losses) {
    std::string text;
    for (const CountedLoss& loss : losses) {
        text += "warning[" + loss.code + "]: destroys " + loss.what + ": " +
                (loss.rows ? counted(*loss.rows, "row") : std::string("nothing there yet to count")) + "\n";
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
    return text + render_integrity(report.integrity);
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
        text += "\n" + render_steps(planned);
        statements += count_statements(planned);
    }
    return text + "\n" + render_losses(report.losses) + counted(report.migrations.size(), "migration") +
           ", " + counted(statements, "statement") + ", proven on the engine in memory\n";
}

std::string render_json(const PlanReport& report) {
    Json migrations = Json::array();
    for (const PlannedMigration& planned : report.migrations) {
        Json steps = Json::array();
        for (const PlannedStep& step : planned.steps) {
            Json statements = Json::array();
            for (const target::Statement& statement : step.statements) {
                statements.push_back(statement.sql);
            }
            steps.push_back({{"kind", model::kind_of(step.action)},
                             {"summary", model::describe(step.action)},
                             {"statements", statements}});
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
                render_steps(report.planned);
    } else {
        text += "rolled back " + report.migration + " on target " + report.target + ": " +
                counted(report.statements, "statement") + "\n";
    }
    text += render_losses(report.losses);
    for (const std::string& lost : report.unrecoverable) {
        text += "note: " + lost + " cannot come back: the migration destroyed it\n";
    }
    return text;
}

std::string render_text(const VerifyReport& report) {
    std::string text = counted(report.migrations, "migration") + ", " + counted(report.steps, "step") +
                       ": replayed on the engine, they build the declared schema (" +
                       counted(report.tables, "table") + " compared)\n";
    if (report.sum_written) {
        text += "migrations/birdhouse.sum written\n";
    }
    return text + render_integrity(report.integrity);
}

} // namespace birdhouse::ops

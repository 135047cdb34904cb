// The report of `deploy`: text for people, JSON for programs, Markdown for the comment on a pull request.
#include "base/text.hpp"
#include "ops/deploy.hpp"
#include "ops/diff_report.hpp"
#include "ops/migration_report.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;
using target::Feedback;
using target::FeedbackLevel;
using target::WorkspaceOutcome;

std::string_view word_of(FeedbackLevel level) {
    return level == FeedbackLevel::Error ? "error" : level == FeedbackLevel::Warning ? "warning" : "info";
}

std::string_view word_of(WorkspaceOutcome outcome) {
    switch (outcome) {
    case WorkspaceOutcome::Unchanged:
        return "unchanged";
    case WorkspaceOutcome::Possible:
        return "possible";
    case WorkspaceOutcome::Refused:
        return "refused";
    case WorkspaceOutcome::Applied:
        return "applied";
    case WorkspaceOutcome::Staged:
        return "staged";
    }
    return {};
}

std::string_view word_of(DeployMode mode) {
    return mode == DeployMode::DryRun ? "dry-run" : mode == DeployMode::Check ? "check" : "apply";
}

std::string sentence_of(const Feedback& one) {
    return std::string(word_of(one.level)) + ": " + (one.resource.empty() ? "" : one.resource + ": ") +
           one.message;
}

std::string where(const DeployReport& report) {
    const WorkspaceDeployment& workspace = *report.workspace;
    return report.target + " (workspace " + workspace.identity.name + " at " + workspace.host + ", " +
           workspace.generation + ")";
}

// The last line: how it ended.
std::string verdict_of(const DeployReport& report) {
    const WorkspaceDeployment& workspace = *report.workspace;
    if (workspace.changes.changes.empty()) {
        return "nothing to deploy: " + where(report) + " is up to date";
    }
    if (!workspace.differences.empty()) {
        return "target " + where(report) + " ignored what was asked of it (X604)";
    }
    if (!workspace.report) {
        return counted(workspace.requests.size(), "request") + " would be sent to " + where(report) +
               "; nothing was changed";
    }
    switch (workspace.report->outcome) {
    case WorkspaceOutcome::Possible:
        return where(report) + " would take it; nothing was changed";
    case WorkspaceOutcome::Refused:
        return where(report) + " refuses it";
    case WorkspaceOutcome::Unchanged:
        return where(report) + " found nothing to do";
    case WorkspaceOutcome::Applied:
    case WorkspaceOutcome::Staged:
        break;
    }
    return "deployed " + summary_of(workspace.changes) + " to " + where(report);
}

std::string render_workspace(const DeployReport& report) {
    const WorkspaceDeployment& workspace = *report.workspace;
    std::string text;
    if (!workspace.changes.changes.empty() && report.mode != DeployMode::Apply) {
        text += render_text(workspace.changes) + "\n";
    }
    if (report.mode == DeployMode::DryRun) {
        for (const std::string& request : workspace.requests) {
            text += "would send: " + request + "\n";
        }
    }
    if (workspace.report) {
        for (const Feedback& one : workspace.report->feedback) {
            text += sentence_of(one) + "\n";
        }
        for (const target::DataMovement& one : workspace.report->movements) {
            text += "moves data: " + one.datasource + ", " + one.kind + "\n";
        }
        for (const std::string& done : workspace.report->done) {
            text += done + "\n";
        }
    }
    for (const std::string& note : workspace.notes) {
        text += "note: " + note + "\n";
    }
    for (const std::string& difference : workspace.differences) {
        text += "error[X604]: still to do after the deployment: " + difference + "\n";
    }
    return text + verdict_of(report) + "\n";
}

std::string render_tables(const DeployReport& report) {
    const TablesDeployment& tables = *report.tables;
    std::string text;
    if (tables.plan) {
        text += render_text(*tables.plan);
    } else {
        for (const AppliedMigration& one : tables.applied->applied) {
            text +=
                "applied " + one.id + " to " + report.target + ": " + counted(one.statements, "statement") +
                (one.skipped == 0 ? ""
                                  : ", " + std::to_string(one.skipped) + " of them done by an earlier run") +
                "\n";
        }
        if (tables.applied->applied.empty()) {
            text += "nothing to apply: target " + report.target + " is up to date\n";
        }
    }
    return text + "pipes need nothing there: " + counted(tables.proven_nodes, "node") +
           " proven on the engine\n";
}

Json json_of(const WorkspaceDeployment& workspace) {
    Json json = {{"name", workspace.identity.name},
                 {"host", workspace.host},
                 {"generation", workspace.generation},
                 {"changes", Json::parse(render_json(workspace.changes))},
                 {"requests", workspace.requests},
                 {"notes", workspace.notes},
                 {"outcome", nullptr},
                 {"deployment", nullptr},
                 {"feedback", Json::array()},
                 {"data_movements", Json::array()},
                 {"done", Json::array()},
                 {"differences", workspace.differences}};
    if (!workspace.report) {
        return json;
    }
    json["outcome"] = word_of(workspace.report->outcome);
    if (!workspace.report->deployment.empty()) {
        json["deployment"] = workspace.report->deployment;
    }
    for (const Feedback& one : workspace.report->feedback) {
        json["feedback"].push_back(
            {{"level", word_of(one.level)}, {"resource", one.resource}, {"message", one.message}});
    }
    for (const target::DataMovement& one : workspace.report->movements) {
        json["data_movements"].push_back({{"datasource", one.datasource}, {"kind", one.kind}});
    }
    json["done"] = workspace.report->done;
    return json;
}

Json json_of(const TablesDeployment& tables) {
    Json json = {{"proven_nodes", tables.proven_nodes}, {"plan", nullptr}, {"applied", nullptr}};
    if (tables.plan) {
        json["plan"] = Json::parse(render_json(*tables.plan));
    }
    if (tables.applied) {
        json["applied"] = Json::array();
        for (const AppliedMigration& one : tables.applied->applied) {
            json["applied"].push_back(
                {{"migration", one.id}, {"statements", one.statements}, {"skipped", one.skipped}});
        }
    }
    return json;
}

} // namespace

std::string render_text(const DeployReport& report) {
    return report.workspace ? render_workspace(report) : render_tables(report);
}

std::string render_json(const DeployReport& report) {
    Json json = {{"target", report.target}, {"mode", word_of(report.mode)}, {"refused", report.refused()}};
    json["workspace"] = report.workspace ? json_of(*report.workspace) : Json(nullptr);
    json["tables"] = report.tables ? json_of(*report.tables) : Json(nullptr);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string render_markdown(const DeployReport& report) {
    std::string text = "### birdhouse deploy: `" + report.target + "`\n\n";
    if (report.tables) {
        return text + "```text\n" + render_tables(report) + "```\n";
    }
    const WorkspaceDeployment& workspace = *report.workspace;
    text += verdict_of(report) + "\n\n";
    if (!workspace.changes.changes.empty()) {
        text += render_markdown(workspace.changes) + "\n";
    }
    if (workspace.report && !workspace.report->feedback.empty()) {
        text += "#### What the workspace says\n\n";
        for (const Feedback& one : workspace.report->feedback) {
            text += "- " + sentence_of(one) + "\n";
        }
        text += "\n";
    }
    for (const std::string& note : workspace.notes) {
        text += "- note: " + note + "\n";
    }
    for (const std::string& difference : workspace.differences) {
        text += "- still to do after the deployment (X604): " + difference + "\n";
    }
    return text;
}

} // namespace birdhouse::ops

// Classic: one request a resource. What is left to do is found from what the workspace has, so a run that was
// stopped anywhere goes on where it was.
#include "base/text.hpp"
#include "target/classic_plan.hpp"
#include "target/classic_population.hpp"
#include "target/json_text.hpp"
#include "target/tinybird.hpp"
#include "target/url_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

// An alter that finds nothing to do is answered with 400 and these words.
constexpr std::string_view kNothingToDo = "no operations to perform";
constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;

class ClassicRun {
public:
    ClassicRun(TinybirdApi& api, WorkspaceReport& report, WorkspaceListener listener = {})
        : api_(api), report_(report), listener_(std::move(listener)) {}

    // The operations that the service would perform. Nothing is changed.
    Result<std::vector<std::string>> try_alter(const ClassicStep& step) {
        TRY_ASSIGN(const ApiAnswer answer, alter(step, /*dry=*/true));
        return operations_of(answer, step);
    }

    Result<void> run(const ClassicStep& step) {
        switch (step.action) {
        case ClassicAction::CreateDatasource:
            return expect(api_.post_form("/v0/datasources", step.fields), step);
        case ClassicAction::AlterDatasource:
            return run_alter(step);
        case ClassicAction::WritePipe:
            return write_pipe(step);
        case ClassicAction::GiveToken:
            return give_token(step);
        case ClassicAction::DropPipe:
            return drop("/v0/pipes/" + percent_encoded(step.resource), step);
        case ClassicAction::DropDatasource:
            return drop("/v0/datasources/" + percent_encoded(step.resource), step);
        }
        return {};
    }

private:
    Result<ApiAnswer> alter(const ClassicStep& step, bool dry) {
        ApiFields fields = step.fields;
        fields.emplace_back("dry", dry ? "true" : "false");
        return api_.post_form("/v0/datasources/" + percent_encoded(step.resource) + "/alter", fields);
    }

    Result<std::vector<std::string>> operations_of(const ApiAnswer& answer, const ClassicStep& step) {
        if (answer.status == kBadRequest && answer.body.find(kNothingToDo) != std::string::npos) {
            return std::vector<std::string>();
        }
        TRY_ASSIGN(const nlohmann::json json, api_.json(answer, describe(step)));
        std::vector<std::string> operations;
        for (const nlohmann::json& one : list_in(json, "operations")) {
            operations.push_back(api_.clean(one.is_string() ? one.get<std::string>() : one.dump()));
        }
        return operations;
    }

    Result<void> run_alter(const ClassicStep& step) {
        TRY_ASSIGN(const ApiAnswer answer, alter(step, /*dry=*/false));
        TRY_ASSIGN(const std::vector<std::string> operations, operations_of(answer, step));
        report_.done.push_back(
            describe(step) + ": " +
            (operations.empty() ? "the service found nothing to do" : join(operations, "; ")));
        return {};
    }

    Result<void> expect(const Result<ApiAnswer>& answer, const ClassicStep& step) {
        if (!answer) {
            return answer.error();
        }
        if (!answer->ok()) {
            return api_.refusal(*answer, describe(step));
        }
        report_.done.push_back(describe(step));
        return {};
    }

    // A pipe that comes back without an endpoint is published by a call of its own.
    Result<void> write_pipe(const ClassicStep& step) {
        const Result<ApiAnswer> answer = api_.post_json("/v0/pipes", step.fields, step.body);
        TRY(expect(answer, step));
        const nlohmann::json json = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
        if (step.fills) {
            TRY_ASSIGN(const std::string filled, await_population(api_, *step.fills, json, listener_));
            report_.done.push_back(filled);
        }
        const nlohmann::json& nodes = list_in(json, "nodes");
        if (!step.endpoint || nodes.empty() || text_in(json, "type") != "default") {
            return {};
        }
        const std::string path = "/v0/pipes/" + percent_encoded(step.resource) + "/nodes/" +
                                 percent_encoded(text_in(nodes.back(), "id")) + "/endpoint";
        TRY_ASSIGN(const ApiAnswer published, api_.post_form(path, {}));
        return published.ok() ? Result<void>() : api_.refusal(published, "POST " + path);
    }

    // A token that is not there is answered with 403. One that is keeps its text: who has it goes on using
    // it.
    Result<void> give_token(const ClassicStep& step) {
        const std::string path = "/v0/tokens/" + percent_encoded(step.resource);
        TRY_ASSIGN(const ApiAnswer known, api_.get(path));
        ApiFields fields = step.fields;
        if (known.ok()) {
            return expect(api_.put_form(path, fields), step);
        }
        if (known.status != kForbidden && known.status != kNotFound) {
            return api_.refusal(known, "GET " + path);
        }
        fields.emplace_back("name", step.resource);
        return expect(api_.post_form("/v0/tokens", fields), step);
    }

    Result<void> drop(const std::string& path, const ClassicStep& step) {
        const Result<ApiAnswer> answer = api_.remove(path);
        if (answer && answer->status == kNotFound) { // an earlier run had done it
            report_.done.push_back(describe(step));
            return {};
        }
        return expect(answer, step);
    }

    TinybirdApi& api_;
    WorkspaceReport& report_;
    WorkspaceListener listener_;
};

ClassicPlan plan_of(const WorkspaceChange& change) {
    return plan_classic(change.deployed, change.declared, change.populate);
}

std::vector<Feedback> refusals_of(const ClassicPlan& plan, bool allow_destructive) {
    std::vector<Feedback> feedback;
    for (const std::string& ignored : plan.ignored) {
        feedback.push_back({FeedbackLevel::Error, "", "Classic ignores a change (X604): " + ignored});
    }
    for (const std::string& destroyed : plan.destroyed) {
        feedback.push_back({allow_destructive ? FeedbackLevel::Warning : FeedbackLevel::Error, "",
                            destroyed + ": its rows are lost" +
                                (allow_destructive ? "" : "; --allow-destructive permits it")});
    }
    return feedback;
}

bool has_errors(const std::vector<Feedback>& feedback) {
    return std::any_of(feedback.begin(), feedback.end(),
                       [](const Feedback& one) { return one.level == FeedbackLevel::Error; });
}

} // namespace

std::vector<std::string> ClassicTarget::plan(const WorkspaceChange& change) const {
    std::vector<std::string> lines;
    for (const ClassicStep& step : plan_of(change).steps) {
        lines.push_back(describe(step));
    }
    return lines;
}

std::vector<std::string> ClassicTarget::notes(const WorkspaceChange& change) const {
    std::vector<std::string> notes;
    for (const ClassicPopulation& one : plan_of(change).populations) {
        const std::string filled = backquoted(one.datasource);
        const std::string sources = "`" + join(one.sources, "`, `") + "`";
        notes.push_back(change.populate
                            ? filled + " is filled with the rows that are in " + sources +
                                  ": pause what writes there, since a row that comes while the job begins "
                                  "may be counted twice"
                            : filled + " begins without the rows that are in " + sources + ": " +
                                  backquoted(one.pipe) +
                                  " takes those that come from now on; --populate brings the others with the "
                                  "deployment, `" +
                                  populate_command(one) + "` after it");
    }
    return notes;
}

Result<WorkspaceReport> ClassicTarget::check(const WorkspaceChange& change) {
    const ClassicPlan plan = plan_of(change);
    WorkspaceReport report;
    report.feedback = refusals_of(plan, change.allow_destructive);
    ClassicRun run(api(), report);
    for (const ClassicStep& step : plan.steps) {
        if (step.action != ClassicAction::AlterDatasource) {
            continue;
        }
        TRY_ASSIGN(const std::vector<std::string> operations, run.try_alter(step));
        for (const std::string& operation : operations) {
            report.feedback.push_back({FeedbackLevel::Info, "Datasource " + step.resource, operation});
        }
        if (operations.empty()) {
            report.feedback.push_back({FeedbackLevel::Error, "Datasource " + step.resource,
                                       "Classic ignores a change (X604): it finds no operations to perform"});
        }
    }
    report.outcome = has_errors(report.feedback) ? WorkspaceOutcome::Refused
                     : plan.steps.empty()        ? WorkspaceOutcome::Unchanged
                                                 : WorkspaceOutcome::Possible;
    return report;
}

Result<WorkspaceReport> ClassicTarget::apply(const WorkspaceChange& change,
                                             const WorkspaceListener& listener) {
    TRY_ASSIGN(WorkspaceReport report,
               check(change)); // everything that can be tried is, before anything is done
    if (report.outcome != WorkspaceOutcome::Possible) {
        return report;
    }
    ClassicRun run(api(), report, listener);
    for (const ClassicStep& step : plan_of(change).steps) {
        if (listener) {
            listener(describe(step));
        }
        if (Result<void> done = run.run(step); !done) {
            Error error = std::move(done).error();
            if (!report.done.empty()) {
                error.code = ExitCode::Partial;
                error.hint += (error.hint.empty() ? "" : "; ") +
                              std::string("what was done stays: run the same command again, which goes on");
            }
            return error;
        }
    }
    report.outcome = WorkspaceOutcome::Applied;
    return report;
}

} // namespace birdhouse::target

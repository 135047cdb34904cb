// Forward: a deployment of the whole project beside what is live, which takes its place once it is ready.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "target/json_text.hpp"
#include "target/tinybird.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

constexpr std::string_view kInProgress = "already a deployment in progress";
constexpr std::chrono::milliseconds kFirstLook{200};
constexpr std::chrono::milliseconds kBetweenLooks{2'000};
constexpr int kMostLooks = 1'800; // an hour; the deployment itself goes on for as long as it takes
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;

std::string hash_of(const std::vector<WorkspaceFile>& files, bool allow_destructive) {
    std::string all = allow_destructive ? "destructive\n" : "";
    for (const WorkspaceFile& file : files) {
        all += file.path + " " + sha256(file.text) + "\n";
    }
    return sha256(all);
}

FeedbackLevel level_of(const std::string& text) {
    const std::string level = to_upper_ascii(text);
    return level == "ERROR"     ? FeedbackLevel::Error
           : level == "WARNING" ? FeedbackLevel::Warning
                                : FeedbackLevel::Info;
}

void add_errors(const nlohmann::json& list, const TinybirdApi& api, std::vector<Feedback>& feedback) {
    for (const nlohmann::json& error : list) {
        Feedback one{FeedbackLevel::Error,
                     error.is_object() ? api.clean(text_in(error, "filename")) : std::string(),
                     api.clean(error.is_string() ? error.get<std::string>() : text_in(error, "error"))};
        const bool told = std::any_of(feedback.begin(), feedback.end(),
                                      [&](const Feedback& other) { return other.message == one.message; });
        if (!told && !one.message.empty()) {
            feedback.push_back(std::move(one));
        }
    }
}

std::vector<Feedback> feedback_of(const nlohmann::json& answer, const TinybirdApi& api) {
    std::vector<Feedback> feedback;
    const nlohmann::json deployment =
        answer.is_object() && answer.contains("deployment") ? answer["deployment"] : nlohmann::json();
    for (const nlohmann::json& one : list_in(deployment, "feedback")) {
        feedback.push_back({level_of(text_in(one, "level")), api.clean(text_in(one, "resource")),
                            api.clean(text_in(one, "message"))});
    }
    add_errors(list_in(deployment, "errors"), api, feedback);
    add_errors(list_in(answer, "errors"), api, feedback);
    if (const std::string error = api.clean(text_in(answer, "error")); !error.empty() && feedback.empty()) {
        feedback.push_back({FeedbackLevel::Error, "", error});
    }
    return feedback;
}

std::vector<DataMovement> movements_of(const nlohmann::json& deployment, const TinybirdApi& api) {
    std::vector<DataMovement> movements;
    for (const nlohmann::json& one : list_in(deployment, "data_movements")) {
        movements.push_back({api.clean(text_in(one, "datasource_name")), api.clean(text_in(one, "kind"))});
    }
    return movements;
}

constexpr std::array<std::string_view, 3> kOver = {"failed", "deleting", "deleted"};

bool is_over(std::string_view status) { return std::find(kOver.begin(), kOver.end(), status) != kOver.end(); }

} // namespace

struct ForwardTarget::Deployment {
    std::string id;
    std::string status;
    bool live = false;
    std::string created_at;
    std::string who; // empty when the service does not tell
    std::vector<Feedback> feedback;

    bool under_way() const { return !live && !is_over(status); }

    static Deployment from(const nlohmann::json& json, const TinybirdApi& api) {
        Deployment one{api.clean(text_in(json, "id")),
                       api.clean(text_in(json, "status")),
                       flag_in(json, "live"),
                       api.clean(text_in(json, "created_at")),
                       "",
                       {}};
        for (const char* key : {"created_by", "user_email", "user"}) {
            one.who = one.who.empty() ? api.clean(text_in(json, key)) : one.who;
        }
        return one;
    }
};

struct ForwardTarget::Answer {
    std::string result; // success, failed, no_changes
    Deployment deployment;
    std::vector<Feedback> feedback;
    std::vector<DataMovement> movements;
};

std::vector<std::string> ForwardTarget::plan(const WorkspaceChange& change) const {
    const std::string flags = change.allow_destructive ? "&allow_destructive_operations=true" : "";
    return {"GET /v1/workspace", "GET /v1/deployments",
            "POST /v1/deploy?auto_promote=true" + flags + " with " + counted(change.files.size(), "file"),
            "GET /v1/deployments/ID until it is live", "GET of every datafile, to compare"};
}

Result<std::vector<ForwardTarget::Deployment>> ForwardTarget::deployments() {
    TRY_ASSIGN(const nlohmann::json json, api().json(api().get("/v1/deployments"), "GET /v1/deployments"));
    std::vector<Deployment> all;
    for (const nlohmann::json& one : list_in(json, "deployments")) {
        all.push_back(Deployment::from(one, api()));
    }
    return all;
}

Error ForwardTarget::in_progress(const Deployment& deployment) const {
    const std::string who = deployment.who.empty() ? "" : " by " + backquoted(deployment.who);
    return {ExitCode::Refused,
            "deployment " + backquoted(deployment.id) + " is in progress on target " + backquoted(name()) +
                ": " + deployment.status + ", begun" + who + " at " + deployment.created_at,
            "it was not begun from here, so it is left alone: wait until it is live, or discard it where it "
            "was begun"};
}

Result<void> ForwardTarget::refuse_foreign(const std::vector<Deployment>& all) const {
    const auto foreign =
        std::find_if(all.begin(), all.end(), [](const Deployment& one) { return one.under_way(); });
    return foreign == all.end() ? Result<void>() : in_progress(*foreign);
}

// The deployment that a run which was stopped had asked for, if it is still to be seen.
Result<std::optional<ForwardTarget::Deployment>>
ForwardTarget::own_deployment(const std::vector<Deployment>& all, const std::string& workspace) {
    const std::optional<DeploymentRecord> record = journal_.read();
    if (!record || record->workspace != workspace) {
        return std::optional<Deployment>();
    }
    std::vector<Deployment> mine;
    for (const Deployment& one : all) {
        const bool is_new =
            std::find(record->before.begin(), record->before.end(), one.id) == record->before.end();
        if (record->deployment.empty() ? is_new : one.id == record->deployment) {
            mine.push_back(one);
        }
    }
    if (mine.size() == 1) {
        return std::optional(mine.front());
    }
    TRY(journal_.clear()); // it failed and was removed, or was never made
    return std::optional<Deployment>();
}

Result<ForwardTarget::Answer> ForwardTarget::deploy(const WorkspaceChange& change, bool only_check) {
    ApiFields query = {{only_check ? "check" : "auto_promote", "true"}};
    if (change.allow_destructive) {
        query.emplace_back("allow_destructive_operations", "true");
    }
    TRY_ASSIGN(const ApiAnswer answer, api().post_files("/v1/deploy", query, change.files));
    const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    const std::string result = text_in(json, "result");
    const bool told = answer.ok() || (answer.status == kBadRequest && !result.empty());
    if (!told) {
        return api().refusal(answer, "POST /v1/deploy");
    }
    if (result.empty()) {
        return Error{ExitCode::Failed,
                     "target " + backquoted(name()) + ": POST /v1/deploy was answered without a result",
                     "is `host:` the address of a Tinybird API?"};
    }
    const nlohmann::json deployment =
        json.contains("deployment") ? json["deployment"] : nlohmann::json::object();
    Answer read{result, Deployment::from(deployment, api()), feedback_of(json, api()),
                movements_of(deployment, api())};
    const bool busy = std::any_of(read.feedback.begin(), read.feedback.end(), [](const Feedback& one) {
        return one.message.find(kInProgress) != std::string::npos;
    });
    if (busy) { // begun in the moment since we looked
        TRY_ASSIGN(const std::vector<Deployment> all, deployments());
        TRY(refuse_foreign(all));
        return Error{ExitCode::Refused, "another deployment is in progress on target " + backquoted(name()),
                     "wait until it is live, and run the same command again"};
    }
    return read;
}

Result<WorkspaceReport> ForwardTarget::check(const WorkspaceChange& change) {
    TRY_ASSIGN(const std::vector<Deployment> all, deployments());
    TRY(refuse_foreign(all));
    TRY_ASSIGN(Answer answer, deploy(change, /*only_check=*/true));
    WorkspaceReport report;
    report.outcome = answer.result == "success"      ? WorkspaceOutcome::Possible
                     : answer.result == "no_changes" ? WorkspaceOutcome::Unchanged
                                                     : WorkspaceOutcome::Refused;
    report.feedback = std::move(answer.feedback);
    report.movements = std::move(answer.movements);
    return report;
}

Result<ForwardTarget::Deployment> ForwardTarget::wait_until_live(Deployment deployment,
                                                                 const WorkspaceListener& listener) {
    std::string told;
    const std::string path = "/v1/deployments/" + deployment.id;
    const std::string again = "it goes on by itself: run the same command again, which waits for it";
    for (int look = 0; look < kMostLooks; ++look) {
        if (listener && deployment.status != told) {
            listener("deployment " + deployment.id + " is " + deployment.status +
                     (deployment.live ? " and live" : ""));
            told = deployment.status;
        }
        if ((deployment.live && deployment.status == "data_ready") || is_over(deployment.status)) {
            return deployment;
        }
        if (!api().waiting().wait(look == 0 ? kFirstLook : kBetweenLooks)) {
            return Error{ExitCode::Partial,
                         "stopped while deployment " + backquoted(deployment.id) + " of target " +
                             backquoted(name()) + " is " + deployment.status,
                         again};
        }
        const Result<ApiAnswer> answer = api().get(path);
        if (answer && answer->status == kNotFound) {
            deployment.status = "deleted";
            continue;
        }
        if (!answer || !answer->ok()) {
            const Error error = answer ? api().refusal(*answer, "GET " + path) : answer.error();
            return Error{ExitCode::Partial,
                         "deployment " + backquoted(deployment.id) + " is " + deployment.status +
                             ", and cannot be followed: " + error.message,
                         again};
        }
        const nlohmann::json json = nlohmann::json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
        Deployment now = Deployment::from(
            json.is_object() && json.contains("deployment") ? json["deployment"] : nlohmann::json(), api());
        now.id = deployment.id;
        now.feedback = feedback_of(json, api());
        deployment = std::move(now);
    }
    return Error{ExitCode::Partial,
                 "deployment " + backquoted(deployment.id) + " of target " + backquoted(name()) +
                     " is still " + deployment.status,
                 again};
}

Result<WorkspaceReport> ForwardTarget::begin(const WorkspaceChange& change, const std::string& workspace,
                                             const std::vector<Deployment>& before,
                                             const WorkspaceListener& listener) {
    DeploymentRecord record{workspace, hash_of(change.files, change.allow_destructive), "", {}};
    for (const Deployment& one : before) {
        record.before.push_back(one.id);
    }
    TRY(journal_.write(record));
    Result<Answer> answer = deploy(change, /*only_check=*/false);
    if (!answer) {
        if (answer.error().code != ExitCode::Partial) { // nothing was begun
            TRY(journal_.clear());
        }
        return answer.error();
    }
    WorkspaceReport report;
    report.feedback = std::move(answer->feedback);
    report.movements = std::move(answer->movements);
    if (answer->result != "success") {
        TRY(journal_.clear());
        report.outcome =
            answer->result == "no_changes" ? WorkspaceOutcome::Unchanged : WorkspaceOutcome::Refused;
        return report;
    }
    record.deployment = answer->deployment.id;
    TRY(journal_.write(record));
    TRY_ASSIGN(Deployment over, wait_until_live(answer->deployment, listener));
    TRY(journal_.clear());
    report.deployment = over.id;
    report.outcome = over.live ? WorkspaceOutcome::Applied : WorkspaceOutcome::Refused;
    report.feedback.insert(report.feedback.end(), over.feedback.begin(), over.feedback.end());
    report.done.push_back(over.live ? "deployment " + over.id + " is live"
                                    : "deployment " + over.id + " " + over.status +
                                          ": the workspace is as it was before");
    return report;
}

Result<WorkspaceReport> ForwardTarget::apply(const WorkspaceChange& change,
                                             const WorkspaceListener& listener) {
    TRY_ASSIGN(const WorkspaceIdentity workspace, identity());
    TRY_ASSIGN(std::vector<Deployment> all, deployments());
    TRY_ASSIGN(const std::optional<Deployment> own, own_deployment(all, workspace.id));
    if (own) {
        const std::optional<DeploymentRecord> record = journal_.read();
        // One whose id was never told is only likely to be ours: what it holds is compared by asking again.
        const bool same = record && !record->deployment.empty() &&
                          record->files == hash_of(change.files, change.allow_destructive);
        TRY_ASSIGN(const Deployment over, wait_until_live(*own, listener));
        TRY(journal_.clear());
        if (over.live && same) {
            WorkspaceReport report;
            report.outcome = WorkspaceOutcome::Applied;
            report.deployment = over.id;
            report.resumed = true;
            report.done.push_back("deployment " + over.id + ", which an earlier run had begun, is live");
            return report;
        }
        TRY_ASSIGN(all, deployments());
    }
    TRY(refuse_foreign(all));
    return begin(change, workspace.id, all, listener);
}

} // namespace birdhouse::target

#include "target/classic_population.hpp"

#include "base/text.hpp"
#include "target/json_text.hpp"
#include "target/url_text.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

constexpr std::chrono::milliseconds kFirstLook{100};
constexpr std::chrono::milliseconds kBetweenLooks{2'000};
constexpr int kMostLooks = 1'800; // an hour; the job itself goes on for as long as it takes

class Job {
public:
    Job(TinybirdApi& api, const ClassicPopulation& population, const WorkspaceListener& listener)
        : api_(api), population_(population), listener_(listener) {}

    Result<std::string> await(const nlohmann::json& begun) {
        take(begun);
        if (id_.empty()) {
            return partial("was not begun", "", "the service wrote the pipe and told of no job");
        }
        for (int look = 0; look < kMostLooks; ++look) {
            tell();
            if (status_ == "done") {
                return "filled " + population_.datasource + " by " + population_.pipe + ": job " + id_ +
                       " is done";
            }
            if (status_ == "error" || status_ == "cancelled") {
                return partial("ended as " + status_, error_, again());
            }
            if (!api_.waiting().wait(look == 0 ? kFirstLook : kBetweenLooks)) {
                return partial("is not waited for any more", "", goes_on());
            }
            const std::string path = "/v0/jobs/" + percent_encoded(id_);
            const Result<nlohmann::json> job = api_.json(api_.get(path), "GET " + path);
            if (!job) {
                return partial("cannot be followed", job.error().message, goes_on());
            }
            take(*job);
        }
        return partial("is still " + status_, "", goes_on());
    }

private:
    void take(const nlohmann::json& job) {
        for (const char* key : {"job_id", "id"}) {
            id_ = id_.empty() ? api_.clean(text_in(job, key)) : id_;
        }
        status_ = api_.clean(text_in(job, "status"));
        progress_ = api_.clean(text_in(job, "progress_percentage"));
        error_ = api_.clean(text_in(job, "error"));
    }

    void tell() {
        const std::string now = "job " + id_ + ", which fills " + population_.datasource + ", is " + status_ +
                                (progress_.empty() ? "" : " (" + progress_ + " %)");
        if (listener_ && now != told_) {
            listener_(now);
        }
        told_ = now;
    }

    // What comes below it would count twice what it still brings.
    std::string goes_on() const {
        return "it goes on by itself in the workspace: let it end before you deploy again (`tb job details " +
               id_ + "`)";
    }

    std::string again() const {
        return "the pipe is there and takes new rows: look at the reason, then fill " +
               backquoted(population_.datasource) + " by `" + populate_command(population_) +
               " --truncate`, which empties it first";
    }

    Error partial(const std::string& what, const std::string& why, const std::string& hint) const {
        return {ExitCode::Partial,
                "the job " + (id_.empty() ? std::string() : id_ + " ") + "that fills " +
                    backquoted(population_.datasource) + " by " + backquoted(population_.pipe) + " " + what +
                    (why.empty() ? "" : ": " + why),
                hint};
    }

    TinybirdApi& api_;
    const ClassicPopulation& population_;
    const WorkspaceListener& listener_;
    std::string id_;
    std::string status_;
    std::string progress_;
    std::string error_;
    std::string told_;
};

} // namespace

std::string populate_command(const ClassicPopulation& population) {
    return "tb pipe populate " + population.pipe + " --node " + population.node + " --wait";
}

Result<std::string> await_population(TinybirdApi& api, const ClassicPopulation& population,
                                     const nlohmann::json& answer, const WorkspaceListener& listener) {
    const bool is_told = answer.is_object() && answer.contains("job");
    return Job(api, population, listener).await(is_told ? answer["job"] : nlohmann::json());
}

} // namespace birdhouse::target

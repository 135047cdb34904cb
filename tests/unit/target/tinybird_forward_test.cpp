// A Forward workspace that somebody else deploys to as well, or that takes its time: played by answers.
#include "support/golden.hpp"
#include "target/tinybird.hpp"

#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

using Answers = std::function<net::HttpOutcome(const std::string& request)>;

// What was sent, as "POST /v1/deploy".
struct Sent {
    std::vector<std::string> requests;
    std::chrono::milliseconds waited{0};

    std::size_t count(std::string_view begin) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(requests, [&](const std::string& one) { return one.starts_with(begin); }));
    }
};

class PlayedClient final : public net::HttpClient {
public:
    PlayedClient(Sent& sent, Answers answers) : sent_(sent), answers_(std::move(answers)) {}
    net::HttpOutcome call(const net::HttpCall& call) override {
        const std::string_view url = call.url;
        sent_.requests.push_back(call.method + " " + std::string(url.substr(url.find("/v"))));
        return answers_(sent_.requests.back());
    }

private:
    Sent& sent_;
    Answers answers_;
};

// Time that passes by being waited for.
class CountedWaiting final : public net::Waiting {
public:
    explicit CountedWaiting(Sent& sent) : sent_(sent) {}
    bool wait(std::chrono::milliseconds time) override {
        sent_.waited += time;
        return true;
    }
    double chance() override { return 0; }
    std::chrono::system_clock::time_point now() override {
        return std::chrono::system_clock::time_point(sent_.waited);
    }

private:
    Sent& sent_;
};

net::HttpResponse json(const std::string& body, int status = 200) {
    return {status, "application/json", body, {}};
}

std::string deployment(const std::string& id, const std::string& status, bool live) {
    return R"({"id": ")" + id + R"(", "status": ")" + status + R"(", "live": )" + (live ? "true" : "false") +
           R"(, "created_at": "2026-11-26T10:00:00+00:00", "feedback": [], "errors": []})";
}

std::string list_of(const std::string& deployments) { return R"({"deployments": [)" + deployments + "]}"; }

const std::string kLive = deployment("58", "data_ready", true);

struct Workspace {
    testing::TemporaryFolder folder;
    Sent sent;

    Result<target::WorkspaceReport> apply(const Answers& answers) {
        const Answers all = [&](const std::string& request) -> net::HttpOutcome {
            return request == "GET /v1/workspace" ? json(R"({"id": "w1", "name": "shop"})")
                                                  : answers(request);
        };
        model::TargetSettings settings;
        settings.name = "cloud";
        target::ForwardTarget target(settings,
                                     {"http://cloud", "p.token", std::make_unique<PlayedClient>(sent, all),
                                      std::make_unique<CountedWaiting>(sent)},
                                     target::DeploymentJournal(folder.path() / "cloud.deployment.json"));
        const model::Project project;
        return target.apply({{{"datasources/a.datasource", "SCHEMA >\n    `a` UInt8\n"}}, project, project},
                            {});
    }
};

} // namespace

TEST_CASE("pitfall 14: a deployment of somebody else is told and left alone") {
    Workspace workspace;
    for (const char* status : {"creating_schema", "calculating", "data_ready", "failing"}) {
        DYNAMIC_SECTION(status) {
            const auto report = workspace.apply([&](const std::string& request) -> net::HttpOutcome {
                CHECK(request == "GET /v1/deployments");
                return json(list_of(kLive + ", " + deployment("59", status, false)));
            });
            REQUIRE_FALSE(report);
            CHECK(report.error().code == ExitCode::Refused);
            CHECK(report.error().message == "deployment `59` is in progress on target `cloud`: " +
                                                std::string(status) + ", begun at 2026-11-26T10:00:00+00:00");
            CHECK(workspace.sent.count("POST") == 0);
            CHECK(workspace.sent.count("DELETE") == 0);
        }
    }
}

TEST_CASE("pitfall 14: a deployment that takes longer than two minutes is waited for") {
    Workspace workspace;
    const auto report = workspace.apply([&](const std::string& request) -> net::HttpOutcome {
        const bool ready = workspace.sent.waited > std::chrono::minutes(30);
        const std::string one = deployment("59", ready ? "data_ready" : "calculating", ready);
        return json(request == "GET /v1/deployments" ? list_of(kLive)
                                                     : R"({"result": "success", "deployment": )" + one + "}");
    });
    REQUIRE(report);
    CHECK(report->outcome == target::WorkspaceOutcome::Applied);
    CHECK(report->deployment == "59");
    CHECK(workspace.sent.waited > std::chrono::minutes(30));
    CHECK(workspace.sent.count("POST") == 1);
    CHECK(workspace.sent.count("DELETE") == 0);
}

TEST_CASE("pitfall 14: a deployment whose answer never came is found again, not begun beside itself") {
    Workspace workspace;
    const auto stopped = workspace.apply([&](const std::string& request) -> net::HttpOutcome {
        if (request.starts_with("POST /v1/deploy")) {
            net::HttpFailure failure;
            failure.timed_out = true;
            failure.message = "no answer within 120 s";
            return failure;
        }
        return json(list_of(kLive));
    });
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ExitCode::Partial);
    CHECK(workspace.sent.count("POST") == 1);

    bool live = false;
    const auto report = workspace.apply([&](const std::string& request) -> net::HttpOutcome {
        const std::string mine = deployment("59", live ? "data_ready" : "calculating", live);
        if (request == "GET /v1/deployments") {
            return json(list_of(live ? mine : kLive + ", " + mine));
        }
        if (request.starts_with("POST /v1/deploy")) {
            CHECK(live); // never beside the one that was begun
            return json(R"({"result": "no_changes", "deployment": {}})");
        }
        live = workspace.sent.waited > std::chrono::minutes(5);
        return json(R"({"deployment": )" + deployment("59", live ? "data_ready" : "calculating", live) + "}");
    });
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    CHECK(report->outcome == target::WorkspaceOutcome::Unchanged);
    CHECK(workspace.sent.count("DELETE") == 0);
}

// `deploy` to a Forward workspace whose table the FORWARD_QUERY of the project does not fit: told before
// anything is sent.
#include "base/codes.hpp"
#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "ops/deploy.hpp"
#include "support/golden.hpp"
#include "target/tinybird.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

constexpr const char* kDeployed = R"text(SCHEMA >
    `id` UInt64 `json:$.id`,
    `amount` String `json:$.amount`

ENGINE "MergeTree"
ENGINE_SORTING_KEY "id"
)text";

// A workspace with one datasource; anything but a question is answered with an error.
class OneTable final : public net::HttpClient {
public:
    explicit OneTable(std::size_t& changes) : changes_(changes) {}
    net::HttpOutcome call(const net::HttpCall& call) override {
        const std::string path = call.url.substr(call.url.find("/v"));
        if (call.method != "GET") {
            ++changes_;
            return net::HttpResponse{500, "application/json", "{}", {}};
        }
        const auto answer = [](const char* body) {
            return net::HttpResponse{200, "application/json", body, {}};
        };
        if (path == "/v1/workspace") {
            return answer(R"({"id": "w1", "name": "shop"})");
        }
        if (path == "/v0/datasources") {
            return answer(R"({"datasources": [{"name": "events"}]})");
        }
        if (path == "/v0/datasources/events.datasource") {
            return net::HttpResponse{200, "text/plain", kDeployed, {}};
        }
        return path == "/v1/pipes" ? answer(R"({"pipes": []})")
                                   : net::HttpResponse{404, "application/json", "{}", {}};
    }

private:
    std::size_t& changes_;
};

class NoWaiting final : public net::Waiting {
public:
    bool wait(std::chrono::milliseconds) override { return true; }
    double chance() override { return 0; }
    std::chrono::system_clock::time_point now() override { return {}; }
};

class World final : public ops::Network,
                    public ops::Environment,
                    public ops::Clock,
                    public target::TargetOpener {
public:
    std::unique_ptr<net::HttpClient> http_client(std::stop_token) override {
        return std::make_unique<OneTable>(changes);
    }
    std::unique_ptr<net::Waiting> waiting(std::stop_token) override { return std::make_unique<NoWaiting>(); }
    std::optional<std::string> get(std::string_view name) const override {
        return name == "TINYBIRD_TOKEN" ? std::optional<std::string>("p.token") : std::nullopt;
    }
    std::chrono::system_clock::time_point now() const override { return {}; }
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                    const std::filesystem::path&) override {
        return Error{ExitCode::Bug, "no tables here", ""};
    }
    bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
        return Error{ExitCode::Bug, "no engine here", ""};
    }
    Result<std::string> engine_version() override { return Error{ExitCode::Bug, "no engine here", ""}; }
    Result<std::unique_ptr<target::WorkspaceTarget>> open_workspace(const model::TargetSettings& settings,
                                                                    const std::filesystem::path& folder,
                                                                    target::WorkspaceAccess access) override {
        return target::open_tinybird(settings, folder, std::move(access));
    }

    std::size_t changes = 0; // calls that would have changed the workspace
};

struct Told {
    std::string problems;
    bool deployed = false; // as far as the files are concerned
    std::size_t changes = 0;
};

// `deploy` of the datasource with another type of `amount`, and with a FORWARD_QUERY.
Told deploy(const std::string& amount, const std::string& forward_query) {
    const testing::TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\ntargets:\n  cloud: {kind: tinybird, host: 'http://cloud'}\n");
    folder.write("datasources/events.yaml",
                 "datasource: events\ncolumns:\n"
                 "  - {name: id, type: UInt64, path: $.id}\n"
                 "  - {name: amount, type: " +
                     amount +
                     ", path: $.amount}\n"
                     "engine: {kind: MergeTree, sorting_key: id}\n" +
                     (forward_query.empty() ? "" : "forward_query: " + forward_query + "\n"));
    World world;
    std::istringstream in;
    std::ostringstream out;
    ops::Session session{folder.path(), in, out, out, world, world, world, false, false, "test", &world};
    ops::OpenProject project = ops::open_project(folder.path());
    REQUIRE(project.usable());
    Diagnostics problems;
    const auto report =
        ops::deploy(project, session, {"cloud", ops::DeployMode::Apply, true, ""}, {}, problems);
    return {render_text(problems, project.sources), report && report->has_value(), world.changes};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a FORWARD_QUERY that a deployment needs no more is told when it is left behind") {
    const Told told = deploy("String", "SELECT id, toString(amount) AS amount");
    INFO(told.problems);
    CHECK(holds(told.problems,
                "warning[R309]: the FORWARD_QUERY of `events` was left behind: the workspace has the "
                "table as it is declared"));
    CHECK(holds(told.problems, "remove it: the next change of the table would be written by it"));
    CHECK(told.deployed); // there was nothing to do
    CHECK(told.changes == 0);
    CHECK(deploy("String", "").problems.empty());
}

TEST_CASE("a deployment that its FORWARD_QUERY does not fit is not sent, and the right one is given") {
    const auto [query, fault] = GENERATE(table<std::string, std::string>({
        {"", "Forward does not convert `amount` of `events` without a FORWARD_QUERY"},
        {"SELECT id", "the FORWARD_QUERY of `events` does not name `amount` exactly once"},
        {"SELECT id, toUInt32(amount) AS amount, 1 AS more",
         "the FORWARD_QUERY of `events` names `more`, which the new schema has not"},
    }));
    const Told told = deploy("UInt32", query);
    INFO(told.problems);
    CHECK(holds(told.problems, "error[R308]: " + fault));
    CHECK(holds(told.problems,
                "for this deployment: FORWARD_QUERY > SELECT `id`, ifNull(accurateCastOrNull(`amount`, "
                "'UInt32'), defaultValueOfTypeName('UInt32')) AS `amount`"));
    CHECK_FALSE(told.deployed);
    CHECK(told.changes == 0);
}

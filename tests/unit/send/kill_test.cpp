// `send` is killed at every request, before it is delivered, after, and once it is answered; then it runs
// again.
#include "fault/proxy.hpp"
#include "support/golden.hpp"

#include <atomic>
#include <csignal>
#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace birdhouse;
using namespace birdhouse::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRows = 40;
constexpr std::size_t kBatches = 5;

enum class Moment { BeforeDelivery, AfterDelivery, AfterAnswer };

// A project, a workspace that counts, and the program between them.
class Killing {
public:
    Killing(std::size_t request, Moment moment)
        : request_(request), moment_(moment),
          proxy_([this](const net::HttpRequest& asked) { return take(asked); },
                 [this](std::size_t number) { return choose(number); }) {
        write("birdhouse.yaml", "name: shop\ntargets:\n  cloud: {kind: tinybird}\n");
        write("datasources/visits.yaml", "datasource: visits\ncolumns:\n"
                                         "  - {name: id, type: UInt32, path: $.id}\n"
                                         "engine: {kind: MergeTree, sorting_key: id}\n");
        std::string rows;
        for (std::size_t id = 0; id < kRows; ++id) {
            rows += "{\"id\":" + std::to_string(id) + "}\n";
        }
        write("events.ndjson", rows);
    }

    // The exit code, or 128 and the signal's number.
    int send(const std::vector<std::string>& flags = {}) {
        std::vector<std::string> words = {BIRDHOUSE_BINARY_DIR "/birdhouse",
                                          "send",
                                          "--project",
                                          folder_.path().string(),
                                          "visits",
                                          (folder_.path() / "events.ndjson").string(),
                                          "--batch-rows",
                                          std::to_string(kRows / kBatches)};
        words.insert(words.end(), flags.begin(), flags.end());
        std::vector<std::string> variables = {"TB_TOKEN=p.secret", "TB_HOST=" + proxy_.url(),
                                              "PATH=/usr/bin:/bin"};
        posix_spawn_file_actions_t actions{};
        posix_spawn_file_actions_init(&actions);
        const std::string out = (folder_.path() / "out").string();
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
        pid_t child = 0;
        REQUIRE(posix_spawn(&child, words.front().c_str(), &actions, nullptr, pointers(words).data(),
                            pointers(variables).data()) == 0);
        posix_spawn_file_actions_destroy(&actions);
        child_ = child;
        int status = 0;
        ::waitpid(child, &status, 0);
        child_ = 0;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }

    std::string printed() const { return read_text(folder_.path() / "out"); }
    std::size_t times(std::size_t id) const {
        const auto rows = workspace_.rows();
        const auto found = rows.find("{\"id\":" + std::to_string(id) + "}");
        return found == rows.end() ? 0 : found->second;
    }

private:
    static std::vector<char*> pointers(std::vector<std::string>& words) {
        std::vector<char*> all;
        for (std::string& word : words) {
            all.push_back(word.data());
        }
        all.push_back(nullptr);
        return all;
    }

    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((folder_.path() / name).parent_path());
        std::ofstream(folder_.path() / name) << text;
    }

    void kill() {
        if (const pid_t child = child_; child != 0) {
            ::kill(child, SIGKILL);
        }
    }

    Fault choose(std::size_t number) {
        kills_ = number == request_;
        if (kills_ && moment_ == Moment::BeforeDelivery) {
            kill();
            return Fault::DropBefore;
        }
        // The answer of the one before is with the program, and noted or not.
        if (moment_ == Moment::AfterAnswer && number == request_ + 1) {
            kill();
            return Fault::DropBefore;
        }
        return kills_ && moment_ == Moment::AfterDelivery ? Fault::DropAfter : Fault::None;
    }

    net::HttpResponse take(const net::HttpRequest& asked) {
        net::HttpResponse response = workspace_.take(asked);
        if (kills_ && moment_ == Moment::AfterDelivery) {
            kill();
        }
        return response;
    }

    TemporaryFolder folder_;
    std::size_t request_;
    Moment moment_;
    std::atomic<bool> kills_ = false;
    std::atomic<pid_t> child_ = 0;
    CountingEvents workspace_;
    FaultProxy proxy_;
};

} // namespace

TEST_CASE("a run that is killed is gone on with: nothing is lost, and only unknown rows can come twice") {
    for (const Moment moment : {Moment::BeforeDelivery, Moment::AfterDelivery, Moment::AfterAnswer}) {
        for (std::size_t request = 0; request < kBatches; ++request) {
            CAPTURE(static_cast<int>(moment), request);
            Killing world(request, moment);
            const bool killed = moment != Moment::AfterAnswer || request + 1 < kBatches;
            REQUIRE(world.send() == (killed ? 128 + SIGKILL : 0));
            const int second = world.send();
            INFO(world.printed());
            REQUIRE(second == (killed ? 5 : 0));
            const std::size_t lost = moment == Moment::AfterAnswer ? request + 1 : request;
            const std::size_t first_lost = lost * kRows / kBatches;
            if (killed) {
                const std::string listed = "events.ndjson:" + std::to_string(first_lost + 1) + "-" +
                                           std::to_string(first_lost + kRows / kBatches) +
                                           ": 8 rows: the run "
                                           "ended before the answer came\n";
                CHECK(world.printed().find(listed) != std::string::npos);
            }
            CHECK(world.printed().find("secret") == std::string::npos);
            for (std::size_t id = 0; id < kRows; ++id) {
                CAPTURE(id);
                const bool unknown = killed && id >= first_lost && id < first_lost + kRows / kBatches;
                REQUIRE(world.times(id) == (unknown && moment != Moment::AfterDelivery ? 0 : 1));
            }
            REQUIRE(world.send({"--resend-unknown"}) == 0);
            for (std::size_t id = 0; id < kRows; ++id) {
                CAPTURE(id);
                const bool unknown = killed && id >= first_lost && id < first_lost + kRows / kBatches;
                REQUIRE(world.times(id) == (unknown && moment == Moment::AfterDelivery ? 2 : 1));
            }
        }
    }
}

// Many requests at once over real sockets, with a channel that only counts in the engine's place: it can fail
// when it is told to, and needs no engine under the sanitizers. tests/threads has the whole server with the
// engine.
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "server/insert_groups.hpp"
#include "server/server.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

// What was inserted, by table.
struct Store {
    std::mutex mutex;
    std::map<std::string, std::string> rows;
    std::size_t inserts = 0;
    std::atomic<int> under_way{0};
    std::atomic<int> most_under_way{0};
    std::atomic<bool> fails{false};
};

class StoreChannel final : public target::SqlChannel {
public:
    explicit StoreChannel(Store& store) : store_(store) {}
    Result<target::QueryResult> query(std::string_view, std::string_view,
                                      std::span<const target::Parameter>) override {
        return target::QueryResult{};
    }
    Result<std::uint64_t> insert(std::string_view sql, std::string_view, std::string_view bytes) override {
        const int now = ++store_.under_way;
        int most = store_.most_under_way;
        while (most < now && !store_.most_under_way.compare_exchange_weak(most, now)) {
        }
        std::this_thread::yield(); // so that others gather
        --store_.under_way;
        if (store_.fails) {
            return Error{ExitCode::Failed, "the engine refused: no room (243 NOT_ENOUGH_SPACE)", {}};
        }
        const std::scoped_lock lock(store_.mutex);
        store_.rows[std::string(sql)] += bytes;
        ++store_.inserts;
        return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    }

private:
    Store& store_;
};

server::EnginePool::Open opener(Store& store) {
    return [&store](server::EngineUse) -> Result<std::unique_ptr<target::SqlChannel>> {
        return std::unique_ptr<target::SqlChannel>(std::make_unique<StoreChannel>(store));
    };
}

std::vector<std::string> sorted_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

constexpr int kThreads = 16;

template <class Work>
void in_threads(Work work) {
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([=] { work(thread); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

} // namespace

TEST_CASE("rows that arrive together are written together, each once and whole") {
    constexpr int kRequests = 200;
    Store store;
    server::EnginePool pool(opener(store), 4);
    server::InsertGroups groups(pool);
    std::atomic<int> failures{0};
    in_threads([&](int thread) {
        for (int i = 0; i < kRequests; ++i) {
            const std::string row = std::to_string(thread) + "/" + std::to_string(i) + "\n";
            const std::string table = i % 2 == 0 ? "`d`.`even`" : "`d`.`odd`";
            failures += groups.insert(table, row).ok() ? 0 : 1;
        }
    });
    CHECK(failures == 0);
    std::vector<std::string> expected_even;
    for (int thread = 0; thread < kThreads; ++thread) {
        for (int i = 0; i < kRequests; i += 2) {
            expected_even.push_back(std::to_string(thread) + "/" + std::to_string(i));
        }
    }
    std::sort(expected_even.begin(), expected_even.end());
    CHECK(sorted_lines(store.rows["INSERT INTO `d`.`even`"]) == expected_even);
    CHECK(sorted_lines(store.rows["INSERT INTO `d`.`odd`"]).size() == expected_even.size());
    CHECK(store.inserts <= std::size_t{kThreads} * kRequests);
    CHECK(store.most_under_way <= 4);
}

TEST_CASE("a request larger than a group, and what gathers behind it, are written all the same") {
    Store store;
    server::EnginePool pool(opener(store), 4);
    server::InsertGroups groups(pool);
    std::atomic<int> failures{0};
    in_threads([&](int thread) {
        const std::string row(thread % 4 == 0 ? std::size_t{9} << 20U : 10, 'x');
        failures += groups.insert("`d`.`t`", row + "\n").ok() ? 0 : 1;
    });
    CHECK(failures == 0);
    CHECK(sorted_lines(store.rows["INSERT INTO `d`.`t`"]).size() == kThreads);
}

TEST_CASE("what refuses a group is told to each of its requests") {
    Store store;
    store.fails = true;
    server::EnginePool pool(opener(store), 4);
    server::InsertGroups groups(pool);
    std::atomic<int> failures{0};
    in_threads([&](int) { failures += groups.insert("`d`.`t`", "row\n").ok() ? 0 : 1; });
    CHECK(failures == kThreads);
    store.fails = false;
    CHECK(groups.insert("`d`.`t`", "row\n").ok());
    CHECK(store.rows["INSERT INTO `d`.`t`"] == "row\n");
}

TEST_CASE("who waits to be alone is let in, however many come to share") {
    constexpr int kMost = 1'000'000; // of each thread: many more than it takes
    server::Gate gate;
    std::atomic<bool> was_alone{false};
    std::atomic<int> inside{0};
    std::atomic<int> met{0};
    in_threads([&](int thread) {
        for (int i = 0; i < kMost && !was_alone; ++i) {
            if (thread == 0 && i == 100) {
                const std::unique_lock alone(gate);
                met += inside;
                was_alone = true;
                return;
            }
            const std::shared_lock shared(gate);
            ++inside;
            std::this_thread::yield();
            --inside;
        }
    });
    CHECK(was_alone);
    CHECK(met == 0);
}

TEST_CASE("a server under load stores every event it acknowledges once, and answers 503 when it cannot") {
    constexpr int kRequests = 40;
    Store store;
    server::EnginePool pool(opener(store), 4);
    server::Server served(pool, {}, [] { return std::chrono::system_clock::now(); });
    REQUIRE(served.start().ok());
    std::vector<server::FileProblem> problems;
    const auto loaded = served.load(
        {{"datasources/events.datasource",
          "SCHEMA >\n    `id` String `json:$.id`\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n"}},
        problems);
    INFO((loaded ? "" : loaded.error().message));
    REQUIRE(loaded.ok());
    REQUIRE(problems.empty());
    const std::string token = served.core().default_workspace()->tokens.front().text;

    net::HttpServer http([&](const net::HttpRequest& request) { return served.handle(request); });
    const auto port = http.bind("127.0.0.1", 0);
    REQUIRE(port.ok());
    std::thread answering([&] { http.run(); });
    net::HttpCall call;
    call.method = "POST";
    call.url = "http://127.0.0.1:" + std::to_string(*port) + "/v0/events?name=events&wait=true";
    call.token = token;
    std::atomic<int> acknowledged{0};
    in_threads([&](int thread) {
        net::CurlClient client;
        net::HttpCall mine = call;
        for (int i = 0; i < kRequests; ++i) {
            mine.body = R"({"id":")" + std::to_string(thread) + "/" + std::to_string(i) + R"("})";
            const net::HttpOutcome outcome = client.call(mine);
            const auto* response = std::get_if<net::HttpResponse>(&outcome);
            acknowledged += response != nullptr && response->status == 200 ? 1 : 0;
        }
    });
    store.fails = true;
    net::CurlClient client;
    call.body = R"({"id":"last"})";
    const net::HttpOutcome refused = client.call(call);
    http.stop();
    answering.join();
    CHECK(acknowledged == kThreads * kRequests);
    REQUIRE(std::holds_alternative<net::HttpResponse>(refused));
    CHECK(std::get<net::HttpResponse>(refused).status == 503);
    for (const auto& [sql, rows] : store.rows) {
        std::vector<std::string> lines = sorted_lines(rows);
        CHECK(lines.size() == std::size_t{kThreads} * kRequests);
        CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
    }
    CHECK(store.rows.size() == 1);
}

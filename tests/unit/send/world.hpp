// What a test of `send` needs: a datasource, a folder, a network whose waits take no time, a workspace that
// counts.
#pragma once

#include "../event_reports/quiet_session.hpp"
#include "../events/fixture.hpp"
#include "fault/proxy.hpp"
#include "net/http_client.hpp"
#include "net/http_retry.hpp"
#include "ops/send_tinybird.hpp"
#include "support/golden.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace birdhouse::testing {

// Time that passes by being waited for.
class QuickWaiting final : public net::Waiting {
public:
    using OnWait = std::function<bool(std::chrono::milliseconds)>; // false: a stop was asked for
    QuickWaiting(std::chrono::system_clock::time_point& now, const OnWait& on_wait)
        : now_(now), on_wait_(on_wait) {}
    bool wait(std::chrono::milliseconds time) override {
        now_ += time;
        return !on_wait_ || on_wait_(time);
    }
    double chance() override { return 0.5; }
    std::chrono::system_clock::time_point now() override { return now_; }

private:
    std::chrono::system_clock::time_point& now_;
    const OnWait& on_wait_;
};

class QuickNetwork final : public ops::Network {
public:
    std::unique_ptr<net::HttpClient> http_client(std::stop_token stop) override {
        return std::make_unique<net::CurlClient>(std::move(stop));
    }
    std::unique_ptr<net::Waiting> waiting(std::stop_token) override {
        return std::make_unique<QuickWaiting>(now, on_wait);
    }
    std::chrono::system_clock::time_point now = kSomeMoment;
    QuickWaiting::OnWait on_wait;
};

class SendWorld {
public:
    static constexpr const char* kDeclaration = "datasource visits\n"
                                                "column id | UInt32 | $.id\n"
                                                "column kind | String | $.kind | default 'page'\n"
                                                "---\n";

    explicit SendWorld(
        FaultProxy::Choose choose = [](std::size_t) { return Fault::None; }, std::size_t largest = SIZE_MAX)
        : schema(compiled(parse_event_case("case", kDeclaration))), workspace(largest),
          proxy([this](const net::HttpRequest& request) { return workspace.take(request); },
                std::move(choose)) {
        options.target = "cloud";
        options.batch_rows = 10;
        options.input.files = {path("a.ndjson")};
    }

    std::string path(const std::string& name) const { return (folder.path() / name).string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    void append(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary | std::ios::app) << text;
    }

    Result<ops::TinybirdSendReport> send(const std::string& input = {}) {
        QuietSession session(input, folder.path());
        session.get().network = &network;
        return ops::send_to_tinybird(schema, {proxy.url(), "p.secret", "TB_TOKEN"}, options, session.get());
    }

    TemporaryFolder folder;
    events::EventSchema schema;
    QuickNetwork network;
    CountingEvents workspace;
    FaultProxy proxy;
    ops::TinybirdSendOptions options;
};

// `{"id":FIRST}` and so on, a line each.
inline std::string rows_from(std::size_t first, std::size_t count) {
    std::string rows;
    for (std::size_t id = first; id < first + count; ++id) {
        rows += "{\"id\":" + std::to_string(id) + "}\n";
    }
    return rows;
}

// How often the row with this number came.
inline std::size_t times(const CountingEvents& workspace, std::size_t id) {
    const auto rows = workspace.rows();
    const auto found = rows.find("{\"id\":" + std::to_string(id) + "}");
    return found == rows.end() ? 0 : found->second;
}

// "0-9,15": the numbers from 0 below `count` that came exactly so often.
std::string came(const CountingEvents& workspace, std::size_t count, std::size_t often);

} // namespace birdhouse::testing

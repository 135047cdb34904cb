// Load for a server, over connections that stay open. Prints one line of figures.
//   load batches URL TOKEN FILE ROWS CONNECTIONS      events of FILE in batches of ROWS; `rows seconds`
//   load queries URL TOKEN COUNT                      GET URL one after another; `p50 p99 engine_p50`,
//   milliseconds,
//                                                     the last as the answers tell it
//   load mixed SERVER TOKEN FILE COUNT CONNECTIONS    an event of FILE, an endpoint, SQL, in turn; `requests
//   seconds`
#include "net/http_client.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

using namespace birdhouse;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of at most `rows` lines each.
std::vector<std::string_view> batches_of(std::string_view text, std::size_t rows) {
    std::vector<std::string_view> batches;
    while (!text.empty()) {
        std::size_t end = 0;
        for (std::size_t i = 0; i < rows && end < text.size(); ++i) {
            end = std::min(text.find('\n', end), text.size() - 1) + 1;
        }
        batches.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return batches;
}

[[noreturn]] void fail(const net::HttpOutcome& outcome) {
    const auto* response = std::get_if<net::HttpResponse>(&outcome);
    std::fprintf(stderr, "load: %s\n",
                 response != nullptr ? (std::to_string(response->status) + " " + response->body).c_str()
                                     : std::get<net::HttpFailure>(outcome).message.c_str());
    std::exit(1);
}

net::HttpResponse ask(net::HttpClient& client, const net::HttpCall& call) {
    net::HttpOutcome outcome = client.call(call);
    const auto* response = std::get_if<net::HttpResponse>(&outcome);
    if (response == nullptr || response->status != 200) {
        fail(outcome);
    }
    return *response;
}

net::HttpCall post(const std::string& url, const std::string& token, std::string_view body) {
    net::HttpCall call;
    call.method = "POST";
    call.url = url;
    call.token = token;
    call.body = body;
    return call;
}

// Every number below `count` once, over so many connections. The seconds that it took.
template <class Work>
double in_turn(std::size_t count, std::size_t connections, Work work) {
    std::atomic<std::size_t> next{0};
    const auto start = Clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < connections; ++i) {
        threads.emplace_back([&] {
            net::CurlClient client;
            for (std::size_t one = next++; one < count; one = next++) {
                work(client, one);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return seconds_since(start);
}

void send_batches(const std::string& url, const std::string& token, const std::string& file, std::size_t rows,
                  std::size_t connections) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::vector<std::string_view> batches = batches_of(text, rows);
    std::atomic<std::uint64_t> stored{0};
    const double seconds = in_turn(batches.size(), connections, [&](net::HttpClient& client, std::size_t i) {
        const net::HttpCall call = post(url, token, batches[i]);
        stored += nlohmann::json::parse(ask(client, call).body)["successful_rows"].get<std::uint64_t>();
    });
    std::printf("%llu %.6f\n", static_cast<unsigned long long>(stored.load()), seconds);
}

void mix(const std::string& server, const std::string& token, const std::string& file, std::size_t count,
         std::size_t connections) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::vector<std::string_view> events = batches_of(text, 1);
    const std::string sql = "SELECT count() AS events, max(at) AS last FROM events FORMAT JSON";
    const double seconds = in_turn(count, connections, [&](net::HttpClient& client, std::size_t i) {
        net::HttpCall endpoint;
        endpoint.url = server + "/v0/pipes/spend.json?least=" + std::to_string(i % 4000);
        endpoint.token = token;
        ask(client, i % 3 == 0
                        ? post(server + "/v0/events?name=events&wait=true", token, events[i % events.size()])
                    : i % 3 == 1 ? endpoint
                                 : post(server + "/v0/sql", token, sql));
    });
    std::printf("%zu %.6f\n", count, seconds);
}

double at(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void query(const std::string& url, const std::string& token, std::size_t count) {
    net::CurlClient client;
    net::HttpCall call;
    call.url = url;
    call.token = token;
    std::vector<double> whole;
    std::vector<double> engine;
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = Clock::now();
        const net::HttpResponse response = ask(client, call);
        whole.push_back(seconds_since(start) * 1e3);
        engine.push_back(nlohmann::json::parse(response.body)["statistics"]["elapsed"].get<double>() * 1e3);
    }
    std::printf("%.3f %.3f %.3f\n", at(whole, 0.5), at(whole, 0.99), at(engine, 0.5));
}

} // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() == 6 && words[0] == "batches") {
        send_batches(words[1], words[2], words[3], std::stoul(words[4]), std::stoul(words[5]));
        return 0;
    }
    if (words.size() == 4 && words[0] == "queries") {
        query(words[1], words[2], std::stoul(words[3]));
        return 0;
    }
    if (words.size() == 6 && words[0] == "mixed") {
        mix(words[1], words[2], words[3], std::stoul(words[4]), std::stoul(words[5]));
        return 0;
    }
    std::fputs("usage: load batches URL TOKEN FILE ROWS CONNECTIONS | load queries URL TOKEN COUNT | "
               "load mixed SERVER TOKEN FILE COUNT CONNECTIONS\n",
               stderr);
    return 2;
}

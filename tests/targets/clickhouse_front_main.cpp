// A ClickHouse over HTTP for tests: clickhouse_front [FOLDER]. Prints the port, and ends when standard input
// does. One engine a process: the tests have theirs, so this is another.
#include "net/http_server.hpp"
#include "support/clickhouse_front.hpp"
#include "target/embedded.hpp"

#include <cstdlib>
#include <iostream>
#include <thread>

using namespace birdhouse;

int main(int count, char** arguments) {
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    const auto library = engine::Library::load({named == nullptr ? "" : named, BIRDHOUSE_BINARY_DIR});
    if (!library) {
        std::cerr << library.error().message << "\n";
        return 3;
    }
    auto channel =
        target::open_channel(*library, count > 1 ? arguments[1] : "", target::ChannelUse::ReadAndWrite);
    if (!channel) {
        std::cerr << channel.error().message << "\n";
        return 3;
    }
    const char* password = std::getenv("FRONT_PASSWORD");
    testing::ClickHouseFront front(std::move(channel).value(), password == nullptr ? "" : "writer",
                                   password == nullptr ? "" : password);
    net::HttpServer server([&](const net::HttpRequest& request) { return front.handle(request); });
    const Result<std::uint16_t> port = server.bind("127.0.0.1", 0);
    if (!port) {
        std::cerr << port.error().message << "\n";
        return 3;
    }
    std::thread answering([&] { server.run(); });
    std::cout << *port << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    server.stop();
    answering.join();
    return 0;
}

// The peer: the engine alone inserts the same lines, in the same batches, into the same table on disk.
//   engine_insert LIBCHDB STORAGE CREATE_TABLE FILE ROWS      prints `rows seconds`
#include "engine/connection.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

using namespace birdhouse;

namespace {

Result<void> measure(const std::string& library, const std::string& storage, const std::string& create,
                     const std::string& file, std::size_t rows) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    TRY_ASSIGN(const auto loaded, engine::Library::load({library, {}}));
    const std::vector<engine::Setting> settings{{"async_insert", "0"},
                                                {"date_time_input_format", "best_effort"}};
    TRY_ASSIGN(const engine::Connection connection,
               engine::Connection::open(loaded, engine::Storage{storage}, settings));
    TRY(connection.query(create, "Null", {}));
    std::uint64_t written = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::string_view text = bytes; !text.empty();) {
        std::size_t end = 0;
        for (std::size_t i = 0; i < rows && end < text.size(); ++i) {
            end = std::min(text.find('\n', end), text.size() - 1) + 1;
        }
        TRY_ASSIGN(const std::uint64_t now,
                   connection.insert("INSERT INTO events", "JSONEachRow", text.substr(0, end)));
        written += now;
        text.remove_prefix(end);
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    std::printf("%llu %.6f\n", static_cast<unsigned long long>(written), wall.count());
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        std::fputs("usage: engine_insert LIBCHDB STORAGE CREATE_TABLE FILE ROWS\n", stderr);
        return 2;
    }
    const Result<void> measured = measure(arguments[1], arguments[2], arguments[3], arguments[4],
                                          std::strtoul(arguments[5], nullptr, 10));
    if (!measured) {
        std::fprintf(stderr, "engine_insert: %s\n", measured.error().message.c_str());
    }
    std::fflush(stdout);
    std::_Exit(measured ? 0 : 1); // the engine's threads are not waited for
}

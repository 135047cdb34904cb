// The peer of an endpoint: the engine alone answers its query, over the storage that the server left.
//   engine_query LIBCHDB STORAGE TABLE SQL COUNT      `{table}` in SQL is TABLE with its database; prints its
//   p50 in ms
#include "engine/connection.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace birdhouse;

namespace {

constexpr std::string_view kTable = "{table}";

Result<void> measure(const std::string& library, const std::string& storage, const std::string& table,
                     std::string sql, std::size_t count) {
    TRY_ASSIGN(const auto loaded, engine::Library::load({library, {}}));
    TRY_ASSIGN(const engine::Connection connection,
               engine::Connection::open(loaded, engine::Storage{storage}, {}));
    TRY_ASSIGN(const engine::Answer found,
               connection.query("SELECT concat('`', database, '`.`', name, '`') FROM system.tables "
                                "WHERE name = '" +
                                    table + "' AND engine LIKE '%MergeTree' LIMIT 1",
                                "TSVRaw", {}));
    const std::string name = found.bytes.substr(0, found.bytes.find('\n'));
    // Whoever is timed reads one part, and no merge runs beside it.
    TRY(connection.query("OPTIMIZE TABLE " + name + " FINAL", "TSV", {}));
    sql.replace(sql.find(kTable), kTable.size(), name);
    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < count; ++i) {
        const auto start = std::chrono::steady_clock::now();
        TRY(connection.query(sql, "JSON", {}));
        const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
        milliseconds.push_back(wall.count());
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("%.3f\n", milliseconds[(count - 1) / 2]);
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        std::fputs("usage: engine_query LIBCHDB STORAGE TABLE SQL COUNT\n", stderr);
        return 2;
    }
    const Result<void> measured = measure(arguments[1], arguments[2], arguments[3], arguments[4],
                                          std::strtoul(arguments[5], nullptr, 10));
    if (!measured) {
        std::fprintf(stderr, "engine_query: %s\n", measured.error().message.c_str());
    }
    std::fflush(stdout);
    std::_Exit(measured ? 0 : 1); // the engine's threads are not waited for
}

// The peer: the engine's own JSONEachRow reader on one thread, over the columns of
// datasources/llm_events.yaml.
//   engine_reader LIBCHDB FILE ROUNDS      prints the seconds of each round: `wall cpu`
#include "engine/connection.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace birdhouse;

namespace {

constexpr std::string_view kColumns =
    "id String, event_type LowCardinality(String), start_time DateTime64(3), end_time DateTime64(3), "
    "message_id UUID, "
    "model LowCardinality(String), provider LowCardinality(String), duration_ms UInt32, cost_usd Float64, "
    "status LowCardinality(String), http_status UInt16, "
    "response Tuple(usage Tuple(prompt_tokens UInt32, completion_tokens UInt32, total_tokens UInt32)), "
    "metadata Tuple(environment LowCardinality(String), region Nullable(String)), stream Bool, "
    "tags Array(LowCardinality(String)), scores Array(Float32), user_id String, referrer String, prompt "
    "String";

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Result<void> measure(const std::string& library, const std::string& file, long rounds) {
    TRY_ASSIGN(const auto loaded, engine::Library::load({library, {}}));
    TRY_ASSIGN(const engine::Connection connection, engine::Connection::open(loaded, {}, {}));
    // Rows that cannot be read are passed over, as a validator passes over them.
    const std::string sql = "SELECT * FROM file('" + file + "', JSONEachRow, '" + std::string(kColumns) +
                            "') SETTINGS max_threads = 1, input_format_parallel_parsing = 0, "
                            "date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1, "
                            "input_format_allow_errors_num = 1000000000, input_format_allow_errors_ratio = 1";
    for (; rounds > 0; --rounds) {
        const double cpu = cpu_seconds();
        const auto start = std::chrono::steady_clock::now();
        TRY(connection.query(sql, "Null", {}));
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
        std::printf("%.6f %.6f\n", wall.count(), cpu_seconds() - cpu);
    }
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: engine_reader LIBCHDB FILE ROUNDS\n", stderr);
        return 2;
    }
    const Result<void> measured = measure(arguments[1], arguments[2], std::strtol(arguments[3], nullptr, 10));
    if (!measured) {
        std::fprintf(stderr, "engine_reader: %s\n", measured.error().message.c_str());
    }
    std::fflush(stdout);
    std::_Exit(measured ? 0 : 1); // the engine's threads are not waited for
}

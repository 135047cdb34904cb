// The peer: a bare simdjson on-demand walk that reads every field of every event and decides nothing.
//   walk stream|lines FILE ROUNDS      prints a line a round: `wall cpu rows refused checksum`
// `stream` is simdjson's own NDJSON reader, its fastest way; it ends at the first line that is not JSON.
// `lines` gives it one line after the other. The file is in memory before the clock starts.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

#include <simdjson.h>

namespace {

using namespace simdjson;

struct Walk {
    std::uint64_t rows = 0;
    std::uint64_t refused = 0;
    std::uint64_t checksum = 0; // so that no reading can be left out
};

// Reads a value whole: texts unescaped, numbers converted, containers entered.
bool read(ondemand::value value, std::uint64_t& sum);

template <class Object>
bool read_fields(Object& object, std::uint64_t& sum) {
    for (auto field : object) {
        ondemand::value value;
        if (field.value().get(value) != SUCCESS || !read(value, sum)) {
            return false;
        }
    }
    return true;
}

bool read_elements(ondemand::array& array, std::uint64_t& sum) {
    for (auto element : array) {
        ondemand::value value;
        if (element.get(value) != SUCCESS || !read(value, sum)) {
            return false;
        }
    }
    return true;
}

bool read(ondemand::value value, std::uint64_t& sum) {
    ondemand::json_type type{};
    if (value.type().get(type) != SUCCESS) {
        return false;
    }
    switch (type) {
    case ondemand::json_type::object: {
        ondemand::object object;
        return value.get_object().get(object) == SUCCESS && read_fields(object, sum);
    }
    case ondemand::json_type::array: {
        ondemand::array array;
        return value.get_array().get(array) == SUCCESS && read_elements(array, sum);
    }
    case ondemand::json_type::string: {
        std::string_view text;
        const bool good = value.get_string().get(text) == SUCCESS;
        sum += text.size();
        return good;
    }
    case ondemand::json_type::number: {
        double number = 0;
        const bool good = value.get_double().get(number) == SUCCESS;
        sum += static_cast<std::uint64_t>(number);
        return good;
    }
    case ondemand::json_type::boolean: {
        bool flag = false;
        const bool good = value.get_bool().get(flag) == SUCCESS;
        sum += flag ? 1 : 0;
        return good;
    }
    case ondemand::json_type::null:
        return value.is_null();
    }
    return false;
}

template <class Document>
void read_row(Document&& document, Walk& walk) {
    ondemand::object object;
    const bool good = document.get_object().get(object) == SUCCESS && read_fields(object, walk.checksum);
    ++walk.rows;
    walk.refused += good ? 0 : 1;
}

Walk walk_stream(const padded_string& file) {
    constexpr std::size_t kBatch = std::size_t{1} << 20U;
    Walk walk;
    ondemand::parser parser;
    ondemand::document_stream stream;
    if (parser.iterate_many(file, kBatch).get(stream) != SUCCESS) {
        return walk;
    }
    for (auto document : stream) {
        read_row(document, walk);
    }
    return walk;
}

Walk walk_lines(const padded_string& file) {
    Walk walk;
    ondemand::parser parser;
    const char* at = file.data();
    const char* const end = at + file.size();
    while (at != end) {
        const auto rest = static_cast<std::size_t>(end - at);
        const void* found = std::memchr(at, '\n', rest);
        const char* const line_end = found == nullptr ? end : static_cast<const char*>(found);
        const std::string_view line(at, static_cast<std::size_t>(line_end - at));
        ondemand::document document;
        if (parser.iterate(line, rest + SIMDJSON_PADDING).get(document) == SUCCESS) {
            read_row(document, walk);
        } else {
            ++walk.rows;
            ++walk.refused;
        }
        at = line_end == end ? end : line_end + 1;
    }
    return walk;
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

} // namespace

int main(int count, char** arguments) {
    padded_string file;
    if (count != 4 || padded_string::load(arguments[2]).get(file) != SUCCESS) {
        std::fputs("usage: walk stream|lines FILE ROUNDS\n", stderr);
        return 2;
    }
    const bool streams = std::strcmp(arguments[1], "stream") == 0;
    for (long round = std::strtol(arguments[3], nullptr, 10); round > 0; --round) {
        const double cpu = cpu_seconds();
        const auto start = std::chrono::steady_clock::now();
        const Walk walk = streams ? walk_stream(file) : walk_lines(file);
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
        std::printf("%.6f %.6f %llu %llu %llu\n", wall.count(), cpu_seconds() - cpu,
                    static_cast<unsigned long long>(walk.rows), static_cast<unsigned long long>(walk.refused),
                    static_cast<unsigned long long>(walk.checksum));
    }
    return 0;
}

// The peer: the engine alone runs the same statements, one after the other.
//   engine_statements LIBCHDB STORAGE FILE      STORAGE `-` is memory; FILE holds statements, each ended by
//   NUL
#include "engine/connection.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

using namespace birdhouse;

namespace {

Result<void> run_all(const std::string& library, const std::string& storage, const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    TRY_ASSIGN(const auto loaded, engine::Library::load({library, {}}));
    TRY_ASSIGN(const engine::Connection connection,
               engine::Connection::open(loaded, engine::Storage{storage == "-" ? "" : storage}, {}));
    for (std::string_view text = bytes; !text.empty();) {
        const std::size_t end = text.find('\0');
        TRY(connection.query(text.substr(0, end), "TSV", {}));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: engine_statements LIBCHDB STORAGE FILE\n", stderr);
        return 2;
    }
    const Result<void> done = run_all(arguments[1], arguments[2], arguments[3]);
    if (!done) {
        std::fprintf(stderr, "engine_statements: %s\n", done.error().message.c_str());
    }
    std::_Exit(done ? 0 : 1); // the engine's threads are not waited for
}

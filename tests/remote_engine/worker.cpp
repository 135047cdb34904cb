// The program with the real libchdb: see library.cpp, which starts it. A thread answers each connection.
#include "engine/functions.hpp"
#include "remote_engine/messages.hpp"

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <dlfcn.h>
#include <poll.h>
#include <unistd.h>

using namespace birdhouse::testing;
using namespace birdhouse::engine;

namespace {

template <class Function>
void bind(void* library, Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(::dlsym(library, name));
    if (function == nullptr) {
        std::fprintf(stderr, "remote engine: no %s\n", name);
        std::_Exit(1);
    }
}

Functions load(const char* path) {
    void* library = path == nullptr ? nullptr : ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        std::fprintf(stderr, "remote engine: BIRDHOUSE_REMOTE_LIBCHDB: %s\n",
                     path == nullptr ? "not set" : ::dlerror());
        std::_Exit(1);
    }
    Functions f;
    bind(library, f.version, "chdb_version");
    bind(library, f.set_signal_handlers_enabled, "chdb_set_signal_handlers_enabled");
    bind(library, f.connect, "chdb_connect");
    bind(library, f.close, "chdb_close_conn");
    bind(library, f.query_with_parameters, "chdb_query_with_params_n");
    bind(library, f.query, "chdb_query_n");
    bind(library, f.result_buffer, "chdb_result_buffer");
    bind(library, f.result_length, "chdb_result_length");
    bind(library, f.result_elapsed, "chdb_result_elapsed");
    bind(library, f.result_rows_read, "chdb_result_storage_rows_read");
    bind(library, f.result_bytes_read, "chdb_result_storage_bytes_read");
    bind(library, f.result_rows_written, "chdb_result_rows_written");
    bind(library, f.result_error, "chdb_result_error");
    bind(library, f.destroy_result, "chdb_destroy_query_result");
    bind(library, f.insert, "chdb_stream_insert_n");
    bind(library, f.insert_append, "chdb_stream_append");
    bind(library, f.insert_done, "chdb_stream_done");
    bind(library, f.insert_error, "chdb_stream_insert_error");
    bind(library, f.destroy_insert, "chdb_destroy_insert_stream");
    f.set_signal_handlers_enabled(0);
    return f;
}

class Session {
public:
    Session(const Functions& functions, int socket) : f_(functions), socket_(socket) {}

    void answer_all() {
        while (std::optional<Message> call = receive_message(socket_)) {
            if (!send_message(socket_, answer(*call))) {
                break;
            }
        }
        close();
        ::close(socket_);
    }

private:
    Message answer(Message& call) {
        const std::string& what = call.front();
        if (what == "version") {
            return {f_.version()};
        }
        if (what == "connect") {
            return connect(call) ? Message{"connected"} : Message{};
        }
        if (what == "query") {
            return query(call);
        }
        if (what == "insert") {
            return insert(call);
        }
        close();
        return {};
    }

    bool connect(Message& call) {
        std::vector<char*> arguments;
        for (std::size_t i = 1; i < call.size(); ++i) {
            arguments.push_back(call[i].data());
        }
        connection_ = f_.connect(static_cast<int>(arguments.size()), arguments.data());
        return connection_ != nullptr;
    }

    void close() {
        if (connection_ != nullptr) {
            f_.close(connection_);
            connection_ = nullptr;
        }
    }

    Message query(const Message& call) {
        const std::string& sql = call[1];
        const std::string& format = call[2];
        if (call.size() == 3) {
            return result(f_.query(*connection_, sql.data(), sql.size(), format.data(), format.size()));
        }
        std::vector<const char*> names;
        std::vector<const char*> values;
        std::vector<std::size_t> name_sizes;
        std::vector<std::size_t> value_sizes;
        for (std::size_t i = 3; i + 1 < call.size(); i += 2) {
            names.push_back(call[i].data());
            name_sizes.push_back(call[i].size());
            values.push_back(call[i + 1].data());
            value_sizes.push_back(call[i + 1].size());
        }
        return result(f_.query_with_parameters(*connection_, sql.data(), sql.size(), format.data(),
                                               format.size(), names.data(), name_sizes.data(), values.data(),
                                               value_sizes.data(), names.size()));
    }

    Message insert(const Message& call) {
        RawInsert* stream =
            f_.insert(*connection_, call[1].data(), call[1].size(), call[2].data(), call[2].size());
        const char* failure = f_.insert_error(stream);
        if (failure != nullptr && *failure != '\0') {
            Message refused = {failure, "", as_text(0.0)};
            refused.resize(6, as_text(std::uint64_t{0}));
            f_.destroy_insert(stream);
            return refused;
        }
        constexpr std::size_t kChunk = std::size_t{1} << 20U;
        for (std::size_t at = 0; at < call[3].size(); at += kChunk) {
            const std::string_view chunk = std::string_view(call[3]).substr(at, kChunk);
            if (f_.insert_append(stream, chunk.data(), chunk.size()) != 0) {
                break; // `done` says why
            }
        }
        Message done = result(f_.insert_done(stream));
        f_.destroy_insert(stream);
        return done;
    }

    // Nothing when there is none.
    Message result(RawResult* raw) {
        if (raw == nullptr) {
            return {};
        }
        const char* error = f_.result_error(raw);
        const std::size_t size = f_.result_length(raw);
        Message told = {
            error == nullptr ? "" : error,      size == 0 ? "" : std::string(f_.result_buffer(raw), size),
            as_text(f_.result_elapsed(raw)),    as_text(f_.result_rows_read(raw)),
            as_text(f_.result_bytes_read(raw)), as_text(f_.result_rows_written(raw))};
        f_.destroy_result(raw);
        return told;
    }

    const Functions& f_;
    int socket_;
    RawConnection** connection_ = nullptr;
};

} // namespace

int main() {
    const Functions functions = load(std::getenv("BIRDHOUSE_REMOTE_LIBCHDB"));
    while (true) {
        pollfd ready[] = {{kLifeline, POLLIN, 0}, {kListener, POLLIN, 0}};
        ::poll(ready, 2, -1);
        if (ready[0].revents != 0) {
            std::_Exit(0); // the engine's threads are not waited for
        }
        if (ready[1].revents != 0) {
            std::thread([&functions, socket = ::accept(kListener, nullptr, nullptr)] {
                Session(functions, socket).answer_all();
            }).detach();
        }
    }
}

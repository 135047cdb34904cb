// Stands in for libchdb in a process that cannot load it, as one under ThreadSanitizer or AddressSanitizer
// cannot: the calls that `engine/functions.hpp` knows go to a program beside this library, which has the real
// one (BIRDHOUSE_REMOTE_LIBCHDB). A connection is a socket, so that connections run side by side as they do
// in the library. What an insert is given goes over when it is done.
#include "engine/functions.hpp"
#include "remote_engine/messages.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <mutex>

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using birdhouse::testing::as_number;
using birdhouse::testing::Message;

namespace birdhouse::engine {

struct RawConnection {
    int socket;
};

struct RawResult {
    std::string error;
    std::string bytes;
    double elapsed;
    std::uint64_t rows_read;
    std::uint64_t bytes_read;
    std::uint64_t rows_written;
};

struct RawInsert {
    int socket;
    Message call;
};

} // namespace birdhouse::engine

namespace {

using birdhouse::engine::RawConnection;
using birdhouse::engine::RawInsert;
using birdhouse::engine::RawResult;

std::string path_of_worker() {
    Dl_info place{};
    ::dladdr(reinterpret_cast<void*>(&path_of_worker), &place);
    const std::string library = place.dli_fname;
    return library.substr(0, library.rfind('/')) + "/chdb_remote_worker";
}

// The program with the library, one for this process. It ends when the process does, however that may be.
class Worker {
public:
    ~Worker() {
        if (process_ > 0) {
            ::close(lifeline_);
            ::waitpid(process_, nullptr, 0); // then the storage is free for whoever comes next
        }
    }

    // -1 when there is none.
    int connect() {
        const std::scoped_lock lock(mutex_);
        if (process_ < 0 && !start()) {
            return -1;
        }
        const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&address_), address_size_) != 0) {
            ::close(socket);
            return -1;
        }
        return socket;
    }

private:
    bool start() {
        const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address_.sun_family = AF_UNIX; // a name that the system chooses, in no folder
        ::bind(listener, reinterpret_cast<const sockaddr*>(&address_), sizeof(sa_family_t));
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address_), &address_size_);
        int pipe[2] = {-1, -1};
        if (::listen(listener, SOMAXCONN) != 0 || ::pipe2(pipe, O_CLOEXEC) != 0) {
            return false;
        }
        posix_spawn_file_actions_t files{};
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawn_file_actions_adddup2(&files, pipe[0], birdhouse::testing::kLifeline);
        ::posix_spawn_file_actions_adddup2(&files, listener, birdhouse::testing::kListener);
        std::string path = path_of_worker();
        char* arguments[] = {path.data(), nullptr};
        const int failure = ::posix_spawn(&process_, path.c_str(), &files, nullptr, arguments, environ);
        ::posix_spawn_file_actions_destroy(&files);
        ::close(listener);
        ::close(pipe[0]);
        lifeline_ = pipe[1];
        if (failure != 0) {
            std::fprintf(stderr, "remote engine: %s: %s\n", path.c_str(), std::strerror(failure));
            process_ = -1;
        }
        return failure == 0;
    }

    std::mutex mutex_;
    pid_t process_ = -1;
    int lifeline_ = -1;
    sockaddr_un address_{};
    socklen_t address_size_ = sizeof address_;
};

Worker& worker() {
    static Worker one;
    return one;
}

std::optional<Message> ask(int socket, const Message& call) {
    return birdhouse::testing::send_message(socket, call) ? birdhouse::testing::receive_message(socket)
                                                          : std::nullopt;
}

RawResult* result_of(int socket, const Message& call) {
    const std::optional<Message> answer = ask(socket, call);
    if (!answer || answer->size() != 6) {
        return nullptr;
    }
    const Message& parts = *answer;
    return new RawResult{parts[0],
                         parts[1],
                         as_number<double>(parts[2]),
                         as_number<std::uint64_t>(parts[3]),
                         as_number<std::uint64_t>(parts[4]),
                         as_number<std::uint64_t>(parts[5])};
}

} // namespace

extern "C" {

const char* chdb_version() {
    static const std::string version = [] {
        const int socket = worker().connect();
        const std::optional<Message> answer = ask(socket, {"version"});
        ::close(socket);
        return answer ? answer->front() : std::string("none: the worker is gone");
    }();
    return version.c_str();
}

void chdb_set_signal_handlers_enabled(int) {} // there is no library in this process

RawConnection** chdb_connect(int count, char** arguments) {
    const int socket = worker().connect();
    Message call = {"connect"};
    call.insert(call.end(), arguments, arguments + count);
    const std::optional<Message> answer = socket < 0 ? std::nullopt : ask(socket, call);
    if (!answer || answer->empty()) {
        ::close(socket);
        return nullptr;
    }
    return new RawConnection*(new RawConnection{socket});
}

void chdb_close_conn(RawConnection** connection) {
    ask((*connection)->socket, {"close"}); // the answer comes when it is closed
    ::close((*connection)->socket);
    delete *connection;
    delete connection;
}

RawResult* chdb_query_n(RawConnection* connection, const char* sql, std::size_t sql_size, const char* format,
                        std::size_t format_size) {
    return result_of(connection->socket, {"query", {sql, sql_size}, {format, format_size}});
}

RawResult* chdb_query_with_params_n(RawConnection* connection, const char* sql, std::size_t sql_size,
                                    const char* format, std::size_t format_size, const char* const* names,
                                    const std::size_t* name_sizes, const char* const* values,
                                    const std::size_t* value_sizes, std::size_t count) {
    Message call = {"query", {sql, sql_size}, {format, format_size}};
    for (std::size_t i = 0; i < count; ++i) {
        call.emplace_back(names[i], name_sizes[i]);
        call.emplace_back(values[i], value_sizes[i]);
    }
    return result_of(connection->socket, call);
}

char* chdb_result_buffer(RawResult* result) { return result->bytes.data(); }
std::size_t chdb_result_length(RawResult* result) { return result->bytes.size(); }
double chdb_result_elapsed(RawResult* result) { return result->elapsed; }
std::uint64_t chdb_result_storage_rows_read(RawResult* result) { return result->rows_read; }
std::uint64_t chdb_result_storage_bytes_read(RawResult* result) { return result->bytes_read; }
std::uint64_t chdb_result_rows_written(RawResult* result) { return result->rows_written; }
const char* chdb_result_error(RawResult* result) {
    return result->error.empty() ? nullptr : result->error.c_str();
}
void chdb_destroy_query_result(RawResult* result) { delete result; }

RawInsert* chdb_stream_insert_n(RawConnection* connection, const char* sql, std::size_t sql_size,
                                const char* format, std::size_t format_size) {
    return new RawInsert{connection->socket, {"insert", {sql, sql_size}, {format, format_size}, ""}};
}
int chdb_stream_append(RawInsert* insert, const void* bytes, std::size_t size) {
    insert->call.back().append(static_cast<const char*>(bytes), size);
    return 0;
}
RawResult* chdb_stream_done(RawInsert* insert) { return result_of(insert->socket, insert->call); }
const char* chdb_stream_insert_error(RawInsert*) { return nullptr; } // `done` has it
void chdb_destroy_insert_stream(RawInsert* insert) { delete insert; }

} // extern "C"

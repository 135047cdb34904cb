// posix_spawn, two pipes and a poll. Input goes through an unnamed file rather than a third pipe: a child
// that does not read it blocks nobody, and no SIGPIPE comes back.
#include "base/process.hpp"

#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace birdhouse {

namespace {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void close() {
        if (is_open()) {
            ::close(std::exchange(number_, -1));
        }
    }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor read;
    Descriptor write;
};

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); } // NOLINT(cert-err33-c): it was only read
};
using File = std::unique_ptr<std::FILE, FileCloser>;

struct SpawnActions {
    posix_spawn_file_actions_t actions{};
    SpawnActions() { ::posix_spawn_file_actions_init(&actions); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions); }
    void connect(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions, from, to); }
};

Error failed(const Program& program, int number) {
    const std::string name = backquoted(program.arguments.front());
    if (number == ENOENT) {
        return {ExitCode::Failed, name + " is not installed, or not on the PATH",
                "install it, or add its folder to PATH"};
    }
    return {ExitCode::Failed, name + " cannot be run: " + std::strerror(number), ""};
}

Result<Pipe> open_pipe(const Program& program) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return failed(program, errno);
    }
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Null when the disk refuses it; errno says why.
File file_of(const std::string& text) {
    File file(std::tmpfile());
    if (file && (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
                 std::fflush(file.get()) != 0 || std::fseek(file.get(), 0, SEEK_SET) != 0)) {
        file.reset();
    }
    return file;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

Result<pid_t> spawn(Program program, int input, int out, int err) {
    SpawnActions actions;
    actions.connect(input, STDIN_FILENO);
    actions.connect(out, STDOUT_FILENO);
    actions.connect(err, STDERR_FILENO);
    const std::vector<char*> arguments = pointers_to(program.arguments);
    const std::vector<char*> environment = pointers_to(program.environment);
    pid_t child = 0;
    const int number = ::posix_spawnp(&child, arguments.front(), &actions.actions, nullptr, arguments.data(),
                                      environment.data());
    if (number != 0) {
        return failed(program, number);
    }
    return child;
}

struct Stream {
    Descriptor from;
    std::string* into;
};

// Reads what is there; closes the stream at its end. False when it holds more than it may.
bool drain(Stream& stream, std::size_t most) {
    std::array<char, std::size_t{64} << 10U>
        bytes; // NOLINT(cppcoreguidelines-pro-type-member-init): read into
    const ssize_t count = ::read(stream.from.number(), bytes.data(), bytes.size());
    if (count > 0) {
        stream.into->append(bytes.data(), static_cast<std::size_t>(count));
        return stream.into->size() <= most;
    }
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        stream.from.close();
    }
    return true;
}

bool collect(std::array<Stream, 2>& streams, std::size_t most) {
    while (streams[0].from.is_open() || streams[1].from.is_open()) {
        std::array<pollfd, 2> waiting{}; // poll passes over a negative number
        for (std::size_t i = 0; i < streams.size(); ++i) {
            waiting.at(i) = {streams.at(i).from.number(), POLLIN, 0};
        }
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
            return false;
        }
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (waiting.at(i).revents != 0 && !drain(streams.at(i), most)) {
                return false;
            }
        }
    }
    return true;
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace

Result<ProgramOutput> run_program(const Program& program) {
    const File input = file_of(program.input);
    if (!input) {
        return Error{ExitCode::Failed, "no temporary file can be made: " + std::string(std::strerror(errno)),
                     "is the disk full?"};
    }
    TRY_ASSIGN(Pipe out, open_pipe(program));
    TRY_ASSIGN(Pipe err, open_pipe(program));
    TRY_ASSIGN(const pid_t child,
               spawn(program, ::fileno(input.get()), out.write.number(), err.write.number()));
    out.write.close(); // or the end of the child's output is never seen
    err.write.close();
    ProgramOutput output;
    std::array<Stream, 2> streams{Stream{std::move(out.read), &output.out},
                                  Stream{std::move(err.read), &output.err}};
    const bool complete = collect(streams, program.most_output);
    if (!complete) {
        ::kill(child, SIGKILL);
    }
    output.exit_code = wait_for(child);
    if (!complete) {
        return Error{ExitCode::Failed,
                     backquoted(program.arguments.front()) + " printed more than " +
                         counted(program.most_output, "byte"),
                     ""};
    }
    return output;
}

} // namespace birdhouse

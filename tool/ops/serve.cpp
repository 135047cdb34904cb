#include "ops/serve.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "net/http_server.hpp"
#include "ops/project.hpp"
#include "ops/project_datafiles.hpp"
#include "ops/stop_signals.hpp"
#include "server/server.hpp"

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <thread>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kConnections = 8; // of the engine, of a kind
constexpr std::chrono::milliseconds kBetweenLooks{300};

bool is_loopback(std::string_view host) {
    const bool is_address = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return host == "localhost" || host == "::1" || (is_address && host.starts_with("127."));
}

// What tells that a file of the project changed.
std::string signature_of(const fs::path& folder) {
    std::string signature;
    constexpr std::array<std::string_view, 5> kSuffixes = {".yaml", ".datasource", ".pipe", ".connection",
                                                           ".tmpl"};
    const Result<std::vector<fs::path>> files = list_files(folder, kSuffixes);
    if (!files) {
        return signature;
    }
    for (const fs::path& file : *files) {
        std::error_code ignored; // a file that goes away in between is a change as well
        signature += file.string() + " " + std::to_string(fs::file_size(file, ignored)) + " " +
                     std::to_string(fs::last_write_time(file, ignored).time_since_epoch().count()) + "\n";
    }
    return signature;
}

// Requests take and give back a few megabytes each. By its own rules the C library gives these back to the
// system at once, and every page of them is faulted in again by the next request.
void keep_memory_of_requests() {
#ifdef __GLIBC__
    constexpr int kLargestKept = 4 << 20; // bytes; what is larger is mapped by itself
    constexpr int kMostKept = 8 << 20;    // at the end of an arena
    ::mallopt(M_MMAP_THRESHOLD, kLargestKept);
    ::mallopt(M_TRIM_THRESHOLD, kMostKept);
#endif
}

// The engine's allocator keeps freed memory in each of its threads for what they do next. With less of it
// they are as fast, and `serve` is 40 MB smaller. Before the engine is loaded, which reads it once, and
// before there are other threads, which might read the environment meanwhile.
void keep_less_in_threads_of_engine() {
    constexpr int kOfUserStays = 0;
    ::setenv("JE_MALLOC_CONF", "tcache_max:4096,lg_tcache_nslots_mul:-1", kOfUserStays);
}

class Serving {
public:
    Serving(const ServeRequest& request, Session& session)
        : request_(request), session_(session),
          pool_([this](server::EngineUse use) { return open(use); }, kConnections) {}

    Result<void> run() {
        keep_memory_of_requests();
        keep_less_in_threads_of_engine();
        const StopSignals signals; // blocked before the first thread is made
        TRY(start());
        net::HttpServer http([this](const net::HttpRequest& asked) { return server_->handle(asked); });
        TRY_ASSIGN(const std::uint16_t port, http.bind(request_.host, request_.port));
        server_->core().set_url("http://" + (is_loopback(request_.host) ? "localhost" : request_.host) + ":" +
                                std::to_string(port));
        TRY(load());
        session_.out << "serving " << server_->core().url() << "\n"
                     << (request_.storage.empty() ? "rows are kept in memory, and gone at the end\n" : "")
                     << (is_loopback(request_.host) ? "tokens: curl " + server_->core().url() + "/tokens\n"
                                                    : "")
                     << std::flush;
        std::thread answering([&] { http.run(); });
        watch(signals.first());
        http.stop();
        answering.join();
        return {};
    }

private:
    Result<std::unique_ptr<target::SqlChannel>> open(server::EngineUse use) {
        const std::scoped_lock lock(opening_); // the library is loaded by the first
        return session_.targets.open_channel(
            request_.storage.empty() ? fs::path() : request_.storage / "engine",
            use == server::EngineUse::Read ? target::ChannelUse::ReadOnly : target::ChannelUse::ReadAndWrite);
    }

    Result<void> start() {
        server::ServerOptions options;
        options.admin_token = session_.environment.get("TB_LOCAL_WORKSPACE_TOKEN").value_or("");
        options.user_token = session_.environment.get("TB_LOCAL_USER_TOKEN").value_or("");
        if (!request_.storage.empty()) {
            options.state_file = request_.storage / "workspaces.json";
        }
        options.classic = request_.classic;
        options.tells_tokens = is_loopback(request_.host);
        if (!options.tells_tokens && (options.admin_token.empty() || options.user_token.empty())) {
            return Error{ExitCode::Usage,
                         backquoted(request_.host) +
                             " is reached from other machines, and nobody could learn a token",
                         "give TB_LOCAL_WORKSPACE_TOKEN and TB_LOCAL_USER_TOKEN, or serve on 127.0.0.1"};
        }
        if (request_.has_project) {
            options.config =
                open_project(session_.folder, datafile_options(session_.environment)).project.config;
        }
        server_ = std::make_unique<server::Server>(pool_, std::move(options),
                                                   [this] { return session_.clock.now(); });
        return server_->start();
    }

    Result<void> load() {
        if (!request_.has_project) {
            return {};
        }
        OpenProject open_now = open_project(session_.folder, datafile_options(session_.environment));
        Diagnostics problems;
        problems.append(open_now.problems);
        TRY_ASSIGN(std::vector<ProjectDatafile> datafiles, datafiles_of(open_now, session_.folder, problems));
        std::vector<server::Datafile> files;
        for (ProjectDatafile& file : datafiles) {
            files.push_back({std::move(file.path), std::move(file.text)});
        }
        session_.err << render_text(problems, open_now.sources);
        if (problems.has_errors()) {
            session_.err << "the workspace stays as it was: the project has problems\n" << std::flush;
            return {};
        }
        std::vector<server::FileProblem> refused;
        TRY_ASSIGN(const server::BuildChanges changes, server_->load(std::move(files), refused));
        for (const server::FileProblem& problem : refused) {
            session_.err << "error: " << (problem.path.empty() ? "" : problem.path + ": ") << problem.text
                         << "\n";
        }
        if (refused.empty()) {
            tell(changes);
        }
        session_.err << std::flush;
        return {};
    }

    void tell(const server::BuildChanges& changes) {
        const auto tell_names = [&](std::string_view kind, const server::NameChanges& names) {
            for (const auto& [word, list] :
                 {std::pair("new", &names.added), std::pair("changed", &names.changed),
                  std::pair("gone", &names.dropped)}) {
                if (!list->empty()) {
                    session_.err << word << " " << kind << ": " << join(*list, ", ") << "\n";
                }
            }
        };
        tell_names("datasources", changes.datasources);
        tell_names("pipes", changes.pipes);
        tell_names("connections", changes.connections);
    }

    // Returns when it is told to stop.
    void watch(const std::stop_token& stop) {
        const bool looks = request_.watch && request_.has_project;
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        if (!looks) {
            stopped.wait(lock, stop, [] { return false; });
            return;
        }
        std::string known = signature_of(session_.folder);
        while (!stop.stop_requested()) {
            stopped.wait_for(lock, stop, kBetweenLooks, [] { return false; });
            std::string now = signature_of(session_.folder);
            if (now != known && !stop.stop_requested()) {
                known = std::move(now);
                if (const Result<void> loaded = load(); !loaded) {
                    session_.err << "error: " << loaded.error().message << "\n" << std::flush;
                }
            }
        }
    }

    const ServeRequest& request_;
    Session& session_;
    std::mutex opening_;
    server::EnginePool pool_;
    std::unique_ptr<server::Server> server_;
};

} // namespace

Result<void> serve(const ServeRequest& request, Session& session) { return Serving(request, session).run(); }

} // namespace birdhouse::ops

// Times the engine's part of `check` on a project, in one process: every round makes the whole project in a
// fresh engine. Beside it the engine alone is timed, given the same statements again.
//   bench_engine_check FOLDER ROUNDS LIBCHDB
//   {"datasources", "nodes", "refused_datasources", "refused_nodes", "unchecked_nodes", "statements",
//   "check_ms",
//    "engine_ms"}, the last two medians; unchecked are nodes that rest on what was refused or is not known
//    here
#include "ops/engine_check.hpp"

#include "engine/library.hpp"
#include "ops/project.hpp"
#include "target/embedded.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace birdhouse;

struct Statement {
    std::string sql;
    std::string format;
    std::vector<target::Parameter> parameters;
};

// Passes everything on, and keeps it.
class RecordingChannel final : public target::SqlChannel {
public:
    RecordingChannel(std::unique_ptr<target::SqlChannel> channel, std::vector<Statement>& record)
        : channel_(std::move(channel)), record_(record) {}
    Result<target::QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const target::Parameter> parameters) override {
        record_.push_back({std::string(sql), std::string(format), {parameters.begin(), parameters.end()}});
        return channel_->query(sql, format, parameters);
    }
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override {
        return channel_->insert(sql, format, bytes);
    }

private:
    std::unique_ptr<target::SqlChannel> channel_;
    std::vector<Statement>& record_;
};

// The engine is opened before the clock starts: it is the same for every command.
class OpenedAhead final : public target::TargetOpener {
public:
    explicit OpenedAhead(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {}
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                    const std::filesystem::path&) override {
        return Error{ExitCode::Failed, "a check opens no target", {}};
    }
    bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override { return std::move(channel_); }
    Result<std::string> engine_version() override { return std::string(); }

private:
    std::unique_ptr<target::SqlChannel> channel_;
};

template <class Work>
double milliseconds(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

struct Round {
    double check = 0;
    double engine = 0;
    std::size_t statements = 0;
    ops::EngineCheck figures;
};

Round run(const ops::OpenProject& open, const std::shared_ptr<engine::Library>& library) {
    Round round;
    std::vector<Statement> statements;
    OpenedAhead targets(
        std::make_unique<RecordingChannel>(target::open_scratch(library).value(), statements));
    Diagnostics found;
    round.check = milliseconds(
        [&] { round.figures = ops::check_on_engine(open.project, open.sources, targets, found).value(); });
    const std::unique_ptr<target::SqlChannel> alone = target::open_scratch(library).value();
    round.engine = milliseconds([&] {
        for (const Statement& statement : statements) {
            // What was refused before is refused again.
            static_cast<void>(alone->query(statement.sql, statement.format, statement.parameters));
        }
    });
    round.statements = statements.size();
    return round;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "bench_engine_check FOLDER ROUNDS LIBCHDB\n";
        return 2;
    }
    const auto library = engine::Library::load({arguments[3], {}});
    if (!library) {
        std::cerr << library.error().message << "\n";
        return 3;
    }
    const ops::OpenProject open = ops::open_project(arguments[1]);
    std::vector<double> checks;
    std::vector<double> engines;
    Round last;
    for (int i = 0; i < std::atoi(arguments[2]); ++i) {
        last = run(open, *library);
        checks.push_back(last.check);
        engines.push_back(last.engine);
    }
    std::cout << "{\"datasources\": " << last.figures.datasources << ", \"nodes\": " << last.figures.nodes
              << ", \"refused_datasources\": " << last.figures.refused_datasources
              << ", \"refused_nodes\": " << last.figures.refused_nodes
              << ", \"unchecked_nodes\": " << last.figures.unchecked_nodes
              << ", \"statements\": " << last.statements << ", \"check_ms\": " << median(checks)
              << ", \"engine_ms\": " << median(engines) << "}\n";
    return last.figures.refused_nodes + last.figures.refused_datasources == 0 ? 0 : 1;
}

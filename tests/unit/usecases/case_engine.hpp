// The embedded target of one use case: steps run on it as they are planned, events are stored as `send` does,
// pipes run as `run` does.
#pragma once

#include "model/project.hpp"
#include "model/schema.hpp"
#include "support/golden.hpp"
#include "target/plan.hpp"
#include "target/target.hpp"
#include "unit/queries/run_world.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace birdhouse::testing {

// What lines of rows.txt are about: the tables as they are by now, and the pipes.
struct CaseState {
    const model::Schema& schema;
    const model::Project& project;
};

// What a quarantine keeps goes after 30 days: time does not stand still here.
struct PresentClock final : ops::Clock {
    std::chrono::system_clock::time_point now() const override { return std::chrono::system_clock::now(); }
};

class CaseEngine final : public target::SqlTarget {
public:
    explicit CaseEngine(std::unique_ptr<target::SqlChannel> channel);

    const std::string& name() const override { return database_; }
    const std::string& database() const override { return database_; }
    target::SqlChannel& channel() override { return *channel_; }

    void run(const std::string& sql);
    void run_step(const model::StepAction& step, const model::Schema& schema);
    // A line of `-- before`, `-- during` or `-- after`.
    void act(const std::string& line, const CaseState& state);

    bool refuses(const std::string& sql) { return !channel_->execute(sql).ok(); }
    std::string answer(const std::string& sql);
    std::string answer_of_pipe(const ops::RunRequest& request, const model::Project& project);

private:
    void run_statement(const target::Statement& statement, const std::string& table);
    void store_event(std::string_view datasource, std::string_view event, const model::Schema& schema);
    void copy(const std::string& pipe, const model::Project& project);

    std::string database_ = "usecase";
    TemporaryFolder folder_;
    RunWorld world_;
    PresentClock clock_;
    ops::Session session_{folder_.path(), world_.in,      world_.out, world_.err, world_.environment,
                          clock_,         world_.targets, false,      false,      {}};
    std::unique_ptr<target::SqlChannel> channel_;
};

} // namespace birdhouse::testing

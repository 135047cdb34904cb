#include "ops/pipe_test.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/engine_words.hpp"
#include "ops/run.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

// As the service has it: ten seconds for a request, wide integers without quotes.
constexpr std::string_view kSettings =
    "SET max_execution_time = 10, output_format_json_quote_64bit_integers = 0, "
    "output_format_json_quote_denormals = 0, output_format_json_quote_decimals = 0, "
    "output_format_json_validate_utf8 = 1";

// A connection to the engine in memory, as a target whose tables are the fixtures'.
class FixtureTarget final : public target::SqlTarget {
public:
    explicit FixtureTarget(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {}
    const std::string& name() const override { return name_; }
    const std::string& database() const override { return database_; }
    target::SqlChannel& channel() override { return *channel_; }

private:
    std::string name_ = "fixtures";
    std::string database_ = std::string(kFixtureDatabase);
    std::unique_ptr<target::SqlChannel> channel_;
};

struct Answer {
    std::string result;
    std::int64_t status = 200;
};

// What custom_error() was given: a text, or anything else as JSON.
std::string custom_message(const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    return json.is_string() ? json.get<std::string>() : body;
}

Answer refused(const ComposedRun& run, const Diagnostics& problems) {
    if (run.notes.failure) {
        const syntax::TemplateError& failure = *run.notes.failure;
        const bool custom = failure.kind == syntax::TemplateErrorKind::Custom;
        return {custom ? custom_message(failure.custom_body) : failure.message,
                custom ? failure.custom_code : 400};
    }
    return {problems.empty() ? "the query cannot be composed" : problems.all().front().message, 400};
}

class TestRun {
public:
    TestRun(const model::Project& project, const FixtureTables& tables, const Session& session)
        : project_(project), tables_(tables), session_(session) {}

    // An engine that is gone is an Error; one that refuses the query gives an answer.
    Result<TestOutcome> run(const TestFile& file, const PipeTest& test, target::SqlTarget& engine) const {
        TRY_ASSIGN(const GivenParameters parameters, parse_query_string(test.parameters));
        TestOutcome outcome;
        outcome.test = &test;
        TRY_ASSIGN(const ChosenNode chosen, choose_node(project_, {file.pipe, {}, {}, {}, {}}));
        Diagnostics problems;
        const auto exists = [this](std::string_view table) {
            return std::any_of(tables_.loaded.begin(), tables_.loaded.end(), [&](const LoadedFixture& one) {
                return one.quarantined != 0 && one.datasource + "_quarantine" == table;
            });
        };
        const ComposedRun composed =
            compose_run(project_, chosen, parameters, engine.database(), exists, session_, problems);
        Answer answer;
        if (composed.query) {
            const Result<target::QueryResult> result =
                engine.channel().query(composed.query->sql, "JSONEachRow", composed.secrets);
            if (!result && !engine_words(result.error())) {
                return result.error();
            }
            answer = result ? Answer{std::string(trim(result->bytes)), 200}
                            : Answer{"[Error] " + engine_words(result.error())->text, 400};
            outcome.seconds = result ? result->elapsed_seconds : 0;
        } else {
            answer = refused(composed, problems);
        }
        outcome.result = std::move(answer.result);
        outcome.status = answer.status;
        const bool passed = test.expected_result && *test.expected_result == trim(outcome.result) &&
                            test.expected_status == outcome.status;
        outcome.state = passed ? TestState::Passed : TestState::Failed;
        return outcome;
    }

private:
    const model::Project& project_;
    const FixtureTables& tables_;
    const Session& session_;
};

struct Job {
    TestedFile* file = nullptr;
    std::size_t index = 0;
};

// Each worker has a connection of its own and takes the next test that nobody has; outcomes go to their
// place.
Result<void> run_all(const std::vector<Job>& jobs, const TestRun& run,
                     std::vector<std::unique_ptr<FixtureTarget>>& engines) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::optional<Error>> failures(engines.size());
    const auto work = [&](std::size_t worker) {
        for (std::size_t at = next++; at < jobs.size() && !failures[worker]; at = next++) {
            const Job& job = jobs[at];
            Result<TestOutcome> outcome =
                run.run(job.file->file, job.file->file.tests[job.index], *engines[worker]);
            if (outcome) {
                job.file->outcomes[job.index] = std::move(outcome).value();
            } else {
                failures[worker] = std::move(outcome).error();
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < engines.size(); ++worker) {
        threads.emplace_back(work, worker);
    }
    work(0);
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (std::optional<Error>& failure : failures) {
        if (failure) {
            return std::move(*failure);
        }
    }
    return {};
}

Result<std::unique_ptr<FixtureTarget>> connect(const Session& session) {
    TRY_ASSIGN(std::unique_ptr<target::SqlChannel> channel, session.targets.open_scratch());
    return std::make_unique<FixtureTarget>(std::move(channel));
}

Result<void> settle(FixtureTarget& engine) {
    TRY(engine.channel().execute("USE " + engine.database()));
    return engine.channel().execute(kSettings);
}

bool is_wanted(const TestFile& file, const std::vector<std::string>& only) {
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& wanted) {
               return wanted == file.pipe || wanted == file.shown ||
                      std::filesystem::path(wanted).filename() == file.path.filename();
           });
}

// The files to run; those that name no pipe are a problem and are left out.
Result<std::vector<TestedFile>> choose_files(OpenProject& open, const TestOptions& options,
                                             const Session& session, Diagnostics& problems) {
    TRY_ASSIGN(std::vector<TestFile> files, read_test_files(session.folder, open.sources, problems));
    std::vector<TestedFile> chosen;
    for (TestFile& file : files) {
        if (!is_wanted(file, options.only) || file.tests.empty()) {
            continue;
        }
        if (model::find_pipe(open.project, file.pipe) == nullptr) {
            std::vector<std::string_view> names;
            for (const model::Pipe& pipe : open.project.pipes) {
                names.push_back(pipe.name);
            }
            const auto near = nearest(file.pipe, names);
            problems.add(codes::F404, file.tests.front().place,
                         "no pipe is called " + backquoted(file.pipe) + ", as this file of tests is",
                         near ? "did you mean " + backquoted(*near) + "?" : "name the file like its pipe");
            continue;
        }
        TestedFile tested{std::move(file), {}};
        tested.outcomes.resize(tested.file.tests.size());
        chosen.push_back(std::move(tested));
    }
    if (chosen.empty() && !options.only.empty() && !problems.has_errors()) {
        return Error{ExitCode::Usage, "no tests are kept for " + backquoted(options.only.front()),
                     "tests of a pipe are in tests/<pipe>.yaml"};
    }
    return chosen;
}

// Does the text read back with each of the results in its place?
bool holds(const std::string& text, const std::vector<RecordedResult>& results) {
    SourceMap sources;
    Diagnostics problems;
    const std::vector<PipeTest> tests = read_tests(sources.add("", text), sources, problems);
    return !problems.has_errors() &&
           std::all_of(results.begin(), results.end(), [&](const RecordedResult& one) {
               return std::any_of(tests.begin(), tests.end(), [&](const PipeTest& test) {
                   return test.name == one.test->name && test.expected_result == one.result &&
                          test.expected_status == one.status;
               });
           });
}

Result<void> record(TestReport& report, const SourceMap& sources) {
    for (TestedFile& tested : report.files) {
        std::vector<RecordedResult> results;
        for (TestOutcome& outcome : tested.outcomes) {
            if (outcome.state == TestState::Failed) {
                results.push_back({outcome.test, std::string(trim(outcome.result)), outcome.status});
                outcome.state = TestState::Recorded;
            }
        }
        if (!results.empty()) {
            const std::string text = with_results(sources.text(tested.file.source), results);
            if (!holds(text, results)) { // a test between braces, say: no lines to put a result in
                return Error{ExitCode::Failed,
                             "the results cannot be written into " + backquoted(tested.file.shown),
                             "write each of its tests as lines, one a field"};
            }
            TRY(write_if_changed(tested.file.path, text));
        }
    }
    return {};
}

} // namespace

std::size_t TestReport::count(TestState state) const {
    std::size_t found = 0;
    for (const TestedFile& tested : files) {
        found += static_cast<std::size_t>(
            std::count_if(tested.outcomes.begin(), tested.outcomes.end(),
                          [state](const TestOutcome& outcome) { return outcome.state == state; }));
    }
    return found;
}

Result<TestReport> test_pipes(OpenProject& open, const TestOptions& options, const Session& session,
                              Diagnostics& problems) {
    TestReport report;
    TRY_ASSIGN(report.files, choose_files(open, options, session, problems));
    std::vector<Job> jobs;
    for (TestedFile& tested : report.files) {
        for (std::size_t i = 0; i < tested.file.tests.size(); ++i) {
            jobs.push_back({&tested, i});
        }
    }
    if (jobs.empty() || problems.has_errors()) { // a file that does not read could be the one that matters
        report.files.clear();
        return report;
    }
    std::vector<std::unique_ptr<FixtureTarget>> engines(1);
    TRY_ASSIGN(engines.front(), connect(session));
    Diagnostics of_tables; // a table that is not as declared; `check` tells of it, and the tests that read it
    TRY_ASSIGN(report.fixtures,
               make_fixture_tables(open.project, session, open.sources, *engines.front(), of_tables));
    const std::size_t wanted = options.jobs == 0 ? std::thread::hardware_concurrency() : options.jobs;
    for (std::size_t i = 1; i < std::min(std::max<std::size_t>(wanted, 1), jobs.size()); ++i) {
        TRY_ASSIGN(std::unique_ptr<FixtureTarget> engine, connect(session));
        engines.push_back(std::move(engine));
    }
    for (const auto& engine : engines) {
        TRY(settle(*engine));
    }
    TRY(run_all(jobs, TestRun(open.project, report.fixtures, session), engines));
    if (options.accept) {
        TRY(record(report, open.sources));
    }
    return report;
}

} // namespace birdhouse::ops

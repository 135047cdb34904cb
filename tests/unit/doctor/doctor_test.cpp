#include "ops/doctor.hpp"
#include "support/golden.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::ops;
using birdhouse::testing::TemporaryFolder;

namespace {

const Error kNoEngine{ExitCode::Failed, "the engine libchdb.so was not found: tried `libchdb.so`",
                      "run `make engine`"};

// An engine that works or does not, as told; nothing can be opened.
class ToldOpener final : public target::TargetOpener {
public:
    explicit ToldOpener(bool works) : works_(works) {}
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                    const std::filesystem::path&) override {
        return kNoEngine;
    }
    bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override { return kNoEngine; }
    Result<std::string> engine_version() override {
        return works_ ? Result<std::string>(std::string("26.7.2.1")) : Result<std::string>(kNoEngine);
    }
    std::filesystem::path engine_path() const override { return works_ ? "/opt/libchdb.so" : ""; }

private:
    bool works_;
};

class NoEnvironment final : public Environment {
public:
    std::optional<std::string> get(std::string_view) const override { return std::nullopt; }
};

class StoppedClock final : public Clock {
public:
    std::chrono::system_clock::time_point now() const override { return {}; }
};

DoctorReport examined(const std::filesystem::path& folder, bool engine_works) {
    std::istringstream in;
    std::ostringstream out;
    const NoEnvironment environment;
    const StoppedClock clock;
    ToldOpener opener(engine_works);
    Session session{folder, in, out, out, environment, clock, opener, false, false, "0.1.0"};
    return examine(session);
}

DoctorReport full_report() {
    DoctorReport report;
    report.version = "0.1.0";
    report.folder = "/srv/shop";
    report.engine = {"26.7.2.1", "/opt/libchdb.so", std::nullopt};
    report.project = ProjectHealth{"shop", 5, 1, 2, 1, 0};
    report.targets = {
        {"local", model::TargetKind::Embedded, true, ".birdhouse/local", engine::StorageState::Free},
        {"serve", model::TargetKind::Embedded, false, ".birdhouse/serve", engine::StorageState::InUse},
        {"next", model::TargetKind::Embedded, false, ".birdhouse/next", engine::StorageState::Missing},
        {"bad", model::TargetKind::Embedded, false, "README.md", engine::StorageState::Blocked},
        {"cloud", model::TargetKind::TinybirdForward, false, "", std::nullopt}};
    return report;
}

} // namespace

TEST_CASE("the doctor tells what works, a line each") {
    CHECK(render_text(full_report()) == R"(birdhouse 0.1.0
engine    ClickHouse 26.7.2.1 from /opt/libchdb.so
project   shop in /srv/shop: 5 datasources, 1 pipe, 2 migrations
          its files have 1 error and 0 warnings: `birdhouse generate --check` shows them
target    local (default): embedded in .birdhouse/local, ready
target    serve: embedded in .birdhouse/serve, in use: another process has it open, a `serve` perhaps
target    next: embedded in .birdhouse/next, not made yet: the first command that needs it makes it
target    bad: embedded in README.md, not usable: it is not a folder, or may not be written
target    cloud: tinybird forward, not looked at
)");
}

TEST_CASE("without an engine the doctor says how to get one and what works all the same") {
    const TemporaryFolder folder;
    const DoctorReport report = examined(folder.path(), false);
    CHECK_FALSE(report.engine.works());
    CHECK(render_text(report) == R"(birdhouse 0.1.0
engine    none: the engine libchdb.so was not found: tried `libchdb.so`
          = help: run `make engine`
          commands that only read and write files work without it: `generate`, `validate`
project   none: no birdhouse.yaml in )" +
                                     folder.path().string() + " or above\n");
}

TEST_CASE("the doctor's findings are JSON for programs") {
    DoctorReport report = full_report();
    report.targets.resize(1);
    CHECK(render_json(report) == R"({
  "version": "0.1.0",
  "folder": "/srv/shop",
  "engine": {
    "works": true,
    "version": "26.7.2.1",
    "path": "/opt/libchdb.so"
  },
  "project": {
    "name": "shop",
    "datasources": 5,
    "pipes": 1,
    "migrations": 2,
    "errors": 1,
    "warnings": 0
  },
  "targets": [
    {
      "name": "local",
      "kind": "embedded",
      "default": true,
      "path": ".birdhouse/local",
      "state": "ready"
    }
  ]
}
)");
}

TEST_CASE("what is missing is null in the JSON, not left out") {
    DoctorReport report;
    report.version = "0.1.0";
    report.folder = "/srv";
    report.engine.failure = kNoEngine;
    CHECK(render_json(report) == R"({
  "version": "0.1.0",
  "folder": "/srv",
  "engine": {
    "works": false,
    "version": null,
    "path": null,
    "error": "the engine libchdb.so was not found: tried `libchdb.so`",
    "help": "run `make engine`"
  },
  "project": null,
  "targets": []
}
)");
}

TEST_CASE("a project's name and targets are read, and its storage looked at") {
    const TemporaryFolder folder;
    folder.write("birdhouse.yaml",
                 "name: shop\ntargets:\n  local: {kind: embedded, path: .birdhouse/local}\n");
    folder.write(".birdhouse/local/status", "PID: 1\n");
    const DoctorReport report = examined(folder.path(), true);
    REQUIRE(report.project);
    CHECK(report.project->name == "shop");
    CHECK(report.engine.works());
    CHECK(report.engine.path == "/opt/libchdb.so");
    REQUIRE(report.targets.size() == 1);
    CHECK(report.targets[0].name == "local");
    CHECK(report.targets[0].state == engine::StorageState::Free);
}

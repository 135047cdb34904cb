// Datafiles to definitions: models stay equal, comments come along, and what cannot be said stays a datafile.
#include "../generate/sample_project.hpp"
#include "base/files.hpp"
#include "codec/datafile_form.hpp"
#include "codec/datafile_writer.hpp"
#include "ops/import.hpp"

#include <algorithm>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace birdhouse;

namespace {

namespace fs = std::filesystem;

// A folder that is gone with the test.
class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "birdhouse-import-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }
    void write(const std::string& file, const std::string& text) const {
        REQUIRE(write_if_changed(path_ / file, text).ok());
    }

private:
    fs::path path_;
};

struct Imported {
    ops::ImportPlan plan;
    std::vector<std::string> different;
    std::string problems;

    std::string file(const std::string& path) const {
        const auto found = std::ranges::find(plan.files, path, &ops::ImportedFile::path);
        return found == plan.files.end() ? "no such file" : found->text;
    }
};

Imported import(const Folder& from, const ops::ImportOptions& options = {}) {
    const Folder to;
    const ops::OpenProject old = ops::open_project(from.path());
    Imported imported{ops::plan_import(old, options), {}, {}};
    const Result<void> written = ops::write_import(imported.plan, to.path());
    INFO((written ? std::string() : written.error().message));
    REQUIRE(written.ok());
    const ops::OpenProject made = ops::open_project(to.path());
    imported.problems = render_text(made.problems, made.sources);
    imported.different = ops::compare_models(old.project, made.project);
    return imported;
}

} // namespace

TEST_CASE("every datasource and pipe that a datafile can hold is imported with an equal model") {
    std::mt19937 random(20261125); // a fixed seed: a failure repeats
    Folder from;
    Diagnostics ignored;
    for (int i = 0; i < 60; ++i) {
        model::Datasource datasource = testing::random_datasource(random);
        datasource.name = "datasource_" + std::to_string(i);
        from.write("datasources/" + datasource.name + ".datasource",
                   codec::write_datasource_file(codec::to_datafile_form(datasource, ignored)));
        model::Pipe pipe = testing::random_pipe(random);
        pipe.name = "pipe_" + std::to_string(i);
        from.write("pipes/" + pipe.name + ".pipe",
                   codec::write_pipe_file(codec::to_datafile_form(pipe, ignored)));
    }
    for (const bool groups : {false, true}) {
        const Imported imported = import(from, {.name = "", .groups = groups});
        CHECK(imported.different.empty());
        CHECK(imported.plan.datasources + imported.plan.pipes + imported.plan.kept.size() == 120);
        CHECK(imported.plan.kept.size() < 20);
    }
}

TEST_CASE("comments come along to what they stand beside") {
    Folder from;
    from.write("datasources/events.datasource", "# The landing.\n"
                                                "# Second line.\n"
                                                "TOKEN \"app\" APPEND # the tracker's\n"
                                                "\n"
                                                "SCHEMA >\n"
                                                "    # who\n"
                                                "    `id` String `json:$.id`, -- a UUID\n"
                                                "    -- what\n"
                                                "    `kind` String `json:$.kind`\n"
                                                "    # no more\n"
                                                "\n"
                                                "# how it is stored\n"
                                                "ENGINE \"MergeTree\"\n"
                                                "TAGS \"with_staging=true\"\n"
                                                "# the end\n");
    from.write("pipes/top.pipe", "# A dashboard.\nNODE first\n# asks\nSQL >\n    # inside\n"
                                 "    SELECT * FROM events -- stays\n\nTYPE endpoint\n");
    const Imported imported = import(from);
    CHECK(imported.problems.empty());
    CHECK(imported.file("datasources/events.yaml") == R"(# The landing.
# Second line.
# the tracker's
# not kept: TAGS "with_staging=true"
datasource: events
columns:
  # who
  # a UUID
  - {name: id, type: String, path: $.id}
  # what
  - {name: kind, type: String, path: $.kind}
# no more
# how it is stored
engine: {kind: MergeTree}
tokens:
  - {name: app, scope: append}
# the end
)");
    CHECK(imported.file("pipes/top.yaml") == R"(# A dashboard.
pipe: top
nodes:
  # asks
  # inside
  - name: first
    sql: SELECT * FROM events -- stays
)");
    CHECK(imported.plan.comments == 13);
}

TEST_CASE("what a definition cannot say stays a datafile, and is said") {
    Folder from;
    const std::string text = "SCHEMA >\n    `a` String\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"b\"\n";
    from.write("datasources/broken.datasource", text);
    from.write("datasources/sound.datasource", "SCHEMA >\n    `a` String\n");
    const Imported imported = import(from);
    REQUIRE(imported.plan.kept.size() == 1);
    CHECK(imported.plan.kept.front().path == "datasources/broken.datasource");
    CHECK(imported.plan.kept.front().reason == "`sorting_key` names `b`, which is no column");
    CHECK(imported.file("datasources/broken.datasource") == text);
    CHECK(imported.plan.left_out.size() == 1);
    CHECK(imported.different.empty());
}

TEST_CASE("a baseline migration holds the tables and views as they are") {
    Folder from;
    from.write("datasources/events.datasource", "SCHEMA >\n    `id` String `json:$.id`\n");
    from.write("datasources/daily.datasource",
               "SCHEMA >\n    `n` UInt64\n\nENGINE \"SummingMergeTree\"\nENGINE_SORTING_KEY \"n\"\n");
    from.write("pipes/daily_mv.pipe", "NODE m\nSQL >\n    SELECT count() AS n FROM events\n\n"
                                      "TYPE materialized\nDATASOURCE daily\n");
    from.write("pipes/lost_mv.pipe", "NODE m\nSQL >\n    SELECT count() AS n FROM events\n\n"
                                     "TYPE materialized\nDATASOURCE nowhere\n");
    const Imported imported = import(from);
    CHECK(imported.problems.empty());
    const std::string migration = imported.file("migrations/0001_baseline.yaml");
    CHECK(migration.find("create_datasource") < migration.find("create_materialized_view"));
    CHECK(migration.find("view: daily_mv") != std::string::npos);
    CHECK(migration.find("lost_mv") == std::string::npos);
    REQUIRE(imported.plan.left_out.size() == 1);
    CHECK(imported.plan.left_out.front() ==
          "the view `lost_mv`: its target `nowhere` is no datasource of the baseline");
}

TEST_CASE("an import never writes over a project or a file") {
    Folder from;
    from.write("datasources/events.datasource", "SCHEMA >\n    `id` String\n");
    const ops::OpenProject old = ops::open_project(from.path());
    const ops::ImportPlan plan = ops::plan_import(old, {});
    CHECK(ops::write_import(plan, from.path()).error().code == ExitCode::Refused);
    Folder to;
    to.write("birdhouse.yaml", "name: other\n");
    CHECK(ops::write_import(plan, to.path()).error().code == ExitCode::Refused);
    Folder beside;
    beside.write("datasources/events.yaml", "mine\n");
    CHECK(ops::write_import(plan, beside.path()).error().code == ExitCode::Refused);
    CHECK_FALSE(fs::exists(beside.path() / "birdhouse.yaml"));
}

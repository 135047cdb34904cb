// Whole projects in one file each: `-- path --` begins a file of the project. The expectation holds the
// problems of reading it, those that the engine finds, and the figures.
#include "base/text.hpp"
#include "support/engine_library.hpp"
#include "support/golden.hpp"
#include "unit/engine_check/checked_project.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

void unpack(const std::string& archive, const TemporaryFolder& folder) {
    std::string path;
    std::string text;
    for (const std::string_view line : split(archive, '\n')) {
        if (line.starts_with("-- ") && line.ends_with(" --")) {
            if (!path.empty()) {
                folder.write(path, text);
            }
            path = line.substr(3, line.size() - 6);
            text.clear();
        } else {
            text += line;
            text += '\n';
        }
    }
    text.pop_back(); // the last line end of the archive is no line of its own
    folder.write(path, text);
}

std::string all_of(const CheckedProject& checked) {
    return render_text(checked.found, checked.open.sources) +
           (checked.figures ? figures_of(*checked.figures) : checked.figures.error().message + "\n");
}

// Answers one query after the other with what it was given.
struct PlaybackChannel final : target::SqlChannel {
    explicit PlaybackChannel(Error failure) : failure_(std::move(failure)) {}
    Result<target::QueryResult> query(std::string_view sql, std::string_view,
                                      std::span<const target::Parameter>) override {
        return sql.starts_with("CREATE TABLE") ? Result<target::QueryResult>(failure_)
                                               : target::QueryResult{};
    }
    Result<std::uint64_t> insert(std::string_view, std::string_view, std::string_view) override {
        return failure_;
    }

private:
    Error failure_;
};

struct FailingOpener final : target::TargetOpener {
    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings&,
                                                    const std::filesystem::path&) override {
        return Error{ExitCode::Failed, "no target", {}};
    }
    bool exists(const model::TargetSettings&, const std::filesystem::path&) override { return false; }
    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
        return std::unique_ptr<target::SqlChannel>(
            std::make_unique<PlaybackChannel>(Error{ExitCode::Failed, "the engine gave no answer", {}}));
    }
    Result<std::string> engine_version() override { return std::string("0"); }
};

} // namespace

TEST_CASE("the engine finds in projects what their golden cases say") {
    REQUIRE_ENGINE(library);
    ScratchOpener opener(library);
    for (const auto& input : golden_inputs("engine_check")) {
        DYNAMIC_SECTION(input.filename().string()) {
            const TemporaryFolder folder;
            unpack(read_text(input), folder);
            check_golden(input, all_of(check_project(folder.path(), opener)));
        }
    }
}

TEST_CASE("an engine that is gone fails the check instead of the datasource") {
    const TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\n");
    folder.write("datasources/events.yaml", "datasource: events\n"
                                            "columns: [{name: id, type: String}]\n"
                                            "engine: {kind: MergeTree, sorting_key: [id]}\n");
    FailingOpener opener;
    const CheckedProject checked = check_project(folder.path(), opener);
    REQUIRE_FALSE(checked.figures);
    CHECK(checked.figures.error().message == "the engine gave no answer");
    CHECK(checked.found.empty());
}

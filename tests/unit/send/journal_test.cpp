// The journal after crashes: torn, damaged, in use; and what it makes of its lines.
#include "ops/send_journal.hpp"
#include "support/golden.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::ops;
using namespace birdhouse::testing;
namespace fs = std::filesystem;

namespace {

const Destination kCloud{"cloud", "https://api.tinybird.co", "w", "visits"};

SendJournal opened(const TemporaryFolder& folder) {
    Result<SendJournal> journal = SendJournal::open(folder.path(), kCloud);
    INFO((journal ? "" : journal.error().message));
    REQUIRE(journal.ok());
    return std::move(journal).value();
}

InputMark mark_of(const std::string& path) { return {path, 1, 2, 3, "head"}; }

JournalBatch batch_of(std::uint64_t input, std::uint64_t from, std::uint64_t to) {
    JournalBatch batch;
    batch.input = input;
    batch.from = {from * 10, from};
    batch.to = {to * 10, to};
    batch.rows = to - from;
    batch.tail = "tail " + std::to_string(to);
    return batch;
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
    std::ofstream out(file, std::ios::binary);
    for (const std::string& line : lines) {
        out << line << "\n";
    }
}

// An input of which one batch is stored, one not written, one unknown and one on its way.
fs::path fill(const TemporaryFolder& folder) {
    SendJournal journal = opened(folder);
    REQUIRE(journal.add_input(mark_of("a.ndjson")).value() == 1);
    const auto send = [&](std::uint64_t from, std::uint64_t to, BatchOutcome outcome) {
        const Result<std::uint64_t> id = journal.begin(batch_of(1, from, to));
        REQUIRE(id.ok());
        REQUIRE(journal.settle(*id, outcome, "note"));
    };
    send(0, 5, BatchOutcome::Stored);
    send(5, 9, BatchOutcome::Nothing);
    CHECK(journal.input(1).reached == InputPosition{50, 5});
    send(5, 7, BatchOutcome::Unknown);
    REQUIRE(journal.begin(batch_of(1, 7, 8)).ok());
    return journal.path();
}

} // namespace

TEST_CASE("a journal tells the next run where to go on, and what is not known") {
    const TemporaryFolder folder;
    fill(folder);
    SendJournal journal = opened(folder);
    REQUIRE(journal.inputs().size() == 1);
    CHECK(journal.input(1).mark == mark_of("a.ndjson"));
    CHECK(journal.input(1).reached == InputPosition{80, 8});
    CHECK(journal.input(1).tail == "tail 8");
    REQUIRE(journal.unknown().size() == 2);
    CHECK(journal.unknown()[0].batch.from == InputPosition{50, 5});
    CHECK(journal.unknown()[0].note == "note");
    CHECK(journal.unknown()[1].note == "the run ended before the answer came");
    const Result<std::uint64_t> later = journal.begin(batch_of(1, 8, 9));
    REQUIRE(journal.settle(*later, BatchOutcome::Stored, ""));
    CHECK(journal.input(1).reached == InputPosition{90, 9});
    REQUIRE(journal.forget_unknown());
    CHECK(journal.unknown().empty());
}

TEST_CASE("a batch that is sent once more takes the place of the one that is not known") {
    const TemporaryFolder folder;
    fill(folder);
    {
        SendJournal journal = opened(folder);
        JournalBatch again = journal.unknown()[0].batch;
        again.repeats = again.id;
        const Result<std::uint64_t> nothing = journal.begin(again);
        REQUIRE(journal.settle(*nothing, BatchOutcome::Nothing, ""));
        CHECK(journal.unknown().size() == 2);
        const Result<std::uint64_t> stored = journal.begin(again);
        REQUIRE(journal.settle(*stored, BatchOutcome::Stored, ""));
        CHECK(journal.unknown().size() == 1);
        CHECK(journal.input(1).reached == InputPosition{80, 8});
        again = journal.unknown()[0].batch;
        again.repeats = again.id;
        REQUIRE(journal.begin(again).ok());
    }
    const SendJournal journal = opened(folder);
    CHECK(journal.unknown().size() == 1);
    CHECK(journal.input(1).reached == InputPosition{80, 8});
}

TEST_CASE("a journal that is cut off anywhere is read up to its last whole line") {
    const TemporaryFolder folder;
    const fs::path file = fill(folder);
    const std::string whole = read_text(file);
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        CAPTURE(size);
        std::ofstream(file, std::ios::binary) << whole.substr(0, size);
        SendJournal journal = opened(folder);
        CHECK(whole.starts_with(read_text(file).substr(0, size / 8)));
        if (journal.inputs().empty()) {
            REQUIRE(journal.add_input(mark_of("b.ndjson")).ok());
        }
        REQUIRE(journal.begin(batch_of(1, 90, 91)).ok());
    }
}

TEST_CASE("a journal that is damaged in the middle is not gone on with") {
    const TemporaryFolder folder;
    const fs::path file = fill(folder);
    std::vector<std::string> lines = lines_of(file);
    lines[2][30] ^= 1;
    write_lines(file, lines);
    const Result<SendJournal> journal = SendJournal::open(folder.path(), kCloud);
    REQUIRE_FALSE(journal.ok());
    CHECK(journal.error().message.starts_with("the journal `"));
    CHECK(journal.error().message.ends_with("` is damaged at byte " +
                                            std::to_string(lines[0].size() + lines[1].size() + 2)));
}

TEST_CASE("two runs do not share a journal, and two workspaces have two") {
    const TemporaryFolder folder;
    const SendJournal journal = opened(folder);
    const Result<SendJournal> second = SendJournal::open(folder.path(), kCloud);
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code == ExitCode::Refused);
    Destination other = kCloud;
    other.workspace = "x";
    CHECK(SendJournal::open(folder.path(), other).ok());
}

TEST_CASE("a line of a later version is not passed over") {
    const TemporaryFolder folder;
    const fs::path file = fill(folder);
    {
        JournalFile raw =
            std::move(JournalFile::open(file, [](std::string_view) { return Result<void>(); })).value();
        REQUIRE(raw.begin("{\"compacted\":7}"));
    }
    const Result<SendJournal> journal = SendJournal::open(folder.path(), kCloud);
    REQUIRE_FALSE(journal.ok());
    CHECK(journal.error().message == "a line of the journal cannot be used: {\"compacted\":7}");
}

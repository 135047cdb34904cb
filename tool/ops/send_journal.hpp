// What `send` did with its inputs: which rows are stored, which are on their way, of which nobody knows. One
// file for a datasource of a target, `.birdhouse/send/<datasource>-<digits>.journal`, of lines as
// journal_file.hpp has them; each is a JSON object:
//
//   {"open":1,"target","host","workspace","datasource"}    the first line; 1 is the version of this format
//   {"input":N,"path","device","inode","head_size","head"} an input that was not seen before
//   {"batch":N,"input","from":[BYTE,LINE],"to":[BYTE,LINE],"rows","tail","repeats"}
//                                                          before its call: the rows between two positions
//   {"settled":N,"outcome":"stored|nothing|unknown","note"} after its answer
//   {"passed":INPUT,"to":[BYTE,LINE],"tail"}               rows that were all refused here; nothing to send
//   {"forgotten":N}                                        the user knows what became of an unknown batch
//
// Positions count bytes of the input unpacked, and lines. `head` and `tail` are the SHA-256 of the input's
// first bytes and of those before the position, 4096 at most: with the inode they tell a log that was
// rotated, and packed, from another one. A batch without a `settled` line was on its way when the run was
// killed: unknown.
#pragma once

#include "ops/journal_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::ops {

// Up to where an input was read. From here the next run goes on.
struct InputPosition {
    std::uint64_t byte = 0;
    std::uint64_t line = 0; // lines before it
    friend bool operator==(const InputPosition&, const InputPosition&) = default;
};

struct InputMark {
    std::string path;
    std::uint64_t device = 0; // 0 and inode 0: no file, but a stream
    std::uint64_t inode = 0;
    std::uint64_t head_size = 0;
    std::string head;
    friend bool operator==(const InputMark&, const InputMark&) = default;
};

struct KnownInput {
    std::uint64_t id = 0;
    InputMark mark;
    InputPosition reached;
    std::string tail;
    std::uint64_t rows = 0; // sent, in earlier runs and this one
};

enum class BatchOutcome : std::uint8_t {
    Stored,  // the answer says so
    Nothing, // nothing of it was written: its rows are still to be sent
    Unknown, // some or all of it may have been written
};

struct JournalBatch {
    std::uint64_t id = 0; // given by the journal
    std::uint64_t input = 0;
    InputPosition from;
    InputPosition to;
    std::uint64_t rows = 0;
    std::string tail;
    std::uint64_t repeats = 0; // the unknown batch that is sent once more; 0: none
};

struct UnknownBatch {
    JournalBatch batch;
    std::string path;
    std::string note; // why nobody knows
};

struct Destination {
    std::string target;
    std::string host;
    std::string workspace; // what its tokens have in common; empty when they do not tell
    std::string datasource;
};

std::filesystem::path journal_path(const std::filesystem::path& folder, const Destination& destination);

class SendJournal {
public:
    static Result<SendJournal> open(const std::filesystem::path& folder, const Destination& destination);

    const std::vector<KnownInput>& inputs() const { return state_.inputs; }
    const KnownInput& input(std::uint64_t id) const { return state_.inputs[id - 1]; }
    const std::vector<UnknownBatch>& unknown() const { return state_.unknown; }
    const std::filesystem::path& path() const { return file_.path(); }

    Result<std::uint64_t> add_input(const InputMark& mark);
    // Gives its id. When this fails, nothing may be sent.
    Result<std::uint64_t> begin(JournalBatch batch);
    Result<void> settle(std::uint64_t batch, BatchOutcome outcome, const std::string& note);
    Result<void> pass(std::uint64_t input, const InputPosition& to, const std::string& tail);
    Result<void> forget_unknown();

private:
    struct State {
        std::vector<KnownInput> inputs;    // by id, from 1
        std::vector<UnknownBatch> unknown; // in the order they were sent
        std::vector<JournalBatch> on_the_way;
        std::uint64_t last_batch = 0;

        Result<void> take(std::string_view line);
        void settle(std::uint64_t id, BatchOutcome outcome, const std::string& note);
        void forget(std::uint64_t id);
    };

    SendJournal(JournalFile file, State state) : file_(std::move(file)), state_(std::move(state)) {}

    JournalFile file_;
    State state_;
};

} // namespace birdhouse::ops

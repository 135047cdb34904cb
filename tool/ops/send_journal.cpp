#include "ops/send_journal.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::array<std::string_view, 3> kOutcomes = {"stored", "nothing", "unknown"};

// Names of files need not be text.
std::string line_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Json json_of(const InputPosition& position) { return Json::array({position.byte, position.line}); }

// Fields of one line. What is not there, or of another kind, makes the line unusable as a whole.
class Line {
public:
    explicit Line(const Json& json) : json_(json) {}

    std::uint64_t number(const char* key) {
        const auto found = json_.find(key);
        usable_ = usable_ && found != json_.end() && found->is_number_unsigned();
        return usable_ ? found->get<std::uint64_t>() : 0;
    }
    std::string text(const char* key) {
        const auto found = json_.find(key);
        usable_ = usable_ && found != json_.end() && found->is_string();
        return usable_ ? found->get<std::string>() : std::string();
    }
    InputPosition position(const char* key) {
        const auto found = json_.find(key);
        usable_ = usable_ && found != json_.end() && found->is_array() && found->size() == 2 &&
                  (*found)[0].is_number_unsigned() && (*found)[1].is_number_unsigned();
        return usable_ ? InputPosition{(*found)[0].get<std::uint64_t>(), (*found)[1].get<std::uint64_t>()}
                       : InputPosition();
    }
    bool usable() const { return usable_; }

private:
    const Json& json_;
    bool usable_ = true;
};

InputMark read_mark(Line& line) {
    return {line.text("path"), line.number("device"), line.number("inode"), line.number("head_size"),
            line.text("head")};
}

JournalBatch read_batch(Line& line) {
    return {line.number("batch"), line.number("input"), line.position("from"), line.position("to"),
            line.number("rows"),  line.text("tail"),    line.number("repeats")};
}

std::optional<BatchOutcome> outcome_of(std::string_view word) {
    const auto* const found = std::find(kOutcomes.begin(), kOutcomes.end(), word);
    return found == kOutcomes.end() ? std::nullopt
                                    : std::optional(static_cast<BatchOutcome>(found - kOutcomes.begin()));
}

Error unusable(std::string_view line) {
    return {ExitCode::Failed, "a line of the journal cannot be used: " + shorten(printable(line), 80),
            "it may be of a later birdhouse; use that, or move the journal away"};
}

} // namespace

fs::path journal_path(const fs::path& folder, const Destination& destination) {
    constexpr std::size_t kDigits = 12;
    const std::string digits = sha256(destination.target + "\n" + destination.host + "\n" +
                                      destination.workspace + "\n" + destination.datasource)
                                   .substr(0, kDigits);
    return folder / ".birdhouse" / "send" / (destination.datasource + "-" + digits + ".journal");
}

Result<SendJournal> SendJournal::open(const fs::path& folder, const Destination& destination) {
    State state;
    bool empty = true;
    TRY_ASSIGN(JournalFile file,
               JournalFile::open(journal_path(folder, destination), [&](std::string_view line) {
                   empty = false;
                   return state.take(line);
               }));
    if (empty) {
        TRY(file.begin(line_of({{"open", kFormat},
                                {"target", destination.target},
                                {"host", destination.host},
                                {"workspace", destination.workspace},
                                {"datasource", destination.datasource}})));
    }
    SendJournal journal(std::move(file), std::move(state));
    const std::vector<JournalBatch> cut_off = journal.state_.on_the_way;
    for (const JournalBatch& batch : cut_off) {
        TRY(journal.settle(batch.id, BatchOutcome::Unknown, "the run ended before the answer came"));
    }
    return journal;
}

Result<std::uint64_t> SendJournal::add_input(const InputMark& mark) {
    const std::string line = line_of({{"input", state_.inputs.size() + 1},
                                      {"path", mark.path},
                                      {"device", mark.device},
                                      {"inode", mark.inode},
                                      {"head_size", mark.head_size},
                                      {"head", mark.head}});
    TRY(file_.begin(line));
    TRY(state_.take(line));
    return state_.inputs.size();
}

Result<std::uint64_t> SendJournal::begin(JournalBatch batch) {
    batch.id = state_.last_batch + 1;
    const std::string line = line_of({{"batch", batch.id},
                                      {"input", batch.input},
                                      {"from", json_of(batch.from)},
                                      {"to", json_of(batch.to)},
                                      {"rows", batch.rows},
                                      {"tail", batch.tail},
                                      {"repeats", batch.repeats}});
    TRY(file_.begin(line));
    TRY(state_.take(line));
    return batch.id;
}

Result<void> SendJournal::settle(std::uint64_t batch, BatchOutcome outcome, const std::string& note) {
    TRY(file_.settle(line_of(
        {{"settled", batch}, {"outcome", kOutcomes[static_cast<std::size_t>(outcome)]}, {"note", note}})));
    state_.settle(batch, outcome, note);
    return {};
}

Result<void> SendJournal::pass(std::uint64_t input, const InputPosition& to, const std::string& tail) {
    const std::string line = line_of({{"passed", input}, {"to", json_of(to)}, {"tail", tail}});
    TRY(file_.begin(line));
    return state_.take(line);
}

Result<void> SendJournal::forget_unknown() {
    while (!state_.unknown.empty()) {
        const std::uint64_t id = state_.unknown.front().batch.id;
        TRY(file_.begin(line_of({{"forgotten", id}})));
        state_.forget(id);
    }
    return {};
}

Result<void> SendJournal::State::take(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.empty()) {
        return unusable(text);
    }
    const std::string kind = json.begin().key();
    Line line(json);
    if (kind == "input") {
        inputs.push_back({inputs.size() + 1, read_mark(line), {}, {}, 0});
    } else if (kind == "batch") {
        on_the_way.push_back(read_batch(line));
        last_batch = on_the_way.back().id;
        const std::uint64_t input = on_the_way.back().input;
        return line.usable() && input != 0 && input <= inputs.size() ? Result<void>() : unusable(text);
    } else if (kind == "settled") {
        const std::optional<BatchOutcome> outcome = outcome_of(line.text("outcome"));
        const std::uint64_t id = line.number("settled");
        const std::string note = line.text("note");
        if (!outcome || !line.usable()) {
            return unusable(text);
        }
        settle(id, *outcome, note);
    } else if (kind == "passed") {
        const std::uint64_t input = line.number("passed");
        if (input == 0 || input > inputs.size()) {
            return unusable(text);
        }
        inputs[input - 1].reached = line.position("to");
        inputs[input - 1].tail = line.text("tail");
    } else if (kind == "forgotten") {
        forget(line.number("forgotten"));
    } else if (kind != "open" || line.number("open") != kFormat) {
        return unusable(text);
    }
    return line.usable() ? Result<void>() : unusable(text);
}

void SendJournal::State::settle(std::uint64_t id, BatchOutcome outcome, const std::string& note) {
    const auto found = std::find_if(on_the_way.begin(), on_the_way.end(),
                                    [&](const JournalBatch& batch) { return batch.id == id; });
    if (found == on_the_way.end()) {
        return;
    }
    const JournalBatch batch = std::move(*found);
    on_the_way.erase(found);
    KnownInput& input = inputs[batch.input - 1];
    if (outcome == BatchOutcome::Nothing) {
        return;
    }
    if (batch.repeats != 0) {
        forget(batch.repeats);
    } else if (batch.to.byte > input.reached.byte) {
        input.reached = batch.to;
        input.tail = batch.tail;
        input.rows += batch.rows;
    }
    if (outcome == BatchOutcome::Unknown) {
        unknown.push_back({batch, input.mark.path, note});
    }
}

void SendJournal::State::forget(std::uint64_t id) {
    std::erase_if(unknown, [&](const UnknownBatch& one) { return one.batch.id == id; });
}

} // namespace birdhouse::ops

#include "ops/send_reading.hpp"

#include "base/text.hpp"

#include <algorithm>

#include <sys/stat.h>

namespace birdhouse::ops {

namespace {

// Is the file that a mark was taken of no longer where it was: renamed, packed or deleted? Its inode may have
// become another file's since.
bool moved_away(const InputMark& mark) {
    struct stat found {};
    if (::stat(mark.path.c_str(), &found) != 0 || found.st_ino != mark.inode || found.st_dev != mark.device) {
        return true;
    }
    const Result<std::unique_ptr<SendInput>> there = SendInput::open_file(mark.path, events::kLongestLine);
    return !there || !(*there)->has_head(mark);
}

void begin_batch(InputReading& reading) {
    reading.batch = {};
    reading.batch.input = reading.id;
    reading.batch.from = reading.input->position();
}

} // namespace

Result<InputReading> EventReading::open(const std::string& file, std::istream& standard_input) {
    InputReading reading;
    if (file == "-") {
        reading.input = SendInput::open_stream(standard_input, options_.input.longest_line);
    } else {
        TRY_ASSIGN(reading.input, SendInput::open_file(file, options_.input.longest_line));
    }
    if (!options_.again) {
        TRY(find_known(reading));
    }
    begin_batch(reading);
    return reading;
}

Result<void> EventReading::find_known(InputReading& reading) {
    const InputMark mark = reading.input->mark();
    if (mark.inode == 0) {
        return options_.resume ? find_stream(reading) : Result<void>();
    }
    bool changed = false;
    const std::vector<KnownInput>& inputs = journal_.inputs();
    for (auto known = inputs.rbegin(); known != inputs.rend(); ++known) {
        if (!reading.input->has_head(known->mark) || !may_be(*known, mark)) {
            continue;
        }
        TRY_ASSIGN(const bool there, reading.input->go_to(known->reached, known->tail));
        if (there) {
            reading.id = known->id;
            if (known->rows != 0) {
                report_.notes.push_back(printable(reading.input->name()) + ": " +
                                        counted(known->rows, "row") +
                                        " sent before, left out; `--again` sends all");
            }
            return {};
        }
        changed = changed || known->mark.path == mark.path;
    }
    if (changed) {
        report_.notes.push_back(
            printable(reading.input->name()) +
            ": its beginning was sent before, but it was changed since: all of it is sent");
    }
    return {};
}

// The same file; one of the same name; or what became of one that was rotated away.
bool EventReading::may_be(const KnownInput& known, const InputMark& mark) const {
    if (known.mark.inode == 0 || known.mark.head_size == 0) {
        return false;
    }
    const bool same_file = known.mark.inode == mark.inode && known.mark.device == mark.device;
    return same_file || known.mark.path == mark.path || moved_away(known.mark);
}

Result<void> EventReading::find_stream(InputReading& reading) {
    const std::vector<KnownInput>& inputs = journal_.inputs();
    const auto known = std::find_if(inputs.rbegin(), inputs.rend(),
                                    [](const KnownInput& one) { return one.mark.inode == 0; });
    const bool same_head = known != inputs.rend() && reading.input->has_head(known->mark);
    Result<bool> there = same_head ? reading.input->go_to(known->reached, known->tail) : Result<bool>(false);
    if (!there || !*there) {
        return Error{ExitCode::Usage, "standard input does not begin with what was sent of it before",
                     "leave --resume out to send all of it"};
    }
    reading.id = known->id;
    return {};
}

Result<void> EventReading::read(InputReading& reading, bool ends, const std::function<void()>& show) {
    while (!stops_()) {
        const std::optional<InputLine> line = reading.input->next(ends);
        if (!line) {
            return reading.input->failure().empty()
                       ? Result<void>()
                       : broke_off(reading.input->name(), reading.input->position().byte,
                                   reading.input->failure());
        }
        TRY_ASSIGN(const bool taken, take(reading, *line));
        if (show) {
            show();
        }
        if (!taken) {
            report_.notes.push_back(
                printable(reading.input->name()) + ":" + std::to_string(line->number) +
                ": the last line has no end and is no event yet: it is left to the next run");
            return {};
        }
        if (reading.batch.rows.size() >= options_.batch_rows ||
            reading.batch.text.size() >= options_.batch_bytes) {
            TRY(flush(reading));
        }
    }
    return {};
}

// False: a line that may not be whole.
Result<bool> EventReading::take(InputReading& reading, const InputLine& line) {
    const events::RowPlace place{reading.input->name(), line.number};
    if (line.too_long) {
        report_.events.tally.add_too_long(place, options_.input.longest_line);
        TRY(dead_letter_.add(schema_, line.text, line.number, {events::too_long_note()}));
        return true;
    }
    const events::Verdict& verdict = checker_.check(line.text);
    if (line.unfinished) {
        if (verdict.status == events::RowStatus::NotAnEvent) {
            return false;
        }
        reading.input->accept_unfinished();
    }
    report_.events.tally.add(schema_, line.text, place, verdict);
    TRY(sort(reading.batch, line, verdict, reading.input->position()));
    return true;
}

Result<void> EventReading::sort(OutgoingBatch& batch, const InputLine& line, const events::Verdict& verdict,
                                const InputPosition& behind) {
    if (verdict.status != events::RowStatus::Accepted) {
        return dead_letter_.add(schema_, line.text, line.number, verdict.reasons);
    }
    if (options_.strict && !verdict.broken_rules.empty()) {
        return dead_letter_.add(schema_, line.text, line.number, verdict.broken_rules);
    }
    batch.text += line.text;
    batch.text += '\n';
    batch.rows.push_back({batch.text.size(), behind});
    return {};
}

Result<void> EventReading::flush(InputReading& reading) {
    OutgoingBatch& batch = reading.batch;
    if (reading.input->position() == batch.from) {
        return {};
    }
    if (reading.id == 0) {
        TRY_ASSIGN(reading.id, journal_.add_input(reading.input->mark()));
        batch.input = reading.id;
    }
    batch.to = reading.input->position();
    batch.tail = reading.input->tail();
    TRY(delivery_.send(batch));
    begin_batch(reading);
    return {};
}

Result<void> EventReading::resend_unknown() {
    const std::vector<UnknownBatch> all = journal_.unknown(); // a copy: it grows shorter on the way
    for (const UnknownBatch& unknown : all) {
        std::vector<std::string> places = expand_patterns(options_.input.files);
        places.insert(places.begin(), unknown.path);
        bool sent = false;
        for (std::size_t i = 0; i < places.size() && !sent; ++i) {
            TRY_ASSIGN(sent, resend(unknown, places[i]));
        }
        if (!sent) {
            report_.notes.push_back(printable(unknown.path) +
                                    ": what was sent of it is no longer there to be sent again");
        }
    }
    return {};
}

// False: the rows are not in that file.
Result<bool> EventReading::resend(const UnknownBatch& unknown, const std::string& file) {
    Result<std::unique_ptr<SendInput>> opened = SendInput::open_file(file, options_.input.longest_line);
    const JournalBatch& lost = unknown.batch;
    if (!opened || !(*opened)->has_head(journal_.input(lost.input).mark)) {
        return false;
    }
    SendInput& input = **opened;
    TRY_ASSIGN(const bool there, input.go_to(lost.from, {}));
    if (!there) {
        return false;
    }
    OutgoingBatch batch{lost.input, lost.from, lost.to, lost.tail, {}, {}, lost.id};
    while (input.position().byte < lost.to.byte) {
        const std::optional<InputLine> line = input.next(true);
        if (!line) {
            return false;
        }
        if (line->unfinished) {
            input.accept_unfinished();
        }
        if (!line->too_long) {
            TRY(sort(batch, *line, checker_.check(line->text), input.position()));
        }
    }
    if (!lost.tail.empty() && input.tail() != lost.tail) {
        return false;
    }
    if (!batch.rows.empty()) {
        TRY(delivery_.send(batch));
    }
    return true;
}

} // namespace birdhouse::ops

#include "ops/send.hpp"

#include "base/text.hpp"
#include "events/checker.hpp"
#include "events/row_writer.hpp"
#include "events/times.hpp"
#include "ops/dead_letter.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <ostream>

namespace birdhouse::ops {

namespace {

constexpr std::string_view kRowFormat = "JSONEachRow";
// Rows carry times in UTC; columns without a time zone of their own would read them in the server's. The
// other spelling of times, `...Z`, is understood by the second setting's value only, which is not the
// default everywhere.
constexpr std::string_view kInsertSettings =
    " SETTINGS session_timezone = 'UTC', date_time_input_format = 'best_effort'";

std::int64_t seconds_of(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
}

// Rows on their way to one table.
struct Batch {
    std::string table; // qualified and quoted
    std::string rows;
    std::size_t count = 0;
    std::uint64_t stored = 0;
};

class Sender {
public:
    Sender(const events::EventSchema& schema, target::SqlTarget& target, const SendOptions& options,
           Session& session)
        : schema_(schema), target_(target), options_(options), session_(session), checker_(schema),
          report_{{schema.datasource(), events::Tally(options.input.most_samples), {}}, 0, 0, {}, {}, {}},
          dead_letter_(options.dead_letter.empty()
                           ? default_dead_letter(session.folder, schema.datasource(), session.clock.now())
                           : options.dead_letter) {
        const std::string quarantine = target::quarantine_name(schema.datasource());
        good_.table = target::qualified_name(target.database(), schema.datasource());
        bad_.table = target::qualified_name(target.database(), quarantine);
        report_.datasource_table = target.database() + "." + schema.datasource();
        report_.quarantine_table = target.database() + "." + quarantine;
        stamp_.import_id = new_import_id(session.clock.now());
        events::append_time(stamp_.insertion_date, seconds_of(session.clock));
    }

    Result<SendReport> run() {
        const auto take = [this](std::string_view input, const events::EventLine& line) {
            return take_line(input, line);
        };
        Result<std::vector<RefusedInput>> refused =
            read_events(options_.input.files, session_.in, options_.input.longest_line, take);
        if (!refused) {
            end_progress();
            return with_position(std::move(refused).error());
        }
        Result<void> ended = flush();
        if (ended) {
            ended = dead_letter_.close();
        }
        end_progress();
        if (!ended) {
            return with_position(std::move(ended).error());
        }
        report_.events.refused_inputs = std::move(refused).value();
        report_.stored = good_.stored;
        report_.quarantined = bad_.stored;
        report_.dead_letter = dead_letter_.used() ? dead_letter_.path() : std::filesystem::path();
        return std::move(report_);
    }

private:
    Result<void> take_line(std::string_view input, const events::EventLine& line) {
        reading_ = {std::string(input), line.number};
        events::Tally& tally = report_.events.tally;
        if (line.too_long) {
            tally.add_too_long({input, line.number}, options_.input.longest_line);
            const std::vector<events::RowNote> notes{events::too_long_note()};
            return dead_letter_.add(schema_, line.text, line.number, notes);
        }
        const std::size_t before = good_.rows.size();
        const events::Verdict& verdict = checker_.check(line.text, &good_.rows);
        tally.add(schema_, line.text, {input, line.number}, verdict);
        if (verdict.status != events::RowStatus::Accepted) {
            TRY(put_aside(line, verdict));
        } else if (options_.strict && !verdict.broken_rules.empty()) {
            good_.rows.resize(before);
            TRY(dead_letter_.add(schema_, line.text, line.number, verdict.broken_rules));
        } else {
            ++good_.count;
        }
        return is_full(good_) || is_full(bad_) ? flush() : Result<void>();
    }

    // A line that is no event has no columns to fill: it goes to the file only.
    Result<void> put_aside(const events::EventLine& line, const events::Verdict& verdict) {
        if (verdict.status == events::RowStatus::Quarantined) {
            events::append_quarantine_row(bad_.rows, schema_, checker_.row(), verdict, stamp_);
            ++bad_.count;
        }
        return dead_letter_.add(schema_, line.text, line.number, verdict.reasons);
    }

    bool is_full(const Batch& batch) const {
        return batch.count >= options_.batch_rows || batch.rows.size() >= options_.batch_bytes;
    }

    // The good rows first. When the quarantine fails after them, what belongs there is in the file.
    Result<void> flush() {
        TRY(insert(good_));
        stored_up_to_ = reading_;
        if (bad_.count != 0 && !quarantine_ready_) {
            TRY(target::ensure_quarantine(target_.channel(), target_.database(), schema_));
            quarantine_ready_ = true;
        }
        TRY(insert(bad_));
        show_progress();
        return {};
    }

    Result<void> insert(Batch& batch) {
        if (batch.count == 0) {
            return {};
        }
        TRY(target_.channel().insert("INSERT INTO " + batch.table + std::string(kInsertSettings), kRowFormat,
                                     batch.rows));
        batch.stored += batch.count;
        batch.count = 0;
        batch.rows.clear();
        return {};
    }

    Error with_position(Error error) const {
        if (good_.stored != 0) {
            error.message += ", with " + counted(good_.stored, "row") + " up to " + stored_up_to_.input +
                             ":" + std::to_string(stored_up_to_.line) + " stored";
            error.hint += error.hint.empty() ? "" : "; ";
            error.hint += "send only what follows that line: sent again, stored rows stand twice";
        } else if (error.hint.empty()) {
            error.hint = "no row was stored; does the target have the table? see `birdhouse migrate status`";
        }
        return error;
    }

    void show_progress() const {
        if (session_.progress) {
            session_.err << "\r" << counted(report_.events.tally.rows(), "row") << " read, "
                         << with_thousands(good_.stored) << " stored" << std::flush;
        }
    }

    void end_progress() const {
        if (session_.progress) {
            session_.err << "\n";
        }
    }

    struct Position {
        std::string input;
        std::uint64_t line = 0;
    };

    const events::EventSchema& schema_;
    target::SqlTarget& target_;
    const SendOptions& options_;
    Session& session_;
    events::EventChecker checker_;
    SendReport report_;
    DeadLetter dead_letter_;
    Batch good_;
    Batch bad_;
    events::QuarantineStamp stamp_;
    bool quarantine_ready_ = false;
    Position reading_;
    Position stored_up_to_;
};

} // namespace

Result<SendReport> send_events(const events::EventSchema& schema, target::SqlTarget& target,
                               const SendOptions& options, Session& session) {
    return Sender(schema, target, options, session).run();
}

} // namespace birdhouse::ops

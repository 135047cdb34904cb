#include "ops/send_delivery.hpp"

#include "base/text.hpp"

namespace birdhouse::ops {

namespace {

// A server that answers nothing would make every row of a long input an unknown one.
constexpr int kMostUnknownInARow = 3;

std::string_view text_between(const OutgoingBatch& batch, std::size_t first, std::size_t last) {
    const std::size_t begin = first == 0 ? 0 : batch.rows[first - 1].end;
    return std::string_view(batch.text).substr(begin, batch.rows[last - 1].end - begin);
}

std::string_view mend_of(int status) {
    constexpr int kForbidden = 403;
    constexpr int kNotFound = 404;
    switch (status) {
    case kForbidden:
        return "give a token that may append to the datasource";
    case kNotFound:
        return "is the workspace in another region? the target's host says in which";
    default:
        return "look at the workspace";
    }
}

Error not_stored(const EventsAnswer& answer) {
    if (answer.stopped) {
        return {ExitCode::Partial, "stopped before the end", "the same command goes on from there"};
    }
    return {ExitCode::Failed, "the workspace took no more rows: " + answer.note,
            std::string(mend_of(answer.status)) + "; the same command goes on from there"};
}

} // namespace

Result<void> EventsDelivery::send(const OutgoingBatch& batch) {
    // What is refused must be kept before the position behind it is noted.
    TRY(dead_letter_.flush());
    return batch.rows.empty() ? journal_.pass(batch.input, batch.to, batch.tail)
                              : send_part(batch, 0, batch.rows.size());
}

Result<void> EventsDelivery::send_part(const OutgoingBatch& batch, std::size_t first, std::size_t last) {
    JournalBatch noted;
    const bool to_the_end = last == batch.rows.size();
    noted.input = batch.input;
    noted.from = first == 0 ? batch.from : batch.rows[first - 1].to;
    noted.to = to_the_end ? batch.to : batch.rows[last - 1].to;
    noted.tail = to_the_end ? batch.tail : std::string();
    noted.rows = last - first;
    noted.repeats = batch.repeats;
    TRY_ASSIGN(const std::uint64_t id, journal_.begin(noted));
    const EventsAnswer answer = caller_.send(text_between(batch, first, last));
    TRY(journal_.settle(id, answer.outcome, answer.note));
    // Halves of a repeated batch would leave one of them out when the run ends between the two.
    if (answer.too_large && batch.repeats == 0) {
        return send_halves(batch, first, last);
    }
    return count(last - first, answer);
}

Result<void> EventsDelivery::count(std::size_t rows, const EventsAnswer& answer) {
    switch (answer.outcome) {
    case BatchOutcome::Nothing:
        return not_stored(answer);
    case BatchOutcome::Unknown:
        if (++unknown_in_a_row_ == kMostUnknownInARow) {
            return Error{
                ExitCode::Failed,
                "of " + std::to_string(kMostUnknownInARow) +
                    " batches one after the other nobody knows whether they were stored: " + answer.note,
                "find out whether the workspace is well; the same command goes on behind them"};
        }
        return {};
    case BatchOutcome::Stored:
        break;
    }
    unknown_in_a_row_ = 0;
    ++counts_.batches;
    counts_.rows += rows;
    counts_.uncounted += answer.counts ? 0 : rows;
    counts_.successful += answer.counts ? answer.counts->successful : 0;
    counts_.quarantined += answer.counts ? answer.counts->quarantined : 0;
    return {};
}

Result<void> EventsDelivery::send_halves(const OutgoingBatch& batch, std::size_t first, std::size_t last) {
    if (last - first > 1) {
        const std::size_t middle = first + (last - first) / 2;
        TRY(send_part(batch, first, middle));
        return send_part(batch, middle, last);
    }
    const events::RowNote note{&codes::E022, events::kNoColumn, 0, 0,
                               "the workspace takes no request of this size"};
    TRY(dead_letter_.add(schema_, trim(text_between(batch, first, last)), batch.rows[first].to.line, {note}));
    TRY(dead_letter_.flush());
    ++counts_.too_large;
    const bool to_the_end = last == batch.rows.size();
    return journal_.pass(batch.input, to_the_end ? batch.to : batch.rows[first].to,
                         to_the_end ? batch.tail : std::string());
}

} // namespace birdhouse::ops

#include "events/reader.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::events {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;
constexpr std::size_t kShownOfLongLine = 200;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_line_end(std::string_view line) {
    line.remove_suffix(line.ends_with('\n') ? 1 : 0);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    return line;
}

} // namespace

EventReader::EventReader(std::istream& input, std::size_t longest_line)
    : input_(std::make_unique<InputBytes>(input)), longest_line_(longest_line) {}

EventReader::EventReader(std::string_view input, std::size_t longest_line)
    : rest_(input), longest_line_(longest_line) {}

std::optional<EventLine> EventReader::next() {
    while (std::optional<EventLine> line = next_raw()) {
        if (line->number == 1 && line->text.starts_with(kByteOrderMark)) {
            line->text.remove_prefix(kByteOrderMark.size());
            line->offset += kByteOrderMark.size();
        }
        if (line->too_long || !trim(line->text).empty()) {
            return line;
        }
    }
    return std::nullopt;
}

std::optional<EventLine> EventReader::next_raw() {
    std::size_t searched = 0;
    while (true) {
        const std::size_t end = rest_.find('\n', searched);
        if (end != std::string_view::npos && end <= longest_line_) {
            return take(end, 1);
        }
        searched = rest_.size();
        if (end != std::string_view::npos || searched > longest_line_) {
            return skip_long_line();
        }
        if (!refill()) {
            return rest_.empty() ? std::nullopt : std::optional(take(rest_.size(), 0));
        }
    }
}

EventLine EventReader::take(std::size_t length, std::size_t line_end) {
    const EventLine line{without_line_end(rest_.substr(0, length)), ++line_, offset_, false};
    rest_.remove_prefix(length + line_end);
    offset_ += length + line_end;
    return line;
}

EventLine EventReader::skip_long_line() {
    start_of_long_line_ = rest_.substr(0, std::min(kShownOfLongLine, rest_.find('\n')));
    const EventLine line{start_of_long_line_, ++line_, offset_, true};
    while (true) {
        const std::size_t end = rest_.find('\n');
        const std::size_t passed = end == std::string_view::npos ? rest_.size() : end + 1;
        rest_.remove_prefix(passed);
        offset_ += passed;
        if (end != std::string_view::npos || !refill()) {
            return line;
        }
    }
}

// Moves what is left to the front of the block and reads behind it. False: there is no more.
bool EventReader::refill() {
    if (input_ == nullptr || ended_) {
        return false;
    }
    const std::size_t kept = rest_.size();
    const std::size_t used = block_.empty() ? 0 : static_cast<std::size_t>(rest_.data() - block_.data());
    block_.erase(0, kept == 0 ? block_.size() : used);
    block_.resize(kept + kBlock);
    const std::size_t got = input_->read(block_.data() + kept, kBlock);
    ended_ = got < kBlock;
    failure_ = input_->failure();
    block_.resize(kept + got);
    rest_ = block_;
    return got != 0;
}

std::optional<InputFault> EventReader::fault() {
    if (rest_.empty()) {
        refill();
    }
    constexpr std::size_t kLooked = 4096;
    return input_fault(rest_.substr(0, kLooked));
}

std::optional<InputFault> input_fault(std::string_view start) {
    if (start.find('\0') != std::string_view::npos) {
        return InputFault{"the input is binary: it holds zero bytes",
                          "give NDJSON in UTF-8, one JSON object a line"};
    }
    std::string_view text = start;
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    const std::string_view first_line = trim(trim(text).substr(0, trim(text).find('\n')));
    if (first_line.starts_with('[')) {
        return InputFault{"the input is a JSON array, not one event a line",
                          "write its elements as lines: jq -c '.[]' FILE"};
    }
    if (first_line == "{" && text.find('\n') != std::string_view::npos) {
        return InputFault{"an event is spread over many lines", "write each event on one line: jq -c . FILE"};
    }
    return std::nullopt;
}

} // namespace birdhouse::events

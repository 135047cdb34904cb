#include "events/value_evidence.hpp"

#include "events/json_text.hpp"
#include "events/numbers.hpp"
#include "events/text_scan.hpp"
#include "events/times.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace birdhouse::events {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kLastDate = 65'535 * kSecondsPerDay;
constexpr std::int64_t kLastDateTime = UINT32_MAX;
constexpr std::int64_t kFirst64 = -2'208'988'800; // 1900, where DateTime64 and Date32 begin
constexpr std::int64_t kLast64 = 10'413'791'999;  // the end of 2299
constexpr std::int64_t kLastNanosecond = 9'223'372'035;
constexpr std::size_t kMilli = 3; // digits behind the point
constexpr std::size_t kMicro = 6;
// A counter that was 200 in the samples will pass 255: the samples are a small part of what comes.
constexpr std::string_view kRoom = "00"; // a hundred times the largest

constexpr auto kWidths = std::to_array<unsigned>({8, 16, 32, 64, 128, 256});

// Ids begin to be texts where doubles, which producers of JavaScript have, no longer count by one.
constexpr std::size_t kLongestCounter = 15; // digits

bool is_uuid_text(std::string_view text) {
    constexpr std::size_t kLength = 36;
    // is_uuid may look beyond the text.
    std::array<char, kLength + 64> padded{};
    if (text.size() != kLength) {
        return false;
    }
    text.copy(padded.data(), kLength);
    return is_uuid(padded.data(), kLength);
}

} // namespace

void WordSet::add(std::string_view word) {
    if (full_ || words_.contains(word)) {
        return;
    }
    if (word.size() > kLongestWord || words_.size() == kMostWords) {
        full_ = true;
        words_.clear();
        return;
    }
    words_.emplace(word);
}

void WordSet::merge(const WordSet& other) {
    full_ = full_ || other.full_;
    for (const std::string& word : other.words_) {
        add(word);
    }
    if (full_) {
        words_.clear();
    }
}

void ValueEvidence::add(std::string_view json) {
    switch (json.front()) {
    case 'n':
        ++nulls;
        break;
    case 't':
    case 'f':
        ++truths;
        break;
    case '{':
        ++objects;
        break;
    case '[':
        ++arrays;
        break;
    case '"':
        add_text(json);
        break;
    default:
        beyond_float += fits_float(json, 64) ? 0U : 1U;
        if (number_shape(json).integral) {
            add_integer(json);
        } else {
            ++fractions;
        }
        break;
    }
}

void ValueEvidence::add_integer(std::string_view digits) {
    ++integers;
    widen(digits, digits);
}

void ValueEvidence::widen(std::string_view least, std::string_view most) {
    if (smallest.empty() || compare_numbers(least, smallest) < 0) {
        smallest = least;
    }
    if (largest.empty() || compare_numbers(most, largest) > 0) {
        largest = most;
    }
}

void ValueEvidence::merge(const ValueEvidence& other) {
    const std::uint64_t moments = dates + times;
    nulls += other.nulls;
    truths += other.truths;
    integers += other.integers;
    fractions += other.fractions;
    beyond_float += other.beyond_float;
    texts += other.texts;
    objects += other.objects;
    arrays += other.arrays;
    dates += other.dates;
    times += other.times;
    uuids += other.uuids;
    whole_numbers += other.whole_numbers;
    fraction_digits = std::max(fraction_digits, other.fraction_digits);
    longest_text = std::max(longest_text, other.longest_text);
    if (other.integers != 0) {
        widen(other.smallest, other.largest);
    }
    if (other.dates + other.times != 0) {
        first_second = moments == 0 ? other.first_second : std::min(first_second, other.first_second);
        last_second = moments == 0 ? other.last_second : std::max(last_second, other.last_second);
    }
    words.merge(other.words);
}

void ValueEvidence::add_text(std::string_view quoted) {
    ++texts;
    const std::string_view inner = quoted.substr(1, quoted.size() - 2);
    std::string unescaped;
    if (inner.find('\\') != std::string_view::npos) {
        append_unescaped(unescaped, inner);
    }
    const std::string_view text = unescaped.empty() ? inner : std::string_view(unescaped);
    longest_text = std::max(longest_text, text.size());
    words.add(text);
    if (const std::optional<DateText> date = parse_date(text)) {
        ++dates;
        add_moment(days_since_1970(*date) * kSecondsPerDay);
    } else if (const std::optional<TimeText> time = parse_time(text)) {
        ++times;
        fraction_digits = std::max(fraction_digits, time->fraction.size());
        add_moment(seconds_since_1970(*time));
    } else if (is_uuid_text(text)) {
        ++uuids;
    } else if (number_shape(text).integral) {
        ++whole_numbers;
    }
}

void ValueEvidence::add_moment(std::int64_t second) {
    const bool is_first = dates + times == 1;
    first_second = is_first ? second : std::min(first_second, second);
    last_second = is_first ? second : std::max(last_second, second);
}

int ValueEvidence::kinds() const {
    const std::array<std::uint64_t, 5> counts = {truths, numbers(), texts, objects, arrays};
    return static_cast<int>(
        std::count_if(counts.begin(), counts.end(), [](std::uint64_t count) { return count != 0; }));
}

std::string integer_type(std::string_view smallest, std::string_view largest) {
    const bool is_signed = smallest.starts_with('-') && smallest != "-0";
    for (const unsigned bits : kWidths) {
        const IntegerLimits limits = integer_limits(bits, is_signed);
        if (fits(smallest, limits) && fits(largest, limits)) {
            return (is_signed ? "Int" : "UInt") + std::to_string(bits);
        }
    }
    return "String";
}

namespace {

std::string type_of_integers(const ValueEvidence& evidence) {
    if (evidence.smallest == "0" && evidence.largest == "0") {
        return "UInt32"; // nothing is known of how large they get
    }
    const auto with_room = [](const std::string& number) {
        const std::size_t digits = number.size() - (number.starts_with('-') ? 1 : 0);
        // An id or a hash has its full length already.
        return digits > kLongestCounter ? number : number + std::string(kRoom);
    };
    std::string largest = evidence.largest;
    // A number below zero leaves as much room above.
    if (evidence.smallest.starts_with('-') && compare_numbers(evidence.smallest.substr(1), largest) > 0) {
        largest = evidence.smallest.substr(1);
    }
    return integer_type(evidence.smallest.starts_with('-') ? with_room(evidence.smallest) : "0",
                        with_room(largest));
}

std::string type_of_moments(const ValueEvidence& evidence) {
    const std::int64_t first = evidence.first_second;
    const bool nanoseconds = evidence.fraction_digits > kMicro;
    if (first < kFirst64 || evidence.last_second > (nanoseconds ? kLastNanosecond : kLast64)) {
        return "String";
    }
    if (evidence.times == 0) {
        return first >= 0 && evidence.last_second <= kLastDate ? "Date" : "Date32";
    }
    const bool fits_datetime = first >= 0 && evidence.last_second <= kLastDateTime;
    if (evidence.fraction_digits == 0 && fits_datetime) {
        return "DateTime";
    }
    return evidence.fraction_digits <= kMilli   ? "DateTime64(3)"
           : evidence.fraction_digits <= kMicro ? "DateTime64(6)"
                                                : "DateTime64(9)";
}

} // namespace

std::string scalar_type(const ValueEvidence& evidence) {
    if (evidence.truths != 0) {
        return "Bool";
    }
    if (evidence.fractions != 0) {
        return evidence.beyond_float == 0 ? "Float64" : "String"; // which holds a number as it is written
    }
    if (evidence.integers != 0) {
        return type_of_integers(evidence);
    }
    if (evidence.texts != 0 && evidence.texts == evidence.uuids) {
        return "UUID";
    }
    // Dates among times would be refused by a time's column: a date alone is none.
    const bool moments =
        evidence.texts != 0 && (evidence.texts == evidence.dates || evidence.texts == evidence.times);
    return moments ? type_of_moments(evidence) : "String";
}

} // namespace birdhouse::events

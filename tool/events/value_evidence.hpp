// What many values have in common: enough to say which type holds them all. Memory does not grow with their
// number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace birdhouse::events {

// Different texts of one place, until there are too many to be a list of words.
class WordSet {
public:
    static constexpr std::size_t kMostWords = 1'000;
    static constexpr std::size_t kLongestWord = 64;

    void add(std::string_view word);
    void merge(const WordSet& other);
    bool is_full() const { return full_; }
    std::size_t size() const { return words_.size(); }
    friend bool operator==(const WordSet&, const WordSet&) = default;

private:
    std::set<std::string, std::less<>> words_;
    bool full_ = false;
};

struct ValueEvidence {
    std::uint64_t nulls = 0;
    std::uint64_t truths = 0;
    std::uint64_t integers = 0;
    std::uint64_t fractions = 0;    // numbers with a point or an exponent
    std::uint64_t beyond_float = 0; // numbers that are infinite as Float64
    std::uint64_t texts = 0;
    std::uint64_t objects = 0;
    std::uint64_t arrays = 0;

    // Of the integers; empty when there is none.
    std::string smallest;
    std::string largest;

    // Of the texts, how many have the form of each.
    std::uint64_t dates = 0;
    std::uint64_t times = 0;
    std::uint64_t uuids = 0;
    std::uint64_t whole_numbers = 0;
    std::size_t fraction_digits = 0; // of the times: most behind the point
    std::int64_t first_second = 0;   // of the dates and times, since 1970
    std::int64_t last_second = 0;
    std::size_t longest_text = 0; // bytes, unescaped
    WordSet words;

    // One well-formed JSON value; of objects and arrays only that there was one.
    void add(std::string_view json);
    void merge(const ValueEvidence& other);

    std::uint64_t numbers() const { return integers + fractions; }
    // Values that are not null.
    std::uint64_t values() const { return truths + numbers() + texts + objects + arrays; }
    // How many kinds of values there are, null aside; whole numbers and fractions are one.
    int kinds() const;
    friend bool operator==(const ValueEvidence&, const ValueEvidence&) = default;

private:
    void add_text(std::string_view quoted);
    void add_integer(std::string_view digits);
    void widen(std::string_view least, std::string_view most);
    void add_moment(std::int64_t second);
};

// The narrowest type that holds the values and leaves room for what has not been seen yet, without Nullable
// and LowCardinality: `UInt16`, `DateTime64(3)`, `String`. For scalar kinds, of which there is one.
std::string scalar_type(const ValueEvidence& evidence);

// The narrowest integer type that holds both, with no room left: "-1", "70000" are held by Int32.
std::string integer_type(std::string_view smallest, std::string_view largest);

} // namespace birdhouse::events

#include "events/pattern_text.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace birdhouse::events {

namespace {

constexpr std::size_t kLongest = 4'096;
constexpr int kDeepest = 32;
constexpr std::size_t kMostSteps = 100'000; // repetitions of repetitions of nothing have no length

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWordSigns = "abcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";

// What `\d` and its like stand for; empty for other letters.
std::string_view class_of(char letter) {
    switch (letter) {
    case 'd':
        return kDigits;
    case 'w':
        return kWordSigns;
    case 's':
        return " ";
    case 'D':
    case 'S':
    case 'W':
        return letter == 'W' ? std::string_view("-") : kLetters;
    default:
        return {};
    }
}

class Writer {
public:
    Writer(std::string_view pattern, Chance& chance) : rest_(pattern), chance_(chance) {}

    // Up to the end or the `)` of a group: one of the alternatives.
    std::string alternatives(int depth) {
        std::vector<std::string> all{sequence(depth)};
        while (take('|')) {
            all.push_back(sequence(depth));
        }
        return chance_.pick(all);
    }

private:
    std::string sequence(int depth) {
        std::string text;
        while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')' && text.size() < kLongest) {
            // A repeated part is read again for each time, so that the times differ.
            const std::string_view start = rest_;
            std::string part = one(depth);
            const auto [least, most] = repetition();
            const std::string_view after = rest_;
            std::uint64_t times = chance_.between(least, most);
            if (times != 0) {
                text += part;
            }
            for (; times > 1 && text.size() < kLongest; --times) {
                rest_ = start;
                text += one(depth);
            }
            rest_ = after;
        }
        return text;
    }

    std::string one(int depth) {
        if (++steps_ > kMostSteps) {
            rest_ = {};
            return {};
        }
        const char sign = next();
        switch (sign) {
        case '^':
        case '$':
            return {};
        case '.':
            return std::string(1, pick(kLetters));
        case '[':
            return bracket();
        case '(':
            return group(depth);
        case '\\':
            return escape();
        default:
            return std::string(1, sign);
        }
    }

    std::string group(int depth) {
        if (rest_.starts_with('?')) { // `?:`, `?P<name>`, `?i:`
            const std::size_t end = rest_.find_first_of(":>)");
            rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
            take(':');
            take('>');
        }
        std::string text = depth == kDeepest ? std::string() : alternatives(depth + 1);
        take(')');
        return text;
    }

    std::string escape() {
        const char letter = next();
        if (const std::string_view signs = class_of(letter); !signs.empty()) {
            return std::string(1, pick(signs));
        }
        const bool place = letter == 'b' || letter == 'B' || letter == 'A' || letter == 'z';
        return place ? std::string() : std::string(1, letter == 'n' ? '\n' : letter == 't' ? '\t' : letter);
    }

    std::string bracket() {
        const bool others = take('^');
        std::array<bool, 128> in{};
        for (bool first = true; !rest_.empty() && (first || rest_.front() != ']'); first = false) {
            const char sign = next();
            const std::string_view signs = sign == '\\' && !rest_.empty() ? class_of(rest_.front()) : "";
            if (!signs.empty()) {
                next();
                for (const char one : signs) {
                    set(in, one);
                }
                continue;
            }
            const char low = sign == '\\' ? next() : sign;
            char high = low;
            if (rest_.size() > 1 && rest_.front() == '-' && rest_[1] != ']') {
                next();
                high = next();
            }
            for (int one = low; one <= high; ++one) {
                set(in, static_cast<char>(one));
            }
        }
        take(']');
        std::string choice;
        for (char sign = ' '; sign < 127; ++sign) {
            choice += in[static_cast<unsigned char>(sign)] != others ? std::string(1, sign) : "";
        }
        return choice.empty() ? std::string() : std::string(1, pick(choice));
    }

    static void set(std::array<bool, 128>& in, char sign) {
        if (static_cast<unsigned char>(sign) < in.size()) {
            in[static_cast<unsigned char>(sign)] = true;
        }
    }

    // How often what stands before is meant.
    std::pair<std::uint64_t, std::uint64_t> repetition() {
        constexpr std::uint64_t kMore = 6; // of what may be repeated without end
        std::pair<std::uint64_t, std::uint64_t> times{1, 1};
        if (take('?')) {
            times = {0, 1};
        } else if (take('*')) {
            times = {0, kMore};
        } else if (take('+')) {
            times = {1, kMore};
        } else if (take('{')) {
            const std::uint64_t least = number().value_or(0);
            const bool open = take(',');
            const std::uint64_t most = open ? number().value_or(least + kMore) : least;
            take('}');
            times = {least, most < least ? least : most};
        } else {
            return times;
        }
        take('?'); // the lazy form
        return times;
    }

    std::optional<std::uint64_t> number() {
        std::uint64_t value = 0;
        const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return failure == std::errc() && value <= kLongest ? std::optional(value) : std::nullopt;
    }

    bool take(char sign) {
        const bool there = rest_.starts_with(sign);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }
    char next() {
        const char sign = rest_.empty() ? ' ' : rest_.front();
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return sign;
    }
    char pick(std::string_view signs) { return chance_.pick(signs); }

    std::string_view rest_;
    Chance& chance_;
    std::size_t steps_ = 0;
};

} // namespace

std::string text_for_pattern(std::string_view pattern, Chance& chance) {
    return Writer(pattern, chance).alternatives(0);
}

} // namespace birdhouse::events

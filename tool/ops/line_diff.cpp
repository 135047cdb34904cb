#include "ops/line_diff.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kContext = 3;
// The table of a difference has so many cells at most; past that the changed middle is shown as replaced.
constexpr std::size_t kLargestTable = 4'000'000;

enum class Side { Both, Before, After };

struct DiffLine {
    Side side = Side::Both;
    std::string_view text;
};

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
    Lines lines = split(text, '\n');
    if (lines.back().empty()) {
        lines.pop_back(); // what follows the final line end is no line
    }
    return lines;
}

// Longest common subsequence of the two middles, by the textbook table: generated files are short.
std::vector<DiffLine> diff_middles(std::span<const std::string_view> before,
                                   std::span<const std::string_view> after) {
    std::vector<DiffLine> out;
    const std::size_t width = after.size() + 1;
    std::vector<std::uint32_t> length;
    if ((before.size() + 1) * width <= kLargestTable) {
        length.resize((before.size() + 1) * width);
        for (std::size_t i = before.size(); i-- > 0;) {
            for (std::size_t j = after.size(); j-- > 0;) {
                length[i * width + j] =
                    before[i] == after[j] ? length[(i + 1) * width + j + 1] + 1
                                          : std::max(length[(i + 1) * width + j], length[i * width + j + 1]);
            }
        }
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const bool both_left = i < before.size() && j < after.size();
        if (both_left && !length.empty() && before[i] == after[j]) {
            out.push_back({Side::Both, before[i]});
            ++i;
            ++j;
        } else if (i < before.size() && (j == after.size() || length.empty() ||
                                         length[(i + 1) * width + j] >= length[i * width + j + 1])) {
            out.push_back({Side::Before, before[i++]});
        } else {
            out.push_back({Side::After, after[j++]});
        }
    }
    return out;
}

std::vector<DiffLine> diff_lines(const Lines& before, const Lines& after) {
    const auto [first_before, first_after] = std::ranges::mismatch(before, after);
    const auto head = static_cast<std::size_t>(first_before - before.begin());
    std::size_t tail = 0;
    const std::size_t shorter = std::min(before.size(), after.size());
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
        ++tail;
    }
    std::vector<DiffLine> out;
    for (std::size_t i = 0; i < head; ++i) {
        out.push_back({Side::Both, before[i]});
    }
    const std::vector<DiffLine> middle =
        diff_middles(std::span(before).subspan(head, before.size() - head - tail),
                     std::span(after).subspan(head, after.size() - head - tail));
    out.insert(out.end(), middle.begin(), middle.end());
    for (std::size_t i = before.size() - tail; i < before.size(); ++i) {
        out.push_back({Side::Both, before[i]});
    }
    return out;
}

// Where the lines begin in each of the two texts, and how many of each a hunk has.
struct Extent {
    std::size_t start = 0;
    std::size_t count = 0;
};

std::string hunk_range(const Extent& extent) {
    const std::size_t shown = extent.count == 0 ? extent.start : extent.start + 1;
    return std::to_string(shown) + "," + std::to_string(extent.count);
}

std::string render_hunk(std::span<const DiffLine> lines, std::size_t before_start, std::size_t after_start) {
    Extent before{before_start, 0};
    Extent after{after_start, 0};
    std::string body;
    for (const DiffLine& line : lines) {
        before.count += line.side == Side::After ? 0U : 1U;
        after.count += line.side == Side::Before ? 0U : 1U;
        body += line.side == Side::Both ? ' ' : line.side == Side::Before ? '-' : '+';
        body += printable(line.text);
        body += '\n';
    }
    return "@@ -" + hunk_range(before) + " +" + hunk_range(after) + " @@\n" + body;
}

bool changed_within(std::span<const DiffLine> lines, std::size_t begin, std::size_t count) {
    const std::size_t end = std::min(lines.size(), begin + count);
    return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                       lines.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const DiffLine& line) { return line.side != Side::Both; });
}

} // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
    const std::vector<DiffLine> lines = diff_lines(lines_of(before), lines_of(after));
    std::string hunks;
    std::size_t before_line = 0;
    std::size_t after_line = 0;
    std::size_t at = 0;
    while (at < lines.size()) {
        std::size_t end = at;
        if (changed_within(lines, at, kContext + 1)) {
            while (end < lines.size() &&
                   changed_within(lines, end - std::min(end - at, kContext), 2 * kContext + 1)) {
                ++end;
            }
            hunks += render_hunk(std::span(lines).subspan(at, end - at), before_line, after_line);
        }
        for (end = std::max(end, at + 1); at < end; ++at) {
            before_line += lines[at].side == Side::After ? 0U : 1U;
            after_line += lines[at].side == Side::Before ? 0U : 1U;
        }
    }
    if (hunks.empty()) {
        return hunks;
    }
    return "--- " + std::string(before_name) + "\n+++ " + std::string(after_name) + "\n" + hunks;
}

} // namespace birdhouse::ops

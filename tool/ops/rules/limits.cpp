#include "ops/rules/limits.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <bitset>
#include <charconv>

namespace birdhouse::ops {

namespace {

constexpr unsigned kMinutes = 60;
constexpr unsigned kShortestPause = 5;     // minutes between two runs of a copy
constexpr std::size_t kLongestSql = 8'192; // bytes of one node

using Minutes = std::bitset<kMinutes>;

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// `5`, `*`, `*/2`, `0-30/10`.
bool add_minutes(std::string_view part, Minutes& minutes) {
    const std::size_t slash = part.find('/');
    const std::optional<unsigned> step =
        slash == std::string_view::npos ? std::optional(1U) : number(part.substr(slash + 1));
    const std::string_view range = part.substr(0, slash);
    const std::size_t dash = range.find('-');
    unsigned first = 0;
    unsigned last = kMinutes - 1;
    if (range != "*") {
        const std::optional<unsigned> from = number(range.substr(0, dash));
        const std::optional<unsigned> to =
            dash == std::string_view::npos ? (slash == std::string_view::npos ? from : std::optional(last))
                                           : number(range.substr(dash + 1));
        if (!from || !to) {
            return false;
        }
        first = *from;
        last = *to;
    }
    if (!step || *step == 0 || last >= kMinutes) {
        return false;
    }
    for (unsigned minute = first; minute <= last; minute += *step) {
        minutes.set(minute);
    }
    return true;
}

} // namespace

std::optional<unsigned> shortest_pause(std::string_view cron) {
    const std::string_view field = cron.substr(0, cron.find_first_of(" \t"));
    Minutes minutes;
    for (const std::string_view part : split(field, ',')) {
        if (!add_minutes(part, minutes)) {
            return std::nullopt;
        }
    }
    std::optional<unsigned> shortest;
    std::optional<unsigned> before;
    for (unsigned minute = 0; minute < kMinutes; ++minute) {
        if (!minutes.test(minute)) {
            continue;
        }
        if (before && (!shortest || minute - *before < *shortest)) {
            shortest = minute - *before;
        }
        before = minute;
    }
    return shortest;
}

void check_copy_schedules(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Pipe& pipe : facts.project.pipes) {
        const model::Node* node = model::published_node(pipe);
        const std::string_view schedule = trim(pipe.copy_schedule);
        if (node == nullptr || node->type != model::NodeType::Copy || schedule.empty() ||
            schedule.starts_with('@')) {
            continue;
        }
        const std::optional<unsigned> pause = shortest_pause(schedule);
        if (pause && *pause < kShortestPause) {
            problems.add(codes::F330, node->origin.span,
                         "copy " + backquoted(pipe.name) + " runs every " + counted(*pause, "minute") +
                             " by `" + std::string(schedule) + "`",
                         "run it every " + std::to_string(kShortestPause) +
                             " minutes or less often, or materialize what has to be there at once");
        }
    }
}

void check_sql_length(const RuleFacts& facts, Diagnostics& problems) {
    for (const model::Pipe& pipe : facts.project.pipes) {
        for (const model::Node& node : pipe.nodes) {
            if (node.sql.size() > kLongestSql) {
                problems.add(codes::F332, node.origin.span,
                             "the SQL of node " + backquoted(node.name) + " is " +
                                 with_thousands(node.sql.size()) + " bytes long, more than " +
                                 with_thousands(kLongestSql),
                             "split it into nodes that read each other");
            }
        }
    }
}

} // namespace birdhouse::ops

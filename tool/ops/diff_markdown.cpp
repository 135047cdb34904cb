// Markdown of a difference, as a comment on a pull request shows it: a table that fits, who breaks, and the
// rest folded away. Names and values come from files: they are kept inside of code and cells.
#include "base/text.hpp"
#include "ops/diff_report.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::ops {

namespace {

using codec::AffectedReader;
using codec::AssessedChange;
using model::Assessment;

constexpr std::size_t kLongestComment = 60'000; // bytes; GitHub takes 65,536 characters

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '|':
            out += "\\|";
            break;
        case '<':
            out += "&lt;";
            break;
        case '\n':
        case '\r':
            out += ' ';
            break;
        default:
            out += c;
        }
    }
    return out;
}

// A code span that its own text cannot end.
std::string code(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    const std::string blank = longest == 0 ? "" : " ";
    return fence + blank + replace_all(std::string(text), "|", "\\|") + blank + fence;
}

std::string codes_of(const AssessedChange& change) {
    std::set<std::string_view> ids;
    for (const model::Finding& finding : change.assessment.findings) {
        ids.insert(finding.code->id);
    }
    for (const AffectedReader& affected : change.readers) {
        ids.insert(affected.code->id);
    }
    std::string text;
    for (const std::string_view id : ids) {
        text += (text.empty() ? "" : " ") + std::string(id);
    }
    return text;
}

std::string row_of(const AssessedChange& change) {
    const Assessment& assessment = change.assessment;
    return "| " + verdict_of(assessment) + " | " + describe(change.change, code) + " | " + codes_of(change) +
           " | " + escaped(describe(assessment.targets.clickhouse)) + " | " +
           escaped(describe(assessment.targets.forward)) + " | " +
           escaped(describe(assessment.targets.classic)) + " |\n";
}

std::string broken_readers(const std::vector<ChangeGroup>& groups, const DiffReport& report) {
    std::string text;
    for (const ChangeGroup& group : groups) {
        for (const AssessedChange* change : group.changes) {
            for (const AffectedReader& affected : change->readers) {
                if (affected.code->severity != Severity::Error) {
                    continue;
                }
                const codec::Reader& reader = affected.reader;
                text += "- " + code(reader.pipe->name) + ", node " + code(reader.node->name) + " at " +
                        code(place_in(report.after, reader.place)) + ": " + describe(change->change, code) +
                        "\n";
            }
        }
    }
    return text.empty() ? "" : "\n**Breaks**\n\n" + text;
}

std::string details(const std::vector<ChangeGroup>& groups, const DiffReport& report) {
    std::string text;
    for (const ChangeGroup& group : groups) {
        for (const AssessedChange* change : group.changes) {
            const Assessment& assessment = change->assessment;
            text += "- " + describe(change->change, code);
            const std::string place = place_of(*change, report);
            text += place.empty() ? "" : " (" + code(place) + ")";
            text += ": " + escaped(assessment.why) + ".";
            text += assessment.recipe.empty() ? "" : " **Do:** " + escaped(assessment.recipe) + ".";
            for (const model::Finding& finding : assessment.findings) {
                text += " **" + std::string(finding.code->id) + "** " + escaped(finding.message) + ".";
            }
            text += " Can be taken back: " + std::string(to_string(assessment.reversible)) + ".\n";
        }
    }
    return "\n<details><summary>Why, and the safe way</summary>\n\n" + text + "\n</details>\n";
}

} // namespace

std::string render_markdown(const DiffReport& report) {
    const std::string sides = code(report.before.name) + " to " + code(report.after.name);
    std::string text = "### birdhouse diff: ";
    if (report.changes.empty()) {
        text += "no difference\n\n" + sides + "\n";
    } else {
        const std::vector<ChangeGroup> groups = grouped(report);
        text += summary_of(report) + "\n\n" + sides + "\n\n";
        text +=
            "| | change | codes | clickhouse, embedded | forward | classic |\n|---|---|---|---|---|---|\n";
        for (const ChangeGroup& group : groups) {
            for (const AssessedChange* change : group.changes) {
                text += row_of(*change);
            }
        }
        text += broken_readers(groups, report);
        const std::string more = details(groups, report);
        text += text.size() + more.size() <= kLongestComment ? more : "";
    }
    for (const std::string& path : report.left_out) {
        text += "\nNot compared, it has problems: " + code(path) + "\n";
    }
    return text;
}

} // namespace birdhouse::ops

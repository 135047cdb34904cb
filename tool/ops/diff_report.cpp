#include "ops/diff_report.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace birdhouse::ops {

namespace {

using codec::AffectedReader;
using codec::AssessedChange;
using codec::ReaderUse;
using model::Assessment;
using model::ChangeClass;

constexpr std::size_t kShownReaders = 20; // of one change; JSON has all

std::string severity_name(Severity severity) { return severity == Severity::Error ? "error" : "warning"; }

std::string tagged(const Code& code) {
    return severity_name(code.severity) + "[" + std::string(code.id) + "]: ";
}

// The larger, the further up.
std::tuple<ChangeClass, bool, std::size_t> weight(const Assessment& assessment) {
    return {assessment.change_class, assessment.breaking, assessment.findings.size()};
}

std::string reader_sentence(const AffectedReader& affected, const DiffReport& report) {
    const codec::Reader& reader = affected.reader;
    const std::string pipe = backquoted(reader.pipe->name);
    const std::string node = "node " + backquoted(reader.node->name);
    const std::string place = place_in(report.after, reader.place);
    const bool breaks = affected.code->severity == Severity::Error;
    std::string sentence;
    switch (reader.use) {
    case ReaderUse::Names:
        sentence = (breaks ? "breaks " : "reaches ") + pipe + ": " + node;
        break;
    case ReaderUse::Through:
        sentence = (breaks ? "breaks " : "reaches ") + pipe + " through what it reads: " + node;
        break;
    case ReaderUse::Star:
        sentence = "reaches " + pipe + ", which selects `*`: " + node;
        break;
    case ReaderUse::Writes:
        sentence = "breaks " + pipe + ", which writes to it";
        break;
    }
    return place.empty() ? sentence : sentence + ", " + place;
}

std::string targets_sentence(const Assessment& assessment) {
    const model::TargetEffects& targets = assessment.targets;
    return "embedded and clickhouse: " + describe(targets.clickhouse) +
           "; forward: " + describe(targets.forward) + "; classic: " + describe(targets.classic);
}

std::string render_readers(const AssessedChange& change, const DiffReport& report) {
    std::string text;
    std::size_t shown = 0;
    for (const AffectedReader& affected : change.readers) {
        if (shown++ == kShownReaders) {
            return text + "    and " + counted(change.readers.size() - kShownReaders, "more reader") + "\n";
        }
        text += "    " + tagged(*affected.code) + reader_sentence(affected, report) + "\n";
    }
    return text;
}

std::string render_endpoint_columns(const AssessedChange& change) {
    std::vector<std::string> names;
    for (const codec::LineageColumn& column : change.endpoint_columns) {
        names.push_back(column.resource + "." + column.column);
    }
    return names.empty() ? "" : "    = shown by endpoints as: " + join(names, ", ") + "\n";
}

std::string render_change(const AssessedChange& change, const DiffReport& report) {
    const Assessment& assessment = change.assessment;
    const std::string place = place_of(change, report);
    std::string text = "  " + (place.empty() ? "" : place + ": ") + verdict_of(assessment) + ": " +
                       describe(change.change) + "\n";
    for (const model::Finding& finding : assessment.findings) {
        text += "    " + tagged(*finding.code) + finding.message + "\n";
    }
    text += render_readers(change, report);
    text += render_endpoint_columns(change);
    const bool is_quiet = assessment.change_class == ChangeClass::Safe && !assessment.breaking &&
                          assessment.findings.empty() && change.readers.empty();
    if (is_quiet) {
        return text;
    }
    text += "    = why: " + assessment.why + "\n";
    if (!assessment.recipe.empty()) {
        text += "    = help: " + assessment.recipe + "\n";
    }
    text += "    = " + targets_sentence(assessment) + "\n";
    text += "    = cost: " + std::string(to_string(assessment.cost)) +
            "; can be taken back: " + std::string(to_string(assessment.reversible)) + "\n";
    return text;
}

std::string heading(const ChangeGroup& group) {
    if (group.name.empty()) {
        return std::string(to_string(group.resource));
    }
    return std::string(to_string(group.resource)) + " " + backquoted(group.name);
}

} // namespace

std::vector<ChangeGroup> grouped(const DiffReport& report) {
    std::vector<ChangeGroup> groups;
    for (const AssessedChange& change : report.changes) { // resources stand together already
        const model::Subject& subject = change.change.subject;
        if (groups.empty() || groups.back().resource != subject.resource ||
            groups.back().name != subject.name) {
            groups.push_back({subject.resource, subject.name, {}});
        }
        groups.back().changes.push_back(&change);
    }
    const auto is_worse = [](const AssessedChange* a, const AssessedChange* b) {
        return weight(a->assessment) > weight(b->assessment);
    };
    for (ChangeGroup& group : groups) {
        std::stable_sort(group.changes.begin(), group.changes.end(), is_worse);
    }
    std::stable_sort(groups.begin(), groups.end(), [&](const ChangeGroup& a, const ChangeGroup& b) {
        return is_worse(a.changes.front(), b.changes.front());
    });
    return groups;
}

std::string summary_of(const DiffReport& report) {
    const auto count = [&](auto wanted) {
        return std::count_if(report.changes.begin(), report.changes.end(),
                             [&](const AssessedChange& change) { return wanted(change.assessment); });
    };
    std::string text = counted(report.changes.size(), "change");
    const auto add = [&](std::ptrdiff_t number, std::string_view word) {
        if (number != 0) {
            text += ", " + with_thousands(static_cast<std::size_t>(number)) + " " + std::string(word);
        }
    };
    for (const ChangeClass one :
         {ChangeClass::Impossible, ChangeClass::Destructive, ChangeClass::Rebuild, ChangeClass::Mutation}) {
        add(count([&](const Assessment& assessment) { return assessment.change_class == one; }),
            to_string(one));
    }
    add(count([](const Assessment& assessment) { return assessment.breaking; }), "breaking");
    return text;
}

std::string place_in(const DiffSide& side, Span span) {
    if (!span.known()) {
        return "";
    }
    const SourceMap& sources = side.open.sources;
    const LineColumn at = sources.locate(span.source, span.begin);
    return side.prefix + std::string(sources.path(span.source)) + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column);
}

std::string place_of(const AssessedChange& change, const DiffReport& report) {
    const std::string after = place_in(report.after, change.change.after.origin.span);
    return after.empty() ? place_in(report.before, change.change.before.origin.span) : after;
}

std::string verdict_of(const Assessment& assessment) {
    std::string change_class(to_string(assessment.change_class));
    if (!assessment.breaking) {
        return change_class;
    }
    return assessment.change_class == ChangeClass::Safe ? "breaking" : change_class + ", breaking";
}

std::string render_text(const DiffReport& report) {
    std::string text;
    for (const ChangeGroup& group : grouped(report)) {
        text += heading(group) + "\n";
        for (const AssessedChange* change : group.changes) {
            text += render_change(*change, report);
        }
        text += "\n";
    }
    for (const std::string& path : report.left_out) {
        text += "not compared, it has problems: " + path + "\n";
    }
    if (!report.without_engine.empty()) {
        text += "readers of columns were found by name, not by the engine: " + report.without_engine + "\n";
    }
    return text + "from " + report.before.name + " to " + report.after.name + ": " +
           (report.changes.empty() ? "no difference" : summary_of(report)) + "\n";
}

} // namespace birdhouse::ops

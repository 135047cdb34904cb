// What `init` says it did, and the small project it begins with.
#include "base/text.hpp"
#include "codec/yaml_text.hpp"
#include "ops/import.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kMostShown = 20;

void add_some(std::string& out, const std::vector<std::string>& lines) {
    for (std::size_t i = 0; i < std::min(lines.size(), kMostShown); ++i) {
        out += "  " + lines[i] + "\n";
    }
    if (lines.size() > kMostShown) {
        out += "  and " + std::to_string(lines.size() - kMostShown) + " more\n";
    }
}

// "`a`, `b`, `c` and 4 more".
std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t kMostNames = 3;
    std::vector<std::string> shown;
    for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) {
        shown.push_back(backquoted(names[i]));
    }
    return join(shown, ", ") +
           (names.size() > kMostNames ? " and " + std::to_string(names.size() - kMostNames) + " more" : "");
}

void add_groups(std::string& out, const ImportPlan& plan) {
    if (plan.groups.empty()) {
        return;
    }
    std::vector<std::string> lines;
    for (const codec::ProposedGroup& group : plan.groups) {
        lines.push_back(backquoted(group.name) + ": " + counted(group.columns.size(), "column") + " of " +
                        listed(group.datasources));
    }
    out += plan.groups_written
               ? "\ncolumn groups:\n"
               : "\ncolumns that several datasources share; --groups makes column groups of them:\n";
    add_some(out, lines);
}

} // namespace

std::string render_text(const ImportPlan& plan, const OpenProject& open, const std::string& folder) {
    std::string out = "imported into " + backquoted(folder) + ": " + counted(plan.datasources, "datasource") +
                      ", " + counted(plan.pipes, "pipe") + ", " + counted(plan.connections, "connection") +
                      ", with " + counted(plan.comments, "line") + " of comments\n";
    out += "read as " + std::string(to_string(open.sign.dialect)) +
           (open.sign.reason.empty() ? ", since nothing tells\n" : ", by " + open.sign.reason + "\n");
    if (!plan.kept.empty()) {
        out += "\nstill datafiles, because a definition cannot say what they say:\n";
        std::vector<std::string> lines;
        for (const KeptDatafile& kept : plan.kept) {
            lines.push_back(kept.path + ": " + kept.reason);
        }
        add_some(out, lines);
    }
    if (!plan.left_out.empty()) {
        out += "\nnot in the baseline migration:\n";
        add_some(out, plan.left_out);
    }
    add_groups(out, plan);
    return out;
}

std::vector<ImportedFile> starter_project(const std::string& name) {
    const std::string datasource = R"(datasource: events
description: What happened, one row an event.
columns:
  - {name: id, type: String, path: $.id}
  - {name: at, type: DateTime64(3), path: $.at}
  - {name: kind, type: LowCardinality(String), path: $.kind, default: "'unknown'"}
engine: {kind: MergeTree, sorting_key: [kind, at], partition_key: toYYYYMM(at),
         ttl: toDateTime(at) + INTERVAL 365 DAY}
tokens: [{name: tracker, scope: append}]
)";
    const std::string pipe = R"(pipe: events_by_kind
description: How many events of each kind there were since a moment.
nodes:
  - name: counted
    sql: |
      %
      SELECT kind, count() AS events
      FROM events
      WHERE at >= {{DateTime(since, '2025-01-01 00:00:00', description='The first moment')}}
      GROUP BY kind
      ORDER BY events DESC
tokens: [{name: dashboards}]
)";
    return {{".gitignore", "/.birdhouse/\n/.env\n/.tinyb\n/build/\n"},
            {"birdhouse.yaml", "name: " + codec::write_yaml_text(name) + "\n"},
            {"datasources/events.yaml", datasource},
            {"pipes/events_by_kind.yaml", pipe}};
}

} // namespace birdhouse::ops

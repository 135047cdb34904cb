// A static rule: a code, and the function that finds where it is broken. Rules look at the model and at what
// was found out about it once; they read no files and never stop at the first finding. A new rule is a
// function in the file of its theme, a line in the table (static_rules.cpp), a section of docs/errors.md and
// a golden case.
#pragma once

#include "base/diagnostic.hpp"
#include "codec/dependencies.hpp"
#include "model/project.hpp"
#include "syntax/directives.hpp"

#include <optional>
#include <set>
#include <span>
#include <vector>

namespace birdhouse::ops {

// What rules are given.
struct RuleFacts {
    const model::Project& project;
    const SourceMap& sources;
    // Which generation of the service the project is for: Classic workspaces hold more than a folder
    // declares.
    syntax::Dialect dialect = syntax::Dialect::Forward;
    bool dialect_known = true; // false: nothing told, and Forward is assumed
    std::span<const codec::RenderedNode> nodes;
    std::span<const codec::Dependency> dependencies; // by pipe, node and place
    // Files of which not all was understood: what is missing in the model may stand in them.
    std::set<SourceId> broken;

    bool understood(const Origin& origin) const { return !broken.contains(origin.span.source); }
    // Was it read from a definition, or from a datafile?
    bool is_definition(const Origin& origin) const;
};

struct Rule {
    const Code* code;
    void (*check)(const RuleFacts&, Diagnostics&);
};

std::span<const Rule> static_rules();

// All rules over the project. `reading` are the problems of reading its files: where not all was understood
// nothing is concluded from what is missing. `dialect` is absent when nothing tells it; `nodes` are those of
// codec::render_for_checks.
Diagnostics check_static_rules(const model::Project& project, const SourceMap& sources,
                               std::optional<syntax::Dialect> dialect, const Diagnostics& reading,
                               const std::vector<codec::RenderedNode>& nodes);

} // namespace birdhouse::ops

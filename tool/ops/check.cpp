#include "ops/check.hpp"

#include "base/codes.hpp"
#include "codec/datafile_project.hpp"
#include "ops/contract_check.hpp"
#include "ops/engine_check.hpp"
#include "ops/ignores.hpp"
#include "ops/rules/rule.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

// Two rules, or a reader and a rule, may find the same, and an included file is read for each that includes
// it; it is said once.
Diagnostics without_repeats(const Diagnostics& problems, const SourceMap& sources) {
    Diagnostics once;
    std::set<std::tuple<const Code*, std::string_view, std::uint32_t, std::uint32_t, std::string_view>> told;
    for (const Diagnostic& problem : problems.all()) {
        const Span place = problem.labels.empty() ? Span{} : problem.labels.front().span;
        const std::string_view path = place.known() ? sources.path(place.source) : std::string_view();
        if (told.emplace(problem.code, path, place.begin, place.end, problem.message).second) {
            once.add(problem);
        }
    }
    return once;
}

// Datafiles without a sign of their generation leave it open; definitions name their targets.
std::optional<syntax::Dialect> dialect_of(const OpenProject& open) {
    if (!open.sign.reason.empty()) {
        return open.sign.dialect;
    }
    return open.datafiles.empty() ? std::optional(codec::dialect_of(open.project.config)) : std::nullopt;
}

// A workspace of Classic may hold what its folder does not declare: F320 has warned of it, and what the
// engine's part says about it from the problem `first` on is no error.
Diagnostics without_undeclared(const Diagnostics& problems, std::size_t first) {
    Diagnostics kept;
    for (std::size_t i = 0; i < problems.all().size(); ++i) {
        const Diagnostic& problem = problems.all()[i];
        if (i < first || problem.code != &codes::T056) {
            kept.add(problem);
        }
    }
    return kept;
}

bool is_engine_rule(const Code& code) { return code.id >= "F350" && code.id < "F370"; }

bool is_of_contracts(const Code& code) {
    static constexpr std::array kCodes = {&codes::B205, &codes::B206, &codes::B207, &codes::B208,
                                          &codes::B209, &codes::B210, &codes::B211, &codes::B216,
                                          &codes::B217, &codes::B218, &codes::B219, &codes::B220};
    return std::find(kCodes.begin(), kCodes.end(), &code) != kCodes.end();
}

std::vector<const Code*> checked_codes() {
    std::vector<const Code*> codes;
    std::copy_if(codes::kAll.begin(), codes::kAll.end(), std::back_inserter(codes),
                 [](const Code* code) { return is_checked(*code, true); });
    return codes;
}

} // namespace

CheckReport check_project(const OpenProject& open, target::TargetOpener* engine, Date today) {
    CheckReport report;
    Diagnostics all = open.problems;
    const std::vector<codec::RenderedNode> nodes = codec::render_for_checks(open.project, all);
    all.append(check_static_rules(open.project, open.sources, dialect_of(open), open.problems, nodes));
    std::vector<EndpointOutput> outputs;
    if (engine != nullptr) {
        const std::size_t before = all.all().size();
        Result<EngineCheck> checked = check_on_engine(open.project, nodes, open.sources, *engine, all);
        if (dialect_of(open) != syntax::Dialect::Forward) {
            all = without_undeclared(all, before);
        }
        if (checked) {
            outputs = std::move(checked->endpoints);
        } else {
            report.engine_failure = checked.error();
        }
    }
    check_contracts(open, nodes, outputs, today, all);
    const bool with_engine = engine != nullptr && !report.engine_failure;
    report.problems = apply_ignores(without_repeats(all, open.sources), open.sources,
                                    [&](const Code& code) { return is_checked(code, with_engine); });
    return report;
}

bool is_checked(const Code& code, bool with_engine) {
    switch (code.id.front()) {
    case 'F': // of F200 to F299 generation and migrations speak, of F370 to F379 the import
        return (code.id < "F200" || code.id >= "F300") &&
               (code.id < "F370" || (code.id >= "F380" && code.id < "F400")) && &code != &codes::F383 &&
               (with_engine || !is_engine_rule(code));
    case 'B': // those that a contract can break by; types are the engine's to say
        return is_of_contracts(code) && (with_engine || (&code != &codes::B206 && &code != &codes::B218));
    case 'P': // P001 to P009 are found in events
        return code.id >= "P010";
    case 'T':
        return with_engine || code.id != "T062";
    default:
        return false;
    }
}

std::string render_rules() {
    std::string out;
    for (const Code* code : checked_codes()) {
        std::string severity(to_string(code->severity));
        severity.resize(std::max<std::size_t>(severity.size(), 7), ' ');
        out += std::string(code->id) + "  " + severity + "  " + std::string(code->title) +
               (can_be_ignored(*code) ? "" : " (cannot be ignored)") + "\n";
    }
    return out;
}

std::string render_rules_json() {
    nlohmann::ordered_json rules = nlohmann::ordered_json::array();
    for (const Code* code : checked_codes()) {
        rules.push_back({{"code", code->id},
                         {"severity", to_string(code->severity)},
                         {"title", code->title},
                         {"can_be_ignored", can_be_ignored(*code)}});
    }
    return rules.dump(2) + "\n";
}

} // namespace birdhouse::ops

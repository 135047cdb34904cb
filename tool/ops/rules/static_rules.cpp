// The table of static rules, and the one pass that runs them.
#include "base/codes.hpp"
#include "ops/rules/engine_needs.hpp"
#include "ops/rules/events.hpp"
#include "ops/rules/keys.hpp"
#include "ops/rules/limits.hpp"
#include "ops/rules/materializations.hpp"
#include "ops/rules/names.hpp"
#include "ops/rules/privacy.hpp"
#include "ops/rules/queries.hpp"
#include "ops/rules/references.hpp"
#include "ops/rules/rule.hpp"
#include "ops/rules/secrets.hpp"
#include "ops/rules/unknown_columns.hpp"
#include "ops/rules/usage.hpp"

#include <array>

namespace birdhouse::ops {

namespace {

// Severity and title stand in codes.def. A function that reports several codes of one family, such as those
// of statements, stands under the first of them.
constexpr auto kRules = std::to_array<Rule>({
    {&codes::F039, check_paths_of_all},
    {&codes::F042, check_engine_columns},
    {&codes::F128, check_engine_needs},
    {&codes::F300, check_index_columns},
    {&codes::F301, check_nullable_keys},
    {&codes::F302, check_key_order},
    {&codes::F303, check_ttl_times},
    {&codes::F304, check_version_in_key},
    {&codes::F306, check_names},
    {&codes::F307, check_reserved_names},
    {&codes::F308, check_hidden_resources},
    {&codes::F310, check_event_types},
    {&codes::F311, check_list_paths},
    {&codes::F312, check_kept_for_ever},
    {&codes::F313, check_required_keys},
    {&codes::F314, check_number_of_columns},
    {&codes::F320, check_undeclared},
    {&codes::F321, check_targets},
    {&codes::F322, check_target_columns},
    {&codes::F323, check_write_rings},
    {&codes::F324, check_double_filling},
    {&codes::F325, check_unused_datasources},
    {&codes::F326, check_unused_pipes},
    {&codes::F330, check_copy_schedules},
    {&codes::F331, check_select_all},
    {&codes::F332, check_sql_length},
    {&codes::P010, check_secrets},
    {&codes::P011, check_personal_columns},
    {&codes::T007, check_parameter_names}, // and T008
    {&codes::T050, check_statements},      // and T051, T055, T058, T060, T061
    {&codes::T056, check_tables},
    {&codes::T057, check_rings},
});

// A name that a reader could not place is no sign that the file was not understood.
bool breaks_file(const Diagnostic& problem) {
    return problem.code->severity == Severity::Error && problem.code->id.starts_with("F") &&
           problem.code->id < codes::F200.id && problem.code != &codes::F042;
}

} // namespace

bool RuleFacts::is_definition(const Origin& origin) const {
    return origin.span.known() && sources.path(origin.span.source).ends_with(".yaml");
}

std::span<const Rule> static_rules() { return kRules; }

Diagnostics check_static_rules(const model::Project& project, const SourceMap& sources,
                               std::optional<syntax::Dialect> dialect, const Diagnostics& reading,
                               const std::vector<codec::RenderedNode>& nodes) {
    Diagnostics problems;
    const std::vector<codec::Dependency> dependencies = codec::find_dependencies(project, nodes);
    RuleFacts facts{
        project,      sources, dialect.value_or(syntax::Dialect::Forward), dialect.has_value(), nodes,
        dependencies, {}};
    for (const Diagnostic& problem : reading.all()) {
        for (const Label& label : problem.labels) {
            if (breaks_file(problem)) {
                facts.broken.insert(label.span.source);
            }
        }
    }
    for (const Rule& rule : kRules) {
        rule.check(facts, problems);
    }
    return problems;
}

} // namespace birdhouse::ops

#include "codec/pipe_query.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/query_rules.hpp"
#include "codec/table_names.hpp"
#include "syntax/sql_outline.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace birdhouse::codec {

namespace {

using syntax::SqlRange;
using syntax::SqlTable;
using syntax::TableUse;

struct Composed {
    MappedSql text;
    std::set<std::string, std::less<>> bare_tables; // names in it that a WITH round it would catch
};

struct Replacement {
    SqlRange place;
    MappedSql text;
};

struct Link {
    const model::Pipe* pipe = nullptr;
    const model::Node* node = nullptr;
};

// A table in the text of a node.
struct Site {
    const SqlTable& table;
    const MappedSql& text;
    const syntax::SqlOutline& outline;
};

class Composer {
public:
    Composer(const model::Project& project, const NodeRenderer& render, const ComposeOptions& options,
             Diagnostics& diagnostics)
        : project_(project), render_(render), options_(options), diagnostics_(diagnostics) {}

    // Each node is rendered and composed once. Nothing: its problems were reported.
    const Composed* compose(const model::Pipe& pipe, const model::Node& node, Span asked_at) {
        if (const auto known = done_.find(&node); known != done_.end()) {
            return known->second ? &*known->second : nullptr;
        }
        if (is_ring(node, asked_at) || is_too_deep(asked_at)) {
            return nullptr;
        }
        chain_.push_back({&pipe, &node});
        std::optional<Composed> composed = compose_new({&pipe, &node});
        chain_.pop_back();
        const auto kept = done_.emplace(&node, std::move(composed)).first;
        return kept->second ? &*kept->second : nullptr;
    }

private:
    std::string shown(const Link& link) const {
        return link.pipe == chain_.front().pipe ? link.node->name : link.pipe->name + "." + link.node->name;
    }

    bool is_ring(const model::Node& node, Span asked_at) {
        const auto first =
            std::find_if(chain_.begin(), chain_.end(), [&](const Link& link) { return link.node == &node; });
        if (first == chain_.end()) {
            return false;
        }
        std::string ring;
        for (auto link = first; link != chain_.end(); ++link) {
            ring += backquoted(shown(*link)) + " -> ";
        }
        diagnostics_.add(codes::T057, asked_at,
                         "nodes read each other in a ring: " + ring + backquoted(shown(*first)),
                         "let one of them read a table instead");
        return true;
    }

    bool is_too_deep(Span asked_at) {
        if (chain_.size() < kDeepestPipes) {
            return false;
        }
        diagnostics_.add(codes::T058, asked_at,
                         "nodes read nodes more than " + std::to_string(kDeepestPipes) + " deep",
                         "materialise one of the steps between");
        return true;
    }

    bool fits(std::size_t length, Span place) {
        if (length <= kLongestQuery) {
            return true;
        }
        diagnostics_.add(codes::T059, place,
                         "the composed query is longer than " + with_thousands(kLongestQuery) + " bytes",
                         "each use of a node repeats its SQL: materialise a step that is used often");
        return false;
    }

    std::optional<Composed> compose_new(const Link& at) {
        const std::optional<MappedSql> rendered = render_(*at.node, diagnostics_);
        if (!rendered || !fits(rendered->sql.size(), at.node->origin.span)) {
            return std::nullopt;
        }
        const syntax::SqlOutline outline = syntax::outline_sql(rendered->sql);
        if (!check_query_rules(outline, *rendered, at.node->origin.span, diagnostics_)) {
            return std::nullopt;
        }
        Composed composed;
        std::vector<Replacement> replacements;
        bool complete = true;
        for (const SqlTable& table : outline.tables) {
            // All tables are looked at, so that all that are missing are reported.
            complete = replace_table(at, {table, *rendered, outline}, composed, replacements) && complete;
        }
        std::size_t length = rendered->sql.size();
        for (const Replacement& replacement : replacements) {
            length += replacement.text.sql.size();
        }
        if (!complete || !fits(length, at.node->origin.span)) {
            return std::nullopt;
        }
        composed.text = splice(*rendered, outline.statement, std::move(replacements));
        return composed;
    }

    static MappedSql splice(const MappedSql& text, SqlRange statement,
                            std::vector<Replacement> replacements) {
        std::sort(replacements.begin(), replacements.end(),
                  [](const Replacement& a, const Replacement& b) { return a.place.begin < b.place.begin; });
        MappedSql out;
        std::size_t at = statement.begin;
        for (const Replacement& replacement : replacements) {
            out.append(text, at, replacement.place.begin);
            out.append(replacement.text, 0, replacement.text.sql.size());
            at = replacement.place.end;
        }
        out.append(text, at, statement.end);
        return out;
    }

    // False when a problem was reported.
    bool replace_table(const Link& at, const Site& site, Composed& composed,
                       std::vector<Replacement>& replacements) {
        const SqlTable& table = site.table;
        if (!table.database.empty()) {
            return true;
        }
        const Span place = site.text.source_of(table.place.begin, table.place.end);
        const std::optional<NamedTable> found = find_table(project_, *at.pipe, *at.node, table.name);
        if (!found) {
            return table.use == TableUse::Member || report_missing(*at.pipe, table.name, place);
        }
        std::optional<MappedSql> text;
        if (const auto* node = std::get_if<NodeTable>(&*found)) {
            text = subquery(*node, site, place, composed);
        } else if (const auto* datasource = std::get_if<DatasourceTable>(&*found)) {
            text = stored(datasource->datasource->name, table, place, composed);
        } else if (const auto* target = std::get_if<TargetTable>(&*found)) {
            text = stored(target->pipe->target_datasource, table, place, composed);
        } else {
            text = quarantine(*std::get<QuarantineTable>(*found).datasource, table, place, composed);
        }
        if (!text) {
            return false;
        }
        if (!text->sql.empty()) {
            rename(site, std::move(*text), place, replacements);
        }
        return true;
    }

    bool report_missing(const model::Pipe& pipe, const std::string& name, Span place) {
        diagnostics_.add(codes::T056, place, "Resource '" + printable(name) + "' not found",
                         nearest_table(project_, pipe, name));
        return false;
    }

    std::optional<MappedSql> subquery(const NodeTable& table, const Site& site, Span place,
                                      Composed& composed) {
        const Composed* inner = compose(*table.pipe, *table.node, place);
        if (inner == nullptr || is_caught(*inner, site, place)) {
            return std::nullopt;
        }
        composed.bare_tables.insert(inner->bare_tables.begin(), inner->bare_tables.end());
        const std::string_view line_end = inner->text.sql.find('\n') == std::string::npos ? "" : "\n";
        MappedSql text;
        text.append("(" + std::string(line_end), place);
        text.append(inner->text, 0, inner->text.sql.size());
        text.append(std::string(line_end) + ")", place);
        return text;
    }

    // Would a WITH round this place take a table of the inner query for its own?
    bool is_caught(const Composed& inner, const Site& site, Span place) {
        for (const syntax::CommonTable& common : site.outline.common_tables) {
            const std::uint32_t at = site.table.place.begin;
            if (common.visible.begin <= at && at < common.visible.end &&
                inner.bare_tables.contains(common.name)) {
                diagnostics_.add(codes::T063, place,
                                 "WITH calls a table " + backquoted(common.name) +
                                     ", which hides the datasource that " + backquoted(site.table.name) +
                                     " reads",
                                 "give the table in WITH another name");
                return true;
            }
        }
        return false;
    }

    // The limit is none, but nothing is computed of a row before it: a condition from outside that was pushed
    // below the filter could tell of hidden rows by failing.
    static std::string filtered(const std::string& table, const std::string& filter) {
        return "(SELECT * FROM " + table + " WHERE (" + filter + "\n) LIMIT 9223372036854775807)";
    }

    // Empty when the name stays as it is written.
    MappedSql stored(const std::string& name, const SqlTable& table, Span place, Composed& composed) const {
        MappedSql text;
        if (!options_.database.empty()) {
            const std::string rows =
                syntax::quoted_sql_name(options_.database) + "." + syntax::quoted_sql_name(name);
            const std::string filter = options_.row_filter ? options_.row_filter(name) : std::string();
            text.append(filter.empty() ? rows : filtered(rows, filter), place);
            return text;
        }
        composed.bare_tables.insert(name);
        if (name != table.name) {
            text.append(syntax::quoted_sql_name(name), place);
        }
        return text;
    }

    MappedSql quarantine(const model::Datasource& datasource, const SqlTable& table, Span place,
                         Composed& composed) const {
        if (!options_.table_exists || options_.table_exists(table.name)) {
            return stored(table.name, table, place, composed);
        }
        const std::string rows = empty_quarantine(datasource);
        MappedSql text;
        text.append(table.use == TableUse::Member ? "(SELECT * FROM " + rows + ")" : rows, place);
        return text;
    }

    // The table keeps the name its columns are qualified with.
    static void rename(const Site& site, MappedSql text, Span place, std::vector<Replacement>& replacements) {
        const SqlTable& table = site.table;
        if (table.use == TableUse::Source && !table.alias) {
            text.append(" AS " + alias_text(site), place);
        }
        replacements.push_back({table.place, std::move(text)});
        for (const SqlRange& qualifier : table.qualifiers) {
            MappedSql alias;
            alias.append(site.text.sql.substr(table.alias->begin, table.alias->end - table.alias->begin),
                         site.text.source_of(qualifier.begin, qualifier.end));
            replacements.push_back({qualifier, std::move(alias)});
        }
    }

    // As written, except that the engine takes 'name' for a table but not for an alias.
    static std::string alias_text(const Site& site) {
        const SqlRange place = site.table.place;
        const std::string written = site.text.sql.substr(place.begin, place.end - place.begin);
        return written.front() == '\'' ? syntax::quoted_sql_name(site.table.name) : written;
    }

    const model::Project& project_;
    const NodeRenderer& render_;
    const ComposeOptions& options_;
    Diagnostics& diagnostics_;
    std::vector<Link> chain_; // from the asked node to the one being composed
    std::unordered_map<const model::Node*, std::optional<Composed>> done_;
};

} // namespace

std::optional<MappedSql> compose_query(const model::Project& project, const model::Pipe& pipe,
                                       const model::Node& node, const NodeRenderer& render,
                                       const ComposeOptions& options, Diagnostics& diagnostics) {
    Composer composer(project, render, options, diagnostics);
    const Composed* composed = composer.compose(pipe, node, node.origin.span);
    return composed == nullptr ? std::nullopt : std::optional(composed->text);
}

std::optional<MappedSql> compose_materialized(const model::Project& project, const model::Pipe& pipe,
                                              Diagnostics& diagnostics) {
    const model::Node* node = model::result_node(pipe);
    if (node == nullptr) {
        diagnostics.add(codes::T061, pipe.origin.span, "pipe " + backquoted(pipe.name) + " has no node",
                        "give it one");
        return std::nullopt;
    }
    const NodeRenderer render = [](const model::Node& part,
                                   Diagnostics& problems) -> std::optional<MappedSql> {
        if (!is_template(part)) {
            return written_sql(part);
        }
        problems.add(codes::T064, part.origin.span,
                     "node " + backquoted(part.name) + " is a template, and a view is given no parameters",
                     "write the SQL out and remove the `%`");
        return std::nullopt;
    };
    return compose_query(project, pipe, *node, render, {}, diagnostics);
}

bool is_template(const model::Node& node) { return trim(node.sql).starts_with('%'); }

} // namespace birdhouse::codec

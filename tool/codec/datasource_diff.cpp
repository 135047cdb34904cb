#include "codec/datasource_diff.hpp"

#include "base/text.hpp"
#include "codec/column_diff.hpp"
#include "codec/engine_directives.hpp"
#include "codec/resource_parts.hpp"
#include "codec/sql_form.hpp"
#include "codec/ttl_change.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::codec {

namespace {

using model::ChangeKind;
using model::Column;
using model::Datasource;
using model::Index;
using model::TableEngine;

constexpr std::string_view kImportQuery = "IMPORT_QUERY";

// The primary key is the sorting key unless it is said.
std::vector<std::string> primary_key(const TableEngine& engine) {
    return key_form(engine.primary_key.empty() ? engine.sorting_key : engine.primary_key);
}

class DatasourceDiff {
public:
    DatasourceDiff(const Datasource& before, const Datasource& after)
        : before_(before), after_(after), changes_(model::ResourceKind::Datasource, after.name) {}

    std::vector<model::Change> run() {
        diff_columns(before_, after_, changes_);
        compare_ttl_rules();
        compare_keys();
        compare_engine();
        compare_indexes();
        compare_connections();
        compare_delivery();
        diff_tokens(before_.tokens, after_.tokens, changes_);
        diff_descriptions(ChangeKind::DescriptionChanged, before_.description, after_.description,
                          before_.origin, after_.origin, changes_);
        diff_tags(before_.tags, after_.tags, before_.origin, after_.origin, changes_);
        changes_.add_if_different(ChangeKind::TemplateChanged, before_.template_file, after_.template_file,
                                  before_.origin, after_.origin);
        return std::move(changes_).take();
    }

private:
    void change_engine(ChangeKind kind, std::string TableEngine::*field, const std::string& part = {}) {
        changes_.add(kind, part, side(before_.engine.*field, before_.engine, before_.engine.origin),
                     side(after_.engine.*field, after_.engine, after_.engine.origin));
    }

    void compare_ttl_rules() {
        switch (compare_ttl(before_.engine.ttl, after_.engine.ttl)) {
        case TtlChange::Same:
            return;
        case TtlChange::Added:
            return change_engine(ChangeKind::TtlAdded, &TableEngine::ttl);
        case TtlChange::Removed:
            return change_engine(ChangeKind::TtlRemoved, &TableEngine::ttl);
        case TtlChange::Shortened:
            return change_engine(ChangeKind::TtlShortened, &TableEngine::ttl);
        case TtlChange::Widened:
            return change_engine(ChangeKind::TtlWidened, &TableEngine::ttl);
        case TtlChange::Other:
            return change_engine(ChangeKind::TtlChanged, &TableEngine::ttl);
        }
    }

    bool is_new_without_default(std::string_view name) const {
        const Column* column = find_column(after_, name);
        return column != nullptr && find_column(before_, name) == nullptr && !column->default_expression &&
               !column->materialized;
    }

    bool is_extended(const std::vector<std::string>& before, const std::vector<std::string>& after) const {
        return !before.empty() && after.size() > before.size() &&
               std::equal(before.begin(), before.end(), after.begin()) &&
               std::all_of(after.begin() + static_cast<std::ptrdiff_t>(before.size()), after.end(),
                           [&](const std::string& element) { return is_new_without_default(element); });
    }

    void compare_keys() {
        const TableEngine& old = before_.engine;
        const TableEngine& now = after_.engine;
        const std::vector<std::string> old_key = key_form(old.sorting_key);
        const std::vector<std::string> new_key = key_form(now.sorting_key);
        if (old_key != new_key) {
            change_engine(is_extended(old_key, new_key) ? ChangeKind::SortingKeyExtended
                                                        : ChangeKind::SortingKeyChanged,
                          &TableEngine::sorting_key);
        }
        const bool is_said = !old.primary_key.empty() || !now.primary_key.empty();
        if (is_said && primary_key(old) != primary_key(now)) {
            change_engine(ChangeKind::PrimaryKeyChanged, &TableEngine::primary_key);
        }
        if (key_form(old.partition_key) != key_form(now.partition_key)) {
            change_engine(ChangeKind::PartitionKeyChanged, &TableEngine::partition_key);
        }
        if (key_form(old.sampling_key) != key_form(now.sampling_key)) {
            change_engine(ChangeKind::SamplingKeyChanged, &TableEngine::sampling_key);
        }
    }

    void compare_engine() {
        if (to_lower_ascii(before_.engine.kind) != to_lower_ascii(after_.engine.kind)) {
            change_engine(ChangeKind::EngineChanged, &TableEngine::kind);
        }
        for (const auto field :
             {&TableEngine::version_column, &TableEngine::is_deleted_column, &TableEngine::sign_column,
              &TableEngine::collapsing_version, &TableEngine::summing_columns, &TableEngine::join_strictness,
              &TableEngine::join_type, &TableEngine::key_columns}) {
            if (key_form(before_.engine.*field) != key_form(after_.engine.*field)) {
                change_engine(ChangeKind::EngineParameterChanged, field, directive_of(field));
            }
        }
        const auto settings = [](const TableEngine& engine) {
            const std::vector<std::string> all = key_form(engine.settings);
            return std::set<std::string>(all.begin(), all.end());
        };
        if (settings(before_.engine) != settings(after_.engine)) {
            change_engine(ChangeKind::EngineSettingsChanged, &TableEngine::settings);
        }
    }

    static std::string directive_of(std::string TableEngine::*field) {
        const auto all = engine_directives();
        return std::string(std::find_if(all.begin(), all.end(), [&](const EngineDirective& directive) {
                               return directive.field == field;
                           })->name);
    }

    static std::string index_text(const Index& index) {
        return index.expression + " TYPE " + index.type + " GRANULARITY " + index.granularity;
    }

    void compare_indexes() {
        const auto find = [](const Datasource& datasource, const std::string& name) -> const Index* {
            const auto found = std::find_if(datasource.indexes.begin(), datasource.indexes.end(),
                                            [&](const Index& index) { return index.name == name; });
            return found == datasource.indexes.end() ? nullptr : &*found;
        };
        const auto index_side = [](const Index& index) {
            return side(index_text(index), index, index.origin);
        };
        for (const Index& index : before_.indexes) {
            const Index* now = find(after_, index.name);
            if (now == nullptr) {
                changes_.add(ChangeKind::IndexDropped, index.name, index_side(index), nothing());
            } else if (sql_form(index_text(*now)) != sql_form(index_text(index))) {
                changes_.add(ChangeKind::IndexChanged, index.name, index_side(index), index_side(*now));
            }
        }
        for (const Index& index : after_.indexes) {
            if (find(before_, index.name) == nullptr) {
                changes_.add(ChangeKind::IndexAdded, index.name, nothing(), index_side(index));
            }
        }
    }

    // KAFKA_* and IMPORT_*, and workspaces.
    void compare_connections() {
        const auto is_query = [](const model::Setting& setting) { return setting.name == kImportQuery; };
        const auto others = [&](std::vector<model::Setting> settings) {
            std::erase_if(settings, is_query);
            return settings;
        };
        const auto query = [&](const Datasource& datasource) -> model::Setting {
            const auto& all = datasource.connector_settings;
            const auto found = std::find_if(all.begin(), all.end(), is_query);
            return found == all.end() ? model::Setting{std::string(kImportQuery), "", datasource.origin}
                                      : *found;
        };
        diff_settings(ChangeKind::ConnectorChanged, others(before_.connector_settings),
                      others(after_.connector_settings), changes_);
        const model::Setting old = query(before_);
        const model::Setting now = query(after_);
        if (sql_form(old.value) != sql_form(now.value)) {
            changes_.add(ChangeKind::ImportQueryChanged, "", side(old.value, old, old.origin),
                         side(now.value, now, now.origin));
        }
        const std::set<std::string> old_names(before_.shared_with.begin(), before_.shared_with.end());
        const std::set<std::string> new_names(after_.shared_with.begin(), after_.shared_with.end());
        for (const std::string& name : old_names) {
            if (!new_names.contains(name)) {
                changes_.add(ChangeKind::SharingRemoved, name, side(name, before_.origin), nothing());
            }
        }
        for (const std::string& name : new_names) {
            if (!old_names.contains(name)) {
                changes_.add(ChangeKind::SharingAdded, name, nothing(), side(name, after_.origin));
            }
        }
    }

    // How the next deployment moves the rows.
    void compare_delivery() {
        if (sql_form(before_.forward_query) != sql_form(after_.forward_query)) {
            changes_.add(ChangeKind::ForwardQueryChanged, "", side(before_.forward_query, before_.origin),
                         side(after_.forward_query, after_.origin));
        }
        const auto backfill = [](const Datasource& datasource) -> std::string {
            return datasource.backfill_skip ? "skip" : "";
        };
        changes_.add_if_different(ChangeKind::BackfillChanged, backfill(before_), backfill(after_),
                                  before_.origin, after_.origin);
        const auto version = [](const Datasource& datasource) -> std::string {
            return datasource.classic_version ? std::to_string(*datasource.classic_version) : "";
        };
        changes_.add_if_different(ChangeKind::ClassicVersionChanged, version(before_), version(after_),
                                  before_.origin, after_.origin);
    }

    const Datasource& before_;
    const Datasource& after_;
    ChangeList changes_;
};

} // namespace

std::vector<model::Change> diff_datasource(const Datasource& before, const Datasource& after) {
    return DatasourceDiff(before, after).run();
}

} // namespace birdhouse::codec

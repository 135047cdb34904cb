#include "ops/migration_drift.hpp"

#include "base/text.hpp"
#include "target/quarantine.hpp"
#include "target/rebuild.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace birdhouse::ops {

namespace {

using target::FieldDifference;
using target::TableState;

struct Reason {
    std::string_view field; // how the name of the difference begins
    std::string_view reason;
};
// In the order they are tried: "column `x`" is a whole column, "type of column `x`" is not.
constexpr auto kReasons = std::to_array<Reason>({
    {"engine", "engine"},
    {"partition key", "partition_key"},
    {"sorting key", "sorting_key"},
    {"primary key", "primary_key"},
    {"sampling key", "sampling_key"},
    {"TTL", "ttl"},
    {"settings", "settings"},
    {"type of ", "type"},
    {"default of ", "default"},
    {"codec of ", "codec"},
    {"comment of ", "comment"},
    {"order of columns", "column_order"},
    {"query", "view_query"},
    {"view's target", "view_target"},
    {"comment", "comment"},
});

// Its own records, and what it makes beside the tables of the project.
bool is_of_birdhouse(const std::string& name, const target::Catalog& expected,
                     const std::set<std::string>& kept) {
    const std::string datasource = name.substr(0, name.rfind("_quarantine"));
    const bool quarantine =
        name == target::quarantine_name(datasource) && target::find_table(expected, datasource) != nullptr;
    return name.starts_with("_birdhouse") || quarantine || kept.contains(name);
}

std::string shown(const std::string& value) { return value.empty() ? "absent" : backquoted(value); }

} // namespace

std::string_view reason_of(const FieldDifference& difference) {
    const bool column = difference.field.starts_with("column ");
    const bool index = difference.field.starts_with("index ");
    if (column || index) {
        if (difference.right.empty()) {
            return column ? "missing_column" : "missing_index";
        }
        if (difference.left.empty()) {
            return column ? "extra_column" : "extra_index";
        }
        return "index";
    }
    const auto found = std::ranges::find_if(
        kReasons, [&](const Reason& one) { return difference.field.starts_with(one.field); });
    return found == kReasons.end() ? std::string_view("other") : found->reason;
}

std::vector<Drift> find_drift(const target::Catalog& expected, const target::Catalog& found,
                              const std::set<std::string>& kept) {
    std::vector<Drift> drift;
    for (const TableState& table : expected.tables) {
        if (is_of_birdhouse(table.name, expected, kept)) {
            continue;
        }
        const TableState* there = target::find_table(found, table.name);
        if (there == nullptr) {
            drift.push_back({"missing_object", table.name, "it is not there"});
            continue;
        }
        for (const FieldDifference& one : target::compare(table, *there)) {
            drift.push_back({std::string(reason_of(one)), table.name,
                             one.field + " is " + shown(one.right) + ", expected " + shown(one.left)});
        }
    }
    for (const TableState& table : found.tables) {
        if (!is_of_birdhouse(table.name, expected, kept) &&
            target::find_table(expected, table.name) == nullptr) {
            drift.push_back({"extra_object", table.name, "no migration makes it"});
        }
    }
    return drift;
}

std::set<std::string> kept_tables(std::span<const model::Migration> migrations) {
    std::set<std::string> kept;
    for (const model::Migration& migration : migrations) {
        for (const model::MigrationStep& step : migration.steps) {
            if (const auto* rebuild = std::get_if<model::RebuildDatasource>(&step.action)) {
                for (const char* way : {"before_", "after_"}) {
                    const std::string name = target::kept_table(rebuild->datasource, way + migration.id);
                    kept.insert({name, name + "_strays"});
                }
            }
        }
    }
    return kept;
}

Result<std::optional<target::Catalog>> build_in_memory(Session& session, const std::string& database,
                                                       std::span<const PlannedMigration> migrations,
                                                       Diagnostics& problems) {
    TRY_ASSIGN(const std::unique_ptr<target::SqlChannel> scratch, session.targets.open_scratch());
    TRY(prepare_scratch(*scratch, database));
    TRY_ASSIGN(const bool built, replay_on_engine(*scratch, database, migrations, problems));
    if (!built) {
        return std::optional<target::Catalog>();
    }
    TRY_ASSIGN(target::Catalog catalog, target::read_catalog(*scratch, database));
    return std::optional<target::Catalog>(std::move(catalog));
}

} // namespace birdhouse::ops

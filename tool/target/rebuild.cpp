#include "target/rebuild.hpp"

#include "base/text.hpp"
#include "codec/type_change.hpp"
#include "syntax/clickhouse_type.hpp"
#include "target/ddl.hpp"
#include "target/sql_text.hpp"
#include "target/type_text.hpp"

#include <algorithm>
#include <array>

namespace birdhouse::target {

namespace {

const std::string* conversion_of(const model::RebuildDatasource& step, std::string_view column) {
    const auto found = std::ranges::find(step.convert, column, &model::Conversion::name);
    return found == step.convert.end() ? nullptr : &found->expression;
}

bool changes_type(const model::RebuildDatasource& step, std::string_view column) {
    return std::ranges::find(step.types, column, &model::NewType::name) != step.types.end();
}

bool is_merge_tree(const model::TableEngine& engine) {
    return to_lower_ascii(engine.kind).ends_with("mergetree");
}
bool stores_nothing(const model::TableEngine& engine) { return to_lower_ascii(engine.kind) == "null"; }

// Merges take rows away: rows of one key become one, those past their TTL none.
bool merges_take_rows(const model::TableEngine& engine) {
    return to_lower_ascii(engine.kind) != "mergetree" || !engine.ttl.empty();
}

bool same_keys(const model::TableEngine& a, const model::TableEngine& b) {
    return a.partition_key == b.partition_key && a.sorting_key == b.sorting_key &&
           a.primary_key == b.primary_key && a.sampling_key == b.sampling_key && a.settings == b.settings;
}

// Does a row stand in the partition of the same id in both? A changed column in the key is taken for a no.
bool same_partitions(const model::RebuildDatasource& step, const model::TableEngine& before,
                     const model::TableEngine& after) {
    const auto in_key = [&](const auto& one) {
        return before.partition_key.find(one.name) != std::string::npos;
    };
    return is_merge_tree(before) && is_merge_tree(after) && before.partition_key == after.partition_key &&
           std::ranges::none_of(step.types, in_key) && std::ranges::none_of(step.convert, in_key);
}

// Not every type can be hashed: states of aggregates and values of many types are left out of the checksum.
bool can_be_hashed(std::string_view type) {
    static constexpr std::array<std::string_view, 5> kNot = {"AggregateFunction(", "JSON", "Object(",
                                                             "Dynamic", "Variant("};
    return std::ranges::none_of(kNot, [&](std::string_view word) {
        const std::size_t at = type.find(word);
        return at != std::string_view::npos && !type.substr(0, at).ends_with("Simple");
    });
}

// Everything a rebuild's statements are made of.
struct Parts {
    const model::RebuildDatasource& step;
    const model::Datasource& before;
    model::Datasource after;
    std::string database;
    std::string kept; // unqualified, as the next two
    std::string shadow;
    std::string table;

    std::string named(const std::string& name) const { return qualified_name(database, name); }
};

Parts parts_of(const model::RebuildDatasource& step, const model::Datasource& before,
               std::string_view database, std::string_view kept_as) {
    model::Schema schema;
    schema.datasources.push_back(before);
    static_cast<void>(model::apply_step(step, schema));
    return {step,
            before,
            std::move(schema.datasources.front()),
            std::string(database),
            kept_table(step.datasource, kept_as),
            "_birdhouse_rebuild_" + step.datasource,
            step.datasource};
}

struct Lists {
    std::vector<std::string> columns; // that take values
    std::vector<std::string> values;
    std::vector<std::string> hashed_before;
    std::vector<std::string> hashed_after;
};

Lists lists_of(const Parts& parts) {
    Lists lists;
    for (const model::Column& column : parts.after.columns) {
        if (column.materialized) {
            continue; // the new table works it out
        }
        const model::Column& old = *model::find_column(parts.before, column.name);
        lists.columns.push_back(identifier(column.name));
        lists.values.push_back(converted(parts.step, old, column));
        if (can_be_hashed(column.type)) {
            lists.hashed_before.push_back(lists.values.back());
            lists.hashed_after.push_back(lists.columns.back());
        }
    }
    return lists;
}

// Rows and a checksum that does not depend on their order, for each partition or for the whole.
std::string digest(const std::string& table, const std::vector<std::string>& hashed, bool by_partition) {
    const std::string sum = hashed.empty() ? std::string("0") : "sum(cityHash64(" + join(hashed, ", ") + "))";
    return std::string("SELECT ") + (by_partition ? "_partition_id" : "''") + " AS partition, count(), " +
           sum + " FROM " + table + (by_partition ? " GROUP BY partition ORDER BY partition" : "");
}

Statement copy(const Parts& parts, const Lists& lists, const RebuildCheck& check) {
    const std::string shadow = parts.named(parts.shadow);
    const std::string table = parts.named(parts.table);
    if (copies_nothing(parts.step, parts.before)) {
        return {"ALTER TABLE " + shadow + " ATTACH PARTITION ID {partition:String} FROM " + table,
                parts.shadow, Resume::EachPartition, check};
    }
    std::string sql = "INSERT INTO " + shadow + " (" + join(lists.columns, ", ") + ")\nSELECT " +
                      join(lists.values, ", ") + "\nFROM " + table;
    // Rows of one key stay apart until both tables have been compared.
    const std::string settings = "\nSETTINGS optimize_on_insert = 0";
    return is_merge_tree(parts.before.engine)
               ? Statement{sql + "\nWHERE _partition_id = {partition:String}" + settings, parts.shadow,
                           Resume::EachPartition, check}
               : Statement{sql + settings, parts.shadow, Resume::RestartStep, std::nullopt};
}

std::vector<std::string> still_tables(const Parts& parts) {
    std::vector<std::string> tables;
    if (is_merge_tree(parts.before.engine) && merges_take_rows(parts.before.engine)) {
        tables.push_back(parts.table);
    }
    if (is_merge_tree(parts.after.engine) && merges_take_rows(parts.after.engine)) {
        tables.push_back(parts.shadow);
    }
    return tables;
}

} // namespace

std::string kept_table(std::string_view datasource, std::string_view kept_as) {
    return std::string(datasource) + "_" + std::string(kept_as);
}

std::string converted(const model::RebuildDatasource& step, const model::Column& before,
                      const model::Column& after) {
    const std::string name = identifier(after.name);
    const std::string type = canonical_nullable(after.type);
    if (const std::string* expression = conversion_of(step, after.name)) {
        return "CAST(" + *expression + ", " + string_literal(type) + ")";
    }
    if (!changes_type(step, after.name)) {
        return name;
    }
    if (plain_type(after.type).starts_with("Enum")) {
        return "CAST(toString(" + name + "), " + string_literal(type) + ")"; // by name, whatever its number
    }
    if (codec::keeps_every_value(before.type, after.type)) {
        return "CAST(" + name + ", " + string_literal(type) + ")";
    }
    return "accurateCastOrDefault(" + name + ", " + string_literal(type) + ")";
}

bool copies_nothing(const model::RebuildDatasource& step, const model::Datasource& before) {
    return step.types.empty() && step.convert.empty() && step.engine && is_merge_tree(before.engine) &&
           is_merge_tree(*step.engine) && same_keys(before.engine, *step.engine);
}

std::vector<Statement> plan_rebuild(const model::RebuildDatasource& step, const model::Datasource& before,
                                    std::string_view database, std::string_view kept_as) {
    const Parts parts = parts_of(step, before, database, kept_as);
    const Lists lists = lists_of(parts);
    const std::string shadow = parts.named(parts.shadow);
    const std::string table = parts.named(parts.table);
    const bool has_rows = !stores_nothing(before.engine) && !stores_nothing(parts.after.engine);
    const bool by_partition = same_partitions(step, before.engine, parts.after.engine);
    RebuildCheck check{parts.table, parts.shadow, parts.kept, "", "", ""};
    if (has_rows) {
        check.clear =
            by_partition ? "ALTER TABLE " + shadow + " DROP PARTITION ID {partition:String}" : std::string();
        check.table_digest = digest(table, lists.hashed_before, by_partition);
        check.shadow_digest = digest(shadow, lists.hashed_after, by_partition);
    }

    std::vector<Statement> statements = {
        {"DROP TABLE IF EXISTS " + shadow, parts.shadow, Resume::Repeat, check},
        {create_table(parts.after, database, parts.shadow), parts.shadow, Resume::RestartStep, std::nullopt}};
    const std::vector<std::string> still = has_rows ? still_tables(parts) : std::vector<std::string>();
    for (const std::string& name : still) {
        statements.push_back(
            {"SYSTEM STOP MERGES " + parts.named(name), name, Resume::UntilSwapped, std::nullopt});
    }
    if (has_rows) {
        statements.push_back(copy(parts, lists, check));
    }
    statements.push_back(
        {"EXCHANGE TABLES " + shadow + " AND " + table, parts.table, Resume::CheckedSwap, check});
    statements.push_back({"RENAME TABLE " + shadow + " TO " + parts.named(parts.kept), parts.kept,
                          Resume::ByState, std::nullopt});
    for (const std::string& name : still) {
        // The table that was still is the kept one now, and the shadow has its name.
        const std::string& now = name == parts.table ? parts.kept : parts.table;
        statements.push_back({"SYSTEM START MERGES " + parts.named(now), now, Resume::Repeat, std::nullopt});
    }
    return statements;
}

} // namespace birdhouse::target

#include "ops/scratch_tables.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/service_tables.hpp"
#include "ops/datasource_faults.hpp"
#include "ops/engine_words.hpp"
#include "target/ddl.hpp"
#include "target/sql_text.hpp"

#include <optional>
#include <utility>

namespace birdhouse::ops {

namespace {

// A query may be long and make the engine work; a mistake or an ill will must not take the machine with it.
// The rest is what older ClickHouses, and the service, take without a word.
constexpr std::string_view kSettings = "SET max_execution_time = 10, max_memory_usage = 2000000000, "
                                       "print_pretty_type_names = 0, joined_subquery_requires_alias = 0, "
                                       "cast_string_to_date_time_mode = 'basic'";

constexpr std::string_view kProbes = "birdhouse_check_parts";

// `workspace.table` is shared by another workspace: its table lies in a database of that name.
struct TableName {
    std::string_view database;
    std::string_view name;
};

TableName table_name(std::string_view name) {
    const std::size_t dot = name.find('.');
    return dot == std::string_view::npos ? TableName{ScratchTables::kDatabase, name}
                                         : TableName{name.substr(0, dot), name.substr(dot + 1)};
}

// ClickHouse 26 refuses what older ones take, unless a setting permits it.
model::Datasource permitting_mixed_columns(model::Datasource datasource) {
    if (to_lower_ascii(datasource.engine.kind) == "aggregatingmergetree") {
        std::string& settings = datasource.engine.settings;
        settings += (settings.empty() ? "" : ", ") + std::string("allow_dimensions_outside_sorting_key = 1");
    }
    return datasource;
}

// "Column(s) kind, price of the AggregatingMergeTree table are neither part of the sorting key nor aggregate
// measures". False when the refusal says something else.
bool report_mixed_columns(const model::Datasource& datasource, const Error& refusal,
                          Diagnostics& diagnostics) {
    constexpr std::string_view kBefore = "Column(s) ";
    constexpr std::string_view kAfter =
        " of the AggregatingMergeTree table are neither part of the sorting key";
    const std::optional<EngineWords> words = engine_words(refusal);
    const std::size_t end = words ? words->text.find(kAfter) : std::string::npos;
    if (end == std::string::npos || !words->text.starts_with(kBefore)) {
        return false;
    }
    Diagnostic problem{&codes::F357, {}, {}, {}};
    std::vector<std::string> names;
    const std::string_view list = std::string_view(words->text).substr(kBefore.size(), end - kBefore.size());
    for (const std::string_view part : split(list, ',')) {
        const std::string_view name = trim(part);
        names.push_back(backquoted(name));
        const model::Column* column = model::find_column(datasource, name);
        problem.labels.push_back({column == nullptr ? datasource.origin.span : column->origin.span, {}});
    }
    problem.message =
        (names.size() == 1 ? "column " : "columns ") + join(names, ", ") + " of " +
        backquoted(datasource.name) + (names.size() == 1 ? " is" : " are") +
        " neither in the sorting key nor aggregated: of rows that are merged any one value is kept";
    problem.help = "add it to the sorting key, or say how it is merged: SimpleAggregateFunction(max, ...)";
    diagnostics.add(std::move(problem));
    return true;
}

model::Datasource as_stored(model::Datasource datasource) {
    for (model::Column& column : codec::connector_columns(datasource)) {
        datasource.columns.push_back(std::move(column));
    }
    return datasource;
}

} // namespace

Result<void> ScratchTables::prepare() {
    TRY(channel_.execute(kSettings));
    TRY(ensure_database(kDatabase));
    TRY(ensure_database(kProbes));
    return channel_.execute("USE " + target::identifier(kDatabase));
}

Result<void> ScratchTables::ensure_database(std::string_view database) {
    if (!databases_.emplace(database).second) {
        return {};
    }
    return channel_.execute("CREATE DATABASE IF NOT EXISTS " + target::identifier(database));
}

Result<void> ScratchTables::create(std::string_view database, const model::Datasource& datasource) {
    return channel_.execute(target::create_table(datasource, database, datasource.name));
}

Result<void> ScratchTables::add(const model::Datasource& declared) {
    if (has(declared.name)) { // reported where the files were read
        return {};
    }
    const auto [database, name] = table_name(declared.name);
    TRY(ensure_database(database));
    model::Datasource stored = as_stored(declared);
    stored.name = name;
    Result<void> made = create(database, stored);
    if (!made && report_mixed_columns(stored, made.error(), diagnostics_)) {
        made = create(database, permitting_mixed_columns(stored));
    }
    if (!made) {
        ++refused_;
        return create_stand_in(database, stored, made.error());
    }
    ++taken_;
    tables_.emplace(declared.name, GuessedColumns());
    return {};
}

Result<void> ScratchTables::create_stand_in(std::string_view database, const model::Datasource& stored,
                                            const Error& refusal) {
    const TryTable try_table = [&](const model::Datasource& part) {
        model::Datasource probe = permitting_mixed_columns(part);
        probe.name = "p" + std::to_string(++probes_);
        return create(kProbes, probe);
    };
    TRY_ASSIGN(StandIn stand_in, find_faults(stored, refusal, try_table, sources_, diagnostics_));
    const Result<void> made = create(database, permitting_mixed_columns(stand_in.datasource));
    if (made) {
        const std::string name =
            database == kDatabase ? stored.name : std::string(database) + "." + stored.name;
        tables_.emplace(name, std::move(stand_in.guessed));
        return {};
    }
    return engine_words(made.error()) ? Result<void>() : made.error();
}

Result<void> ScratchTables::add_foreign(std::string_view database, const model::Datasource& table) {
    TRY(ensure_database(database));
    TRY(create(database, table));
    foreign_.insert(std::string(database) + "." + table.name);
    return {};
}

bool ScratchTables::has_foreign(std::string_view database, std::string_view name) const {
    const std::string full = std::string(database) + "." + std::string(name);
    return database == kDatabase || foreign_.contains(full) || tables_.contains(full);
}

const ScratchTables::GuessedColumns& ScratchTables::guessed(std::string_view name) const {
    static const GuessedColumns none;
    const auto found = tables_.find(name);
    return found == tables_.end() ? none : found->second;
}

Result<std::vector<StoredColumn>> ScratchTables::columns(std::string_view full_name) {
    const auto [database, name] = table_name(full_name);
    TRY_ASSIGN(const target::QueryResult described,
               channel_.query("DESCRIBE TABLE " + target::qualified_name(database, name), "TSV", {}));
    std::vector<StoredColumn> columns;
    for (std::vector<std::string>& row : target::parse_tsv(described.bytes)) {
        if (row.size() > 2) {
            columns.push_back({std::move(row[0]), std::move(row[1]), !row[2].empty()});
        }
    }
    return columns;
}

} // namespace birdhouse::ops

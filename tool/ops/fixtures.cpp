#include "ops/fixtures.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/pipe_query.hpp"
#include "events/checker.hpp"
#include "events/reader.hpp"
#include "events/row_writer.hpp"
#include "events/times.hpp"
#include "ops/scratch_tables.hpp"
#include "target/ddl.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace birdhouse::ops {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFixture = std::size_t{256} << 20U;
// Times of events are in UTC, and ingestion writes them so.
constexpr std::string_view kInsertSettings = " SETTINGS date_time_input_format = 'best_effort'";

struct FixtureKind {
    std::string_view extension;
    std::string_view engine_format; // of rows by column; empty for events
};

constexpr auto kKinds = std::to_array<FixtureKind>({{".ndjson", "JSONEachRow"},
                                                    {".jsonl", "JSONEachRow"},
                                                    {".json", "JSONEachRow"},
                                                    {".csv", "CSV"},
                                                    {".parquet", "Parquet"}});
constexpr auto kFolders = std::to_array<std::string_view>({"fixtures", "datasources/fixtures"});

struct FixtureFile {
    fs::path path;
    std::string shown;
    const model::Datasource* datasource = nullptr;
    const FixtureKind* kind = nullptr;
};

const FixtureKind* find_kind(const fs::path& path) {
    const std::string extension = path.extension().string();
    const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                     [&](const FixtureKind& kind) { return kind.extension == extension; });
    return found == kKinds.end() ? nullptr : found;
}

// Files whose stem is no datasource belong to somebody else; a datasource's rows in a form that is not read
// are worth a word.
std::vector<FixtureFile> find_fixtures(const model::Project& project, const fs::path& folder,
                                       std::vector<std::string>& notices) {
    std::vector<FixtureFile> files;
    for (const std::string_view part : kFolders) {
        std::error_code failure; // a folder that is not there holds no fixtures
        for (fs::directory_iterator entry(folder / part, failure), end; !failure && entry != end;
             entry.increment(failure)) {
            const fs::path& path = entry->path();
            const std::string name = path.filename().string();
            const model::Datasource* datasource =
                model::find_datasource(project, name.substr(0, name.find('.')));
            if (datasource == nullptr || !entry->is_regular_file(failure) || path.extension() == ".sql") {
                continue;
            }
            const std::string shown = (fs::path(part) / name).string();
            const FixtureKind* kind = find_kind(path);
            if (kind == nullptr || path.stem().string() != datasource->name) {
                notices.push_back(backquoted(shown) +
                                  " is not loaded: fixtures are .ndjson, .csv or .parquet");
                continue;
            }
            files.push_back({path, shown, datasource, kind});
        }
    }
    std::sort(files.begin(), files.end(),
              [](const FixtureFile& a, const FixtureFile& b) { return a.shown < b.shown; });
    return files;
}

std::string insert_into(const std::string& table) {
    return "INSERT INTO " + target::qualified_name(kFixtureDatabase, table) + std::string(kInsertSettings);
}

// A first line that holds a column's name is a header.
bool has_header(std::string_view csv, const model::Datasource& datasource) {
    const std::string_view first = csv.substr(0, csv.find('\n'));
    const std::vector<std::string_view> cells = split(first, ',');
    return std::any_of(cells.begin(), cells.end(), [&](std::string_view cell) {
        std::string_view name = trim(cell);
        if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
            name = name.substr(1, name.size() - 2);
        }
        return model::find_column(datasource, name) != nullptr;
    });
}

class Loader {
public:
    Loader(const model::Project& project, const Clock& clock, target::SqlTarget& engine)
        : project_(project), engine_(engine) {
        // A row in quarantine lives for 30 days from its insertion on.
        events::append_time(
            stamp_.insertion_date,
            std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count());
    }

    Result<LoadedFixture> load(const FixtureFile& file) {
        TRY_ASSIGN(const std::string bytes, read_file(file.path, kLargestFixture));
        LoadedFixture loaded{file.shown, file.datasource->name, 0, 0};
        const bool rows_of_json = file.kind->engine_format == "JSONEachRow";
        Diagnostics unheard; // a datasource that takes no events is loaded by its columns
        const auto schema = rows_of_json && model::takes_events(*file.datasource)
                                ? events::EventSchema::compile(*file.datasource, project_.config.ingestion,
                                                               project_.config.privacy, unheard)
                                : std::nullopt;
        TRY(schema ? load_events(*schema, bytes, loaded) : load_rows(file, bytes, loaded));
        return loaded;
    }

private:
    Result<void> load_events(const events::EventSchema& schema, std::string_view bytes,
                             LoadedFixture& loaded) {
        events::EventChecker checker(schema);
        events::EventReader reader(bytes);
        std::string good;
        std::string bad;
        while (const std::optional<events::EventLine> line = reader.next()) {
            const events::Verdict& verdict = checker.check(line->text, &good);
            if (verdict.status == events::RowStatus::Accepted) {
                ++loaded.rows;
                continue;
            }
            ++loaded.quarantined;
            if (verdict.status == events::RowStatus::Quarantined) {
                events::append_quarantine_row(bad, schema, checker.row(), verdict, stamp_);
            }
        }
        TRY(insert(schema.datasource(), "JSONEachRow", good));
        if (!bad.empty()) {
            TRY(target::ensure_quarantine(engine_.channel(), engine_.database(), schema));
            TRY(insert(target::quarantine_name(schema.datasource()), "JSONEachRow", bad));
        }
        return {};
    }

    Result<void> load_rows(const FixtureFile& file, const std::string& bytes, LoadedFixture& loaded) {
        std::string_view format = file.kind->engine_format;
        if (format == "CSV" && has_header(bytes, *file.datasource)) {
            format = "CSVWithNames";
        }
        TRY(insert(file.datasource->name, format, bytes));
        TRY_ASSIGN(
            const target::QueryResult count,
            engine_.channel().query("SELECT count() FROM " +
                                        target::qualified_name(kFixtureDatabase, file.datasource->name),
                                    "TSV", {}));
        loaded.rows = static_cast<std::size_t>(std::stoull("0" + std::string(trim(count.bytes))));
        return {};
    }

    Result<void> insert(const std::string& table, std::string_view format, std::string_view bytes) {
        if (bytes.empty()) {
            return {};
        }
        TRY(engine_.channel().insert(insert_into(table), format, bytes));
        return {};
    }

    const model::Project& project_;
    target::SqlTarget& engine_;
    events::QuarantineStamp stamp_{"fixture", {}};
};

Result<void> make_tables(const model::Project& project, const SourceMap& sources, target::SqlChannel& channel,
                         Diagnostics& problems) {
    ScratchTables tables(channel, sources, problems);
    TRY(tables.prepare());
    for (model::Datasource datasource : project.datasources) {
        datasource.engine.ttl.clear();
        TRY(tables.add(datasource));
    }
    return {};
}

// A view that the engine refuses leaves its target empty; `check` says why.
Result<void> make_views(const model::Project& project, target::SqlChannel& channel,
                        std::vector<std::string>& notices) {
    for (const model::Pipe& pipe : project.pipes) {
        const model::Node* node = model::published_node(pipe);
        if (node == nullptr || node->type != model::NodeType::Materialized ||
            pipe.target_datasource.empty()) {
            continue;
        }
        Diagnostics unheard;
        const auto query = codec::compose_materialized(project, pipe, unheard);
        const Result<void> made =
            query ? channel.execute(target::create_materialized_view(pipe.name, pipe.target_datasource,
                                                                     query->sql, kFixtureDatabase))
                  : Result<void>(Error{ExitCode::Problems, "its query cannot be composed", {}});
        if (!made) {
            notices.push_back("the view of pipe " + backquoted(pipe.name) +
                              " is not made: " + made.error().message + "; `birdhouse check` says more");
        }
    }
    return {};
}

} // namespace

Result<FixtureTables> make_fixture_tables(const model::Project& project, const Session& session,
                                          const SourceMap& sources, target::SqlTarget& engine,
                                          Diagnostics& problems) {
    FixtureTables tables;
    TRY(make_tables(project, sources, engine.channel(), problems));
    TRY(make_views(project, engine.channel(), tables.notices));
    Loader loader(project, session.clock, engine);
    for (const FixtureFile& file : find_fixtures(project, session.folder, tables.notices)) {
        Result<LoadedFixture> loaded = loader.load(file);
        if (!loaded) {
            tables.notices.push_back(backquoted(file.shown) + " is not loaded: " + loaded.error().message);
            continue;
        }
        if (loaded->quarantined != 0) {
            tables.notices.push_back(backquoted(file.shown) + ": " + counted(loaded->quarantined, "row") +
                                     " refused; `birdhouse validate " + loaded->datasource + "` says why");
        }
        tables.loaded.push_back(std::move(loaded).value());
    }
    return tables;
}

} // namespace birdhouse::ops

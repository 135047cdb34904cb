#include "ops/preview_samples.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ops/fixtures.hpp"
#include "ops/migration_guard.hpp"
#include "syntax/json_path.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

namespace fs = std::filesystem;

using model::ChangeKind;
using model::Datasource;

constexpr std::size_t kLargestSamples = std::size_t{64} << 20U;
constexpr std::size_t kMostReasons = 10;
constexpr auto kFolders = std::to_array<std::string_view>({"fixtures", "datasources/fixtures"});
constexpr auto kExtensions = std::to_array<std::string_view>({".ndjson", ".jsonl", ".json"});

// The later state's first; one that the earlier has with the same bytes is left out.
Result<std::vector<fs::path>> sample_files(const DiffReport& diff, const std::string& datasource) {
    std::vector<fs::path> files;
    std::set<std::string> contents;
    for (const DiffSide* side : {&diff.after, &diff.before}) {
        for (const std::string_view folder : kFolders) {
            for (const std::string_view extension : kExtensions) {
                const fs::path path = side->folder / folder / (datasource + std::string(extension));
                std::error_code ignored; // what cannot be looked at is no file
                if (side->folder.empty() || !fs::is_regular_file(path, ignored)) {
                    continue;
                }
                TRY_ASSIGN(std::string content, read_file(path, kLargestSamples));
                if (contents.insert(std::move(content)).second) {
                    files.push_back(path);
                }
            }
        }
    }
    return files;
}

bool has_path(const nlohmann::json& value, const std::vector<syntax::JsonPathStep>& steps, std::size_t at) {
    if (at == steps.size()) {
        return true;
    }
    if (steps[at].kind == syntax::JsonPathStep::Kind::Elements) {
        return value.is_array() && std::any_of(value.begin(), value.end(), [&](const nlohmann::json& one) {
                   return has_path(one, steps, at + 1);
               });
    }
    const auto found = value.is_object() ? value.find(steps[at].key) : value.end();
    return value.is_object() && found != value.end() && has_path(*found, steps, at + 1);
}

Result<std::uint64_t> count_path(const std::vector<fs::path>& files, const std::string& path) {
    const syntax::Parsed<syntax::JsonPath> parsed = syntax::parse_json_path(path);
    if (syntax::fault_of(parsed) != nullptr) {
        return std::uint64_t{0};
    }
    const std::vector<syntax::JsonPathStep>& steps = std::get<syntax::JsonPath>(parsed).steps;
    std::uint64_t count = 0;
    for (const fs::path& file : files) {
        TRY_ASSIGN(const std::string content, read_file(file, kLargestSamples));
        for (const std::string_view line : split(content, '\n')) {
            const auto row = nlohmann::json::parse(line, nullptr, false);
            count += !row.is_discarded() && has_path(row, steps, 0) ? 1U : 0U;
        }
    }
    return count;
}

Result<std::vector<PathShare>> count_paths(const DiffReport& diff, const std::string& datasource,
                                           const std::vector<fs::path>& files) {
    std::vector<PathShare> shares;
    for (const codec::AssessedChange& assessed : diff.changes) {
        const model::Change& change = assessed.change;
        const bool is_path =
            change.kind >= ChangeKind::JsonPathAdded && change.kind <= ChangeKind::JsonPathRemoved;
        if (!is_path || change.subject.name != datasource) {
            continue;
        }
        for (const std::string& path : {change.before.text, change.after.text}) {
            if (!path.empty()) {
                TRY_ASSIGN(const std::uint64_t carried, count_path(files, path));
                shares.push_back({change.subject.part, path, carried});
            }
        }
    }
    return shares;
}

// "`session_id`: the value is of another kind than the column (3)"
std::vector<std::string> reasons_of(const events::Tally& tally, const events::EventSchema& schema) {
    std::vector<std::pair<std::uint64_t, std::string>> counted;
    for (const auto& [key, entry] : tally.reasons()) {
        const std::string column =
            key.column == events::kNoColumn ? "" : backquoted(schema.columns()[key.column].name) + ": ";
        counted.emplace_back(entry.count, column + std::string(key.code->title) + " (" +
                                              std::to_string(entry.count) + ")");
    }
    std::stable_sort(counted.begin(), counted.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> reasons;
    for (std::size_t i = 0; i < std::min(counted.size(), kMostReasons); ++i) {
        reasons.push_back(counted[i].second);
    }
    return reasons;
}

std::set<std::string> datasources_with_changed_columns(const DiffReport& diff) {
    std::set<std::string> names;
    for (const codec::AssessedChange& change : diff.changes) {
        if (change.change.subject.resource == model::ResourceKind::Datasource &&
            change.change.kind < ChangeKind::DatasourceAdded) {
            names.insert(change.change.subject.name);
        }
    }
    return names;
}

Result<std::optional<SampleComparison>> compare_one(const DiffReport& diff, const Datasource& before,
                                                    const Datasource& after, Session& session) {
    TRY_ASSIGN(const std::vector<fs::path> files, sample_files(diff, after.name));
    if (files.empty()) {
        return std::optional<SampleComparison>();
    }
    const model::Config& rules = diff.after.open.project.config;
    Diagnostics unheard; // `check` says what is wrong with a schema
    const auto old_schema = events::EventSchema::compile(before, rules.ingestion, rules.privacy, unheard);
    const auto new_schema = events::EventSchema::compile(after, rules.ingestion, rules.privacy, unheard);
    if (!old_schema || !new_schema) {
        return std::optional<SampleComparison>();
    }
    VerdictChangeRequest request;
    request.from = diff.before.name;
    request.to = diff.after.name;
    SampleComparison comparison;
    comparison.datasource = after.name;
    for (const fs::path& file : files) {
        request.input.files.push_back(file.string());
        comparison.files.push_back(file.string());
    }
    TRY_ASSIGN(comparison.verdicts, compare_verdicts(*old_schema, *new_schema, request, session));
    comparison.reasons = reasons_of(comparison.verdicts.refusals, *new_schema);
    TRY_ASSIGN(comparison.paths, count_paths(diff, after.name, files));
    return std::optional(std::move(comparison));
}

// An engine in memory whose tables are those of the samples.
class SampleTarget final : public target::SqlTarget {
public:
    explicit SampleTarget(std::unique_ptr<target::SqlChannel> channel) : channel_(std::move(channel)) {}
    const std::string& name() const override { return name_; }
    const std::string& database() const override { return database_; }
    target::SqlChannel& channel() override { return *channel_; }

private:
    std::string name_ = "samples";
    std::string database_ = std::string(kFixtureDatabase);
    std::unique_ptr<target::SqlChannel> channel_;
};

} // namespace

Result<std::vector<SampleComparison>> compare_samples(const DiffReport& diff, Session& session) {
    std::vector<SampleComparison> all;
    for (const std::string& name : datasources_with_changed_columns(diff)) {
        const Datasource* before = find_datasource(diff.before.open.project, name);
        const Datasource* after = find_datasource(diff.after.open.project, name);
        if (before == nullptr || after == nullptr || !takes_events(*before) || !takes_events(*after)) {
            continue;
        }
        TRY_ASSIGN(std::optional<SampleComparison> one, compare_one(diff, *before, *after, session));
        if (one) {
            all.push_back(std::move(*one));
        }
    }
    return all;
}

Result<std::vector<CountedSamples>> count_in_samples(const DiffReport& diff, const model::Schema& before,
                                                     const std::vector<model::StepAction>& steps,
                                                     Session& session) {
    std::vector<CountedSamples> counts;
    std::vector<Loss> losses;
    model::Schema schema = before;
    for (const model::StepAction& step : steps) {
        for (Loss& loss : losses_of(step, schema, kFixtureDatabase)) {
            losses.push_back(std::move(loss));
        }
        apply_step(step, schema);
    }
    if (losses.empty() || diff.before.folder.empty()) {
        return counts;
    }
    TRY_ASSIGN(std::unique_ptr<target::SqlChannel> channel, session.targets.open_scratch());
    SampleTarget engine(std::move(channel));
    Session at_before = session;
    at_before.folder = diff.before.folder;
    Diagnostics unheard; // `check` says what the engine refuses of a datasource
    TRY_ASSIGN(const FixtureTables tables, make_fixture_tables(diff.before.open.project, at_before,
                                                               diff.before.open.sources, engine, unheard));
    for (const Loss& loss : losses) {
        const std::string table = loss.subject.substr(0, loss.subject.find('.'));
        const auto loaded =
            std::find_if(tables.loaded.begin(), tables.loaded.end(),
                         [&](const LoadedFixture& fixture) { return fixture.datasource == table; });
        if (loss.count_sql.empty() || loaded == tables.loaded.end()) {
            continue;
        }
        const Result<std::uint64_t> lost = count_loss(engine.channel(), loss);
        if (lost) {
            counts.push_back({std::string(loss.code->id), loss.subject, *lost, loaded->rows});
        }
    }
    return counts;
}

} // namespace birdhouse::ops

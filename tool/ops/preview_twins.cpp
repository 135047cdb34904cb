#include "ops/preview_twins.hpp"

#include "codec/datasource_diff.hpp"
#include "codec/pipe_diff.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace birdhouse::ops {

namespace {

using model::ChangeKind;
using model::Datasource;
using model::Pipe;
using model::Project;

// A topic or a bucket that two datasources read gives both the same rows.
constexpr auto kSourceSettings = std::to_array<std::string_view>(
    {"IMPORT_BUCKET_URI", "KAFKA_TOPIC", "IMPORT_TABLE_ARN", "IMPORT_EXTERNAL_DATASOURCE"});

bool has_same_source(const Datasource& a, const Datasource& b) {
    return std::any_of(
        a.connector_settings.begin(), a.connector_settings.end(), [&](const model::Setting& setting) {
            const bool is_source = std::find(kSourceSettings.begin(), kSourceSettings.end(), setting.name) !=
                                   kSourceSettings.end();
            return is_source && std::any_of(b.connector_settings.begin(), b.connector_settings.end(),
                                            [&](const model::Setting& other) {
                                                return other.name == setting.name &&
                                                       other.value == setting.value;
                                            });
        });
}

// `events_new`, `events_v2`, `events1` of `events`.
bool is_name_of_twin(const std::string& name, const std::string& original) {
    static constexpr auto kEndings = std::to_array<std::string_view>(
        {"_new", "_mv", "_v", "_tmp", "_next", "_shadow", "_copy", "_backup", "_migrated", ""});
    if (!name.starts_with(original) || name.size() == original.size()) {
        return false;
    }
    std::string rest = name.substr(original.size());
    while (!rest.empty() &&
           (std::isdigit(static_cast<unsigned char>(rest.back())) != 0 || rest.back() == '_')) {
        rest.pop_back();
    }
    return std::find(kEndings.begin(), kEndings.end(), rest) != kEndings.end();
}

// Most of what the original has is there under the same names.
bool has_same_columns(const Datasource& original, const Datasource& twin) {
    const auto shared =
        std::count_if(original.columns.begin(), original.columns.end(),
                      [&](const model::Column& column) { return find_column(twin, column.name) != nullptr; });
    return shared > 0 && static_cast<std::size_t>(shared) * 4 >= original.columns.size() * 3;
}

const Pipe* only_view(const Project& project, const Datasource& target, const Project* without) {
    const Pipe* only = nullptr;
    for (const Pipe& pipe : project.pipes) {
        if (pipe.target_datasource != target.name || codec::type_of(pipe) != model::NodeType::Materialized ||
            (without != nullptr && find_pipe(*without, pipe.name) != nullptr)) {
            continue;
        }
        // Of a sync and a backfill the one that goes on is the first by name.
        only = only == nullptr ? &pipe : only;
    }
    return only;
}

bool is_of_storage(const model::Change& change) {
    return change.kind < ChangeKind::DatasourceAdded ||
           (change.kind >= ChangeKind::TtlAdded && change.kind <= ChangeKind::IndexChanged);
}

} // namespace

std::vector<Twin> find_twins(const Project& before, const Project& after) {
    std::vector<Twin> twins;
    for (const Datasource& added : after.datasources) {
        if (find_datasource(before, added.name) != nullptr) {
            continue;
        }
        const auto original =
            std::find_if(before.datasources.begin(), before.datasources.end(), [&](const Datasource& one) {
                return (is_name_of_twin(added.name, one.name) || has_same_source(one, added)) &&
                       has_same_columns(one, added);
            });
        if (original == before.datasources.end()) {
            continue;
        }
        Datasource renamed = added;
        renamed.name = original->name;
        Twin twin{
            &*original, &added, {}, only_view(before, *original, nullptr), only_view(after, added, &before)};
        for (model::Change& change : codec::diff_datasource(*original, renamed)) {
            if (is_of_storage(change)) {
                twin.changes.push_back(std::move(change));
            }
        }
        twins.push_back(std::move(twin));
    }
    return twins;
}

} // namespace birdhouse::ops

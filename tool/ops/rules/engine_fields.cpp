#include "ops/rules/engine_fields.hpp"

#include <array>

namespace birdhouse::ops {

namespace {

using model::TableEngine;

constexpr auto kFields = std::to_array<ColumnField>({
    {&TableEngine::partition_key, "ENGINE_PARTITION_KEY", "partition_key", true},
    {&TableEngine::sorting_key, "ENGINE_SORTING_KEY", "sorting_key", true},
    {&TableEngine::primary_key, "ENGINE_PRIMARY_KEY", "primary_key", true},
    {&TableEngine::sampling_key, "ENGINE_SAMPLING_KEY", "sampling_key"},
    {&TableEngine::ttl, "ENGINE_TTL", "ttl"},
    {&TableEngine::version_column, "ENGINE_VER", "ver"},
    {&TableEngine::is_deleted_column, "ENGINE_IS_DELETED", "is_deleted"},
    {&TableEngine::sign_column, "ENGINE_SIGN", "sign"},
    {&TableEngine::collapsing_version, "ENGINE_VERSION", "version"},
    {&TableEngine::summing_columns, "ENGINE_COLUMNS", "columns"},
    {&TableEngine::key_columns, "ENGINE_KEY_COLUMNS", "key_columns"},
});

} // namespace

std::span<const ColumnField> column_fields() { return kFields; }

std::string_view name_of(const ColumnField& field, const model::Datasource& datasource,
                         const RuleFacts& facts) {
    return facts.is_definition(datasource.origin) ? field.key : field.directive;
}

} // namespace birdhouse::ops

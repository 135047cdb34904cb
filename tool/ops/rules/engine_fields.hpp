// The fields of an engine that name columns, and what they are called where the user wrote them.
#pragma once

#include "model/datasource.hpp"
#include "ops/rules/rule.hpp"

#include <span>
#include <string_view>

namespace birdhouse::ops {

struct ColumnField {
    std::string model::TableEngine::*value;
    std::string_view directive; // ENGINE_SORTING_KEY
    std::string_view key;       // sorting_key
    bool is_key = false;        // rows are sorted, found or parted by it
};

std::span<const ColumnField> column_fields();

// As the file of the datasource calls it.
std::string_view name_of(const ColumnField& field, const model::Datasource& datasource,
                         const RuleFacts& facts);

} // namespace birdhouse::ops

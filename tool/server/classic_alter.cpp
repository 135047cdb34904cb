#include "server/classic_alter.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace birdhouse::server {

namespace {

using model::Column;

std::string default_of(const Column& column) {
    return column.default_expression ? " DEFAULT " + *column.default_expression : std::string();
}

// One column that is there and stays.
ApiStatus change_column(Column& column, const Column& wanted, std::vector<std::string>& operations) {
    const bool widens = wanted.type == "Nullable(" + column.type + ")";
    if (wanted.type != column.type && !widens) {
        return ApiError{400, "The column " + backquoted(column.name) + " cannot change its type from " +
                                 column.type + " to " + wanted.type + ": create a new Data Source"};
    }
    if (widens || wanted.default_expression != column.default_expression) {
        const bool removes = !widens && !wanted.default_expression;
        operations.push_back("MODIFY COLUMN " + backquoted(column.name) +
                             (removes ? " REMOVE DEFAULT" : " " + wanted.type + default_of(wanted)));
    }
    column.type = wanted.type;
    column.default_expression = wanted.default_expression;
    return Done{};
}

// The columns that stay keep their order and their paths; new ones take the place they are given.
ApiStatus change_columns(Alteration& alteration, const std::vector<Column>& wanted) {
    std::vector<Column>& columns = alteration.after.columns;
    const auto named = [](std::string_view name) {
        return [name](const Column& column) { return column.name == name; };
    };
    for (const Column& column : std::vector<Column>(columns)) {
        if (std::none_of(wanted.begin(), wanted.end(), named(column.name))) {
            alteration.operations.push_back("DROP COLUMN " + backquoted(column.name));
            std::erase_if(columns, named(column.name));
        }
    }
    std::string before; // the column that the last one stands behind
    for (const Column& column : wanted) {
        auto found = std::find_if(columns.begin(), columns.end(), named(column.name));
        if (found != columns.end()) {
            if (ApiStatus changed = change_column(*found, column, alteration.operations); !changed) {
                return changed;
            }
        } else {
            auto place = std::find_if(columns.begin(), columns.end(), named(before));
            place = before.empty() ? columns.begin() : place == columns.end() ? place : std::next(place);
            columns.insert(place, column);
            alteration.operations.push_back("ADD COLUMN " + backquoted(column.name) + " " + column.type +
                                            default_of(column));
        }
        before = column.name;
    }
    return Done{};
}

void change_indexes(Alteration& alteration, const std::vector<model::Index>& wanted) {
    std::vector<model::Index>& indexes = alteration.after.indexes;
    const auto has = [](const std::vector<model::Index>& all, const model::Index& one) {
        return std::any_of(all.begin(), all.end(), [&](const model::Index& other) {
            return other.name == one.name && other.expression == one.expression && other.type == one.type &&
                   other.granularity == one.granularity;
        });
    };
    for (const model::Index& one : indexes) {
        if (!has(wanted, one)) {
            alteration.operations.push_back("DROP INDEX " + one.name);
        }
    }
    for (const model::Index& one : wanted) {
        if (!has(indexes, one)) {
            alteration.operations.push_back("ADD INDEX " + one.name + " " + one.expression + " TYPE " +
                                            one.type + " GRANULARITY " + one.granularity);
        }
    }
    indexes = wanted;
}

} // namespace

ApiResult<Alteration> alter_datasource(const model::Datasource& before, const AlterRequest& request) {
    Alteration alteration{before, {}};
    if (request.columns) {
        if (ApiStatus changed = change_columns(alteration, *request.columns); !changed) {
            return changed.error();
        }
    }
    if (request.description && *request.description != before.description) {
        alteration.after.description = *request.description;
        alteration.operations.push_back("MODIFY COMMENT");
    }
    if (request.ttl && *request.ttl != before.engine.ttl) {
        alteration.after.engine.ttl = *request.ttl;
        alteration.operations.push_back(request.ttl->empty() ? "REMOVE TTL" : "MODIFY TTL " + *request.ttl);
    }
    if (request.indexes) {
        change_indexes(alteration, *request.indexes);
    }
    if (alteration.operations.empty()) {
        return ApiError{400, "There were no operations to perform"};
    }
    return alteration;
}

} // namespace birdhouse::server

#include "ops/deployed.hpp"

#include "base/text.hpp"
#include "target/catalog.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

bool has_column(const target::TableState& table, const std::string& name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const target::ColumnState& column) { return column.name == name; });
}

} // namespace

Result<std::vector<std::string>> restrict_to_deployed(model::Project& project, const std::string& datasource,
                                                      target::SqlTarget& target) {
    const auto found = std::find_if(project.datasources.begin(), project.datasources.end(),
                                    [&](const model::Datasource& one) { return one.name == datasource; });
    if (found == project.datasources.end()) {
        return std::vector<std::string>(); // the caller names the nearest
    }
    TRY_ASSIGN(const target::Catalog catalog, target::read_catalog(target.channel(), target.database()));
    const target::TableState* table = target::find_table(catalog, datasource);
    if (table == nullptr) {
        return Error{ExitCode::Failed,
                     "target " + backquoted(target.name()) + " has no table " + backquoted(datasource),
                     "bring it up to date with `birdhouse migrate apply`"};
    }
    std::vector<std::string> missing;
    for (const model::Column& column : found->columns) {
        if (!has_column(*table, column.name)) {
            missing.push_back(column.name);
        }
    }
    std::erase_if(found->columns,
                  [&](const model::Column& column) { return !has_column(*table, column.name); });
    return missing;
}

} // namespace birdhouse::ops

#include "syntax/sql_scopes.hpp"

#include <string_view>
#include <unordered_set>
#include <utility>

namespace birdhouse::syntax {

void SqlScopes::bind(const std::string& table, std::uint32_t begin) {
    ++bound_[table];
    open_commons_.push_back(outline_.common_tables.size());
    outline_.common_tables.push_back({table, {begin, begin}});
}

bool SqlScopes::is_bound(const std::string& table) const {
    const auto found = bound_.find(table);
    return found != bound_.end() && found->second > 0;
}

void SqlScopes::unbind(std::size_t keep, std::uint32_t end) {
    while (open_commons_.size() > keep) {
        CommonTable& common = outline_.common_tables[open_commons_.back()];
        common.visible.end = end;
        --bound_[common.name];
        open_commons_.pop_back();
    }
}

void SqlScopes::close_select() {
    Select done = std::move(selects_.back());
    selects_.pop_back();
    std::unordered_set<std::string_view> in_sight;
    std::unordered_map<std::string_view, std::size_t> renamed;
    for (const Exposed& exposed : done.exposed) {
        in_sight.insert(exposed.alias.empty() ? exposed.name : exposed.alias);
        if (!exposed.alias.empty()) {
            renamed.emplace(exposed.name, exposed.table);
        }
    }
    for (Qualifier& qualifier : done.qualifiers) {
        if (in_sight.contains(qualifier.table)) {
            continue;
        }
        const auto found = renamed.find(qualifier.table);
        if (found == renamed.end()) {
            if (!selects_.empty()) {
                selects_.back().qualifiers.push_back(std::move(qualifier));
            }
        } else if (found->second != kBound) {
            outline_.tables[found->second].qualifiers.push_back(qualifier.place);
        }
    }
}

void SqlScopes::read_table(std::string table, std::string database, SqlRange place, TableUse use) {
    Exposed exposed{table, {}, kBound};
    if (!database.empty() || !is_bound(table)) {
        exposed.table = outline_.tables.size();
        outline_.tables.push_back({std::move(table), std::move(database), use, place, std::nullopt, {}});
    }
    if (use == TableUse::Source) {
        selects_.back().exposed.push_back(std::move(exposed));
    }
}

void SqlScopes::read_unnamed_table() { selects_.back().exposed.push_back({}); }

void SqlScopes::alias(std::string name, SqlRange place) {
    Exposed& exposed = selects_.back().exposed.back();
    exposed.alias = std::move(name);
    if (exposed.table != kBound) {
        outline_.tables[exposed.table].alias = place;
    }
}

void SqlScopes::qualify(std::string table, SqlRange place) {
    selects_.back().qualifiers.push_back({std::move(table), place});
}

} // namespace birdhouse::syntax

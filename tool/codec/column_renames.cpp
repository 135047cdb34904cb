#include "codec/column_renames.hpp"

#include "codec/type_form.hpp"

#include <algorithm>
#include <tuple>

namespace birdhouse::codec {

namespace {

using model::Column;
using model::Datasource;

// What a column that was only renamed keeps.
struct Look {
    std::string name;
    std::string type;
    std::string path;
    std::string above; // of the path what stands before the column's own name, when that ends it
    std::string after; // the nearest column before it that both states have

    bool is_alike(const Look& other) const {
        const bool same_source = path == other.path || (!above.empty() && above == other.above);
        return same_source && std::tie(type, after) == std::tie(other.type, other.after);
    }
};

std::string path_above(const Column& column) {
    const std::string path = column.json_path.value_or("");
    return path.ends_with("." + column.name) ? path.substr(0, path.size() - column.name.size()) : "";
}

// The columns of the one state that the other has not.
std::vector<Look> columns_missing_in(const Datasource& other, const Datasource& datasource) {
    std::vector<Look> looks;
    std::string previous;
    for (const Column& column : datasource.columns) {
        if (find_column(other, column.name) != nullptr) {
            previous = column.name;
        } else {
            looks.push_back({column.name, type_form_text(column.type), column.json_path.value_or(""),
                             path_above(column), previous});
        }
    }
    return looks;
}

} // namespace

std::vector<PossibleRename> possible_renames(const Datasource& before, const Datasource& after) {
    const std::vector<Look> gone = columns_missing_in(after, before);
    const std::vector<Look> added = columns_missing_in(before, after);
    const auto count_alike = [](const std::vector<Look>& looks, const Look& wanted) {
        return std::count_if(looks.begin(), looks.end(),
                             [&](const Look& look) { return look.is_alike(wanted); });
    };
    std::vector<PossibleRename> renames;
    for (const Look& look : gone) {
        const auto match =
            std::find_if(added.begin(), added.end(), [&](const Look& one) { return one.is_alike(look); });
        if (match != added.end() && count_alike(added, look) == 1 && count_alike(gone, look) == 1) {
            renames.push_back({look.name, match->name});
        }
    }
    return renames;
}

} // namespace birdhouse::codec

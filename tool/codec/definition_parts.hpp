// Readers of the parts that definitions share: names, columns, engines, indexes, tokens. A datasource
// definition and the `create_datasource` step of a migration read the same keys with the same functions.
#pragma once

#include "codec/column_groups.hpp"
#include "codec/fields.hpp"
#include "model/datasource.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse::codec {

// True for `^[A-Za-z_][A-Za-z0-9_]*$`.
bool is_identifier(std::string_view text);
// A word of SQL, in any case: queries that name a resource so do not read as they look.
bool is_reserved_word(std::string_view text);
// The name a resource goes by in SQL: an identifier that is no reserved word. Reports what it is instead.
void check_resource_name(const Fields& fields, std::string_view key, Reading reading);
// A column's or an index's: an identifier, reserved or not, as it always stands in back-quotes.
void check_inner_name(const Fields& fields, std::string_view key, Reading reading);

// The columns of the group that a `use:` names; null once it has reported why there are none.
using GroupLookup = std::function<const ReadColumns*(const syntax::YamlNode& name)>;

// The `type` and `path` of a column, and whether its rules fit its type.
void check_type(const Fields& fields, Reading reading);
void check_path(const Fields& fields, Reading reading);
model::Column read_column(const Fields& fields, Reading reading);
ReadColumns read_columns(const syntax::YamlNode& list, const GroupLookup& lookup, Reading reading);

model::TableEngine read_engine(const syntax::YamlNode& node, const ReadColumns& columns, Reading reading);
model::Index read_index(const Fields& fields, Reading reading);
std::vector<model::Index> read_indexes(const Fields& owner, Reading reading);
std::vector<model::Token> read_tokens(const Fields& owner, ObjectKind kind, Reading reading);

// `classic_version`: what Classic appends to the deployed name.
std::optional<std::uint32_t> read_classic_version(const Fields& fields);

// `kind` is Datasource or CreateDatasource. Nothing when it has no name to go by.
std::optional<model::Datasource> read_datasource(const syntax::YamlNode& root, ObjectKind kind,
                                                 const GroupLookup& lookup, Reading reading);

// The engine's fields as one table: what a definition calls them and where the model keeps them.
struct EngineField {
    std::string_view key;
    std::string model::TableEngine::*value;
    bool names_columns = false; // a plain list of names in it is a list of columns
    bool is_key = false;        // parentheses round the whole are left out
};
std::span<const EngineField> engine_fields();

} // namespace birdhouse::codec

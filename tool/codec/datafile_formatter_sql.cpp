#include "codec/datafile_formatter_sql.hpp"

#include "base/text.hpp"
#include "codec/datafile_formatter_blocks.hpp"
#include "codec/datafile_formatter_order.hpp"
#include "codec/datafile_formatter_values.hpp"
#include "codec/datafile_values.hpp"
#include "syntax/sql_tokens.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::codec {

namespace {

bool holds_sql_comments(const std::string& sql) {
    return std::ranges::any_of(syntax::tokenize_sql(sql), [](const syntax::SqlToken& token) {
        return token.kind == syntax::SqlTokenKind::Comment;
    });
}

} // namespace

std::vector<NodeSql> sql_of_nodes(const syntax::Datafile& file, const SourceMap& sources) {
    Diagnostics reported; // when the file was read
    std::vector<NodeSql> out;
    std::string name;
    for (const FormatUnit& unit : collect_units(file, sources).units) {
        if (unit.directive == nullptr || !is_understood(file, *unit.directive)) {
            continue;
        }
        if (canonical_name(*unit.directive) == "NODE") {
            name = words_as_written(*unit.directive, sources);
        }
        if (unit.directive->name != "SQL" || !unit.directive->block) {
            continue;
        }
        BlockText block = block_text({file, sources, reported}, *unit.directive);
        if (trim(block.text).starts_with('%')) {
            continue;
        }
        NodeSql sql;
        sql.directive = unit.index;
        sql.has_comments =
            has_comments({file, sources, FormatStyle::Quoted}, unit) || holds_sql_comments(block.text);
        sql.node.name = name;
        sql.node.sql = std::move(block.text);
        sql.node.line_origins = std::move(block.line_origins);
        sql.node.origin = {unit.directive->command};
        out.push_back(std::move(sql));
    }
    return out;
}

} // namespace birdhouse::codec

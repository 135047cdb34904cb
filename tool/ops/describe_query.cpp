#include "ops/describe_query.hpp"

#include "base/text.hpp"
#include "syntax/sql_tokens.hpp"
#include "target/sql_text.hpp"

#include <cstddef>
#include <utility>

namespace birdhouse::ops {

namespace {

using codec::MappedSql;

// DESCRIBE and EXPLAIN are queries of their own and cannot be described.
bool is_described(const MappedSql& query) {
    for (const syntax::SqlToken& token : syntax::tokenize_sql(query.sql)) {
        if (syntax::is_significant(token)) {
            const std::string word = to_lower_ascii(syntax::text_of(token, query.sql));
            return word == "describe" || word == "desc" || word == "explain";
        }
    }
    return false;
}

// `{salt: String}` is how a template asks for a secret.
std::vector<target::Parameter> stand_in_secrets(std::string_view sql) {
    std::vector<target::Parameter> secrets;
    if (sql.find('{') == std::string_view::npos) {
        return secrets;
    }
    for (const syntax::SqlToken& token : syntax::tokenize_sql(sql)) {
        if (token.kind != syntax::SqlTokenKind::Parameter) {
            continue;
        }
        const std::string_view inside = syntax::text_of(token, sql);
        const std::size_t colon = inside.find(':');
        if (colon != std::string_view::npos &&
            trim(inside.substr(colon + 1, inside.size() - colon - 2)) == "String") {
            secrets.push_back({std::string(trim(inside.substr(1, colon - 1))), "secret"});
        }
    }
    return secrets;
}

} // namespace

MappedSql describe_statement(const MappedSql& query) {
    if (is_described(query)) {
        return query;
    }
    MappedSql statement;
    statement.append("DESCRIBE (\n", {}); // the line ends keep a comment from swallowing the parenthesis
    statement.append(query, 0, query.sql.size());
    statement.append("\n)", {});
    return statement;
}

Result<std::vector<OutputColumn>> describe(target::SqlChannel& channel, std::string_view statement) {
    TRY_ASSIGN(const target::QueryResult described,
               channel.query(statement, "TSV", stand_in_secrets(statement)));
    std::vector<OutputColumn> columns;
    for (std::vector<std::string>& row : target::parse_tsv(described.bytes)) {
        if (row.size() > 1) {
            columns.push_back({std::move(row[0]), std::move(row[1])});
        }
    }
    return columns;
}

} // namespace birdhouse::ops

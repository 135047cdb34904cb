#include "server/query.hpp"

#include "base/text.hpp"
#include "codec/node_rendering.hpp"
#include "codec/pipe_query.hpp"
#include "codec/table_names.hpp"
#include "server/append.hpp"
#include "server/closed_functions.hpp"
#include "server/query_guard.hpp"
#include "syntax/sql_outline.hpp"
#include "syntax/value_text.hpp"
#include "target/quarantine.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace birdhouse::server {

namespace {

using codec::MappedSql;

constexpr std::size_t kLargestResult = 100'000'000; // bytes, as the service has it

constexpr OutputFormat kJson = {"JSON", "application/json; charset=UTF-8"};

struct NamedFormat {
    std::string_view name;
    OutputFormat format;
};

constexpr auto kEndpointFormats = std::to_array<NamedFormat>({
    {"json", kJson},
    {"csv", {"CSVWithNames", "text/csv; charset=utf-8"}},
    {"ndjson", {"JSONEachRow", "application/x-ndjson; charset=utf-8"}},
    {"parquet", {"Parquet", "application/vnd.apache.parquet"}},
    {"prometheus", {"Prometheus", "text/plain; version=0.0.4"}},
});

// In lower case.
constexpr auto kSqlFormats = std::to_array<NamedFormat>({
    {"json", kJson},
    {"csv", {"CSV", "text/csv; charset=utf-8"}},
    {"csvwithnames", {"CSVWithNames", "text/csv; charset=utf-8"}},
    {"tsv", {"TSV", "text/tab-separated-values; charset=utf-8"}},
    {"tsvwithnames", {"TSVWithNames", "text/tab-separated-values; charset=utf-8"}},
    {"tabseparated", {"TSV", "text/tab-separated-values; charset=utf-8"}},
    {"prettycompact", {"PrettyCompact", "text/plain; charset=utf-8"}},
    {"jsoneachrow", {"JSONEachRow", "application/x-ndjson; charset=utf-8"}},
    {"parquet", {"Parquet", "application/vnd.apache.parquet"}},
    {"prometheus", {"Prometheus", "text/plain; version=0.0.4"}},
    {"markdown", {"Markdown", "text/markdown; charset=utf-8"}},
});

std::optional<OutputFormat> find_format(std::span<const NamedFormat> formats, std::string_view name) {
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const NamedFormat& format) { return format.name == name; });
    return found == formats.end() ? std::nullopt : std::optional(found->format);
}

// Names that no resource can have, so that they hide none.
constexpr std::string_view kQuestion = " question";

model::Node node_of(std::string_view name, std::string sql) {
    model::Node node;
    node.name = name;
    node.sql = std::move(sql);
    return node;
}

// The nodes of a pipe as those of a question: what they read is checked as the question's own. `_` is what
// the pipe itself gives, to whoever may read it.
std::vector<model::Node> nodes_beside(const model::Pipe& pipe) {
    std::vector<model::Node> nodes = {node_of("_", "SELECT * FROM " + target::identifier(pipe.name))};
    for (const model::Node& node : pipe.nodes) {
        if (node.name != pipe.name) {
            nodes.push_back(node_of(node.name, node.sql));
        }
    }
    return nodes;
}

std::string first_error(const Diagnostics& problems) {
    for (const Diagnostic& problem : problems.all()) {
        if (problem.code->severity == Severity::Error) {
            return problem.message + (problem.help.empty() ? "" : "; " + problem.help);
        }
    }
    return "the query cannot be made";
}

class Question {
public:
    Question(const QueryContext& context, const model::Pipe& asked) : context_(context), asked_(asked) {}

    // The rows of `node`, which is one of `pipe`.
    ApiResult<QueryAnswer> answer(const model::Pipe& pipe, const model::Node& node,
                                  const OutputFormat& format) {
        TRY_ASSIGN(const ComposedQuery query, compose(pipe, node));
        Result<target::QueryResult> result =
            context_.channel.query(with_output_settings(query.sql), format.engine_name, query.bound);
        if (!result) {
            return refusal_of(result.error());
        }
        if (result->bytes.size() > kLargestResult) { // the engine counts its columns, not what they print as
            return ApiError{400, "[Error] the result is larger than " + with_thousands(kLargestResult) +
                                     " bytes: limit it, or aggregate"};
        }
        return QueryAnswer{std::move(result->bytes), format.content_type};
    }

    ApiResult<ComposedQuery> compose(const model::Pipe& pipe, const model::Node& node) {
        codec::NodeValues values;
        values.input.parameters = context_.parameters;
        values.input.job_timestamp = context_.now;
        values.has_secret = [&](std::string_view name) { return context_.secrets.contains(name); };
        const codec::NodeRenderer render = [&](const model::Node& part, Diagnostics& problems) {
            return render_part(part, values, problems);
        };
        const auto exists = [&](std::string_view table) { return table_exists(table); };
        const auto filter = [&](std::string_view table) { return filter_of(table); };
        Diagnostics problems;
        const std::optional<MappedSql> query = codec::compose_query(
            context_.content.project, pipe, node, render, {context_.database, exists, filter}, problems);
        if (refusal_) {
            return *refusal_;
        }
        if (!query) {
            return ApiError{400, first_error(problems)};
        }
        TRY(refuse_closed_functions(query->sql, context_.channel));
        return ComposedQuery{query->sql, bound()};
    }

private:
    // SQL from outside may name only what its token may read; a pipe's own SQL was let in by a build.
    std::optional<MappedSql> render_part(const model::Node& part, const codec::NodeValues& values,
                                         Diagnostics& problems) {
        std::optional<MappedSql> text = codec::render_node(part, values, notes_, problems);
        const bool is_asked =
            &part >= asked_.nodes.data() && &part < asked_.nodes.data() + asked_.nodes.size();
        if (!text) {
            return std::nullopt;
        }
        const syntax::SqlOutline outline = syntax::outline_sql(text->sql);
        const ApiStatus guarded =
            guard_query(text->sql, outline, is_asked ? QueryOrigin::Request : QueryOrigin::Pipe);
        if (!guarded && !refusal_) {
            refusal_ = guarded.error();
        }
        for (const syntax::SqlTable& table : outline.tables) {
            if (is_asked) {
                check_access(part, table);
            }
        }
        return refusal_ ? std::nullopt : text;
    }

    void check_access(const model::Node& part, const syntax::SqlTable& table) {
        const std::optional<codec::NamedTable> named =
            table.database.empty() ? codec::find_table(context_.content.project, asked_, part, table.name)
                                   : std::nullopt;
        if (!named || refusal_) {
            return; // the composition says what it is not
        }
        bool may = true;
        if (const auto* node = std::get_if<codec::NodeTable>(&*named)) {
            may = node->pipe == &asked_ || may_read(*node->pipe);
        } else if (const auto* datasource = std::get_if<codec::DatasourceTable>(&*named)) {
            may = context_.access.may(ScopeKind::DatasourcesRead, datasource->datasource->name);
        } else if (const auto* quarantine = std::get_if<codec::QuarantineTable>(&*named)) {
            may = context_.access.may(ScopeKind::DatasourcesRead, quarantine->datasource->name);
        } else if (const auto* target = std::get_if<codec::TargetTable>(&*named)) {
            may = context_.access.may(ScopeKind::DatasourcesRead, target->pipe->target_datasource);
        }
        if (!may) {
            refusal_ = ApiError{403, "the token may not read `" + table.name + "`"};
        }
    }

    // What a token fixes of a pipe holds when the pipe is read as a table too.
    bool may_read(const model::Pipe& pipe) const {
        const auto fixed = context_.access.fixed_parameters(pipe.name);
        return context_.access.may(ScopeKind::PipesRead, pipe.name) &&
               std::all_of(fixed.begin(), fixed.end(), [&](const auto& one) {
                   return std::any_of(
                       context_.parameters.begin(), context_.parameters.end(), [&](const auto& given) {
                           return given.first == one.first && syntax::str_of(given.second) == one.second;
                       });
               });
    }

    // Of a datasource, by whatever way it is read. Rows that were put aside have no columns to filter by.
    std::string filter_of(std::string_view table) {
        std::string filter = context_.access.row_filter(table);
        if (!filter.empty() && !refusal_) {
            if (const ApiStatus checked = check_filter(filter); !checked) {
                refusal_ = ApiError{403, checked.error().text};
            }
        }
        constexpr std::string_view kQuarantine = "_quarantine";
        const bool is_aside =
            filter.empty() && table.ends_with(kQuarantine) &&
            !context_.access.row_filter(table.substr(0, table.size() - kQuarantine.size())).empty();
        if (is_aside && !refusal_) {
            refusal_ =
                ApiError{403, "the token may not read " + backquoted(table) + ": its filter is of rows"};
        }
        return filter;
    }

    // Of the request, for how the rows are printed. A query has one list of settings.
    std::string with_output_settings(const std::string& sql) const {
        if (context_.output_settings.empty()) {
            return sql;
        }
        const bool has_settings = !syntax::outline_sql(sql).settings.empty();
        return (has_settings ? "SELECT * FROM (" + sql + "\n)" : sql + "\n") + " SETTINGS " +
               join(context_.output_settings, ", ");
    }

    bool table_exists(std::string_view table) {
        const std::array<target::Parameter, 2> names = {
            target::Parameter{"database", target::escape_tsv(context_.database)},
            target::Parameter{"table", target::escape_tsv(table)}};
        const Result<target::QueryResult> found =
            context_.channel.query("SELECT count() FROM system.tables "
                                   "WHERE database = {database:String} AND name = {table:String}",
                                   "TSV", names);
        return found && trim(found->bytes) != "0";
    }

    std::vector<target::Parameter> bound() const {
        std::vector<target::Parameter> secrets;
        for (const std::string& name : notes_.secrets) {
            const auto found = context_.secrets.find(name);
            secrets.push_back(
                {name, target::escape_tsv(found == context_.secrets.end() ? "" : found->second)});
        }
        return secrets;
    }

    ApiError refusal_of(const Error& error) const {
        const bool timed_out = error.message.find("TIMEOUT_EXCEEDED") != std::string::npos;
        return {timed_out ? 408 : 400, "[Error] " + without_database(error.message, context_.database)};
    }

    const QueryContext& context_;
    const model::Pipe& asked_; // SQL from outside
    codec::RenderNotes notes_;
    std::optional<ApiError> refusal_;
};

// Takes `FORMAT name` and a semicolon off the end.
std::optional<std::string> take_format(std::string& sql) {
    std::string_view text = trim(sql);
    while (text.ends_with(';')) {
        text = trim(text.substr(0, text.size() - 1));
    }
    const std::size_t last = text.find_last_of(" \t\r\n");
    if (last == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string name(text.substr(last + 1));
    const std::string_view before = trim(text.substr(0, last));
    constexpr std::string_view kWord = "format";
    const bool has = before.size() > kWord.size() &&
                     to_lower_ascii(before.substr(before.size() - kWord.size())) == kWord &&
                     std::string_view(" \t\r\n)`\"'").find(before[before.size() - kWord.size() - 1]) !=
                         std::string_view::npos;
    if (!has) {
        sql = std::string(text);
        return std::nullopt;
    }
    sql = std::string(trim(before.substr(0, before.size() - kWord.size())));
    return name;
}

} // namespace

std::optional<OutputFormat> endpoint_format(std::string_view extension) {
    return find_format(kEndpointFormats, extension);
}

std::optional<OutputFormat> sql_format(std::string_view name) {
    return find_format(kSqlFormats, to_lower_ascii(name));
}

ApiResult<QueryAnswer> query_endpoint(const QueryContext& context, std::string_view name,
                                      const OutputFormat& format, const std::string& over) {
    const model::Pipe* pipe = model::find_pipe(context.content.project, name);
    if (pipe == nullptr) {
        return ApiError{404, "The pipe '" + std::string(name) + "' does not exist"};
    }
    if (!context.access.may(ScopeKind::PipesRead, pipe->name)) {
        return ApiError{403, "the token may not read the pipe '" + pipe->name + "'"};
    }
    const model::Node* node = model::published_node(*pipe);
    if (node == nullptr || node->type != model::NodeType::Endpoint) {
        return ApiError{404, "The pipe '" + pipe->name + "' does not have an endpoint yet"};
    }
    model::Pipe asked;
    asked.name = kQuestion;
    if (over.empty()) {
        return Question(context, asked).answer(*pipe, *node, format);
    }
    asked.nodes = {node_of("_", "SELECT * FROM " + target::identifier(pipe->name)), node_of(kQuestion, over)};
    return Question(context, asked).answer(asked, asked.nodes.back(), format);
}

ApiResult<ComposedQuery> compose_node(const QueryContext& context, const model::Pipe& pipe,
                                      const model::Node& node) {
    const model::Pipe nothing_from_outside;
    return Question(context, nothing_from_outside).compose(pipe, node);
}

ApiResult<QueryAnswer> query_sql(const QueryContext& context, std::string sql, std::string_view over) {
    const std::optional<std::string> wanted = take_format(sql);
    const std::optional<OutputFormat> format = wanted ? sql_format(*wanted) : kJson;
    if (!format) {
        return ApiError{400, "the format `" + *wanted + "` is not served"};
    }
    model::Pipe asked;
    asked.name = kQuestion;
    if (!over.empty()) {
        const model::Pipe* pipe = model::find_pipe(context.content.project, over);
        if (pipe == nullptr) {
            return ApiError{404, "The pipe '" + std::string(over) + "' does not exist"};
        }
        if (!context.access.may(ScopeKind::PipesRead, pipe->name)) {
            return ApiError{403, "the token may not read the pipe '" + pipe->name + "'"};
        }
        asked.nodes = nodes_beside(*pipe);
    }
    asked.nodes.push_back(node_of(kQuestion, std::move(sql)));
    return Question(context, asked).answer(asked, asked.nodes.back(), *format);
}

} // namespace birdhouse::server

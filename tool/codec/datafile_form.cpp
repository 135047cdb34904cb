#include "codec/datafile_form.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/engine_directives.hpp"
#include "codec/text_block.hpp"
#include "syntax/schema_text.hpp"

namespace birdhouse::codec {

namespace {

void to_one_line(std::string& expression) { expression = syntax::collapse_blanks(expression); }

void to_one_line(std::optional<std::string>& expression) {
    if (expression) {
        to_one_line(*expression);
    }
}

// A description is prose in Markdown: a heading is lost with a warning, not refused.
std::string description_form(const std::string& text, const Origin& origin, Diagnostics& diagnostics) {
    std::string kept;
    bool reported = false;
    for (const std::string_view line : split(text, '\n')) {
        const bool comment = trim(line).starts_with('#');
        if (!comment) {
            kept += line;
            kept += '\n';
        } else if (!reported) {
            reported = true;
            diagnostics.add(codes::F201, origin.span,
                            "the line " + backquoted(shorten(trim(line), 40)) + " of the description is lost",
                            "begin it with another character: datafiles take lines with `#` for comments");
        }
    }
    return block_form(kept);
}

} // namespace

model::Datasource to_datafile_form(model::Datasource datasource, Diagnostics& diagnostics) {
    datasource.description = description_form(datasource.description, datasource.origin, diagnostics);
    datasource.template_file.clear();
    datasource.rules.clear();
    for (model::Column& column : datasource.columns) {
        column = {.name = std::move(column.name),
                  .type = std::move(column.type),
                  .json_path = std::move(column.json_path),
                  .default_expression = std::move(column.default_expression),
                  .materialized = std::move(column.materialized),
                  .codec = std::move(column.codec),
                  .description = {},
                  .renamed_from = {},
                  .allowed = {},
                  .range = {},
                  .max_chars = {},
                  .pattern = {},
                  .privacy = model::Privacy::None,
                  .origin = column.origin};
        to_one_line(column.type);
        to_one_line(column.default_expression);
        to_one_line(column.materialized);
        to_one_line(column.codec);
    }
    for (model::Index& index : datasource.indexes) {
        to_one_line(index.expression);
        to_one_line(index.type);
        index.granularity = index.granularity.empty() ? "1" : index.granularity;
    }
    datasource.engine = engine_form(std::move(datasource.engine));
    datasource.forward_query = block_form(datasource.forward_query);
    return datasource;
}

model::Pipe to_datafile_form(model::Pipe pipe, Diagnostics& diagnostics) {
    pipe.description = description_form(pipe.description, pipe.origin, diagnostics);
    pipe.template_file.clear();
    pipe.version = 1; // contracts know versions, datafiles do not
    if (pipe.target_engine) {
        pipe.target_engine = engine_form(std::move(*pipe.target_engine));
    }
    for (model::Node& node : pipe.nodes) {
        node.description = description_form(node.description, node.origin, diagnostics);
        node.sql = block_form(node.sql);
        node.line_origins.clear();
    }
    return pipe;
}

model::Connection to_datafile_form(model::Connection connection, Diagnostics& diagnostics) {
    connection.description = description_form(connection.description, connection.origin, diagnostics);
    return connection;
}

} // namespace birdhouse::codec

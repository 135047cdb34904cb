// Tables and views of a content in one database of the engine, and rows from other tables into them.
#pragma once

#include "server/content.hpp"
#include "target/channel.hpp"

#include <span>
#include <string>
#include <string_view>

namespace birdhouse::server {

bool is_materialized(const model::Pipe& pipe);
// Without what the table itself is not: a changed description or token rewrites nothing.
bool same_table(const model::Datasource& a, const model::Datasource& b);

class TableMaker {
public:
    // All three outlive it.
    TableMaker(const Content& content, std::string_view database, target::SqlChannel& channel)
        : content_(content), database_(database), channel_(channel) {}

    // Quoted, with its database.
    std::string table(std::string_view name) const;

    Result<void> make_table(const model::Datasource& datasource, std::string_view name);
    // What keeps a pipe from being a view goes to `problems`.
    Result<void> make_view(const model::Pipe& pipe, Diagnostics& problems);
    // All of them. A view sees only what is written after it is made, so the targets among `added` are filled
    // from what is there.
    Result<void> make_views(std::span<const model::Datasource* const> added);

    // The rows of `from`, which was made for `old`, into `into`, which was made for `datasource`: by its
    // FORWARD_QUERY, or column by column.
    Result<void> convert_rows(const model::Datasource& old, const std::string& from,
                              const model::Datasource& datasource, const std::string& into);
    // The columns that both have.
    Result<void> copy_columns(const model::Datasource& old, const std::string& from,
                              const model::Datasource& datasource, const std::string& into);

    struct Filling {
        std::string mark;      // a comment before the statement
        std::string condition; // over the rows that the view reads
        std::string settings;
    };
    // What a view would have written, had it seen the rows that its source has.
    Result<void> fill_target(const model::Pipe& pipe, const model::Datasource& target,
                             const Filling& filling = {});

private:
    const Content& content_;
    std::string database_;
    target::SqlChannel& channel_;
};

} // namespace birdhouse::server

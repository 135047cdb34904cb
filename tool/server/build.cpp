#include "server/build.hpp"

#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_query.hpp"
#include "server/closed_functions.hpp"
#include "server/foreign_tables.hpp"
#include "target/catalog.hpp"
#include "target/ddl.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::server {

namespace {

using model::Datasource;
using model::NodeType;
using model::Pipe;

template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

template <class Named>
NameChanges compare(const std::vector<Named>& before, const std::vector<Named>& after) {
    NameChanges changes;
    for (const Named& one : after) {
        const Named* old = find_named(before, one.name);
        if (old == nullptr) {
            changes.added.push_back(one.name);
        } else if (*old != one) {
            changes.changed.push_back(one.name);
        }
    }
    for (const Named& one : before) {
        if (find_named(after, one.name) == nullptr) {
            changes.dropped.push_back(one.name);
        }
    }
    return changes;
}

bool is_materialized(const Pipe& pipe) {
    const model::Node* node = model::published_node(pipe);
    return node != nullptr && node->type == NodeType::Materialized;
}

std::string path_of(const Content& content, std::string_view name, std::string_view extension) {
    const Datafile* file = find_file(content, name, extension);
    return file == nullptr ? std::string(name) + std::string(extension) : file->path;
}

// Without what the table itself is: a changed description or token rewrites nothing.
bool same_table(const Datasource& a, const Datasource& b) {
    return target::create_table(a, "d", "t") == target::create_table(b, "d", "t");
}

// In anything of it that the engine computes.
std::optional<std::string> closed_function_in(const Datasource& datasource) {
    const model::TableEngine& engine = datasource.engine;
    std::vector<std::string> expressions = {engine.partition_key, engine.sorting_key,
                                            engine.primary_key,   engine.sampling_key,
                                            engine.ttl,           datasource.forward_query};
    for (const model::Column& column : datasource.columns) {
        expressions.push_back(column.default_expression.value_or(""));
        expressions.push_back(column.materialized.value_or(""));
    }
    for (const model::Index& index : datasource.indexes) {
        expressions.push_back(index.expression);
    }
    for (const std::string& expression : expressions) {
        const std::optional<ClosedFunction> found = find_closed_function(expression);
        const bool is_column =
            found && !found->is_call && model::find_column(datasource, found->name) != nullptr;
        if (found && !is_column) {
            return found->name;
        }
    }
    return std::nullopt;
}

// A database with the tables of a content, made from nothing.
class Making {
public:
    Making(const Content& content, std::string_view database, target::SqlChannel& channel)
        : content_(content), database_(database), channel_(channel) {}

    // The name of a view must not be one of the project's.
    Result<void> make_view(const Pipe& pipe, Diagnostics& problems) {
        const std::optional<codec::MappedSql> query =
            codec::compose_materialized(content_.project, pipe, problems);
        if (!query) {
            return {};
        }
        TRY(channel_.execute("USE " + target::identifier(database_)));
        return channel_.execute(
            target::create_materialized_view(pipe.name, pipe.target_datasource, query->sql, database_));
    }

    Result<void> make_table(const Datasource& datasource, std::string_view name) {
        return channel_.execute(target::create_table(datasource, database_, name));
    }

protected:
    const Content& content_;
    std::string database_;
    target::SqlChannel& channel_;
};

class Trial : private Making {
public:
    Trial(const Content& content, std::string_view database, target::SqlChannel& channel,
          std::vector<FileProblem>& problems)
        : Making(content, database, channel), problems_(problems) {}

    Result<void> run() {
        TRY(channel_.execute("DROP DATABASE IF EXISTS " + target::identifier(database_)));
        TRY(channel_.execute("CREATE DATABASE " + target::identifier(database_)));
        for (const Datasource& datasource : content_.project.datasources) {
            const std::string path = path_of(content_, datasource.name, ".datasource");
            if (const std::optional<std::string> closed = closed_function_in(datasource)) {
                problems_.push_back({path, "the function `" + *closed + "` is not open to workspaces"});
            } else if (const ApiStatus own = refuse_tables(datasource.forward_query); !own) {
                problems_.push_back({path, own.error().text});
            } else {
                note(make_table(datasource, datasource.name), path);
            }
        }
        if (problems_.empty()) {
            try_pipes();
        }
        return channel_.execute("DROP DATABASE " + target::identifier(database_));
    }

private:
    void try_pipes() {
        Diagnostics diagnostics;
        const std::vector<codec::RenderedNode> nodes =
            codec::render_for_checks(content_.project, diagnostics);
        for (const codec::RenderedNode& node : nodes) {
            describe(node, nodes, diagnostics);
        }
        for (const Pipe& pipe : content_.project.pipes) {
            if (problems_.empty() && !diagnostics.has_errors() && is_materialized(pipe)) {
                note(make_view(pipe, diagnostics), path_of(content_, pipe.name, ".pipe"));
            }
        }
        for (FileProblem& problem : file_problems(diagnostics, content_.sources)) {
            problems_.push_back(std::move(problem));
        }
    }

    void describe(const codec::RenderedNode& asked, const std::vector<codec::RenderedNode>& nodes,
                  Diagnostics& diagnostics) {
        const codec::NodeRenderer render = [&](const model::Node& part, Diagnostics&) {
            const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const codec::RenderedNode& node) {
                return node.node == &part;
            });
            return found == nodes.end() ? std::nullopt : std::optional(found->text);
        };
        const std::optional<codec::MappedSql> query =
            codec::compose_query(content_.project, *asked.pipe, *asked.node, render,
                                 {database_, [](std::string_view) { return false; }}, diagnostics);
        if (!query) {
            return;
        }
        const std::string path = path_of(content_, asked.pipe->name, ".pipe");
        if (const ApiStatus own = refuse_foreign_tables(asked.outline); !own) {
            problems_.push_back({path, "in node `" + asked.node->name + "`: " + own.error().text});
        } else if (const ApiStatus open = refuse_closed_functions(query->sql, channel_); !open) {
            problems_.push_back({path, "in node `" + asked.node->name + "`: " + open.error().text});
        } else if (query->sql.find('{') ==
                   std::string::npos) { // of a secret's place the engine knows no type
            note(channel_.execute("DESCRIBE (\n" + query->sql + "\n)"), path, asked.node->name);
        }
    }

    void note(const Result<void>& done, const std::string& path, const std::string& node = {}) {
        if (done) {
            return;
        }
        std::string text = replace_all(done.error().message, "`" + database_ + "`.", "");
        text = replace_all(text, database_ + ".", "");
        problems_.push_back({path, (node.empty() ? "" : "in node `" + node + "`: ") + text});
    }

    std::vector<FileProblem>& problems_;
};

class Application : private Making {
public:
    Application(const Content& before, const Content& after, std::string_view database,
                target::SqlChannel& channel)
        : Making(after, database, channel), before_(before) {}

    Result<void> run() {
        sort_tables();
        if (Result<void> made = make_next_tables(); !made) {
            drop_next_tables();
            return made;
        }
        TRY(drop_views());
        for (const Datasource* datasource : rewritten_) {
            TRY(take_place(*datasource));
        }
        for (const std::string& name : dropped_) {
            TRY(channel_.execute("DROP TABLE IF EXISTS " + table(name)));
            TRY(channel_.execute("DROP TABLE IF EXISTS " + table(name + "_quarantine")));
        }
        return make_views();
    }

private:
    static constexpr std::string_view kNext = " next"; // no resource is called so

    std::string table(std::string_view name) const { return target::qualified_name(database_, name); }
    std::string next(const Datasource& datasource) const {
        return table(datasource.name + std::string(kNext));
    }

    void sort_tables() {
        for (const Datasource& datasource : content_.project.datasources) {
            const Datasource* old = model::find_datasource(before_.project, datasource.name);
            if (old == nullptr) {
                added_.push_back(&datasource);
            } else if (!same_table(*old, datasource)) {
                rewritten_.push_back(&datasource);
            }
        }
        for (const Datasource& old : before_.project.datasources) {
            if (model::find_datasource(content_.project, old.name) == nullptr) {
                dropped_.push_back(old.name);
            }
        }
    }

    // All that can fail for its rows is done here, beside the tables that are read.
    Result<void> make_next_tables() {
        for (const Datasource* datasource : added_) {
            TRY(channel_.execute("DROP TABLE IF EXISTS " + table(datasource->name)));
            TRY(make_table(*datasource, datasource->name));
        }
        for (const Datasource* datasource : rewritten_) {
            TRY(channel_.execute("DROP TABLE IF EXISTS " + next(*datasource)));
            TRY(make_table(*datasource, datasource->name + std::string(kNext)));
            TRY(copy_rows(*datasource));
        }
        return {};
    }

    Result<void> copy_rows(const Datasource& datasource) {
        if (datasource.backfill_skip) {
            return {};
        }
        const Datasource& old = *model::find_datasource(before_.project, datasource.name);
        if (!trim(datasource.forward_query).empty()) {
            std::string columns;
            for (const model::Column& column : datasource.columns) {
                columns += (columns.empty() ? "" : ", ") + target::identifier(column.name);
            }
            return channel_.execute("INSERT INTO " + next(datasource) + " SELECT " + columns + " FROM (" +
                                    datasource.forward_query + " FROM " + table(datasource.name) + ")");
        }
        std::string columns;
        for (const model::Column& column : datasource.columns) {
            if (model::find_column(old, column.name) != nullptr && !column.materialized) {
                columns += (columns.empty() ? "" : ", ") + target::identifier(column.name);
            }
        }
        return columns.empty() ? Result<void>()
                               : channel_.execute("INSERT INTO " + next(datasource) + " (" + columns +
                                                  ") SELECT " + columns + " FROM " + table(datasource.name));
    }

    void drop_next_tables() {
        for (const Datasource* datasource : added_) {
            static_cast<void>(channel_.execute("DROP TABLE IF EXISTS " + table(datasource->name)));
        }
        for (const Datasource* datasource : rewritten_) {
            static_cast<void>(channel_.execute("DROP TABLE IF EXISTS " + next(*datasource)));
        }
    }

    Result<void> drop_views() {
        for (const Pipe& pipe : before_.project.pipes) {
            if (is_materialized(pipe)) {
                TRY(channel_.execute("DROP VIEW IF EXISTS " + table(pipe.name)));
            }
        }
        return {};
    }

    Result<void> take_place(const Datasource& datasource) {
        TRY(channel_.execute("EXCHANGE TABLES " + next(datasource) + " AND " + table(datasource.name)));
        return channel_.execute("DROP TABLE " + next(datasource));
    }

    Result<void> make_views() {
        Diagnostics none; // the trial found nothing
        for (const Pipe& pipe : content_.project.pipes) {
            if (is_materialized(pipe)) {
                TRY(make_view(pipe, none));
                TRY(fill_new_target(pipe));
            }
        }
        return {};
    }

    // A view sees only what is written after it is made; the rows of a new target come from what is there.
    Result<void> fill_new_target(const Pipe& pipe) {
        const Datasource* target = model::find_datasource(content_.project, pipe.target_datasource);
        const bool is_new = std::find(added_.begin(), added_.end(), target) != added_.end();
        if (!is_new || target->backfill_skip) {
            return {};
        }
        Diagnostics none;
        const std::optional<codec::MappedSql> query =
            codec::compose_materialized(content_.project, pipe, none);
        if (!query) {
            return {};
        }
        std::string columns;
        TRY_ASSIGN(const target::QueryResult names,
                   channel_.query("DESCRIBE (\n" + query->sql + "\n)", "TSV", {}));
        for (const std::vector<std::string>& row : target::parse_tsv(names.bytes)) {
            columns += (columns.empty() ? "" : ", ") + target::identifier(row.front());
        }
        return channel_.execute("INSERT INTO " + table(target->name) + " (" + columns + ") SELECT " +
                                columns + " FROM (\n" + query->sql + "\n)");
    }

    const Content& before_;
    std::vector<const Datasource*> added_;
    std::vector<const Datasource*> rewritten_;
    std::vector<std::string> dropped_;
};

} // namespace

BuildChanges changes_between(const Content& before, const Content& after) {
    return {compare(before.project.datasources, after.project.datasources),
            compare(before.project.pipes, after.project.pipes),
            compare(before.project.connections, after.project.connections)};
}

Result<void> try_build(const Content& content, std::string_view database, target::SqlChannel& channel,
                       std::vector<FileProblem>& problems) {
    return Trial(content, std::string(database) + "_trial", channel, problems).run();
}

Result<void> apply_build(const Content& before, const Content& after, std::string_view database,
                         target::SqlChannel& channel) {
    TRY(channel.execute("USE " + target::identifier(database)));
    return Application(before, after, database, channel).run();
}

} // namespace birdhouse::server

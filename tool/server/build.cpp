#include "server/build.hpp"

#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_query.hpp"
#include "server/closed_functions.hpp"
#include "server/query_guard.hpp"
#include "server/table_maker.hpp"
#include "syntax/sql_outline.hpp"
#include "target/catalog.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::server {

namespace {

using model::Datasource;
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

std::string path_of(const Content& content, std::string_view name, std::string_view extension) {
    const Datafile* file = find_file(content, name, extension);
    return file == nullptr ? std::string(name) + std::string(extension) : file->path;
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

class Trial {
public:
    Trial(const Content& content, std::string_view database, target::SqlChannel& channel,
          std::vector<FileProblem>& problems)
        : content_(content), database_(database), channel_(channel), maker_(content, database, channel),
          problems_(problems) {}

    Result<void> run() {
        TRY(channel_.execute("DROP DATABASE IF EXISTS " + target::identifier(database_)));
        TRY(channel_.execute("CREATE DATABASE " + target::identifier(database_)));
        for (const Datasource& datasource : content_.project.datasources) {
            const std::string path = path_of(content_, datasource.name, ".datasource");
            const syntax::SqlOutline forward = syntax::outline_sql(datasource.forward_query);
            if (const std::optional<std::string> closed = closed_function_in(datasource)) {
                problems_.push_back({path, "the function `" + *closed + "` is not open to workspaces"});
            } else if (!forward.tables.empty() || !forward.table_functions.empty()) {
                problems_.push_back({path, "FORWARD_QUERY is a SELECT list over the live rows: it reads no "
                                           "other table"});
            } else {
                note(maker_.make_table(datasource, datasource.name), path);
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
                note(maker_.make_view(pipe, diagnostics), path_of(content_, pipe.name, ".pipe"));
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
        if (const ApiStatus own = guard_query(asked.text.sql, asked.outline, QueryOrigin::Pipe); !own) {
            problems_.push_back({path, "in node `" + asked.node->name + "`: " + own.error().text});
            return;
        }
        if (const ApiStatus open = refuse_closed_functions(query->sql, channel_); !open) {
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
        problems_.push_back({path, (node.empty() ? "" : "in node `" + node + "`: ") +
                                       without_database(done.error().message, database_)});
    }

    const Content& content_;
    std::string database_;
    target::SqlChannel& channel_;
    TableMaker maker_;
    std::vector<FileProblem>& problems_;
};

class Application {
public:
    Application(const Content& before, const Content& after, std::string_view database,
                target::SqlChannel& channel)
        : before_(before), content_(after), channel_(channel), maker_(after, database, channel) {}

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
        return maker_.make_views(added_);
    }

private:
    static constexpr std::string_view kNext = " next"; // no resource is called so

    std::string table(std::string_view name) const { return maker_.table(name); }
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
            TRY(maker_.make_table(*datasource, datasource->name));
        }
        for (const Datasource* datasource : rewritten_) {
            TRY(channel_.execute("DROP TABLE IF EXISTS " + next(*datasource)));
            TRY(maker_.make_table(*datasource, datasource->name + std::string(kNext)));
            TRY(copy_rows(*datasource));
        }
        return {};
    }

    Result<void> copy_rows(const Datasource& datasource) {
        const Datasource& old = *model::find_datasource(before_.project, datasource.name);
        return datasource.backfill_skip
                   ? Result<void>()
                   : maker_.convert_rows(old, table(datasource.name), datasource, next(datasource));
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

    const Content& before_;
    const Content& content_;
    target::SqlChannel& channel_;
    TableMaker maker_;
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

std::vector<DataMovement> movements_between(const Content& before, const Content& after) {
    std::vector<DataMovement> movements;
    for (const Datasource& datasource : after.project.datasources) {
        const Datasource* old = model::find_datasource(before.project, datasource.name);
        if (old != nullptr && !datasource.backfill_skip && !same_table(*old, datasource)) {
            movements.push_back({datasource.name, ""});
        }
    }
    for (const Pipe& pipe : after.project.pipes) {
        const Datasource* target = model::find_datasource(after.project, pipe.target_datasource);
        if (is_materialized(pipe) && target != nullptr && !target->backfill_skip &&
            model::find_datasource(before.project, target->name) == nullptr) {
            movements.push_back({target->name, pipe.name});
        }
    }
    return movements;
}

} // namespace birdhouse::server

#include "ops/migration_canary.hpp"

#include "base/codes.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "codec/dependencies.hpp"
#include "codec/pipe_query.hpp"
#include "events/checker.hpp"
#include "events/reader.hpp"
#include "ops/canary_rows.hpp"
#include "ops/describe_query.hpp"
#include "target/sql_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace birdhouse::ops {

namespace {

constexpr std::size_t kMostSamples = 200; // of a table: enough to meet each shape that samples have
constexpr std::size_t kLargestSample = std::size_t{16} << 20U;
constexpr std::size_t kMostFlights = 16; // until the parts of a table would slow the next one

struct Endpoint {
    const model::Pipe* pipe = nullptr;
    std::string sql;
    bool worked = false;
};

// Something that is wrong at present, and the step after which it became so.
struct Trouble {
    const Code* code = nullptr;
    Span place;
    std::string step;
    std::string message;
    std::string help;
};

// What an insert meets that no value of a row could mend.
bool is_about_schema(const Error& error) {
    static constexpr std::array<std::string_view, 9> kNames = {
        "UNKNOWN_IDENTIFIER", "UNKNOWN_TABLE",  "NO_SUCH_COLUMN_IN_TABLE",
        "NOT_FOUND_COLUMN",   "TYPE_MISMATCH",  "ILLEGAL_TYPE_OF_ARGUMENT",
        "THERE_IS_NO_COLUMN", "ILLEGAL_COLUMN", "NO_COMMON_TYPE"};
    return std::ranges::any_of(
        kNames, [&](std::string_view name) { return error.message.find(name) != std::string::npos; });
}
bool is_about_null(const Error& error) {
    return error.message.find("CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN") != std::string::npos;
}

// Whose statements change no row: what the canary left in the tables is no matter to them.
bool leaves_rows_alone(const model::StepAction& action) {
    return std::holds_alternative<model::AddColumn>(action) ||
           std::holds_alternative<model::MoveColumn>(action) ||
           std::holds_alternative<model::AddIndex>(action) ||
           std::holds_alternative<model::DropIndex>(action) ||
           std::holds_alternative<model::SetDefault>(action) ||
           std::holds_alternative<model::CreateDatasource>(action) ||
           std::holds_alternative<model::CreateMaterializedView>(action);
}

std::vector<Endpoint> endpoints_of(const model::Project& project) {
    Diagnostics unheard; // `check` says what a template does wrong
    const std::vector<codec::RenderedNode> nodes = codec::render_for_checks(project, unheard);
    const codec::NodeRenderer render = [&](const model::Node& node,
                                           Diagnostics&) -> std::optional<codec::MappedSql> {
        const auto found =
            std::ranges::find_if(nodes, [&](const codec::RenderedNode& one) { return one.node == &node; });
        return found == nodes.end() ? std::nullopt : std::optional(found->text);
    };
    std::vector<Endpoint> endpoints;
    for (const model::Pipe& pipe : project.pipes) {
        const model::Node* node = model::published_node(pipe);
        if (node == nullptr || node->type != model::NodeType::Endpoint) {
            continue;
        }
        if (const auto sql = codec::compose_query(project, pipe, *node, render, {}, unheard)) {
            endpoints.push_back({&pipe, sql->sql, false});
        }
    }
    return endpoints;
}

} // namespace

class Canary::Flight {
public:
    Flight(target::SqlChannel& scratch, std::string database, const OpenProject& project,
           std::filesystem::path folder, model::Schema schema, Diagnostics& problems)
        : scratch_(scratch), database_(std::move(database)), project_(project), folder_(std::move(folder)),
          schema_(std::move(schema)), problems_(problems), endpoints_(endpoints_of(project.project)) {}

    TableNames keep_to(const TableNames& scope) {
        TableNames read;
        std::erase_if(endpoints_, [&](const Endpoint& endpoint) {
            TableNames tables;
            for (const syntax::SqlTable& table : syntax::outline_sql(endpoint.sql).tables) {
                tables.insert(table.name);
            }
            const bool concerned =
                std::ranges::any_of(tables, [&](const std::string& name) { return scope.contains(name); });
            if (concerned) {
                read.merge(tables);
            }
            return !concerned;
        });
        return read;
    }

    Result<void> start() {
        TRY_ASSIGN(catalog_, target::read_catalog(scratch_, database_));
        for (Endpoint& endpoint : endpoints_) {
            endpoint.worked = !why_it_fails(endpoint);
        }
        return {};
    }

    // A step that changes rows meets empty tables, as without the canary.
    Result<void> make_way(const PlannedStep& step) {
        const std::size_t bearable = leaves_rows_alone(step.action) ? kMostFlights : 0;
        for (auto& [table, flights] : flights_) {
            if (flights > bearable) {
                TRY(scratch_.execute("TRUNCATE TABLE " + target::qualified_name(database_, table)));
                flights = 0;
            }
        }
        return {};
    }

    Result<void> fly(const PlannedMigration& migration, const PlannedStep& step) {
        const std::string object = target::object_of(step.action);
        static_cast<void>(model::apply_step(step.action, schema_));
        TRY(look_again_at(object));
        const target::Catalog& catalog = catalog_;
        at_ = {step.origin.span, model::describe(step.action) + " in " + backquoted(migration.migration->id)};
        const std::set<std::string> chain = chain_of(catalog, object);
        for (const target::TableState& table : catalog.tables) {
            if (!chain.contains(table.name)) {
                continue;
            }
            if (!table.view_target.empty()) {
                note("view " + table.name, trouble_of_view(catalog, table));
            } else if (is_source(table.name)) {
                note("table " + table.name, trouble_of_rows(table));
            }
        }
        forget_what_is_gone(catalog);
        for (Endpoint& endpoint : endpoints_) {
            try_endpoint(endpoint, chain, object);
        }
        count_flight(catalog, chain);
        return {};
    }

    void land() {
        for (auto& [subject, trouble] : troubles_) {
            problems_.add(*trouble.code, trouble.place, trouble.message, trouble.help);
        }
        troubles_.clear();
    }

    std::size_t rows() const { return rows_; }

private:
    struct Where {
        Span place;
        std::string step;
    };

    // A step changes one table or view; of hundreds the others are known.
    Result<void> look_again_at(const std::string& object) {
        TRY_ASSIGN(std::optional<target::TableState> now, target::read_table(scratch_, database_, object));
        std::vector<target::TableState>& tables = catalog_.tables;
        const auto place = std::ranges::lower_bound(tables, object, {}, &target::TableState::name);
        const bool known = place != tables.end() && place->name == object;
        if (now && known) {
            *place = std::move(*now);
        } else if (now) {
            tables.insert(place, std::move(*now));
        } else if (known) {
            tables.erase(place);
        }
        return {};
    }

    // All that hangs together with `object` by views: what it fills and what fills it.
    std::set<std::string> chain_of(const target::Catalog& catalog, const std::string& object) {
        sources_.clear();
        std::vector<std::array<std::string, 3>> edges; // source, view, target
        for (const model::MaterializedView& view : schema_.views) {
            for (const std::string& name : tables_read_by(view.sql)) {
                const target::TableState* table = target::find_table(catalog, name);
                if (table != nullptr && table->view_target.empty() && name != view.target) {
                    edges.push_back({name, view.name, view.target});
                    sources_.insert(name);
                }
            }
        }
        std::set<std::string> chain{object};
        for (bool grown = true; grown;) {
            grown = false;
            for (const auto& edge : edges) {
                const bool touches =
                    std::ranges::any_of(edge, [&](const std::string& name) { return chain.contains(name); });
                if (touches) {
                    for (const std::string& name : edge) {
                        grown = chain.insert(name).second || grown;
                    }
                }
            }
        }
        return chain;
    }

    const std::set<std::string>& tables_read_by(const std::string& sql) {
        const auto [found, is_new] = read_by_.try_emplace(sql);
        if (is_new) {
            for (const syntax::SqlTable& table : syntax::outline_sql(sql).tables) {
                found->second.insert(table.name);
            }
        }
        return found->second;
    }

    bool is_source(const std::string& table) const { return sources_.contains(table); }

    // MODIFY QUERY does not hold a view's output against its target: a misnamed column is lost in silence.
    std::optional<Trouble> trouble_of_view(const target::Catalog& catalog, const target::TableState& view) {
        const target::TableState* filled = target::find_table(catalog, view.view_target);
        const Result<std::vector<OutputColumn>> output =
            describe(scratch_, "DESCRIBE (\n" + view.select + "\n)");
        if (!output) {
            return trouble(codes::B202,
                           "materialized view " + backquoted(view.name) +
                               " fails at the next insert: " + output.error().message,
                           "change the view before this step, or drop it");
        }
        for (const OutputColumn& column : *output) {
            const bool known = filled != nullptr &&
                               std::ranges::find(filled->columns, column.name, &target::ColumnState::name) !=
                                   filled->columns.end();
            if (!known) {
                return trouble(codes::B203,
                               "materialized view " + backquoted(view.name) + " gives a column " +
                                   backquoted(column.name) + ", which " + backquoted(view.view_target) +
                                   " does not have: its values are lost without a word",
                               "add the column to " + backquoted(view.view_target) +
                                   " before, or name the view's column as its target does");
            }
        }
        return std::nullopt;
    }

    std::optional<Trouble> trouble_of_rows(const target::TableState& table) {
        const EdgeRows rows = edge_rows(table, database_);
        if (const Result<void> all =
                scratch_.execute(rows.insert + "\n" + join(rows.selects, "\nUNION ALL\n"));
            !all) {
            // One row at a time: a view may rightly refuse the value of one.
            for (const std::string& select : rows.selects) {
                const Result<void> one = scratch_.execute(rows.insert + "\n" + select);
                rows_ += one ? std::size_t{1} : std::size_t{0};
                if (!one && (is_about_schema(one.error()) || is_about_null(one.error()))) {
                    return trouble_of_insert(table, one.error());
                }
            }
        } else {
            rows_ += rows.selects.size();
        }
        const Result<void> samples = insert_samples(table.name);
        return samples ? std::nullopt : std::optional(trouble_of_insert(table, samples.error()));
    }

    Trouble trouble_of_insert(const target::TableState& table, const Error& error) {
        if (is_about_null(error)) {
            return trouble(codes::B204,
                           "a NULL in " + backquoted(table.name) +
                               " fails in a view that reads it: " + error.message,
                           "make the target's column Nullable before, or give the view's query an ifNull()");
        }
        return trouble(codes::B202,
                       "an insert into " + backquoted(table.name) +
                           " fails in a view, after its rows are stored: " + error.message,
                       "change the views that read it before this step, or drop them");
    }

    Trouble trouble(const Code& code, std::string message, std::string help) const {
        return {&code, at_.place, at_.step, std::move(message), std::move(help)};
    }

    // Events as the project keeps them, as far as the table's columns of this moment take them.
    Result<void> insert_samples(const std::string& table) {
        const model::Datasource* datasource = model::find_datasource(schema_, table);
        const std::filesystem::path file = folder_ / "fixtures" / (table + ".ndjson");
        std::error_code ignored;
        if (datasource == nullptr || !model::takes_events(*datasource) ||
            !std::filesystem::exists(file, ignored)) {
            return {};
        }
        Diagnostics unheard;
        const auto schema = events::EventSchema::compile(*datasource, project_.project.config.ingestion,
                                                         project_.project.config.privacy, unheard);
        const Result<std::string> bytes = read_file(file, kLargestSample);
        if (!schema || !bytes) {
            return {};
        }
        events::EventChecker checker(*schema);
        events::EventReader reader(*bytes);
        std::string good;
        std::size_t taken = 0;
        for (std::optional<events::EventLine> line = reader.next(); line && taken < kMostSamples;
             line = reader.next()) {
            taken += checker.check(line->text, &good).status == events::RowStatus::Accepted ? std::size_t{1}
                                                                                            : std::size_t{0};
        }
        if (taken == 0) {
            return {};
        }
        TRY(scratch_.insert("INSERT INTO " + target::qualified_name(database_, table), "JSONEachRow", good));
        rows_ += taken;
        return {};
    }

    std::optional<Error> why_it_fails(const Endpoint& endpoint) {
        if (const auto described = describe(scratch_, "DESCRIBE (\n" + endpoint.sql + "\n)"); !described) {
            return described.error();
        }
        const bool has_secret = endpoint.sql.find(":String}") != std::string::npos;
        if (!has_secret) {
            const Result<void> run = scratch_.execute("SELECT * FROM (" + endpoint.sql + "\n) LIMIT 10");
            if (!run && is_about_schema(run.error())) {
                return run.error();
            }
        }
        return std::nullopt;
    }

    void try_endpoint(Endpoint& endpoint, const std::set<std::string>& chain, const std::string& object) {
        const bool concerned = endpoint.sql.find(object) != std::string::npos ||
                               std::ranges::any_of(chain, [&](const std::string& name) {
                                   return endpoint.sql.find(name) != std::string::npos;
                               });
        if (!concerned) {
            return;
        }
        const std::optional<Error> failure = why_it_fails(endpoint);
        const std::string subject = "endpoint " + endpoint.pipe->name;
        if (!failure) {
            endpoint.worked = true;
            troubles_.erase(subject);
        } else if (endpoint.worked && !troubles_.contains(subject)) {
            troubles_.emplace(subject, trouble(codes::B201,
                                               "endpoint " + backquoted(endpoint.pipe->name) +
                                                   " fails after this step: " + failure->message,
                                               "change the pipe first, or publish a new version of it"));
        }
    }

    // A trouble that a later step mends is none at the end.
    void note(const std::string& subject, std::optional<Trouble> found) {
        const auto known = troubles_.find(subject);
        if (!found) {
            if (known != troubles_.end()) {
                problems_.add(codes::B222, known->second.place,
                              "until " + at_.step + ": " + known->second.message,
                              "put the steps in another order, or pause what writes meanwhile");
                troubles_.erase(known);
            }
        } else if (known == troubles_.end()) {
            troubles_.emplace(subject, std::move(*found));
        }
    }

    // A view that was dropped fails no more, nor does an insert that no view sees.
    void forget_what_is_gone(const target::Catalog& catalog) {
        std::vector<std::string> gone;
        for (const auto& [subject, trouble] : troubles_) {
            const std::string name = subject.substr(subject.find(' ') + 1);
            const bool is_view = subject.starts_with("view ");
            const bool is_table = subject.starts_with("table ");
            if ((is_view && target::find_table(catalog, name) == nullptr) || (is_table && !is_source(name))) {
                gone.push_back(subject);
            }
        }
        for (const std::string& subject : gone) {
            note(subject, std::nullopt);
        }
    }

    void count_flight(const target::Catalog& catalog, const std::set<std::string>& chain) {
        for (const target::TableState& table : catalog.tables) {
            const bool stores = table.view_target.empty() && table.engine != "Null" && table.engine != "View";
            if (stores && chain.contains(table.name) && chain.size() > 1) {
                ++flights_[table.name];
            }
        }
    }

    target::SqlChannel& scratch_;
    std::string database_;
    const OpenProject& project_;
    std::filesystem::path folder_;
    model::Schema schema_;
    Diagnostics& problems_;
    std::vector<Endpoint> endpoints_;
    target::Catalog catalog_;                              // as the last step left it
    std::map<std::string, std::set<std::string>> read_by_; // the tables of a view's SQL
    std::set<std::string> sources_;                        // tables that views read
    std::map<std::string, std::size_t>
        flights_; // since a table was truncated, which costs more than all else
    std::map<std::string, Trouble> troubles_;
    Where at_;
    std::size_t rows_ = 0;
};

Canary::Canary(target::SqlChannel& scratch, std::string database, const OpenProject& project,
               const std::filesystem::path& folder, model::Schema schema, Diagnostics& problems)
    : flight_(std::make_unique<Flight>(scratch, std::move(database), project, folder, std::move(schema),
                                       problems)) {}
Canary::~Canary() = default;

TableNames Canary::keep_to(const TableNames& scope) { return flight_->keep_to(scope); }
Result<void> Canary::before_steps() { return flight_->start(); }
Result<void> Canary::before_step(const PlannedStep& step) { return flight_->make_way(step); }
Result<void> Canary::after_step(const PlannedMigration& migration, const PlannedStep& step) {
    return flight_->fly(migration, step);
}
Result<void> Canary::after_steps() {
    flight_->land();
    return {};
}
std::size_t Canary::rows() const { return flight_->rows(); }

} // namespace birdhouse::ops

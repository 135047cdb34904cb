#include "codec/change_readers.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::codec;

namespace {

model::Datasource datasource(const std::string& name) {
    model::Datasource made;
    made.name = name;
    for (const char* column : {"id", "note", "at"}) {
        made.columns.emplace_back();
        made.columns.back().name = column;
        made.columns.back().type = "String";
    }
    return made;
}

model::Pipe pipe(const std::string& name, const std::vector<std::pair<std::string, std::string>>& nodes) {
    model::Pipe made;
    made.name = name;
    for (const auto& [node, sql] : nodes) {
        made.nodes.emplace_back();
        made.nodes.back().name = node;
        made.nodes.back().sql = sql;
    }
    return made;
}

struct World {
    model::Project project;
    std::vector<RenderedNode> nodes;
    Diagnostics problems;

    explicit World(std::vector<model::Pipe> pipes) {
        project.datasources = {datasource("orders"), datasource("totals")};
        project.pipes = std::move(pipes);
        nodes = render_for_checks(project, problems);
    }

    std::string column(std::string_view name) const {
        return text(ReaderIndex(project, nodes).of_column("orders", name));
    }
    std::string table(std::string_view name) const {
        const ReaderIndex index(project, nodes);
        return text(index.with_readers_of(index.of_table(name)));
    }

    static std::string text(const std::vector<Reader>& readers) {
        std::string all;
        for (const Reader& reader : readers) {
            all += (all.empty() ? "" : " ") + reader.pipe->name + "." + reader.node->name + ":" +
                   std::string(to_string(reader.use));
        }
        return all;
    }
};

} // namespace

TEST_CASE("a node that names a column of the table it reads is its reader") {
    const World world(
        {pipe("p", {{"names", "SELECT note FROM orders"},
                    {"qualified", "SELECT o.`note` FROM orders AS o"},
                    {"where", "SELECT id FROM orders WHERE note = ''"},
                    {"cte", "WITH x AS (SELECT id FROM orders WHERE note != '') SELECT id FROM x"},
                    {"other", "SELECT note FROM totals"},
                    {"without", "SELECT id FROM orders"}})});
    CHECK(world.column("note") == "p.names:names p.qualified:names p.where:names p.cte:names");
}

TEST_CASE("an alias, a function and a table of that name are not the column") {
    const World world({pipe("p", {{"alias", "SELECT id AS note FROM orders"},
                                  {"call", "SELECT note(id) FROM orders"},
                                  {"text", "SELECT 'note' FROM orders -- note"}})});
    CHECK(world.column("note").empty());
    CHECK(world.column("orders").empty());
}

TEST_CASE("a column is followed through nodes and pipes that pass it on") {
    const World world({pipe("a", {{"first", "SELECT * FROM orders"}, {"second", "SELECT note FROM first"}}),
                       pipe("b", {{"third", "SELECT note FROM a"}, {"fourth", "SELECT id FROM a"}}),
                       pipe("c", {{"fifth", "SELECT note FROM d"}}),
                       pipe("d", {{"sixth", "SELECT id FROM orders"}})});
    CHECK(world.column("note") == "a.first:star a.second:names b.third:names");
}

TEST_CASE("a star counts for the table of its own SELECT") {
    const World world({pipe("p", {{"inner", "SELECT * FROM (SELECT id FROM orders)"},
                                  {"joined", "SELECT * FROM totals JOIN orders USING id"},
                                  {"counted", "SELECT count(*), id * 2 FROM orders"},
                                  {"qualified", "SELECT id, orders.* FROM orders"}})});
    CHECK(world.column("note") == "p.joined:star p.qualified:star");
}

TEST_CASE("readers of a table are found with those who read them, and with its writers") {
    std::vector<model::Pipe> pipes = {
        pipe("a", {{"first", "SELECT id FROM orders"}, {"last", "SELECT id FROM first"}}),
        pipe("b", {{"third", "SELECT id FROM a"}}), pipe("writer", {{"n", "SELECT id FROM totals"}})};
    pipes.back().target_datasource = "orders";
    const World world(std::move(pipes));
    CHECK(world.table("orders") == "a.first:names a.last:through b.third:through writer.n:writes");
    CHECK(world.table("a") == "b.third:names");
}

TEST_CASE("a table that is gone is still found by its name") {
    const World world({pipe("p", {{"n", "SELECT id FROM gone"}, {"m", "SELECT id FROM system.gone"}})});
    CHECK(world.table("gone") == "p.n:names");
}

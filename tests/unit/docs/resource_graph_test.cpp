// From a project to its graph, and from the graph to Mermaid.
#include "ops/resource_graph.hpp"
#include "unit/docs/small_project.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::ops;
using namespace birdhouse::testing;

namespace {

std::string_view word(LinkKind kind) {
    constexpr std::array<std::string_view, 6> kWords = {"reads", "materializes", "copies",
                                                        "sends", "ingests",      "puts aside"};
    return kWords[static_cast<std::size_t>(kind)];
}

// "datasource.orders -reads-> pipe.top (node: orders)", a line a link.
std::string links_of(const ResourceGraph& graph) {
    std::string out;
    for (const ResourceLink& link : graph.links) {
        out += graph.resources[link.from].id + " -" + std::string(word(link.kind)) + "-> " +
               graph.resources[link.to].id;
        for (const LinkMention& mention : link.mentions) {
            out += " (" + mention.node + ": " + mention.name + ")";
        }
        out += "\n";
    }
    return out;
}

std::string resources_of(const ResourceGraph& graph) {
    std::string out;
    for (const Resource& resource : graph.resources) {
        out += resource.id + ": " + std::string(singular(resource.kind)) +
               (resource.declared ? "" : ", not declared") + "\n";
    }
    return out;
}

ResourceGraph graph_of(const model::Project& project) {
    Diagnostics problems;
    ResourceGraph graph = make_resource_graph(project, codec::find_dependencies(project, problems));
    CHECK(problems.empty());
    return graph;
}

} // namespace

TEST_CASE("every kind of resource and link is found") {
    const ResourceGraph graph = graph_of(small_project());
    CHECK(resources_of(graph) == "connection.kafka: connection\n"
                                 "connection.lake: connection, not declared\n"
                                 "datasource.daily: datasource\n"
                                 "datasource.orders: datasource\n"
                                 "datasource.totals: datasource\n"
                                 "pipe.audit: pipe\n"
                                 "pipe.export_daily: sink\n"
                                 "pipe.orders_to_totals: materialized pipe\n"
                                 "pipe.refused: endpoint\n"
                                 "pipe.snapshot: copy pipe\n"
                                 "pipe.top: endpoint\n"
                                 "quarantine.orders_quarantine: quarantine, not declared\n"
                                 "outside.tinybird.pipe_stats: table outside of the project, not declared\n"
                                 "unknown.custommers: unknown table, not declared\n");
    CHECK(links_of(graph) == "connection.kafka -ingests-> datasource.orders\n"
                             "datasource.daily -reads-> pipe.export_daily (send: daily)\n"
                             "datasource.orders -reads-> pipe.orders_to_totals (sums: orders)\n"
                             "datasource.orders -reads-> pipe.top (recent: orders) (joined: orders)\n"
                             "datasource.orders -puts aside-> quarantine.orders_quarantine\n"
                             "datasource.totals -reads-> pipe.snapshot (all_rows: totals)\n"
                             "pipe.audit -reads-> pipe.top (joined: audit)\n"
                             "pipe.export_daily -sends-> connection.lake (send: lake)\n"
                             "pipe.orders_to_totals -materializes-> datasource.totals (sums: totals)\n"
                             "pipe.snapshot -copies-> datasource.daily (all_rows: daily)\n"
                             "quarantine.orders_quarantine -reads-> pipe.refused (rows: orders_quarantine)\n"
                             "outside.tinybird.pipe_stats -reads-> pipe.audit (stats: pipe_stats)\n"
                             "unknown.custommers -reads-> pipe.top (joined: custommers)\n");
}

TEST_CASE("the graph does not depend on the order of the project's files") {
    model::Project turned = small_project();
    std::reverse(turned.pipes.begin(), turned.pipes.end());
    std::reverse(turned.datasources.begin(), turned.datasources.end());
    const ResourceGraph graph = graph_of(turned);
    CHECK(resources_of(graph) == resources_of(graph_of(small_project())));
    CHECK(links_of(graph) == links_of(graph_of(small_project())));
}

TEST_CASE("a copy that reads its own target is a ring of two links") {
    model::Project project;
    project.datasources = {make_datasource("state", {{"id", "UInt64"}})};
    project.pipes = {
        make_pipe("advance", {{"step", "SELECT id + 1 AS id FROM state", model::NodeType::Copy}})};
    project.pipes[0].target_datasource = "state";
    CHECK(links_of(graph_of(project)) == "datasource.state -reads-> pipe.advance (step: state)\n"
                                         "pipe.advance -copies-> datasource.state (step: state)\n");
}

TEST_CASE("a pipe that reads its own nodes is linked to nothing by that") {
    model::Project project;
    project.pipes = {make_pipe("two", {{"a", "SELECT 1 AS x"}, {"b", "SELECT x FROM a"}})};
    CHECK(graph_of(project).links.empty());
}

TEST_CASE("a version in a name leads to the resource") {
    model::Project project;
    project.datasources = {make_datasource("events__v1", {{"id", "UInt64"}})};
    project.pipes = {make_pipe("mv", {{"all_rows", "SELECT id FROM events", model::NodeType::Materialized}})};
    project.pipes[0].target_datasource = "made_by_pipe";
    const ResourceGraph graph = graph_of(project);
    CHECK(links_of(graph) == "datasource.events__v1 -reads-> pipe.mv (all_rows: events)\n"
                             "pipe.mv -materializes-> datasource.made_by_pipe (all_rows: made_by_pipe)\n");
    CHECK_FALSE(graph.resources[1].declared);
}

TEST_CASE("a target that a pipe makes can be read") {
    model::Project project;
    project.pipes = {make_pipe("makes", {{"n", "SELECT 1 AS x", model::NodeType::Materialized}}),
                     make_pipe("reads", {{"n", "SELECT x FROM made"}})};
    project.pipes[0].target_datasource = "made";
    CHECK(links_of(graph_of(project)) == "datasource.made -reads-> pipe.reads (n: made)\n"
                                         "pipe.makes -materializes-> datasource.made (n: made)\n");
}

TEST_CASE("what may be a column, and the engine's own tables, are no resources") {
    model::Project project;
    project.datasources = {make_datasource("known", {})};
    project.pipes = {make_pipe("p", {{"n", "WITH [1, 2] AS ids SELECT dummy FROM system.one "
                                           "WHERE dummy IN ids AND dummy IN known"}})};
    CHECK(links_of(graph_of(project)) == "datasource.known -reads-> pipe.p (n: known)\n");
    CHECK(graph_of(project).resources.size() == 2);
}

TEST_CASE("identifiers are unique, whatever the names hold") {
    model::Project project;
    project.datasources = {make_datasource("a b", {}), make_datasource("a-b", {}),
                           make_datasource("a/b", {})};
    CHECK(resources_of(graph_of(project)) ==
          "datasource.a-b: datasource\ndatasource.a-b-2: datasource\ndatasource.a-b-3: datasource\n");
}

TEST_CASE("Mermaid draws each kind in its own shape") {
    CHECK(render_mermaid(graph_of(small_project())) ==
          "flowchart LR\n"
          "    connection_kafka[/\"kafka\"/]:::connection\n"
          "    connection_lake[/\"lake\"/]:::outside\n"
          "    datasource_daily[(\"daily\")]:::datasource\n"
          "    datasource_orders[(\"orders\")]:::datasource\n"
          "    datasource_totals[(\"totals\")]:::datasource\n"
          "    pipe_audit[\"audit\"]:::pipe\n"
          "    pipe_export_daily[\\\"export_daily\"\\]:::sink\n"
          "    pipe_orders_to_totals{{\"orders_to_totals\"}}:::materialized\n"
          "    pipe_refused([\"refused\"]):::endpoint\n"
          "    pipe_snapshot[[\"snapshot\"]]:::copy\n"
          "    pipe_top([\"top\"]):::endpoint\n"
          "    quarantine_orders_quarantine[(\"orders_quarantine\")]:::outside\n"
          "    outside_tinybird_pipe_stats[(\"tinybird.pipe_stats\")]:::outside\n"
          "    unknown_custommers[\"custommers\"]:::outside\n"
          "    connection_kafka -->|ingests| datasource_orders\n"
          "    datasource_daily --> pipe_export_daily\n"
          "    datasource_orders --> pipe_orders_to_totals\n"
          "    datasource_orders --> pipe_top\n"
          "    datasource_orders -.->|refused rows| quarantine_orders_quarantine\n"
          "    datasource_totals --> pipe_snapshot\n"
          "    pipe_audit --> pipe_top\n"
          "    pipe_export_daily -->|sends| connection_lake\n"
          "    pipe_orders_to_totals ==>|materializes| datasource_totals\n"
          "    pipe_snapshot -.->|copies| datasource_daily\n"
          "    quarantine_orders_quarantine --> pipe_refused\n"
          "    outside_tinybird_pipe_stats --> pipe_audit\n"
          "    unknown_custommers --> pipe_top\n"
          "    classDef connection fill:#e8eaee,stroke:#5b6472,color:#1c2430\n"
          "    classDef datasource fill:#dce9fb,stroke:#2563b8,color:#10243f\n"
          "    classDef materialized fill:#e8e1f8,stroke:#6d46b8,color:#241545\n"
          "    classDef copy fill:#fbeacd,stroke:#a86510,color:#3b2506\n"
          "    classDef endpoint fill:#d5f0df,stroke:#1f7a4d,color:#0b2b1b\n"
          "    classDef sink fill:#fadde2,stroke:#b3344f,color:#3f0f1a\n"
          "    classDef pipe fill:#d8eef0,stroke:#23767f,color:#0b2a2e\n"
          "    classDef outside fill:#f4f4f4,stroke:#8a8a8a,color:#333333,stroke-dasharray:4 3\n");
}

TEST_CASE("a name cannot end its label in Mermaid or begin an arrow") {
    model::Project project;
    project.datasources = {make_datasource("x\"]; a --> b\n<i>&`#", {}), make_datasource("x", {})};
    CHECK(render_mermaid(graph_of(project)) ==
          "flowchart LR\n"
          "    datasource_x[(\"x\")]:::datasource\n"
          "    datasource_x____a_____b__i____"
          "[(\"x#quot;]; a --#gt; b #lt;i#gt;#amp;#96;#35;\")]:::datasource\n"
          "    classDef datasource fill:#dce9fb,stroke:#2563b8,color:#10243f\n");
    CHECK(render_mermaid({}) == "flowchart LR\n");
}

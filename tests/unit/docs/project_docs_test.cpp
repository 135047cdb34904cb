// What the pages say, what they hide, and what holds for every document that is made of them.
#include "ops/project_docs.hpp"
#include "ops/project_docs_secrets.hpp"
#include "ops/project_docs_sql.hpp"
#include "unit/docs/markup.hpp"
#include "unit/docs/small_project.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::ops;
using namespace birdhouse::testing;

namespace {

ProjectDocs docs_of(const model::Project& project) {
    Diagnostics problems;
    return make_project_docs(project, SourceMap(), codec::find_dependencies(project, problems));
}

const DocPage& page_of(const ProjectDocs& docs, std::string_view id) {
    const auto found = std::find_if(docs.pages.begin(), docs.pages.end(), [&](const DocPage& page) {
        return docs.graph.resources[page.resource].id == id;
    });
    REQUIRE(found != docs.pages.end());
    return *found;
}

std::string parameters(const DocPage& page) {
    std::string out;
    for (const DocParameter& one : page.parameters) {
        out += one.name + " " + one.type + (one.default_value.empty() ? "" : " = " + one.default_value) +
               (one.required ? " required" : "") + (one.description.empty() ? "" : ": " + one.description) +
               (one.values.empty() ? "" : " [" + one.values + "]") +
               (one.from.empty() ? "" : " from " + one.from) + "\n";
    }
    return out;
}

std::string relations(const ProjectDocs& docs, const DocPage& page) {
    std::string out;
    for (const DocRelation& relation : page.relations) {
        out += relation.label + ":";
        for (const std::size_t end : relation.ends) {
            out += " " + docs.graph.resources[end].name;
        }
        out += "\n";
    }
    return out;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A project whose every text tries to be markup.
model::Project hostile_project() {
    const std::string attack =
        "</title></style></script><script>alert('x')</script>\"'&<b onclick=\"y\">|`#\x01";
    model::Project project;
    project.config.name = attack;
    model::Datasource datasource = make_datasource("d" + attack, {{"c" + attack, "Enum8('<' = 1)"}});
    datasource.description = attack;
    datasource.columns[0].description = attack;
    datasource.columns[0].json_path = "$." + attack;
    datasource.columns[0].default_expression = attack;
    datasource.columns[0].allowed = {attack};
    datasource.engine.sorting_key = attack;
    datasource.tags = {attack};
    datasource.tokens = {{attack, model::TokenScope::Read, {}}};
    datasource.indexes = {{attack, attack, attack, attack, {}}};
    datasource.forward_query = "SELECT " + attack;
    datasource.connector_settings = {{"KAFKA_TOPIC", attack, {}}};
    project.datasources = {datasource};
    model::Pipe pipe =
        make_pipe("p" + attack, {{"n" + attack, "%\nSELECT '" + attack + "', {{String(x, '<i>')}} FROM t",
                                  model::NodeType::Endpoint}});
    pipe.description = attack;
    project.pipes = {pipe};
    return project;
}

} // namespace

TEST_CASE("a page tells where rows come from and where they go") {
    const ProjectDocs docs = docs_of(small_project());
    CHECK(relations(docs, page_of(docs, "datasource.orders")) ==
          "Ingests from: kafka\nRead by: orders_to_totals top\nPuts refused rows into: orders_quarantine\n");
    CHECK(relations(docs, page_of(docs, "datasource.totals")) ==
          "Materialized by: orders_to_totals\nRead by: snapshot\n");
    CHECK(relations(docs, page_of(docs, "connection.lake")) == "Receives from: export_daily\n");
    CHECK(relations(docs, page_of(docs, "pipe.top")) == "Reads: orders audit custommers\n");
    CHECK(page_of(docs, "unknown.custommers").description == "Nothing in the project has this name.");
}

TEST_CASE("a project is counted by kinds") {
    CHECK(counted_resources(make_resource_graph(small_project(), {})) ==
          "1 connection, 3 datasources, 1 materialized pipe, 1 copy pipe, 2 endpoints, 1 sink, 1 pipe");
    CHECK(counted_resources({}) == "no resources");
}

TEST_CASE("parameters are merged over the nodes, and come along from pipes that are read") {
    model::Project project;
    project.pipes = {
        make_pipe("base", {{"rows", "%\nSELECT * FROM numbers(10) WHERE number > {{UInt8(low, 3)}}"}}),
        make_pipe(
            "top",
            {{"picked", "%\nSELECT * FROM base\n{% if defined(day) %} WHERE day = {{Date(day)}} {% end %}"},
             {"page",
              "%\nSELECT * FROM picked\n"
              "WHERE kind = {{String(kind, required=True, description='what it is', "
              "enum=['a', 'b'])}}\n"
              "AND at > {{DateTime(at, '2025-01-01 00:00:00', example='2025-02-01 00:00:00')}}\n"
              "LIMIT {{Int32(limit, 10)}}",
              model::NodeType::Endpoint}}),
    };
    const ProjectDocs docs = docs_of(project);
    CHECK(parameters(page_of(docs, "pipe.top")) ==
          "day Date\n"
          "kind String required: what it is [one of a, b]\n"
          "at DateTime = '2025-01-01 00:00:00' [such as 2025-02-01 00:00:00]\n"
          "limit Int32 = 10\n"
          "low UInt8 = 3 from base\n");
    CHECK(parameters(page_of(docs, "pipe.base")) == "low UInt8 = 3\n");
}

TEST_CASE("settings that hold secrets are not shown") {
    CHECK(shown_setting("KAFKA_SECRET", "hunter2") == "(secret)");
    CHECK(shown_setting("KAFKA_KEY", "user") == "(secret)");
    CHECK(shown_setting("S3_ACCESS_KEY", "AKIA") == "(secret)");
    CHECK(shown_setting("KAFKA_SSL_CA_PEM", "-----BEGIN") == "(secret)");
    CHECK(shown_setting("GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON", "{}") == "(secret)");
    CHECK(shown_setting("GCS_HMAC_ACCESS_ID", "GOOG1") == "(secret)");
    CHECK(shown_setting("SOME_PASSWORD", "x") == "(secret)");
    CHECK(shown_setting("kafka_secret", "x") == "(secret)");
    CHECK(shown_setting("KAFKA_SECRET", "{{ tb_secret('kafka', 'fallback') }}") == "(secret: kafka)");
    CHECK(shown_setting("KAFKA_BOOTSTRAP_SERVERS", "{{ tb_secret(\"servers\", \"b:9092\") }}") ==
          "(secret: servers)");
    CHECK(shown_setting("KAFKA_KEY_FORMAT", "avro") == "avro");
    CHECK(shown_setting("KAFKA_TOPIC", "orders") == "orders");
    CHECK(shown_setting("KAFKA_SCHEMA_REGISTRY_URL", "https://me:pass@registry:8081/x") ==
          "https://(secret)@registry:8081/x");
    CHECK(shown_setting("IMPORT_BUCKET_URI", "s3://bucket/a@b:c/*.csv") == "s3://bucket/a@b:c/*.csv");
}

TEST_CASE("credentials in prose and in SQL are not shown") {
    CHECK(shown_text("send Bearer abcdefgh12345") == "send Bearer (masked)");
    CHECK(shown_text("two: http://a:b@c, http://d:e@f/g") == "two: http://(secret)@c, http://(secret)@f/g");
    CHECK(shown_text("plain http://host/path?x=1") == "plain http://host/path?x=1");
    CHECK(shown_sql("SELECT * FROM t WHERE key=identifier AND token=another_one") ==
          "SELECT * FROM t WHERE key=identifier AND token=another_one");
    CHECK(shown_sql("SELECT 'x?token=abcdef' -- key=abcdefgh\nFROM t") ==
          "SELECT 'x?token=(masked)' -- key=(masked)\nFROM t");
    CHECK(shown_sql("%\nSELECT {{String(token, 'p.eyJ1IjoiYWJjZGVmZ2hpamtsbW4ifQ')}}") ==
          "%\nSELECT {{String(token, 'p.eyJ(masked)')}}");
    CHECK(shown_sql("SELECT * FROM s3('s3://b/x', 'AKIA', 'hunter2', 'Parquet') JOIN f('a', 'b')") ==
          "SELECT * FROM s3('s3://b/x', '(secret)', '(secret)', 'Parquet') JOIN f('a', 'b')");
    CHECK(shown_sql("SELECT * FROM postgresql('h:5432', concat('a', 'b'), 't', 'me', 'hunter2')") ==
          "SELECT * FROM postgresql('h:5432', concat('a', 'b'), 't', '(secret)', '(secret)')");
    CHECK(shown_sql("% SELECT {{tb_secret('name', 'hunter2')}}") ==
          "% SELECT {{tb_secret('name', '(secret)')}}");
}

TEST_CASE("no secret of the project is in any format") {
    model::Project project = small_project();
    project.pipes[5].nodes[1].sql += " -- Bearer abcdefgh12345";
    project.datasources[0].description = "See https://me:hunter2@example.com/.";
    const ProjectDocs docs = docs_of(project);
    for (const DocsFormat format : {DocsFormat::Html, DocsFormat::Markdown, DocsFormat::Mermaid}) {
        const std::string text = render_docs(docs, format);
        CHECK_FALSE(holds(text, "a-plain-key"));
        CHECK_FALSE(holds(text, "fallback"));
        CHECK_FALSE(holds(text, "abcdefgh12345"));
        CHECK_FALSE(holds(text, "hunter2"));
    }
    CHECK(holds(render_markdown(docs), "- KAFKA_SECRET: `(secret: kafka_secret)`"));
}

TEST_CASE("SQL is coloured, templates too, and names of tables lead to their pages") {
    const ProjectDocs docs = docs_of(small_project());
    const DocPage& page = page_of(docs, "pipe.top");
    CHECK(docs::sql_as_html(page.nodes[0], docs.graph) ==
          "<span class=\"k\">SELECT</span> * <span class=\"k\">FROM</span> <a "
          "href=\"#datasource.orders\">orders</a>");
    CHECK(holds(docs::sql_as_html(page.nodes[1], docs.graph),
                "<span class=\"k\">LIMIT</span> <span class=\"t\">{{Int32(top, 10)}}</span>"));
    const auto as_html = [&](std::string sql) {
        return docs::sql_as_html({"n", "", "", std::move(sql), {{"orders", 0}}}, docs.graph);
    };
    CHECK(as_html("orders, 'a<b' -- x & y") ==
          "orders, <span class=\"s\">&#39;a&lt;b&#39;</span> <span class=\"c\">-- x &amp; y</span>");
    CHECK(as_html("% '{{x}}' {% if a %}7") ==
          "<span class=\"t\">%</span> <span class=\"s\">&#39;</span><span class=\"t\">{{x}}</span><span "
          "class=\"s\">&#39;</span> <span class=\"t\">{% if a %}</span><span class=\"n\">7</span>");
    CHECK(as_html("% {{ open") == "<span class=\"t\">%</span> <span class=\"t\">{{ open</span>");
    CHECK(as_html("{{ no template }}") == "{{ no template }}");
}

TEST_CASE("the HTML page is well-formed and needs nothing from elsewhere") {
    for (const model::Project& project : {small_project(), hostile_project(), model::Project()}) {
        const std::string html = render_html(docs_of(project));
        CHECK(markup_fault(html) == "");
        CHECK(missing_targets(html).empty());
        CHECK(loaded_from_elsewhere(html).empty());
    }
}

TEST_CASE("markup in a project is inert in the HTML page") {
    const std::string html = render_html(docs_of(hostile_project()));
    CHECK(count(html, "<script") == 1);
    CHECK(count(html, "</script") == 1);
    CHECK(count(html, "</style") == 1);
    CHECK_FALSE(holds(html, "<b onclick"));
    CHECK(holds(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    CHECK_FALSE(holds(html, "\x01"));
}

TEST_CASE("markup in a project is inert in Markdown") {
    const std::string markdown = render_markdown(docs_of(hostile_project()));
    const std::size_t fences = markdown.find("```sql");
    REQUIRE(fences != std::string::npos);
    CHECK_FALSE(holds(markdown.substr(0, fences), "<script"));
    CHECK_FALSE(holds(markdown.substr(0, fences), "<b "));
    for (const auto& [columns, line] : table_lines(markdown)) {
        INFO(line);
        CHECK(columns == count(line, " | ") + 1);
    }
}

TEST_CASE("a graph that code hosts would not draw is not in the Markdown") {
    model::Project project;
    project.datasources = {make_datasource("hub", {})};
    for (int i = 0; i < 500; ++i) {
        project.pipes.push_back(make_pipe("reader_" + std::to_string(i), {{"n", "SELECT * FROM hub"}}));
    }
    const ProjectDocs docs = docs_of(project);
    CHECK_FALSE(holds(render_markdown(docs), "```mermaid"));
    CHECK(holds(render_markdown(docs), "With 500 links the graph is more than code hosts draw"));
    CHECK(count(render_mermaid(docs.graph), "-->") == 500);
}

TEST_CASE("SQL cannot end its fence in Markdown") {
    model::Project project;
    project.pipes = {make_pipe("p", {{"n", "SELECT '```' AS a\n````\n"}})};
    CHECK(holds(render_markdown(docs_of(project)), "`````sql\nSELECT '```' AS a\n````\n`````\n"));
}

TEST_CASE("the same project gives the same documents") {
    for (const DocsFormat format : {DocsFormat::Html, DocsFormat::Markdown, DocsFormat::Mermaid}) {
        CHECK(render_docs(docs_of(small_project()), format) == render_docs(docs_of(small_project()), format));
    }
}

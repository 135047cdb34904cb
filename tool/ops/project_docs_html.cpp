// The documentation as one HTML file. It can be read without its script: the script shows one page at a time,
// searches, and follows the pointer in the graph. Everything from the project passes through html_escape.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "ops/html_text.hpp"
#include "ops/project_docs.hpp"
#include "ops/project_docs_assets.hpp"
#include "ops/project_docs_drawing.hpp"
#include "ops/project_docs_sql.hpp"
#include "ops/project_docs_tables.hpp"

namespace birdhouse::ops {

namespace {

std::string icon(std::string_view name) {
    return "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#icon-" + std::string(name) + "\"/></svg>";
}

std::string code(std::string_view text) { return "<code>" + html_escape(text) + "</code>"; }

// Names are long and have no blanks: a line may end behind each `_`.
std::string name_of(const Resource& resource) {
    return replace_all(html_escape(resource.name), "_", "_<wbr/>");
}

// `class="k-datasource"` gives an element the colours of a kind.
std::string kind_class(const Resource& resource) { return "k-" + std::string(docs::style_of(resource)); }

std::string capital(std::string_view text) {
    std::string out(text);
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') {
        out.front() = static_cast<char>(out.front() - 'a' + 'A');
    }
    return out;
}

// Bytes given in hexadecimal digits, in base 64: the form of a hash in a content security policy.
std::string base64_of_hex(std::string_view hex) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto value = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : hex) {
        bits = (bits << 4U) | value(c);
        held += 4;
        if (held >= 6) {
            held -= 6;
            out += kDigits[(bits >> held) & 63U];
        }
    }
    if (held != 0) {
        out += kDigits[(bits << (6 - held)) & 63U];
    }
    out.resize((out.size() + 3) / 4 * 4, '=');
    return out;
}

// The text as a content security policy names it.
std::string hash_source(std::string_view text) { return "'sha256-" + base64_of_hex(sha256(text)) + "'"; }

class HtmlWriter {
public:
    explicit HtmlWriter(const ProjectDocs& docs) : docs_(docs), groups_(docs::groups_of(docs.graph)) {}

    std::string write() {
        head();
        out_ += "<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
                "<svg class=\"symbols\" aria-hidden=\"true\">" +
                std::string(docs::page_icons()) + "</svg>\n";
        bar();
        out_ += "<div class=\"frame\">\n";
        index();
        out_ += "<main id=\"content\">\n";
        overview();
        for (const docs::DocGroup& group : groups_) {
            for (const std::size_t resource : group.resources) {
                page(docs_.pages[resource]);
            }
        }
        out_ += "</main>\n</div>\n</body>\n</html>\n";
        return std::move(out_);
    }

private:
    // Nothing may be loaded, and no script or style counts but our own, known by its hash: were anything of
    // the project to slip through as markup, it would do nothing.
    void head() {
        const std::string script = "/*<![CDATA[*/\n" + std::string(docs::page_script()) + "/*]]>*/";
        const std::string styles = "\n" + std::string(docs::page_styles());
        out_ += "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " +
                hash_source(styles) + "; script-src " + hash_source(script) +
                "; base-uri 'none'; form-action 'none'\"/>\n<title>" + html_escape(docs_.name) +
                "</title>\n<style>" + styles + "</style>\n<script>" + script + "</script>\n</head>\n";
    }

    void bar() {
        out_ +=
            "<header class=\"bar\">\n<a class=\"brand\" href=\"#overview\">" + icon("graph") + "<span>" +
            html_escape(docs_.name) +
            "</span></a>\n<div class=\"search\" role=\"search\"><label class=\"unseen\" for=\"search\">"
            "Search</label><input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" "
            "placeholder=\"Search resources, columns, parameters\" aria-controls=\"found\"/>"
            "<kbd aria-hidden=\"true\">/</kbd></div>\n</header>\n";
    }

    void index() {
        out_ += "<nav aria-label=\"Resources\">\n<details open=\"open\">\n<summary>Resources</summary>\n"
                "<div id=\"found\"><p role=\"status\"></p><ul></ul></div>\n<div class=\"all\">\n"
                "<a class=\"entry home\" href=\"#overview\">" +
                icon("graph") + "<span>Overview</span></a>\n";
        for (const docs::DocGroup& group : groups_) {
            out_ += "<h2>" + html_escape(group.title) + " <span>" + std::to_string(group.resources.size()) +
                    "</span></h2>\n<ul>\n";
            for (const std::size_t resource : group.resources) {
                out_ += "<li>" + link_to(resource, "entry") + "</li>\n";
            }
            out_ += "</ul>\n";
        }
        out_ += "</div>\n</details>\n</nav>\n";
    }

    std::string link_to(std::size_t number, std::string_view style) const {
        const Resource& resource = docs_.graph.resources[number];
        return "<a class=\"" + std::string(style) + " " + kind_class(resource) + "\" href=\"#" + resource.id +
               "\">" + icon(docs::icon_of(resource.kind)) + "<span>" + name_of(resource) + "</span></a>";
    }

    void overview() {
        out_ += "<section id=\"overview\" class=\"view\" tabindex=\"-1\">\n<h1>" + html_escape(docs_.name) +
                "</h1>\n<p class=\"lead\">" + capital(counted_resources(docs_.graph)) + ".</p>\n";
        if (!docs_.graph.resources.empty()) {
            graph();
        }
        for (const docs::DocGroup& group : groups_) {
            out_ += "<h2>" + html_escape(group.title) + "</h2>\n<ul class=\"list\">\n";
            for (const std::size_t resource : group.resources) {
                out_ += "<li>" + link_to(resource, "name") + "<p>" +
                        html_escape(docs_.pages[resource].summary) + "</p></li>\n";
            }
            out_ += "</ul>\n";
        }
        out_ += "</section>\n";
    }

    void graph() {
        std::vector<std::string> summaries;
        for (const DocPage& page : docs_.pages) {
            summaries.push_back(page.summary);
        }
        out_ += "<figure class=\"graph\" id=\"graph\">\n<div class=\"canvas\" tabindex=\"0\" role=\"region\" "
                "aria-label=\"Dependency graph\">" +
                docs::draw_graph(docs_.graph, summaries) + "</div>\n<figcaption><ul class=\"legend\">";
        for (const docs::DocGroup& group : groups_) {
            const Resource& first = docs_.graph.resources[group.resources.front()];
            out_ += "<li class=\"k-" + std::string(docs::style_of(first.kind)) + "\">" +
                    icon(docs::icon_of(first.kind)) + html_escape(group.title) + "</li>";
        }
        out_ += "</ul><div class=\"tools\" role=\"group\" aria-label=\"Size of the graph\" hidden=\"hidden\">"
                "<button type=\"button\" data-zoom=\"out\" aria-label=\"Smaller\">\u2212</button>"
                "<button type=\"button\" data-zoom=\"in\" aria-label=\"Larger\">+</button>"
                "<button type=\"button\" data-zoom=\"fit\">Fit</button>"
                "<button type=\"button\" data-zoom=\"full\" aria-pressed=\"false\" "
                "aria-label=\"Whole window\">" +
                icon("grow") + "</button></div></figcaption>\n</figure>\n";
    }

    void page(const DocPage& page) {
        const Resource& resource = docs_.graph.resources[page.resource];
        out_ += "<article id=\"" + resource.id + "\" class=\"view " + kind_class(resource) +
                "\" tabindex=\"-1\">\n<header>\n<p class=\"kind\">" + icon(docs::icon_of(resource.kind)) +
                capital(singular(resource.kind)) + "</p>\n<h2>" + name_of(resource) + "</h2>\n";
        if (!page.description.empty()) {
            out_ += "<p class=\"about\">" + html_escape(page.description) + "</p>\n";
        }
        labels(page);
        out_ += "</header>\n";
        if (!page.relations.empty()) {
            out_ += "<div class=\"links\">\n";
            surroundings(page);
            relations(page);
            out_ += "</div>\n";
        }
        facts(page);
        for (const docs::DocTable& one : docs::tables_of(page)) {
            table(one);
        }
        for (const DocNode& one : page.nodes) {
            node(one);
        }
        if (!page.forward_query.empty()) {
            out_ += "<section>\n<h3>Forward query</h3>\n";
            sql({"", "", "", page.forward_query, {}});
            out_ += "</section>\n";
        }
        out_ += "</article>\n";
    }

    void labels(const DocPage& page) {
        if (page.tags.empty()) {
            return;
        }
        out_ += "<ul class=\"tags\" aria-label=\"Tags\">";
        for (const std::string& tag : page.tags) {
            out_ += "<li>" + html_escape(tag) + "</li>";
        }
        out_ += "</ul>\n";
    }

    void surroundings(const DocPage& page) {
        const std::string drawn = docs::draw_surroundings(docs_.graph, page.resource);
        if (!drawn.empty()) {
            out_ += "<figure class=\"near\"><div>" + drawn + "</div><figcaption><a href=\"#graph." +
                    docs_.graph.resources[page.resource].id + "\">Show in the whole graph</a></figcaption>" +
                    "</figure>\n";
        }
    }

    void relations(const DocPage& page) {
        out_ += "<div class=\"relations\">\n";
        for (const DocRelation& relation : page.relations) {
            out_ += "<section><h3>" + html_escape(relation.label) + "</h3><ul>";
            for (const std::size_t end : relation.ends) {
                out_ += "<li>" + link_to(end, "name") + "</li>";
            }
            out_ += "</ul></section>\n";
        }
        out_ += "</div>\n";
    }

    void fact(std::string_view label, const std::string& value) {
        out_ += "<div><dt>" + html_escape(label) + "</dt><dd>" + value + "</dd></div>\n";
    }

    void facts(const DocPage& page) {
        if (page.file.empty() && page.facts.empty() && page.tokens.empty()) {
            return;
        }
        out_ += "<dl class=\"facts\">\n";
        for (const DocFact& one : page.facts) {
            fact(one.label, one.code ? code(one.value) : html_escape(one.value));
        }
        if (!page.tokens.empty()) {
            fact("Tokens", html_escape(join(page.tokens, ", ")));
        }
        if (!page.file.empty()) {
            fact("Declared in", code(page.file));
        }
        out_ += "</dl>\n";
    }

    void table(const docs::DocTable& table) {
        out_ += "<section>\n<h3>" + html_escape(table.title) + " <span>" + std::to_string(table.rows.size()) +
                "</span></h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                html_escape(table.title) + "\"><table data-of=\"" +
                html_escape(to_lower_ascii(table.heads.front())) + "\">\n<thead><tr>";
        for (const std::string& head : table.heads) {
            out_ += "<th scope=\"col\">" + html_escape(head) + "</th>";
        }
        out_ += "</tr></thead>\n<tbody>\n";
        for (const std::vector<docs::DocCell>& row : table.rows) {
            out_ += "<tr>";
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::string text = row[i].text.empty() ? ""
                                         : row[i].code       ? code(row[i].text)
                                                             : html_escape(row[i].text);
                out_ += i == 0 ? "<th scope=\"row\">" + text + "</th>" : "<td>" + text + "</td>";
            }
            out_ += "</tr>\n";
        }
        out_ += "</tbody>\n</table></div>\n</section>\n";
    }

    void node(const DocNode& node) {
        out_ += "<section class=\"node\">\n<h3><span>Node</span> " + html_escape(node.name) +
                (node.type.empty() ? "" : " <em>" + html_escape(node.type) + "</em>") + "</h3>\n";
        if (!node.description.empty()) {
            out_ += "<p class=\"about\">" + html_escape(node.description) + "</p>\n";
        }
        sql(node);
        out_ += "</section>\n";
    }

    void sql(const DocNode& node) {
        out_ += "<pre class=\"sql\" tabindex=\"0\"><code>" + docs::sql_as_html(node, docs_.graph) +
                "</code></pre>\n";
    }

    const ProjectDocs& docs_;
    std::vector<docs::DocGroup> groups_;
    std::string out_;
};

} // namespace

std::string render_html(const ProjectDocs& docs) { return HtmlWriter(docs).write(); }

} // namespace birdhouse::ops

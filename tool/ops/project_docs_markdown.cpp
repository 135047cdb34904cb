// The documentation as one Markdown file, in the dialect of code hosts: tables, fences, Mermaid.
#include "base/text.hpp"
#include "ops/project_docs.hpp"
#include "ops/project_docs_tables.hpp"

#include <algorithm>

namespace birdhouse::ops {

namespace {

// Beyond these Mermaid refuses a drawing, unless the page round it says otherwise.
constexpr std::size_t kTooManyLinks = 500;
constexpr std::size_t kTooLong = 50'000;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The sign as an entity: it then means nothing to any dialect, in no place.
std::string entity(char c) { return "&#" + std::to_string(static_cast<unsigned char>(c)) + ";"; }

// Prose on one line. A `_` inside of a word means nothing; everything else that may is disarmed.
std::string prose_line(std::string_view line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool in_word = i != 0 && i + 1 < line.size() && is_letter_or_digit(line[i - 1]) &&
                             is_letter_or_digit(line[i + 1]);
        if (c == '<' || c == '>' || c == '&' || c == '|') {
            out += entity(c);
        } else if (std::string_view("\\`*[]~$").find(c) != std::string_view::npos || (c == '_' && !in_word)) {
            out += '\\';
            out += c;
        } else {
            out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
        }
    }
    return out;
}

// A line that would begin a heading, a list, a quotation or a rule begins with a plain sign instead.
std::string prose_paragraph_line(std::string_view line) {
    line = trim(line);
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') {
        ++digits;
    }
    const bool numbered = digits != 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
    if (numbered) {
        return std::string(line.substr(0, digits)) + "\\" + prose_line(line.substr(digits));
    }
    const bool marked =
        !line.empty() && std::string_view("#+-=:").find(line.front()) != std::string_view::npos;
    return (marked ? "\\" : "") + prose_line(line);
}

// Lines stay lines: who wrote a list of a kind sees one.
std::string prose(std::string_view text, std::string_view line_break) {
    std::string out;
    for (const std::string_view line : split(trim(text), '\n')) {
        out += (out.empty() ? "" : std::string(line_break)) + prose_paragraph_line(line);
    }
    return out;
}

std::size_t longest_run(std::string_view text, char sign) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == sign ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string code(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    std::string flat(text);
    std::replace_if(
        flat.begin(), flat.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    // What a table would cut, or a span of code end, is written sign by sign.
    if (flat.find_first_of("`|") != std::string::npos) {
        std::string out = "<code>";
        for (const char c : flat) {
            const auto byte = static_cast<unsigned char>(c);
            out += is_letter_or_digit(c) || c == ' ' || byte >= 0x80 ? std::string(1, c) : entity(c);
        }
        return out + "</code>";
    }
    return "`" + flat + "`";
}

std::string fenced(std::string_view language, std::string_view text) {
    const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
    const std::string_view end = text.ends_with('\n') ? "" : "\n";
    return fence + std::string(language) + "\n" + std::string(text) + std::string(end) + fence + "\n";
}

std::string table_row(const std::vector<std::string>& cells) { return "| " + join(cells, " | ") + " |\n"; }

std::string table_head(const std::vector<std::string>& heads) {
    return table_row(heads) + "|" + replace_all(std::string(heads.size(), '-'), "-", "---|") + "\n";
}

class MarkdownWriter {
public:
    explicit MarkdownWriter(const ProjectDocs& docs) : docs_(docs), groups_(docs::groups_of(docs.graph)) {}

    std::string write() {
        out_ += "# " + prose_line(docs_.name) + "\n\n";
        out_ += "The datasources and pipes of the project: " + counted_resources(docs_.graph) + ".\n\n";
        if (!docs_.graph.resources.empty()) {
            out_ += "## Graph\n\n";
            graph();
            index();
        }
        for (const docs::DocGroup& group : groups_) {
            out_ += "## " + group.title + "\n\n";
            for (const std::size_t resource : group.resources) {
                page(docs_.pages[resource]);
            }
        }
        while (out_.ends_with("\n\n")) {
            out_.pop_back();
        }
        return std::move(out_);
    }

private:
    std::string link_to(std::size_t resource) const {
        const Resource& to = docs_.graph.resources[resource];
        return "[" + code(to.name) + "](#" + to.id + ")";
    }

    void graph() {
        const std::string drawn = render_mermaid(docs_.graph);
        const std::size_t links = docs_.graph.links.size();
        if (links < kTooManyLinks && drawn.size() < kTooLong) {
            out_ += fenced("mermaid", drawn) + "\n";
            return;
        }
        out_ += "With " + counted(links, "link") +
                " the graph is more than code hosts draw: `birdhouse export docs` draws it as HTML.\n\n";
    }

    void index() {
        out_ += "## Index\n\n";
        for (const docs::DocGroup& group : groups_) {
            out_ += "**" + group.title + "**\n\n";
            for (const std::size_t resource : group.resources) {
                const std::string summary = prose_line(docs_.pages[resource].summary);
                out_ += "- " + link_to(resource) + (summary.empty() ? "" : ": " + summary) + "\n";
            }
            out_ += "\n";
        }
    }

    void page(const DocPage& page) {
        const Resource& resource = docs_.graph.resources[page.resource];
        out_ += "<a id=\"" + resource.id + "\"></a>\n\n### " + prose_line(resource.name) + "\n\n";
        if (!page.description.empty()) {
            out_ += prose(page.description, "  \n") + "\n\n";
        }
        facts(page);
        for (const docs::DocTable& one : docs::tables_of(page)) {
            table(one);
        }
        for (const DocNode& one : page.nodes) {
            node(one);
        }
        if (!page.forward_query.empty()) {
            out_ += "#### Forward query\n\n" + fenced("sql", page.forward_query) + "\n";
        }
    }

    void fact(std::string_view label, const std::string& value) {
        if (!value.empty()) {
            out_ += "- " + std::string(label) + ": " + value + "\n";
        }
    }

    void facts(const DocPage& page) {
        const std::size_t before = out_.size();
        fact("Declared in", code(page.file));
        for (const DocFact& one : page.facts) {
            fact(prose_line(one.label), one.code ? code(one.value) : prose_line(one.value));
        }
        fact("Tags", prose_line(join(page.tags, ", ")));
        fact("Tokens", prose_line(join(page.tokens, ", ")));
        for (const DocRelation& relation : page.relations) {
            std::vector<std::string> ends;
            for (const std::size_t end : relation.ends) {
                ends.push_back(link_to(end));
            }
            fact(relation.label, join(ends, ", "));
        }
        out_ += out_.size() == before ? "" : "\n";
    }

    void table(const docs::DocTable& table) {
        out_ += "#### " + table.title + "\n\n" + table_head(table.heads);
        for (const std::vector<docs::DocCell>& row : table.rows) {
            std::vector<std::string> cells;
            for (const docs::DocCell& cell : row) {
                cells.push_back(cell.code ? code(cell.text) : prose(cell.text, "<br>"));
            }
            out_ += table_row(cells);
        }
        out_ += "\n";
    }

    void node(const DocNode& node) {
        out_ += "#### Node " + code(node.name) + (node.type.empty() ? "" : ", " + node.type) + "\n\n";
        if (!node.description.empty()) {
            out_ += prose(node.description, "  \n") + "\n\n";
        }
        out_ += fenced("sql", node.sql) + "\n";
    }

    const ProjectDocs& docs_;
    std::vector<docs::DocGroup> groups_;
    std::string out_;
};

} // namespace

std::string render_markdown(const ProjectDocs& docs) { return MarkdownWriter(docs).write(); }

} // namespace birdhouse::ops

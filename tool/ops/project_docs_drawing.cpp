#include "ops/project_docs_drawing.hpp"

#include "base/text.hpp"
#include "ops/graph_layout.hpp"
#include "ops/html_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace birdhouse::ops::docs {

namespace {

// In pixels. The letters are of one width, so that boxes can be measured here; the page's styles agree.
constexpr double kLetter = 7.4;
constexpr double kBoxHeight = 30;
constexpr double kTextStart = 31; // behind the icon
constexpr double kTextEnd = 12;
constexpr double kBaseline = 19.5;
constexpr double kMargin = 12;           // round the whole
constexpr std::size_t kLongestName = 34; // letters
constexpr std::size_t kKeptOfEnd = 14;   // of a longer one: names that begin alike often differ there
constexpr std::size_t kMostSurroundings = 40;

std::string label_of(std::string_view name) {
    const std::size_t letters = count_code_points(name);
    if (letters <= kLongestName) {
        return std::string(name);
    }
    std::size_t end = name.size();
    for (std::size_t kept = 0; kept < kKeptOfEnd; ++kept) {
        do {
            --end;
        } while ((static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U);
    }
    return shorten(name, kLongestName - kKeptOfEnd) + std::string(name.substr(end));
}

std::string number(double value) {
    const auto tenths = static_cast<long long>(std::llround(value * 10));
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) {
        text += "." + std::to_string(std::abs(tenths % 10));
    }
    return tenths < 0 && tenths > -10 ? "-" + text : text;
}

std::string point(const Point& at) { return number(at.x) + " " + number(at.y); }

std::string path_of(const Route& route) {
    std::string path;
    for (std::size_t i = 0; i + 1 < route.points.size(); i += 2) {
        const Point& from = route.points[i];
        const Point& to = route.points[i + 1];
        const double middle = (from.x + to.x) / 2;
        path += (i == 0 ? "M" : "L") + point(from) + "C" + point({middle, from.y}) + " " +
                point({middle, to.y}) + " " + point(to);
    }
    return path;
}

std::string_view style_of(LinkKind kind) {
    constexpr auto kStyles = std::to_array<std::string_view>(
        {"reads", "materializes", "copies", "sends", "ingests", "puts-aside"});
    return kStyles[static_cast<std::size_t>(kind)];
}

// The resources and links that are drawn, by their numbers in the graph.
struct Selection {
    std::vector<std::size_t> resources;
    std::vector<std::size_t> links;
};

class Drawing {
public:
    Drawing(const ResourceGraph& graph, Selection selection)
        : graph_(graph), selection_(std::move(selection)) {
        std::map<std::size_t, std::size_t> box_of;
        std::vector<BoxSize> boxes;
        for (const std::size_t resource : selection_.resources) {
            box_of[resource] = boxes.size();
            labels_.push_back(label_of(graph.resources[resource].name));
            const auto letters = static_cast<double>(count_code_points(labels_.back()));
            boxes.push_back({kTextStart + letters * kLetter + kTextEnd, kBoxHeight});
        }
        std::vector<Arrow> arrows;
        for (const std::size_t link : selection_.links) {
            arrows.push_back({box_of.at(graph.links[link].from), box_of.at(graph.links[link].to)});
        }
        layout_ = layout_graph(boxes, arrows);
    }

    std::string frame(std::string_view label, const std::string& content) const {
        const std::string width = number(layout_.width + 2 * kMargin);
        const std::string height = number(layout_.height + 2 * kMargin);
        return "<svg role=\"group\" aria-label=\"" + html_escape(label) + "\" width=\"" + width +
               "\" height=\"" + height + "\" viewBox=\"" + number(-kMargin) + " " + number(-kMargin) + " " +
               width + " " + height + "\">" + content + "</svg>";
    }

    std::string edges() const {
        std::string out = "<g class=\"edges\">";
        for (std::size_t i = 0; i < selection_.links.size(); ++i) {
            const ResourceLink& link = graph_.links[selection_.links[i]];
            out += "<path class=\"edge " + std::string(style_of(link.kind)) +
                   (layout_.routes[i].backward ? " backward" : "") + "\" data-from=\"" +
                   graph_.resources[link.from].id + "\" data-to=\"" + graph_.resources[link.to].id +
                   "\" d=\"" + path_of(layout_.routes[i]) + "\"/>";
        }
        return out + "</g>";
    }

    // With identifiers, links can lead to the boxes: a page may hold such boxes only once.
    std::string box(std::size_t i, std::string_view summary, bool identified, bool here) const {
        const Resource& resource = graph_.resources[selection_.resources[i]];
        const PlacedBox& placed = layout_.boxes[i];
        const auto letters = static_cast<double>(count_code_points(labels_[i]));
        std::string out = "<a class=\"box k-" + std::string(docs::style_of(resource)) +
                          (here ? " here" : "") + "\" href=\"#" + resource.id + "\"";
        out += identified ? " id=\"graph." + resource.id + "\"" : "";
        out += here ? " aria-current=\"true\"" : "";
        out += " transform=\"translate(" + point(placed.corner) + ")\"><title>" +
               html_escape(resource.name + ", " + std::string(singular(resource.kind)) +
                           (summary.empty() ? "" : ": " + std::string(summary))) +
               "</title><rect width=\"" + number(placed.width) + "\" height=\"" + number(placed.height) +
               "\" rx=\"6\"/><use href=\"#icon-" + std::string(icon_of(resource.kind)) +
               "\" x=\"9\" y=\"8\" width=\"14\" height=\"14\"/><text x=\"" + number(kTextStart) + "\" y=\"" +
               number(kBaseline) + "\" textLength=\"" + number(letters * kLetter) + "\">" +
               html_escape(labels_[i]) + "</text></a>";
        return out;
    }

private:
    const ResourceGraph& graph_;
    Selection selection_;
    std::vector<std::string> labels_;
    GraphLayout layout_;
};

} // namespace

std::string_view icon_of(ResourceKind kind) {
    constexpr auto kIcons =
        std::to_array<std::string_view>({"connection", "datasource", "materialized", "copy", "endpoint",
                                         "sink", "pipe", "quarantine", "service", "unknown"});
    return kIcons[static_cast<std::size_t>(kind)];
}

std::string_view style_of(ResourceKind kind) {
    return kind < ResourceKind::Quarantine ? icon_of(kind) : std::string_view("outside");
}

std::string_view style_of(const Resource& resource) {
    return resource.declared ? style_of(resource.kind) : std::string_view("outside");
}

std::string draw_graph(const ResourceGraph& graph, const std::vector<std::string>& summaries) {
    Selection all;
    for (std::size_t i = 0; i < graph.resources.size(); ++i) {
        all.resources.push_back(i);
    }
    for (std::size_t i = 0; i < graph.links.size(); ++i) {
        all.links.push_back(i);
    }
    const Drawing drawing(graph, std::move(all));
    std::string content = drawing.edges() + "<g class=\"boxes\">";
    for (std::size_t i = 0; i < graph.resources.size(); ++i) {
        content += drawing.box(i, summaries[i], true, false);
    }
    return drawing.frame("Dependency graph: rows flow from left to right", content + "</g>");
}

std::string draw_surroundings(const ResourceGraph& graph, std::size_t resource) {
    std::set<std::size_t> near;
    Selection selection;
    for (std::size_t i = 0; i < graph.links.size(); ++i) {
        const ResourceLink& link = graph.links[i];
        if (link.from == resource || link.to == resource) {
            near.insert({link.from, link.to});
            selection.links.push_back(i);
        }
    }
    if (near.empty() || near.size() > kMostSurroundings) {
        return {};
    }
    selection.resources.assign(near.begin(), near.end());
    const Drawing drawing(graph, selection);
    std::string content = drawing.edges() + "<g class=\"boxes\">";
    for (std::size_t i = 0; i < selection.resources.size(); ++i) {
        content += drawing.box(i, "", false, selection.resources[i] == resource);
    }
    return drawing.frame("What " + graph.resources[resource].name + " is linked to", content + "</g>");
}

} // namespace birdhouse::ops::docs

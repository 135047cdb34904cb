#include "unit/docs/markup.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <set>

namespace birdhouse::testing {

namespace {

struct Attribute {
    std::string name;
    std::string value;
};

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Reads the document tag by tag.
class MarkupReader {
public:
    explicit MarkupReader(std::string_view html) : html_(html) {}

    std::string read() {
        constexpr std::string_view kType = "<!DOCTYPE html>";
        if (!html_.starts_with(kType)) {
            return "no document type";
        }
        at_ = kType.size();
        while (fault_.empty() && at_ < html_.size()) {
            if (html_[at_] == '<') {
                tag();
            } else {
                text();
            }
        }
        if (fault_.empty() && !open_.empty()) {
            fault_ = "<" + open_.back() + "> is not closed";
        }
        return fault_;
    }

    const std::vector<Attribute>& attributes() const { return attributes_; }

private:
    void text() {
        const std::size_t end = std::min(html_.find('<', at_), html_.size());
        check_text(html_.substr(at_, end - at_));
        at_ = end;
    }

    void check_text(std::string_view text) {
        if (text.find('>') != std::string_view::npos) {
            fault_ = "a bare > in: " + std::string(text.substr(0, 60));
        }
        for (std::size_t i = text.find('&'); i != std::string_view::npos; i = text.find('&', i + 1)) {
            const std::string_view entity = text.substr(i, text.find(';', i) - i);
            if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot" &&
                entity != "&#39") {
                fault_ = "an unknown entity: " + std::string(entity.substr(0, 20));
            }
        }
    }

    void tag() {
        const bool closing = html_.substr(at_).starts_with("</");
        at_ += closing ? 2 : 1;
        const std::string name = word();
        if (closing) {
            if (open_.empty() || open_.back() != name || html_[at_] != '>') {
                fault_ = "</" + name + "> closes nothing";
                return;
            }
            open_.pop_back();
            ++at_;
            return;
        }
        read_attributes(name);
        if (!fault_.empty()) {
            return;
        }
        if (html_.substr(at_).starts_with("/>")) {
            at_ += 2;
            return;
        }
        ++at_;
        open_.push_back(name);
        if (name == "script" || name == "style") { // their contents are not markup
            at_ = std::min(html_.find("</" + name, at_), html_.size());
        }
    }

    std::string word() {
        const std::size_t begin = at_;
        while (at_ < html_.size() && is_name(html_[at_])) {
            ++at_;
        }
        return std::string(html_.substr(begin, at_ - begin));
    }

    void read_attributes(const std::string& tag) {
        std::set<std::string> names;
        while (at_ < html_.size() && html_[at_] != '>' && html_[at_] != '/') {
            if (html_[at_] == ' ' || html_[at_] == '\n') {
                ++at_;
                continue;
            }
            const std::string name = word();
            if (name.empty() || !html_.substr(at_).starts_with("=\"") || !names.insert(name).second) {
                fault_ = "<" + tag + " " + name + " has no quoted value of its own";
                return;
            }
            at_ += 2;
            const std::size_t end = std::min(html_.find('"', at_), html_.size());
            const std::string value(html_.substr(at_, end - at_));
            check_text(replace_all(value, ">", ""));
            attributes_.push_back({name, value});
            if (name == "id" && !ids_.insert(value).second) {
                fault_ = "id " + value + " is used twice";
            }
            at_ = end + 1;
        }
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::string fault_;
    std::vector<std::string> open_;
    std::vector<Attribute> attributes_;
    std::set<std::string> ids_;
};

std::vector<Attribute> attributes_of(std::string_view html) {
    MarkupReader reader(html);
    reader.read();
    return reader.attributes();
}

} // namespace

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t number = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
        ++number;
    }
    return number;
}

std::string markup_fault(std::string_view html) { return MarkupReader(html).read(); }

std::vector<std::string> missing_targets(std::string_view html) {
    std::set<std::string> ids;
    std::vector<std::string> missing;
    const std::vector<Attribute> attributes = attributes_of(html);
    for (const Attribute& one : attributes) {
        if (one.name == "id") {
            ids.insert("#" + one.value);
        }
    }
    for (const Attribute& one : attributes) {
        if (one.name == "href" && !ids.contains(one.value)) {
            missing.push_back(one.value);
        }
    }
    return missing;
}

std::vector<std::string> loaded_from_elsewhere(std::string_view html) {
    const std::set<std::string> loading = {"src",    "srcset", "action", "background",
                                           "poster", "data",   "style"};
    std::vector<std::string> found;
    for (const Attribute& one : attributes_of(html)) {
        if (loading.contains(one.name) || (one.name == "href" && !one.value.starts_with("#"))) {
            found.push_back(one.name + "=" + one.value);
        }
    }
    const std::string_view head = html.substr(0, html.find("</head>"));
    for (const std::string_view sign : {"url(", "@import", "@font-face", "http:", "https:", "<link", "fetch(",
                                        "XMLHttpRequest", "import("}) {
        if (head.find(sign) != std::string_view::npos) {
            found.emplace_back(sign);
        }
    }
    return found;
}

std::vector<std::pair<std::size_t, std::string>> table_lines(std::string_view markdown) {
    std::vector<std::pair<std::size_t, std::string>> lines;
    std::size_t columns = 0;
    bool fenced = false;
    for (const std::string_view line : split(markdown, '\n')) {
        fenced = line.starts_with("```") ? !fenced : fenced;
        if (fenced || !line.starts_with("|")) {
            columns = 0;
            continue;
        }
        if (line.starts_with("|-")) {
            continue;
        }
        columns = columns == 0 ? count(line, " | ") + 1 : columns;
        lines.emplace_back(columns, line);
    }
    return lines;
}

} // namespace birdhouse::testing

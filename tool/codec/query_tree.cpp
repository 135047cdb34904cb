#include "codec/query_tree.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace birdhouse::codec {

namespace {

using Columns = std::set<TableColumn>;

// One line: `COLUMN id: 4, column_name: a, result_type: UInt64, source_id: 5`, or the head of a section.
struct TreeLine {
    std::size_t depth = 0;
    std::string_view kind; // COLUMN, QUERY, ...; of a section its whole text
    std::optional<std::uint64_t> id;
    std::string_view name; // of a column or table
    std::string_view type; // of a column
    std::optional<std::uint64_t> source;
    std::size_t end = 0; // the first line behind all that stands in it
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && rest != text.data() ? std::optional(value) : std::nullopt;
}

// Cuts off what stands behind the last `mark`; a name may hold what looks like one, so from the right.
std::optional<std::string_view> cut_last(std::string_view& text, std::string_view mark) {
    const std::size_t at = text.rfind(mark);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view value = text.substr(at + mark.size());
    text = text.substr(0, at);
    return value;
}

void read_column(std::string_view text, TreeLine& line) {
    if (const auto source = cut_last(text, ", source_id: ")) {
        line.source = number(*source);
    }
    if (const auto type = cut_last(text, ", result_type: ")) {
        line.type = *type;
    }
    if (const auto name = cut_last(text, ", column_name: ")) {
        line.name = *name;
    }
}

void read_table(std::string_view text, TreeLine& line) {
    constexpr std::string_view kMark = ", table_name: ";
    const std::size_t at = text.find(kMark);
    if (at != std::string_view::npos) {
        const std::string_view name = text.substr(at + kMark.size());
        line.name = name.substr(0, std::min(name.find(", final: "), name.find(", sample_size: ")));
    }
}

TreeLine read_line(std::string_view text) {
    constexpr std::string_view kId = " id: ";
    TreeLine line;
    line.depth = text.find_first_not_of(' ');
    text.remove_prefix(line.depth);
    const std::size_t at = text.find(kId);
    if (at == std::string_view::npos || text.substr(0, at).find_first_of(" :,") != std::string_view::npos) {
        line.kind = text;
        return line;
    }
    line.kind = text.substr(0, at);
    line.id = number(text.substr(at + kId.size()));
    if (line.kind == "COLUMN") {
        read_column(text, line);
    } else if (line.kind == "TABLE") {
        read_table(text, line);
    }
    return line;
}

class QueryTree {
public:
    QueryTree(std::vector<TreeLine> lines, const std::function<bool(std::string_view)>& transparent)
        : lines_(std::move(lines)), transparent_(transparent) {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].id) {
                first_.try_emplace(*lines_[i].id, i);
            }
        }
    }

    QueryColumns columns() {
        QueryColumns result;
        for (const Columns& output : outputs(0)) {
            result.made_of.emplace_back(output.begin(), output.end());
        }
        const Columns all = reads();
        result.reads.assign(all.begin(), all.end());
        return result;
    }

private:
    template <class Visit>
    void each_child(std::size_t at, const Visit& visit) const {
        for (std::size_t i = at + 1; i < lines_[at].end; i = lines_[i].end) {
            visit(i);
        }
    }

    std::optional<std::size_t> section(std::size_t at, std::string_view name) const {
        for (std::size_t i = at + 1; i < lines_[at].end; i = lines_[i].end) {
            if (trim(lines_[i].kind) == name) {
                return i;
            }
        }
        return std::nullopt;
    }

    // The expressions of a section that holds one LIST.
    std::vector<std::size_t> list(std::size_t at, std::string_view name) const {
        std::vector<std::size_t> items;
        const std::optional<std::size_t> found = section(at, name);
        if (found && *found + 1 < lines_[*found].end) {
            each_child(*found + 1, [&](std::size_t item) { items.push_back(item); });
        }
        return items;
    }

    bool is_query(std::size_t at) const { return lines_[at].kind == "QUERY" || lines_[at].kind == "UNION"; }

    // The transparent table that the query takes its rows from.
    std::optional<std::string_view> seen_through(std::size_t query) const {
        const std::optional<std::size_t> tree = section(query, "JOIN TREE");
        if (!tree || *tree + 1 >= lines_[*tree].end) {
            return std::nullopt;
        }
        const TreeLine& table = lines_[*tree + 1];
        const bool is_seen_through = table.kind == "TABLE" && transparent_(table.name);
        return is_seen_through ? std::optional(table.name) : std::nullopt;
    }

    const std::vector<Columns>& outputs(std::size_t query) {
        const auto [entry, is_new] = outputs_.try_emplace(query);
        std::vector<Columns>& known = entry->second;
        if (is_new &&
            depth_ < kDeepestQueryTree) { // one in the making is empty: a recursive WITH reads itself
            ++depth_;
            known = lines_[query].kind == "UNION" ? outputs_of_union(query) : outputs_of_query(query);
            --depth_;
        }
        return known;
    }

    std::vector<Columns> outputs_of_query(std::size_t query) {
        std::vector<Columns> made;
        for (const std::size_t item : list(query, "PROJECTION")) {
            made.emplace_back();
            add_sources(item, made.back());
        }
        return made;
    }

    std::vector<Columns> outputs_of_union(std::size_t query) {
        std::vector<Columns> made;
        for (const std::size_t part : list(query, "QUERIES")) {
            const std::vector<Columns>& more = outputs(part);
            made.resize(std::max(made.size(), more.size()));
            for (std::size_t i = 0; i < more.size(); ++i) {
                made[i].insert(more[i].begin(), more[i].end());
            }
        }
        return made;
    }

    // What the expression is computed from.
    void add_sources(std::size_t at, Columns& sources) {
        if (lines_[at].kind == "COLUMN") {
            add_sources_of_column(at, sources);
        } else if (is_query(at)) {
            for (const Columns& output : outputs(at)) {
                sources.insert(output.begin(), output.end());
            }
        } else {
            each_child(at, [&](std::size_t child) { add_sources(child, sources); });
        }
    }

    void add_sources_of_column(std::size_t at, Columns& sources) {
        const TreeLine& column = lines_[at];
        each_child(at, [&](std::size_t child) { add_sources(child, sources); }); // of an ALIAS, of USING
        const auto found = column.source ? first_.find(*column.source) : first_.end();
        if (found == first_.end()) {
            return;
        }
        const std::size_t source = found->second;
        if (lines_[source].kind == "TABLE") {
            sources.insert({std::string(lines_[source].name), std::string(column.name)});
        } else if (is_query(source)) {
            add_output(source, column, sources);
        } else if (column.end == at + 1) {
            add_defined_in(source, at, sources);
        }
    }

    void add_output(std::size_t query, const TreeLine& column, Columns& sources) {
        const std::optional<std::size_t> index = index_of(query, column);
        const std::vector<Columns>& made = outputs(query);
        if (index && *index < made.size()) {
            sources.insert(made[*index].begin(), made[*index].end());
            return;
        }
        for (const Columns& output : made) {
            sources.insert(output.begin(), output.end());
        }
    }

    // `ARRAY JOIN list AS item`: the column `item` has its expression where it is made only.
    void add_defined_in(std::size_t source, std::size_t column, Columns& sources) {
        for (std::size_t i = source + 1; i < lines_[source].end; ++i) {
            const bool defines = i != column && lines_[i].kind == "COLUMN" &&
                                 lines_[i].name == lines_[column].name && lines_[i].end > i + 1;
            if (defines && defining_.insert(i).second) {
                each_child(i, [&](std::size_t child) { add_sources(child, sources); });
                defining_.erase(i);
                return;
            }
        }
    }

    // `PROJECTION COLUMNS` are printed as `name type`, and both may hold blanks.
    std::optional<std::size_t> index_of(std::size_t query, const TreeLine& column) const {
        while (lines_[query].kind == "UNION") {
            const std::vector<std::size_t> parts = list(query, "QUERIES");
            if (parts.empty()) {
                return std::nullopt;
            }
            query = parts.front();
        }
        const std::optional<std::size_t> names = section(query, "PROJECTION COLUMNS");
        if (!names) {
            return std::nullopt;
        }
        const std::string whole = std::string(column.name) + " " + std::string(column.type);
        const std::string begin = std::string(column.name) + " ";
        std::optional<std::size_t> exact;
        std::optional<std::size_t> other_type; // as join_use_nulls makes it
        std::size_t index = 0;
        each_child(*names, [&](std::size_t line) {
            if (!exact && lines_[line].kind == whole) {
                exact = index;
            } else if (!other_type && lines_[line].kind.starts_with(begin)) {
                other_type = index;
            }
            ++index;
        });
        return exact ? exact : other_type;
    }

    Columns reads() {
        Columns all;
        std::size_t hidden = 0; // behind all that a transparent query selects
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const TreeLine& line = lines_[i];
            if (line.kind == "QUERY" && seen_through(i)) {
                const std::optional<std::size_t> projection = section(i, "PROJECTION");
                hidden = std::max(hidden, projection ? lines_[*projection].end : 0);
            }
            if (i < hidden || line.kind != "COLUMN" || !line.source) {
                continue;
            }
            const auto found = first_.find(*line.source);
            if (found == first_.end()) {
                continue;
            }
            const TreeLine& source = lines_[found->second];
            if (source.kind == "TABLE") {
                all.insert({std::string(source.name), std::string(line.name)});
            } else if (source.kind == "QUERY") {
                if (const std::optional<std::string_view> table = seen_through(found->second)) {
                    all.insert({std::string(*table), std::string(line.name)});
                }
            }
        }
        return all;
    }

    std::vector<TreeLine> lines_;
    const std::function<bool(std::string_view)>& transparent_;
    std::map<std::uint64_t, std::size_t> first_; // where the node of an id is printed first
    std::map<std::size_t, std::vector<Columns>> outputs_;
    std::set<std::size_t> defining_;
    std::size_t depth_ = 0;
};

std::optional<std::vector<TreeLine>> read_lines(std::string_view text) {
    std::vector<TreeLine> lines;
    std::vector<std::size_t> open;
    const auto close = [&](std::size_t depth) {
        while (!open.empty() && lines[open.back()].depth >= depth) {
            lines[open.back()].end = lines.size();
            open.pop_back();
        }
    };
    for (const std::string_view line : split(text, '\n')) {
        if (trim(line).empty()) {
            continue;
        }
        const TreeLine read = read_line(line);
        close(read.depth);
        if (open.size() >= kDeepestQueryTree) {
            return std::nullopt;
        }
        open.push_back(lines.size());
        lines.push_back(read);
    }
    close(0);
    return lines;
}

} // namespace

std::optional<QueryColumns> read_query_tree(std::string_view text,
                                            const std::function<bool(std::string_view)>& transparent) {
    if (text.size() > kLongestQueryTree) {
        return std::nullopt;
    }
    std::optional<std::vector<TreeLine>> lines = read_lines(text);
    const bool is_tree = lines && !lines->empty() &&
                         (lines->front().kind == "QUERY" || lines->front().kind == "UNION") &&
                         lines->front().end == lines->size();
    return is_tree ? std::optional(QueryTree(std::move(*lines), transparent).columns()) : std::nullopt;
}

} // namespace birdhouse::codec

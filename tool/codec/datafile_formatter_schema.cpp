// SCHEMA and INDEXES: entries one a line, each with the comments that are about it.
#include "base/text.hpp"
#include "codec/datafile_formatter_blocks.hpp"
#include "codec/datafile_lines.hpp"

#include <algorithm>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileLine;
using syntax::LineKind;
using syntax::SchemaColumn;
using syntax::SchemaIndex;

namespace {

constexpr std::string_view kIndent = "    ";

// A column, an index, or a comment on a line of its own.
struct Entry {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string text;
    bool comment = false;
    std::string behind; // a comment on the same line
};

struct Comment {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string text;
    bool own_line = false;
};

// `#` lines, and what `--` begins. `schema` is the text without the latter.
std::vector<Comment> find_comments(const Formatting& formatting, const FormatUnit& unit,
                                   const syntax::SchemaText& schema) {
    const SourceMap& sources = formatting.sources;
    std::vector<Comment> comments;
    for (const DatafileLine& line : lines_below(formatting.file, unit)) {
        const Span whole{line.span.source, line.span.begin, line.span.begin + line.content_size};
        if (line.kind == LineKind::Comment) {
            comments.push_back({whole.begin, whole.end, std::string(trim(sources.slice(whole))), true});
        } else if (line.kind == LineKind::Content && !schema.text.empty()) {
            if (const auto comment = comment_in_column_line(schema, whole, sources)) {
                const std::string_view before = sources.slice({whole.source, whole.begin, comment->begin});
                comments.push_back({comment->begin, comment->end, std::string(trim(sources.slice(*comment))),
                                    trim(before).empty()});
            }
        }
    }
    return comments;
}

// The entry that the comment stands in or behind; null before the first.
Entry* entry_before(std::vector<Entry>& entries, std::uint32_t place) {
    const auto next = std::ranges::upper_bound(entries, place, {}, &Entry::begin);
    return next == entries.begin() ? nullptr : &*std::prev(next);
}

// Comments inside of an entry go above it, those on the rest of its line stay there, the others stand alone.
std::vector<Entry> with_comments(std::vector<Entry> entries, std::vector<Comment> comments) {
    std::vector<Entry> alone;
    for (Comment& comment : comments) {
        Entry* entry = entry_before(entries, comment.begin);
        const bool inside = entry != nullptr && comment.begin < entry->end;
        if (!inside && entry != nullptr && !comment.own_line && entry->behind.empty()) {
            entry->behind = std::move(comment.text);
            continue;
        }
        const std::uint32_t begin = inside ? entry->begin : comment.begin;
        alone.push_back({begin, inside ? begin : comment.end, std::move(comment.text), true, ""});
    }
    alone.insert(alone.end(), std::move_iterator(entries.begin()), std::move_iterator(entries.end()));
    std::ranges::stable_sort(alone, {}, &Entry::begin); // comments first where they begin together
    return alone;
}

// Does a blank line stand between the two places?
bool blank_between(const Formatting& formatting, const FormatUnit& unit, std::uint32_t begin,
                   std::uint32_t end) {
    return std::ranges::any_of(lines_below(formatting.file, unit), [&](const DatafileLine& line) {
        return line.kind == LineKind::Blank && line.span.begin >= begin && line.span.begin < end;
    });
}

std::vector<std::string> print(const Formatting& formatting, const FormatUnit& unit,
                               const std::vector<Entry>& entries, std::string_view separator) {
    const auto found = std::ranges::find(entries.rbegin(), entries.rend(), false, &Entry::comment);
    const Entry* last = found == entries.rend() ? nullptr : &*found;
    std::vector<std::string> lines;
    for (const Entry& entry : entries) {
        const bool first = &entry == &entries.front();
        if (!first && formatting.style == FormatStyle::Quoted &&
            blank_between(formatting, unit, std::prev(&entry)->end, entry.begin)) {
            lines.emplace_back();
        }
        std::string line = std::string(kIndent) + entry.text;
        if (!entry.comment && &entry != last) {
            line += separator;
        }
        lines.push_back(line + (entry.behind.empty() ? "" : " " + entry.behind));
    }
    return lines;
}

std::string index_text(const Formatting& formatting, const SchemaIndex& index) {
    const std::string_view written = formatting.sources.slice(index.span);
    const bool announced = written.starts_with("INDEX ") || written.starts_with("INDEX\t");
    const std::string& name = index.name.text;
    // Without the word INDEX the service cuts these letters off the head of the name: adding the word would
    // rename the index. `tb fmt` writes none.
    const bool cut = !announced && name.find_first_of("INDEX") == 0;
    const bool bare = formatting.style == FormatStyle::Tb && name.front() >= 'a' && name.front() <= 'z';
    std::string text = cut || bare ? "" : "INDEX ";
    text += name + " " + index.expression.text + " TYPE " + index.type.text;
    return text + (index.granularity ? " GRANULARITY " + index.granularity->text : "");
}

} // namespace

std::string column_text(const SchemaColumn& column) {
    const auto text_of = [](const std::optional<syntax::TextAt>& part) {
        return part ? std::optional(part->text) : std::nullopt;
    };
    model::Column made;
    made.name = column.name.text;
    made.type = column.type.text;
    made.json_path = text_of(column.json_path);
    made.default_expression = text_of(column.default_expression);
    made.materialized = text_of(column.materialized);
    made.codec = text_of(column.codec);
    const std::string line = column_line(made);
    const bool quotable = made.name.find('`') == std::string::npos; // else it is a bare name
    return quotable ? line : made.name + line.substr(made.name.size() + 2);
}

std::vector<std::string> schema_lines(const Formatting& formatting, const FormatUnit& unit) {
    Diagnostics reported; // when the tree was made
    const auto& [file, sources, style] = formatting;
    const syntax::SchemaText schema = schema_text(file, *unit.directive, sources, reported);
    if (!unit.directive->block && schema.text != sources.slice(schema.span(0, schema.text.size()))) {
        return {}; // a comment inside of the value would have no line of its own
    }
    std::vector<Entry> entries;
    for (const SchemaColumn& column : parse_schema(file, *unit.directive, sources, reported)) {
        entries.push_back({column.span.begin, column.span.end, column_text(column), false, ""});
    }
    std::vector<Comment> comments = find_comments(formatting, unit, schema);
    return print(formatting, unit, with_comments(std::move(entries), std::move(comments)), ",");
}

std::vector<std::string> index_lines(const Formatting& formatting, const FormatUnit& unit) {
    Diagnostics reported;
    std::vector<Entry> entries;
    for (const SchemaIndex& index :
         parse_indexes(formatting.file, *unit.directive, formatting.sources, reported)) {
        entries.push_back({index.span.begin, index.span.end, index_text(formatting, index), false, ""});
    }
    std::vector<Comment> comments = find_comments(formatting, unit, {});
    return print(formatting, unit, with_comments(std::move(entries), std::move(comments)), "");
}

} // namespace birdhouse::codec

#include "codec/datafile_formatter_proof.hpp"

#include "base/text.hpp"
#include "codec/connection_file.hpp"
#include "codec/datafile_formatter_blocks.hpp"
#include "codec/datafile_formatter_order.hpp"
#include "codec/datafile_formatter_values.hpp"
#include "codec/datafile_values.hpp"
#include "codec/datasource_file.hpp"
#include "codec/pipe_file.hpp"
#include "codec/text_block.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileKind;
using syntax::Directive;
using syntax::LineKind;

namespace {

// What one directive says, and whose it is.
struct Said {
    std::size_t owner = 0; // 0: the file; else a node or what an INCLUDE begins, counted from 1
    std::string name;
    std::string value;
    friend bool operator==(const Said&, const Said&) = default;
};

bool goes_before(const Said& a, const Said& b) {
    return std::tie(a.owner, a.name) < std::tie(b.owner, b.name);
}

class ContentReader {
public:
    ContentReader(const Datafile& file, const SourceMap& sources, SqlMay sql)
        : file_(file), sources_(sources), sql_(sql) {}

    // Sorted by owner and name; of one name in the order in which they stand, since the last may hold.
    std::vector<Said> statements() const {
        std::vector<Said> out;
        const bool includes =
            std::ranges::find(file_.directives, "INCLUDE", &Directive::name) != file_.directives.end();
        std::size_t owner = 0;
        for (const Directive& directive : file_.directives) {
            const std::string_view name = canonical_name(directive);
            owner += name == "NODE" || name == "INCLUDE" ? 1U : 0U;
            const bool of_file = !includes && belongs_to_file(file_, directive, sources_);
            out.push_back({of_file ? 0 : owner, std::string(name), value_of(directive)});
        }
        for (const syntax::DatafileLine& line : file_.lines) {
            if (line.kind == LineKind::Stray) {
                out.push_back({0, "", std::string(trim(text_of_line(line, sources_)))});
            }
        }
        std::ranges::stable_sort(out, goes_before);
        return out;
    }

    std::vector<std::string> comments() const {
        std::vector<std::string> out;
        for (const syntax::DatafileLine& line : file_.lines) {
            if (line.kind == LineKind::Comment) {
                out.emplace_back(trim(text_of_line(line, sources_)));
            }
        }
        for (const Directive& directive : file_.directives) {
            if (directive.comment.known()) {
                out.emplace_back(trim(sources_.slice(directive.comment)));
            }
            if (directive.block && is_understood(file_, directive) && directive.name == "SCHEMA") {
                add_schema_comments(directive, out);
            }
        }
        std::ranges::sort(out);
        return out;
    }

private:
    // With what the service drops behind the opener of a block.
    std::string value_of(const Directive& directive) const {
        const std::string dropped = directive.block ? words_as_written(directive, sources_) : "";
        return meaning_of(directive) + (dropped.empty() ? "" : " dropped: " + dropped);
    }

    std::string meaning_of(const Directive& directive) const {
        const std::string_view name = canonical_name(directive);
        const std::string value = syntax::value_of(file_, directive, sources_);
        if (!is_understood(file_, directive)) {
            return directive.block ? text_of_block(directive) : value;
        }
        if (name == "SCHEMA") {
            return columns(directive);
        }
        if (name == "INDEXES") {
            return indexes(directive);
        }
        if (name == "SQL" && sql_ == SqlMay::Change) {
            return "";
        }
        if (name == "DESCRIPTION") {
            return read_description({file_, sources_, ignored_}, directive);
        }
        if (name == "TOKEN" || name == "NODE") {
            return separate_words(directive);
        }
        if (name == "TAGS" || name == "SHARED_WITH") {
            const auto names = plain_names(value);
            return names ? join(*names, ", ") : value;
        }
        if (name == "TYPE") {
            return to_lower_ascii(value);
        }
        if (name.starts_with("ENGINE")) {
            return engine_value_form(name, value);
        }
        return directive.block ? text_of_block(directive) : value;
    }

    std::string text_of_block(const Directive& directive) const {
        return block_text({file_, sources_, ignored_}, directive).text;
    }

    // A name, then words in any case.
    std::string separate_words(const Directive& directive) const {
        std::string text;
        for (const Span word : directive.arguments) {
            std::string plain(sources_.slice(word));
            std::erase_if(plain, [](char c) { return c == '"' || c == '\''; });
            text += (text.empty() ? plain : to_lower_ascii(plain)) + "\n";
        }
        return text;
    }

    std::string columns(const Directive& directive) const {
        std::string text;
        for (const syntax::SchemaColumn& column : parse_schema(file_, directive, sources_, ignored_)) {
            text += column_text(column) + "\n";
        }
        return text;
    }

    std::string indexes(const Directive& directive) const {
        std::string text;
        for (const syntax::SchemaIndex& index : parse_indexes(file_, directive, sources_, ignored_)) {
            text += join(std::vector<std::string>{index.name.text, index.expression.text, index.type.text,
                                                  index.granularity ? index.granularity->text : ""},
                         "\n");
        }
        return text;
    }

    void add_schema_comments(const Directive& directive, std::vector<std::string>& out) const {
        const syntax::SchemaText schema = schema_text(file_, directive, sources_, ignored_);
        for (const Span line : content_of(file_, directive)) {
            if (const auto comment = comment_in_column_line(schema, line, sources_)) {
                out.emplace_back(trim(sources_.slice(*comment)));
            }
        }
    }

    const Datafile& file_;
    const SourceMap& sources_;
    SqlMay sql_;
    mutable Diagnostics ignored_; // reported when the file was read
};

std::optional<std::string> first_difference(const std::vector<Said>& before, const std::vector<Said>& after) {
    const auto [was, is] = std::ranges::mismatch(before, after);
    if (was == before.end() && is == after.end()) {
        return std::nullopt;
    }
    const auto shown = [](const Said& said) {
        return backquoted(trim(said.name + " " + shorten(printable(trim(said.value)), 200)));
    };
    if (is == after.end() || (was != before.end() && goes_before(*was, *is))) {
        return shown(*was) + " would be lost";
    }
    if (was == before.end() || goes_before(*is, *was)) {
        return shown(*is) + " would be new";
    }
    return shown(*was) + " would become " + shown(*is);
}

// As the readers that every other command uses see it; fragments stay apart.
template <class Read>
bool models_differ(Read read, const Datafile& before, const SourceMap& old_sources, const Datafile& after,
                   const SourceMap& new_sources) {
    Diagnostics ignored;
    return read(before, "x", old_sources, ignored) != read(after, "x", new_sources, ignored);
}

std::optional<model::Pipe> read_pipe(const Datafile& file, std::string name, const SourceMap& sources,
                                     Diagnostics& diagnostics) {
    return read_pipe_file(file, std::move(name), sources, diagnostics);
}

std::optional<model::Pipe> read_pipe_without_sql(const Datafile& file, std::string name,
                                                 const SourceMap& sources, Diagnostics& diagnostics) {
    auto pipe = read_pipe_file(file, std::move(name), sources, diagnostics);
    for (std::size_t i = 0; pipe && i < pipe->nodes.size(); ++i) {
        pipe->nodes[i].sql.clear();
    }
    return pipe;
}

std::optional<model::Datasource> read_datasource(const Datafile& file, std::string name,
                                                 const SourceMap& sources, Diagnostics& diagnostics) {
    return read_datasource_file(file, std::move(name), sources, diagnostics);
}

bool models_differ(const Datafile& before, const SourceMap& old_sources, const Datafile& after,
                   const SourceMap& new_sources, SqlMay sql) {
    switch (before.kind) {
    case DatafileKind::Datasource:
        return models_differ(read_datasource, before, old_sources, after, new_sources);
    case DatafileKind::Pipe:
        return models_differ(sql == SqlMay::Stay ? read_pipe : read_pipe_without_sql, before, old_sources,
                             after, new_sources);
    case DatafileKind::Connection:
        return models_differ(read_connection_file, before, old_sources, after, new_sources);
    case DatafileKind::Include:
        break; // a fragment is no resource
    }
    return false;
}

} // namespace

std::optional<std::string> find_difference(const Datafile& before, const std::string& after,
                                           const SourceMap& sources, SqlMay sql) {
    SourceMap new_sources;
    const SourceId source = new_sources.add("formatted", after);
    Diagnostics problems;
    const auto again = parse_for_formatting(source, new_sources, before.kind, before.dialect, problems);
    if (!again) {
        return "the formatted text does not read: " + problems.all().front().message;
    }
    const ContentReader old_content(before, sources, sql);
    const ContentReader new_content(*again, new_sources, sql);
    if (auto difference = first_difference(old_content.statements(), new_content.statements())) {
        return difference;
    }
    if (old_content.comments() != new_content.comments()) {
        return "a comment would be lost";
    }
    return models_differ(before, sources, *again, new_sources, sql)
               ? std::optional<std::string>("the model would differ")
               : std::nullopt;
}

} // namespace birdhouse::codec

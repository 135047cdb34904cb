#include "codec/datafile_comments.hpp"

#include "base/text.hpp"
#include "codec/datafile_project.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileLine;
using syntax::Directive;
using syntax::LineKind;
using Lines = DefinitionComments::Lines;

namespace {

// Where the comments of a directive go in a definition; directives of the same head share a place.
struct KeyOfDirectives {
    std::string_view head; // how the directives begin
    std::string_view key;
};

constexpr auto kKeys = std::to_array<KeyOfDirectives>({
    {"DESCRIPTION", "description"},
    {"SCHEMA", "columns"},
    {"INDEXES", "indexes"},
    {"INDICES", "indexes"},
    {"ENGINE", "engine"},
    {"KAFKA_", "kafka"},
    {"IMPORT_", "import"},
    {"S3_", "s3"},
    {"GCS_", "gcs"},
    {"DYNAMODB_", "dynamodb"},
    {"TOKEN", "tokens"},
    {"TAGS", "tags"},
    {"SHARED_WITH", "shared_with"},
    {"FORWARD_QUERY", "forward_query"},
    {"BACKFILL", "backfill"},
    {"VERSION", "classic_version"},
    {"TYPE", "type"},
});

// Known to a dialect and without a place in the model.
constexpr auto kNotKept = std::to_array<std::string_view>(
    {"MAINTAINER", "SOURCE", "FROM", "TEST", "FILTER", "RESOURCE", "INCLUDE", "PARTITION_KEY", "SORTING_KEY",
     "PRIMARY_KEY", "SAMPLING_KEY", "TTL", "SETTINGS"});

std::string_view without_mark(std::string_view comment) {
    comment = trim(comment);
    while (comment.starts_with('#') || comment.starts_with('-')) {
        comment.remove_prefix(1);
    }
    return trim(comment);
}

class CommentCollector {
public:
    CommentCollector(const Datafile& file, const model::Datasource* datasource, const model::Pipe* pipe,
                     const SourceMap& sources)
        : file_(file), datasource_(datasource), pipe_(pipe), sources_(sources) {}

    DefinitionComments collect() {
        auto directive = file_.directives.begin();
        for (std::size_t i = 0; i < file_.lines.size(); ++i) {
            const DatafileLine& line = file_.lines[i];
            if (directive != file_.directives.end() && directive->first_line == i) {
                read_directive(*directive);
                i += directive->line_count - 1;
                ++directive;
            } else if (line.kind == LineKind::Comment) {
                if (!text_of(line).starts_with(kGeneratedMark)) { // it would be wrong of the new file
                    pending_.emplace_back(without_mark(text_of(line)));
                }
            } else if (line.kind == LineKind::Stray) {
                comments_.head.push_back("not understood: " + std::string(trim(text_of(line))));
            }
        }
        append(std::exchange(pending_, {}), comments_.tail);
        return std::move(comments_);
    }

private:
    std::string_view text_of(const DatafileLine& line) const {
        return sources_.slice({line.span.source, line.span.begin, line.span.begin + line.content_size});
    }

    void read_directive(const Directive& directive) {
        if (directive.name == "NODE" || directive.name == "SCOPE") {
            node_ = directive.arguments.empty() ? std::string()
                                                : std::string(sources_.slice(directive.arguments.front()));
            std::erase_if(node_, [](char c) { return c == '"' || c == '\''; });
        }
        if (is_not_kept(directive)) {
            comments_.head.push_back("not kept: " + whole_line(directive));
        }
        Lines& place = place_of(directive);
        append(std::exchange(pending_, {}), place);
        if (directive.comment.begin != directive.comment.end) {
            place.emplace_back(without_mark(sources_.slice(directive.comment)));
        }
        if (directive.name == "SCHEMA" && datasource_ != nullptr) {
            read_schema(directive);
            return;
        }
        for (const DatafileLine& line : lines_of(file_, directive).subspan(1)) {
            if (line.kind == LineKind::Comment) {
                place.emplace_back(without_mark(text_of(line)));
            }
        }
    }

    bool is_not_kept(const Directive& directive) const {
        const bool known = directive.rule != nullptr &&
                           standing(*directive.rule, file_.kind, file_.dialect) == syntax::Standing::Known;
        const bool operational =
            directive.name == "TAGS" && whole_line(directive).find('=') != std::string::npos;
        return !known || operational || std::ranges::find(kNotKept, directive.name) != kNotKept.end();
    }

    // The directive as it was written, without its comment, its lines joined.
    std::string whole_line(const Directive& directive) const {
        std::string text = directive.name;
        for (const Span word : directive.arguments) {
            text += " " + std::string(sources_.slice(word));
        }
        for (const Span line : content_of(file_, directive)) {
            text += " " + std::string(trim(sources_.slice(line)));
        }
        return text;
    }

    Lines& place_of(const Directive& directive) {
        if (std::exchange(first_, false)) {
            return comments_.head; // above the first line: of the whole file
        }
        if (pipe_ != nullptr && !node_.empty() && directive.name != "TOKEN" && directive.name != "TAGS") {
            return comments_.nodes[node_];
        }
        const auto key = std::ranges::find_if(
            kKeys, [&](const KeyOfDirectives& each) { return directive.name.starts_with(each.head); });
        return key == kKeys.end() ? comments_.head : comments_.keys[std::string(key->key)];
    }

    // `#` lines and `--` comments: of the column on their line, else of the next one, else of the last.
    void read_schema(const Directive& directive) {
        Lines waiting;
        for (const DatafileLine& line : lines_of(file_, directive).subspan(1)) {
            const std::string_view text = text_of(line);
            const std::size_t dashes = line.kind == LineKind::Content ? comment_in(text) : 0;
            const model::Column* column = column_on(line);
            if (column != nullptr) {
                append(std::exchange(waiting, {}), comments_.columns[column->name]);
            }
            if (line.kind == LineKind::Comment) {
                waiting.emplace_back(without_mark(text));
            } else if (line.kind == LineKind::Content && dashes != std::string_view::npos) {
                Lines& place = column != nullptr ? comments_.columns[column->name] : waiting;
                place.emplace_back(without_mark(text.substr(dashes)));
            }
        }
        if (!waiting.empty() && !datasource_->columns.empty()) {
            append(std::move(waiting), comments_.columns[datasource_->columns.back().name]);
        }
    }

    // The service cuts a line of the schema at `--`, but for those inside a JSON path.
    static std::size_t comment_in(std::string_view text) {
        std::size_t at = text.find("--");
        while (at != std::string_view::npos) {
            const std::size_t path = text.rfind("`json:", at);
            const bool in_path = path != std::string_view::npos && text.find('`', path + 1) > at;
            if (!in_path) {
                return at;
            }
            at = text.find("--", at + 2);
        }
        return at;
    }

    // The last column that begins on the line.
    const model::Column* column_on(const DatafileLine& line) const {
        const model::Column* found = nullptr;
        for (const model::Column& column : datasource_->columns) {
            const Span place = column.origin.span;
            if (place.source == line.span.source && place.begin >= line.span.begin &&
                place.begin < line.span.end) {
                found = &column;
            }
        }
        return found;
    }

    static void append(Lines lines, Lines& to) { std::ranges::move(lines, std::back_inserter(to)); }

    const Datafile& file_;
    const model::Datasource* datasource_;
    const model::Pipe* pipe_;
    const SourceMap& sources_;
    DefinitionComments comments_;
    Lines pending_;     // read, and waiting for what stands below them
    std::string node_;  // of the pipe, whose lines are being read
    bool first_ = true; // no directive was read yet
};

} // namespace

DefinitionComments collect_comments(const Datafile& file, const model::Datasource& datasource,
                                    const SourceMap& sources) {
    return CommentCollector(file, &datasource, nullptr, sources).collect();
}

DefinitionComments collect_comments(const Datafile& file, const model::Pipe& pipe, const SourceMap& sources) {
    return CommentCollector(file, nullptr, &pipe, sources).collect();
}

DefinitionComments collect_comments(const Datafile& file, const SourceMap& sources) {
    return CommentCollector(file, nullptr, nullptr, sources).collect();
}

} // namespace birdhouse::codec

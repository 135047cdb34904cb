#include "codec/datafile_formatter_values.hpp"

#include "base/text.hpp"
#include "codec/datafile_formatter_order.hpp"
#include "codec/datafile_lines.hpp"
#include "codec/engine_directives.hpp"
#include "model/pipe.hpp"
#include "syntax/datafile_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileKind;
using syntax::Directive;

namespace {

// What `argument` reads as when it stands behind a directive; nothing when it is no such line.
std::optional<std::string> read_back(std::string_view argument) {
    const auto split = syntax::split_words(argument);
    const bool readable =
        split && split->comment.empty() && !split->words.empty() && split->words.front() != ">";
    return readable ? std::optional(syntax::unquoted_value(split->words)) : std::nullopt;
}

// Bare where that reads back; `otherwise` is how it stands in the file.
std::string plain_form(const std::string& value, std::string otherwise) {
    for (const std::string& candidate : {value, quoted_argument(value)}) {
        if (read_back(candidate) == value) {
            return candidate;
        }
    }
    return otherwise;
}

// Engine values are compared in the form of the model: `((a, b))` loses one pair of parentheses, not two.
std::string engine_form_of(std::string_view name, const std::string& value, std::string otherwise,
                           FormatStyle style) {
    const std::string form = engine_value_form(name, value);
    std::vector<std::string> candidates = {quoted_argument(form), quoted_argument(trim(value)), form};
    if (style == FormatStyle::Tb) {
        candidates.insert(candidates.begin(), form);
    }
    for (const std::string& candidate : candidates) {
        const std::optional<std::string> read = read_back(candidate);
        if (read && candidate.find('\n') == std::string::npos && engine_value_form(name, *read) == form) {
            return candidate;
        }
    }
    return otherwise;
}

std::string tags_form(const std::string& value, std::string otherwise) {
    const auto names = plain_names(value);
    if (!names || names->empty()) {
        return otherwise;
    }
    const std::string joined = join(*names, ", ");
    const std::string candidate = quoted_argument(joined);
    return read_back(candidate) == joined ? candidate : otherwise;
}

// `"name" READ`. What Classic takes behind it, or for it, stays as it is.
std::string token_form(std::span<const std::string_view> words, std::string otherwise) {
    if (words.size() < 2) {
        return otherwise;
    }
    const std::string name = syntax::unquoted_value({words.front()});
    const std::string quoted = quoted_argument(name);
    const std::string probe = quoted + " x"; // the words are views into it
    const auto split = syntax::split_words(probe);
    const bool reads_back = split && split->words.size() == 2 && split->words.front() == quoted;
    std::string line = reads_back ? quoted : std::string(words.front());
    line += " " + (model::parse_token_scope(words[1]) ? to_upper_ascii(words[1]) : std::string(words[1]));
    for (const std::string_view more : words.subspan(2)) {
        line += ' ';
        line += more;
    }
    return line;
}

// The first word without its quotes; the others are dropped by the service, and kept here.
std::string node_form(std::span<const std::string_view> words, std::string otherwise) {
    if (words.empty()) {
        return otherwise;
    }
    std::string name(words.front());
    std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
    const auto split = syntax::split_words(name);
    const bool reads_back = split && split->words.size() == 1 && split->words.front() == name && name != ">";
    std::string line = reads_back ? name : std::string(words.front());
    for (const std::string_view more : words.subspan(1)) {
        line += ' ';
        line += more;
    }
    return line;
}

// Types of nodes in capitals, types of connections not: so the service's own tools write them.
std::string type_form(const Datafile& file, const std::string& value, std::string otherwise) {
    if (file.kind == DatafileKind::Connection) {
        return plain_form(to_lower_ascii(value), std::move(otherwise));
    }
    return plain_form(model::parse_node_type(value) ? to_upper_ascii(value) : value, std::move(otherwise));
}

// Directives that look at their words one by one, or that are read by nobody.
bool stands_as_written(std::string_view name) {
    constexpr std::array<std::string_view, 10> kNames = {"DESCRIPTION", "FILTER", "FROM",       "INCLUDE",
                                                         "INDEXES",     "SCHEMA", "MAINTAINER", "SOURCE",
                                                         "RESOURCE",    "TEST"};
    return std::ranges::find(kNames, name) != kNames.end();
}

bool is_about_engine(std::string_view name) { return name == "ENGINE" || name.starts_with("ENGINE_"); }

} // namespace

std::string words_as_written(const Directive& directive, const SourceMap& sources) {
    std::string line;
    std::uint32_t end = 0;
    for (const Span word : directive.arguments) {
        line += line.empty() || word.begin == end ? "" : " ";
        line += sources.slice(word);
        end = word.end;
    }
    return line;
}

std::string canonical_value(const Datafile& file, const Directive& directive, const SourceMap& sources,
                            FormatStyle style) {
    std::string written = words_as_written(directive, sources);
    const std::string_view name = canonical_name(directive);
    if (!is_understood(file, directive) || stands_as_written(name)) {
        return written;
    }
    std::vector<std::string_view> words;
    for (const Span word : directive.arguments) {
        words.push_back(sources.slice(word));
    }
    const std::string value = syntax::unquoted_value(words);
    if (name == "TOKEN") {
        return token_form(words, std::move(written));
    }
    if (name == "NODE") {
        return node_form(words, std::move(written));
    }
    if (name == "TAGS") {
        return tags_form(value, std::move(written));
    }
    if (name == "TYPE") {
        return type_form(file, value, std::move(written));
    }
    if (is_about_engine(name)) {
        return engine_form_of(name, value, std::move(written), style);
    }
    return words.size() == 1 ? plain_form(value, std::move(written)) : written;
}

std::optional<std::string> block_on_one_line(const Datafile& file, const Directive& directive,
                                             const SourceMap& sources, FormatStyle style) {
    const std::string_view name = canonical_name(directive);
    const std::string value = value_of(file, directive, sources);
    // On one line a `--` would comment out what follows it, and quotes at both ends would be cut.
    const bool changes = value.find("--") != std::string::npos || value.find_first_of("\"'") == 0;
    if (!directive.arguments.empty() || !is_understood(file, directive) || changes) {
        return std::nullopt;
    }
    std::string line;
    if (name == "TAGS") {
        line = tags_form(replace_all(value, "\n", ","), "");
    } else if (is_about_engine(name)) {
        line = engine_form_of(name, value, "", style);
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

std::optional<std::vector<std::string>> plain_names(std::string_view value) {
    std::vector<std::string> names;
    const std::string with_commas = replace_all(std::string(value), "\n", ",");
    for (const std::string_view part : split(with_commas, ',')) {
        std::string_view name = trim(part);
        const bool quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
                            (name.back() == '"' || name.back() == '\'');
        name = quoted ? trim(name.substr(1, name.size() - 2)) : name;
        if (name.find_first_of("\"'") != std::string_view::npos || name.starts_with('#')) {
            return std::nullopt;
        }
        if (!name.empty()) {
            names.emplace_back(name);
        }
    }
    return names;
}

std::string engine_value_form(std::string_view directive_name, std::string_view value) {
    const std::string_view wanted =
        directive_name == "ENGINE_SUMMING_COLUMNS" ? "ENGINE_COLUMNS" : directive_name;
    const auto found = std::ranges::find(engine_directives(), wanted, &EngineDirective::name);
    if (found == engine_directives().end()) {
        return std::string(value);
    }
    model::TableEngine engine;
    engine.*found->field = value;
    return engine_form(std::move(engine)).*found->field;
}

} // namespace birdhouse::codec

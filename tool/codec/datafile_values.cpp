#include "codec/datafile_values.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/text_block.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace birdhouse::codec {

using syntax::Directive;

namespace {

std::string_view unquoted(std::string_view text) {
    const auto is_quote = [](char c) { return c == '"' || c == '\''; };
    const bool quoted = text.size() >= 2 && is_quote(text.front()) && is_quote(text.back());
    return quoted ? text.substr(1, text.size() - 2) : text;
}

bool adds_up(std::string_view name) {
    return name == "TOKEN" || name == "TAGS" || name == "SHARED_WITH" || name == "INCLUDE";
}

bool is_cron(std::string_view text) {
    constexpr std::string_view kFieldCharacters =
        "0123456789*/,-?LW#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::size_t fields = 0;
    for (const std::string_view field : split(text, ' ')) {
        if (field.empty() || field.find_first_not_of(kFieldCharacters) != std::string_view::npos) {
            return false;
        }
        ++fields;
    }
    return fields == 5;
}

} // namespace

BlockText block_text(const DatafileReading& reading, const Directive& directive) {
    std::vector<std::string_view> lines;
    const std::vector<Span> spans = content_of(reading.file, directive);
    std::size_t size = 0;
    lines.reserve(spans.size());
    for (const Span span : spans) {
        lines.push_back(reading.sources.slice(span));
        size += lines.back().size() + 1;
    }
    const std::size_t indentation = shared_indentation(lines);
    BlockText block;
    block.text.reserve(size);
    block.line_origins.reserve(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i].substr(indentation);
        block.text += i == 0 ? "" : "\n";
        block.text += without_trailing_blanks(line);
        const auto begin = spans[i].begin + static_cast<std::uint32_t>(indentation);
        block.line_origins.push_back({{spans[i].source, begin, spans[i].end}});
    }
    return block;
}

bool is_known(const DatafileReading& reading, const Directive& directive) {
    return directive.rule != nullptr &&
           standing(*directive.rule, reading.file.kind, reading.file.dialect) == syntax::Standing::Known;
}

void read_classic_version(const DatafileReading& reading, const Directive& directive,
                          std::optional<std::uint32_t>& version) {
    if (!is_known(reading, directive)) {
        return;
    }
    const std::string value = reading.value(directive);
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failure == std::errc() && end == value.data() + value.size()) {
        version = number;
        return;
    }
    reading.diagnostics.add(codes::F123, reading.place(directive), backquoted(value) + " is not a version",
                            "write a number, such as VERSION 2");
}

std::string read_description(const DatafileReading& reading, const Directive& directive) {
    if (directive.block) {
        return block_text(reading, directive).text;
    }
    std::string text;
    for (const Span word : directive.arguments) {
        text += text.empty() ? "" : " ";
        text += reading.sources.slice(word);
    }
    return text;
}

void read_token(const DatafileReading& reading, const Directive& directive,
                std::vector<model::Token>& tokens) {
    const std::vector<Span>& words = directive.arguments;
    if (words.empty()) {
        return; // reported by the parser
    }
    const bool forward = reading.file.dialect == syntax::Dialect::Forward;
    const bool too_many = words.size() > 2 && forward;
    if (words.size() < 2 || too_many) {
        reading.diagnostics.add(codes::F122, reading.place(directive),
                                "TOKEN takes a name and a permission, here " +
                                    std::string(words.size() == 1 ? "is" : "are") + " " +
                                    counted(words.size(), "word"),
                                "write TOKEN \"name\" READ or TOKEN \"name\" APPEND");
        return;
    }
    const std::string_view permission = reading.sources.slice(words[1]);
    const auto scope = model::parse_token_scope(permission);
    const bool pipe = reading.file.kind == syntax::DatafileKind::Pipe;
    if (!scope && !forward) {
        reading.diagnostics.add(codes::F125, words[1],
                                "the permission " + backquoted(permission) + " is not kept",
                                "write READ or APPEND: Forward knows no other");
        return;
    }
    if (!scope || (forward && pipe && scope != model::TokenScope::Read)) {
        reading.diagnostics.add(codes::F122, words[1],
                                backquoted(permission) + " is not a permission of " +
                                    std::string(to_string(reading.file.kind)) + " files",
                                pipe ? "write READ" : "write READ or APPEND");
        return;
    }
    tokens.push_back(
        {std::string(unquoted(reading.sources.slice(words[0]))), *scope, {span_of(reading.file, directive)}});
}

void read_tags(const DatafileReading& reading, const Directive& directive, std::vector<std::string>& tags) {
    bool reported = false;
    for (std::string& tag : read_names(reading, directive)) {
        if (tag.find('=') == std::string::npos) {
            tags.push_back(std::move(tag));
            continue;
        }
        if (!std::exchange(reported, true)) {
            reading.diagnostics.add(codes::F125, reading.place(directive),
                                    "the operational tag " + backquoted(tag) + " is not kept",
                                    "delete it: Tinybird Forward has no use for it");
        }
    }
}

std::vector<std::string> read_names(const DatafileReading& reading, const Directive& directive) {
    std::vector<std::string> names;
    const std::string value = replace_all(reading.value(directive), "\n", ",");
    for (const std::string_view part : split(value, ',')) {
        const std::string_view name = trim(unquoted(trim(part)));
        if (!name.empty()) {
            names.emplace_back(name);
        }
    }
    return names;
}

bool check_choice(const DatafileReading& reading, const Directive& directive,
                  std::span<const std::string_view> choices) {
    const std::string value = reading.value(directive);
    if (value.empty() || std::ranges::find(choices, value) != choices.end()) {
        return !value.empty();
    }
    const auto near = nearest(value, choices);
    reading.diagnostics.add(codes::F123, reading.place(directive),
                            backquoted(value) + " is not a value of " + backquoted(directive.name),
                            near ? "did you mean " + backquoted(*near) + "?"
                                 : "write one of " + quoted_list(choices));
    return false;
}

bool check_schedule(const DatafileReading& reading, const Directive& directive) {
    const std::string value = reading.value(directive);
    if (value.empty() || value == "@on-demand" || is_cron(value)) {
        return !value.empty();
    }
    reading.diagnostics.add(codes::F179, reading.place(directive), backquoted(value) + " is not a schedule",
                            "write @on-demand or the five fields of a cron expression, such as 0 * * * *");
    return false;
}

void report_repeated(const DatafileReading& reading, std::span<const Directive* const> directives) {
    std::map<std::string_view, const Directive*> seen;
    for (const Directive* directive : directives) {
        if (adds_up(directive->name)) {
            continue;
        }
        const auto [entry, first_time] = seen.emplace(directive->name, directive);
        if (!first_time) {
            reading.diagnostics.add(
                {&codes::F121,
                 backquoted(directive->name) + " stands twice: the last one holds",
                 {{directive->command, "holds"}, {entry->second->command, "has no effect"}},
                 "delete the line that is not meant"});
            entry->second = directive;
        }
    }
}

std::string quoted_list(std::span<const std::string_view> names) {
    std::string list;
    for (const std::string_view name : names) {
        list += (list.empty() ? "" : ", ") + backquoted(name);
    }
    return list;
}

} // namespace birdhouse::codec

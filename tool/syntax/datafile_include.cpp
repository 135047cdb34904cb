#include "syntax/datafile_include.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/datafile_words.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace birdhouse::syntax {

namespace {

constexpr std::size_t kDeepestIncludes = 16;
constexpr std::size_t kMostFragments = 200; // in one file: fragments that include twice double each time

bool may_begin_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool may_stand_in_name(char c) { return may_begin_name(c) || (c >= '0' && c <= '9'); }

// The name at `at`, which is behind the `$`; empty when there is none.
struct VariableAt {
    std::string_view name;
    std::size_t end = 0;
};

VariableAt variable_at(std::string_view text, std::size_t at) {
    const bool braces = at < text.size() && text[at] == '{';
    const std::size_t begin = braces ? at + 1 : at;
    std::size_t end = begin;
    if (begin < text.size() && may_begin_name(text[begin])) {
        while (end < text.size() && may_stand_in_name(text[end])) {
            ++end;
        }
    }
    const bool closed = !braces || (end < text.size() && text[end] == '}');
    return closed ? VariableAt{text.substr(begin, end - begin), braces ? end + 1 : end} : VariableAt{};
}

using Variables = std::map<std::string, std::string, std::less<>>;

struct IncludeLine {
    std::string path;
    Variables variables;
};

class Splicer {
public:
    Splicer(const Fragments& fragments, SourceMap& sources, Diagnostics& diagnostics)
        : fragments_(fragments), sources_(sources), diagnostics_(diagnostics) {}

    Datafile splice(Datafile file) {
        const bool includes = std::ranges::any_of(
            file.directives, [](const Directive& directive) { return directive.name == "INCLUDE"; });
        if (!includes) {
            return file;
        }
        Datafile whole = file;
        whole.lines.clear();
        whole.directives.clear();
        std::uint32_t copied = 0; // lines of `file`
        for (const Directive& directive : file.directives) {
            const std::uint32_t end = directive.first_line + directive.line_count;
            Directive moved = directive;
            moved.first_line = static_cast<std::uint32_t>(whole.lines.size()) + directive.first_line - copied;
            whole.directives.push_back(std::move(moved));
            whole.lines.insert(whole.lines.end(), file.lines.begin() + copied, file.lines.begin() + end);
            copied = end;
            if (directive.name == "INCLUDE") {
                add_fragment(file, directive, whole);
            }
        }
        whole.lines.insert(whole.lines.end(), file.lines.begin() + copied, file.lines.end());
        return whole;
    }

private:
    void add_fragment(const Datafile& file, const Directive& directive, Datafile& whole) {
        const std::optional<IncludeLine> line = read_line(file, directive);
        if (!line || !may_open(line->path, directive)) {
            return;
        }
        Result<std::string> text = fragments_.read(line->path);
        if (!text) {
            diagnostics_.add(codes::F184, value_span(file, directive),
                             "the fragment " + backquoted(line->path) +
                                 " cannot be read: " + text.error().message,
                             "the path counts from the folder of the file that is read first");
            return;
        }
        const SourceId source = sources_.add(
            fragments_.shown(line->path),
            line->variables.empty()
                ? std::move(*text)
                : fill_variables(*text, [&](std::string_view name) -> std::optional<std::string> {
                      const auto found = line->variables.find(name);
                      return found == line->variables.end() ? std::nullopt : std::optional(found->second);
                  }));
        open_.push_back(line->path);
        ++opened_;
        append(splice(parse_datafile(source, sources_, file.kind, diagnostics_, file.dialect)), whole);
        open_.pop_back();
    }

    // Words behind INCLUDE: the path, then `KEY=value` as often as needed, each in quotes or not.
    std::optional<IncludeLine> read_line(const Datafile& file, const Directive& directive) {
        IncludeLine line;
        for (std::size_t i = 0; i < directive.arguments.size(); ++i) {
            const std::vector<std::string_view> word = {sources_.slice(directive.arguments[i])};
            const std::string text = unquoted_value(word);
            const std::size_t equals = text.find('=');
            if (i == 0) {
                line.path = text;
            } else if (equals == std::string::npos || equals == 0) {
                diagnostics_.add(codes::F186, directive.arguments[i],
                                 backquoted(text) + " is no variable of the fragment", "write \"KEY=value\"");
            } else {
                line.variables.insert_or_assign(text.substr(0, equals), text.substr(equals + 1));
            }
        }
        std::string unknown;
        line.path = fill_variables(line.path, [&](std::string_view name) {
            std::optional<std::string> value = fragments_.variable(name);
            unknown = value ? unknown : std::string(name);
            return value;
        });
        if (!unknown.empty()) {
            diagnostics_.add(codes::F187, value_span(file, directive),
                             "the path of the fragment names the environment variable " +
                                 backquoted(unknown) + ", which is not set",
                             "set it, as it is set where the project is deployed");
            return std::nullopt;
        }
        return line.path.empty() ? std::nullopt : std::optional(std::move(line)); // empty: reported as F107
    }

    bool may_open(const std::string& path, const Directive& directive) {
        if (std::ranges::find(open_, path) != open_.end()) {
            diagnostics_.add(codes::F185, directive.command,
                             "the fragment " + backquoted(path) + " includes itself",
                             "break the circle: one of the fragments must stand for itself");
            return false;
        }
        if (open_.size() == kDeepestIncludes || opened_ == kMostFragments) {
            diagnostics_.add(codes::F185, directive.command,
                             "fragments include fragments more than " + std::to_string(kDeepestIncludes) +
                                 " deep, or more than " + std::to_string(kMostFragments) + " in one file",
                             "write some of the lines out");
            return false;
        }
        return true;
    }

    static void append(Datafile fragment, Datafile& whole) {
        const auto moved_by = static_cast<std::uint32_t>(whole.lines.size());
        whole.lines.insert(whole.lines.end(), fragment.lines.begin(), fragment.lines.end());
        for (Directive& directive : fragment.directives) {
            directive.first_line += moved_by;
            whole.directives.push_back(std::move(directive));
        }
    }

    const Fragments& fragments_;
    SourceMap& sources_;
    Diagnostics& diagnostics_;
    std::vector<std::string> open_; // fragments round the one that is read, outermost first
    std::size_t opened_ = 0;
};

} // namespace

Datafile splice_includes(Datafile file, const Fragments& fragments, SourceMap& sources,
                         Diagnostics& diagnostics) {
    return Splicer(fragments, sources, diagnostics).splice(std::move(file));
}

std::string fill_variables(std::string_view text,
                           const std::function<std::optional<std::string>(std::string_view)>& value_of) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
        const bool escaped = at + 1 < text.size() && text[at + 1] == '$';
        const VariableAt variable = escaped ? VariableAt{} : variable_at(text, at + 1);
        const std::optional<std::string> value =
            escaped ? std::optional<std::string>("$")
                    : (variable.name.empty() ? std::nullopt : value_of(variable.name));
        const std::size_t end = escaped ? at + 2 : std::max(variable.end, at + 1);
        if (value) {
            out += text.substr(copied, at - copied);
            out += *value;
            copied = end;
        }
        at = end;
    }
    out += text.substr(copied);
    return out;
}

} // namespace birdhouse::syntax

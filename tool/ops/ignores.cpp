#include "ops/ignores.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace birdhouse::ops {

namespace {

constexpr std::string_view kMark = "birdhouse:";
constexpr std::string_view kIgnore = "ignore";
constexpr std::string_view kIgnoreFile = "ignore-file";
constexpr std::string_view kForm = "write `# birdhouse: ignore F301: reason`";

constexpr std::uint32_t kWholeFile = 0; // no line has this number

struct IgnoredCode {
    const Code* code = nullptr;
    Span place;
    bool used = false;
};

struct IgnoreComment {
    SourceId source = SourceId::None;
    std::uint32_t line = kWholeFile; // that it acts on
    std::vector<IgnoredCode> codes;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

const Code* find_code(std::string_view id) {
    const auto found = std::find_if(codes::kAll.begin(), codes::kAll.end(),
                                    [&](const Code* code) { return code->id == id; });
    return found == codes::kAll.end() ? nullptr : *found;
}

std::string nearest_code(std::string_view word) {
    std::vector<std::string_view> ids(codes::kAll.size());
    std::transform(codes::kAll.begin(), codes::kAll.end(), ids.begin(),
                   [](const Code* code) { return code->id; });
    std::string upper(word);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const std::optional<std::string> near = nearest(upper, ids);
    return near ? "did you mean " + backquoted(*near) + "?" : "docs/errors.md lists the codes";
}

// The comment mark in front of `at`: `#` or `--`, with nothing but blanks between.
std::optional<std::size_t> comment_mark(std::string_view line, std::size_t at) {
    while (at > 0 && is_blank(line[at - 1])) {
        --at;
    }
    if (at > 0 && line[at - 1] == '#') {
        return at - 1;
    }
    return at > 1 && line[at - 1] == '-' && line[at - 2] == '-' ? std::optional(at - 2) : std::nullopt;
}

// One line with a mark in it, from the word behind the mark on.
class CommentReader {
public:
    CommentReader(SourceId source, std::uint32_t offset, std::string_view line, Diagnostics& problems)
        : source_(source), offset_(offset), line_(line), problems_(problems) {}

    // Nothing when the comment says something else or nothing that can be acted on; that is reported.
    std::optional<IgnoreComment> read(std::size_t mark) {
        at_ = mark + kMark.size();
        skip_blanks();
        const std::size_t verb_at = at_;
        const std::string_view verb = word();
        if (verb != kIgnore && verb != kIgnoreFile) {
            problems_.add(codes::F344, span(mark, std::max(at_, mark + kMark.size())),
                          verb.empty()
                              ? "nothing is asked of birdhouse here"
                              : backquoted(printable(verb)) + " is nothing that birdhouse can be told",
                          std::string(kForm));
            return std::nullopt;
        }
        IgnoreComment comment{source_, verb == kIgnoreFile ? kWholeFile : 1, {}};
        read_codes(verb_at, comment.codes);
        return comment.codes.empty() ? std::nullopt : std::optional(std::move(comment));
    }

private:
    void read_codes(std::size_t verb_at, std::vector<IgnoredCode>& codes) {
        std::size_t named = 0;
        do {
            skip_blanks();
            const std::size_t begin = at_;
            const std::string_view id = word();
            if (id.empty()) {
                break;
            }
            ++named;
            add_code(id, span(begin, at_), codes);
            skip_blanks();
        } while (take(','));
        if (named == 0) {
            problems_.add(codes::F344, span(verb_at, at_), "the comment ignores no code", std::string(kForm));
        } else if (!take(':') || trim(line_.substr(at_)).empty()) {
            problems_.add(codes::F340, span(verb_at, at_), "the comment gives no reason",
                          "say behind a colon why that is no problem here: whoever reads it next will ask");
            codes.clear();
        }
    }

    void add_code(std::string_view id, Span place, std::vector<IgnoredCode>& codes) {
        const Code* code = find_code(id);
        if (code == nullptr) {
            problems_.add(codes::F342, place, backquoted(printable(id)) + " is no code of birdhouse",
                          nearest_code(id));
        } else if (!can_be_ignored(*code)) {
            problems_.add(codes::F343, place, backquoted(id) + " cannot be ignored",
                          "mend it: what else is wrong with the file is known only when it is understood");
        } else {
            codes.push_back({code, place});
        }
    }

    void skip_blanks() {
        while (at_ < line_.size() && is_blank(line_[at_])) {
            ++at_;
        }
    }

    std::string_view word() {
        const std::size_t begin = at_;
        while (at_ < line_.size() && is_word(line_[at_])) {
            ++at_;
        }
        return line_.substr(begin, at_ - begin);
    }

    bool take(char wanted) {
        const bool there = at_ < line_.size() && line_[at_] == wanted;
        at_ += there ? 1U : 0U;
        return there;
    }

    Span span(std::size_t begin, std::size_t end) const {
        return {source_, offset_ + static_cast<std::uint32_t>(begin),
                offset_ + static_cast<std::uint32_t>(end)};
    }

    SourceId source_;
    std::uint32_t offset_;
    std::string_view line_;
    Diagnostics& problems_;
    std::size_t at_ = 0;
};

// The next line that holds more than a comment.
std::uint32_t line_acted_on(SourceId source, std::uint32_t after, const SourceMap& sources) {
    const auto end = sources.locate(source, sources.whole(source).end).line;
    for (std::uint32_t number = after + 1; number <= end; ++number) {
        const std::string_view line = trim(sources.line(source, number));
        if (!line.empty() && !line.starts_with('#') && !line.starts_with("--")) {
            return number;
        }
    }
    return end + 1; // nothing stands below
}

void read_comments(SourceId source, const SourceMap& sources, std::vector<IgnoreComment>& comments,
                   Diagnostics& problems) {
    const std::string_view text = sources.text(source);
    std::uint32_t acted_on = 0; // by the last comment with a line of its own: those between act on it too
    for (std::size_t found = text.find(kMark); found != std::string_view::npos;) {
        const std::uint32_t number = sources.locate(source, static_cast<std::uint32_t>(found)).line;
        const std::string_view line = sources.line(source, number);
        const auto begin = static_cast<std::size_t>(line.data() - text.data());
        if (const std::optional<std::size_t> mark = comment_mark(line, found - begin)) {
            CommentReader reader(source, static_cast<std::uint32_t>(begin), line, problems);
            if (std::optional<IgnoreComment> comment = reader.read(found - begin)) {
                const bool trails = !trim(line.substr(0, *mark)).empty();
                const bool for_file = comment->line == kWholeFile;
                if (!for_file && !trails && acted_on <= number) {
                    acted_on = line_acted_on(source, number, sources);
                }
                comment->line = for_file ? kWholeFile : trails ? number : acted_on;
                comments.push_back(std::move(*comment));
            }
        }
        found = text.find(kMark, std::max(found + kMark.size(), begin + line.size()));
    }
}

// The comments of all files, found by the line that a problem is on.
class IgnoreComments {
public:
    IgnoreComments(const SourceMap& sources, Diagnostics& problems) : sources_(sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            read_comments(static_cast<SourceId>(i), sources, comments_, problems);
        }
        for (std::size_t i = 0; i < comments_.size(); ++i) {
            by_line_[{comments_[i].source, comments_[i].line}].push_back(i);
        }
    }

    // Every comment that hides the problem has had its use then, not only the first.
    bool hide(const Diagnostic& problem) {
        if (problem.labels.empty() || comments_.empty() || !can_be_ignored(*problem.code)) {
            return false;
        }
        const Span place = problem.labels.front().span;
        const std::uint32_t line = sources_.locate(place.source, place.begin).line;
        const bool by_line = hide_by({place.source, line}, *problem.code);
        const bool by_file = hide_by({place.source, kWholeFile}, *problem.code);
        return by_line || by_file;
    }

    const std::vector<IgnoreComment>& all() const { return comments_; }

private:
    using FileLine = std::pair<SourceId, std::uint32_t>;

    bool hide_by(const FileLine& at, const Code& code) {
        bool hidden = false;
        const auto found = by_line_.find(at);
        for (const std::size_t index : found == by_line_.end() ? std::vector<std::size_t>() : found->second) {
            for (IgnoredCode& ignored : comments_[index].codes) {
                if (ignored.code == &code) {
                    ignored.used = hidden = true;
                }
            }
        }
        return hidden;
    }

    const SourceMap& sources_;
    std::vector<IgnoreComment> comments_;
    std::map<FileLine, std::vector<std::size_t>> by_line_;
};

Diagnostics shown_of(const Diagnostics& problems, IgnoreComments& comments) {
    Diagnostics shown;
    for (const Diagnostic& problem : problems.all()) {
        if (!comments.hide(problem)) {
            shown.add(problem);
        }
    }
    return shown;
}

} // namespace

bool can_be_ignored(const Code& code) {
    int number = 0;
    std::from_chars(code.id.data() + 1, code.id.data() + code.id.size(), number);
    const bool of_reading = code.id.front() == 'F' && number < 200 && code.severity == Severity::Error;
    const bool of_ignoring = code.id.front() == 'F' && number >= 340 && number < 350;
    return !of_reading && !of_ignoring;
}

Diagnostics without_ignored(const Diagnostics& problems, const SourceMap& sources) {
    Diagnostics of_comments; // `check` tells them
    IgnoreComments comments(sources, of_comments);
    return shown_of(problems, comments);
}

Diagnostics apply_ignores(const Diagnostics& problems, const SourceMap& sources,
                          const std::function<bool(const Code&)>& looked_for) {
    Diagnostics of_comments;
    IgnoreComments comments(sources, of_comments);
    Diagnostics shown = shown_of(problems, comments);
    for (const IgnoreComment& comment : comments.all()) {
        for (const IgnoredCode& ignored : comment.codes) {
            if (!ignored.used && looked_for(*ignored.code)) {
                of_comments.add(codes::F341, ignored.place,
                                "nothing " +
                                    std::string(comment.line == kWholeFile ? "in this file" : "on the line") +
                                    " has the code " + backquoted(ignored.code->id),
                                "remove it: a problem that comes later would be hidden by it");
            }
        }
    }
    shown.append(std::move(of_comments));
    return shown;
}

} // namespace birdhouse::ops

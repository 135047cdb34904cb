#include "syntax/datafile.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/datafile_words.hpp"
#include "syntax/swallowed.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace birdhouse::syntax {

namespace {

// Real files have a hundredth of this. What follows is kept in the tree as stray lines.
constexpr std::size_t kMostDirectives = 1000;
constexpr std::size_t kMostStrayLines = 5;
constexpr std::size_t kMostSwallowed = 5;
constexpr std::size_t kUsualLine = 24; // bytes, on the small side
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct LineText {
    std::string_view text; // without its line end
    std::uint32_t begin = 0;
    std::uint32_t next = 0;
};

// `\n`, `\r\n` and a lone `\r` end a line.
class LineReader {
public:
    explicit LineReader(std::string_view all)
        : all_(all), has_returns_(all.find('\r') != std::string_view::npos) {}

    std::optional<LineText> next() {
        if (at_ >= all_.size()) {
            return std::nullopt;
        }
        if (at_ > feed_ || at_ == 0) { // looked for once a line feed, not once a line: a text may hold none
            feed_ = std::min(all_.find('\n', at_), all_.size());
        }
        const std::size_t begin = at_;
        const std::size_t end =
            has_returns_ ? std::min(all_.substr(begin, feed_ - begin).find('\r'), feed_ - begin) + begin
                         : feed_;
        const bool pair = end < feed_ && end + 1 == feed_;
        at_ = std::min(pair ? feed_ + 1 : end + 1, all_.size());
        return LineText{all_.substr(begin, end - begin), static_cast<std::uint32_t>(begin),
                        static_cast<std::uint32_t>(at_)};
    }

private:
    std::string_view all_;
    bool has_returns_;
    std::size_t at_ = 0;
    std::size_t feed_ = 0;
};

// How many bytes at the start are ASCII, to the nearest eight below: most files have no others.
std::size_t size_of_ascii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080U;
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & kHighBits) != 0) {
            break;
        }
    }
    return at;
}

class DatafileParser {
public:
    DatafileParser(SourceId source, const SourceMap& sources, Diagnostics& diagnostics, DatafileKind kind,
                   Dialect dialect)
        : all_(sources.text(source)), diagnostics_(diagnostics) {
        file_.source = source;
        file_.kind = kind;
        file_.dialect = dialect;
    }

    Datafile parse() {
        if (!readable()) {
            return std::move(file_);
        }
        file_.lines.reserve(all_.size() / kUsualLine);
        LineReader reader(all_);
        while (std::optional<LineText> next = reader.next()) {
            LineText& line = *next;
            file_.lines.push_back({LineKind::Blank,
                                   {file_.source, line.begin, line.next},
                                   static_cast<std::uint32_t>(line.text.size())});
            if (line.begin == 0) {
                skip_byte_order_mark(line);
            }
            read_line(line);
        }
        close_block();
        report_further_strays();
        return std::move(file_);
    }

private:
    bool readable() {
        const std::size_t ascii = size_of_ascii(all_);
        std::size_t bad = all_.find('\0');
        if (const auto invalid = find_invalid_utf8(all_.substr(ascii))) {
            bad = std::min(bad, ascii + *invalid);
        }
        if (bad == std::string_view::npos) {
            return true;
        }
        diagnostics_.add(codes::F001, span(bad, 1), "byte " + with_thousands(bad) + " is not text",
                         "save the file as UTF-8");
        return false;
    }

    void skip_byte_order_mark(LineText& line) {
        if (!line.text.starts_with(kByteOrderMark)) {
            return;
        }
        file_.byte_order_mark = true;
        line.text.remove_prefix(kByteOrderMark.size());
        diagnostics_.add(
            codes::F100, span(0, kByteOrderMark.size()), "the file begins with a byte order mark",
            "save it as UTF-8 without one: the service takes the mark for a part of the first word");
    }

    void read_line(const LineText& line) {
        const std::size_t first = skip_blanks(line.text);
        if (first == line.text.size()) {
            return;
        }
        if (line.text[first] == '#') {
            file_.lines.back().kind = LineKind::Comment;
            return;
        }
        if (open_) {
            if (first != 0 || !closes_block(line.text)) {
                read_content(line, first);
                return;
            }
            close_block();
        }
        read_directive(line);
    }

    // Splitting a line into words is the dear part; the first word alone says no for nearly every line.
    bool closes_block(std::string_view line) const {
        const std::string_view word = line.substr(0, end_of_word(line));
        if (file_.dialect == Dialect::Classic && word.size() == 4 && to_upper_ascii(word) == "FROM") {
            return false; // SQL written at the margin
        }
        const DirectiveRule* rule = find_directive(word);
        return rule != nullptr && standing(*rule, file_.kind, file_.dialect) != Standing::Unknown &&
               split_words(line).has_value();
    }

    void read_content(const LineText& line, std::size_t first) {
        file_.lines.back().kind = LineKind::Content;
        Directive& directive = file_.directives.back();
        directive.line_count = static_cast<std::uint32_t>(file_.lines.size()) - directive.first_line;
        const auto slip = find_swallowed(line.text, first, directive, file_.kind, file_.dialect);
        if (slip && ++swallowed_ <= kMostSwallowed) {
            const bool breaks = directive.name == "SCHEMA" || directive.name == "INDEXES";
            diagnostics_.add(
                breaks ? codes::F105 : codes::F110, span(offset_of(slip->word), slip->word.size()),
                backquoted(slip->word) + " is read as text of the " + directive.name + " block", slip->help);
        }
    }

    void read_directive(const LineText& line) {
        if (file_.directives.size() == kMostDirectives) {
            report_too_many(line);
            return;
        }
        const std::optional<LineWords> split = split_words(line.text);
        if (!split) {
            if (stray(line)) {
                diagnostics_.add(codes::F102, last_stray_, "a word in quotes is not closed on its line",
                                 "close the quote");
            }
            return;
        }
        const std::string_view command = split->words.front();
        const DirectiveRule* rule = find_directive(command);
        const bool opens = split->words.size() >= 2 && split->words[1] == ">";
        const Standing known =
            rule == nullptr ? Standing::Unknown : standing(*rule, file_.kind, file_.dialect);
        if (known == Standing::Unknown && !opens) {
            if (stray(line)) {
                diagnostics_.add(codes::F101, last_stray_, unknown_message(command),
                                 unknown_help(command, rule));
            }
            return;
        }
        file_.lines.back().kind = LineKind::Directive;
        add_directive(rule, *split, opens);
        if (known == Standing::Unknown) {
            diagnostics_.add(codes::F101, file_.directives.back().command, unknown_message(command),
                             unknown_help(command, rule));
        } else {
            check_standing(known);
            check_block_use();
        }
    }

    void report_too_many(const LineText& line) {
        file_.lines.back().kind = LineKind::Stray;
        if (!too_many_) {
            too_many_ = true;
            diagnostics_.add(codes::F111, span(line.begin, line.text.size()),
                             "the file has more than " + with_thousands(kMostDirectives) + " directives",
                             "split it: what begins here is not read");
        }
    }

    void add_directive(const DirectiveRule* rule, const LineWords& split, bool opens) {
        Directive directive;
        directive.rule = rule;
        directive.name = to_upper_ascii(split.words.front());
        directive.command = span_of_word(split.words.front());
        for (std::size_t i = opens ? 2 : 1; i < split.words.size(); ++i) {
            directive.arguments.push_back(span_of_word(split.words[i]));
        }
        if (!split.comment.empty()) {
            directive.comment = span_of_word(split.comment);
        }
        directive.block = opens;
        directive.first_line = static_cast<std::uint32_t>(file_.lines.size()) - 1;
        file_.directives.push_back(std::move(directive));
        open_ = opens;
        report_dropped_text();
    }

    void report_dropped_text() {
        const Directive& directive = file_.directives.back();
        if (directive.block && !directive.arguments.empty()) {
            const Span dropped{file_.source, directive.arguments.front().begin,
                               directive.arguments.back().end};
            diagnostics_.add(codes::F103, dropped, "the text behind `>` is dropped",
                             "move it to a line of its own");
        }
    }

    void check_standing(Standing known) {
        const Directive& directive = file_.directives.back();
        if (known == Standing::Ignored) {
            diagnostics_.add(codes::F108, directive.command,
                             backquoted(directive.name) + " has no effect any more",
                             std::string(directive.rule->mend));
        } else if (known == Standing::Removed) {
            diagnostics_.add(codes::F109, directive.command,
                             backquoted(directive.name) + " is refused in " +
                                 std::string(to_string(file_.kind)) + " files",
                             std::string(directive.rule->mend));
        }
    }

    void check_block_use() {
        const Directive& directive = file_.directives.back();
        const BlockUse use = directive.rule->block;
        if (directive.block && use == BlockUse::Never && file_.dialect == Dialect::Forward) {
            diagnostics_.add(codes::F104, directive.command,
                             backquoted(directive.name) + " takes its value on the same line",
                             "write " + backquoted(directive.name + " value"));
        } else if (!directive.block && use == BlockUse::Required) {
            diagnostics_.add(
                codes::F106, directive.command, backquoted(directive.name) + " must open a block",
                "write " + backquoted(directive.name + " >") + " and the text on the lines below, indented");
        } else if (!directive.block && directive.arguments.empty()) {
            diagnostics_.add(codes::F107, directive.command, backquoted(directive.name) + " has no value",
                             "write the value behind it, or delete the line");
        }
    }

    void close_block() {
        if (!open_) {
            return;
        }
        open_ = false;
        const Directive& directive = file_.directives.back();
        const bool may_be_empty = directive.rule != nullptr && directive.rule->value == DirectiveValue::Text;
        if (directive.line_count == 1 && !may_be_empty) {
            diagnostics_.add(codes::F107, directive.command, "the " + directive.name + " block is empty",
                             "write its text on the lines below, indented");
        }
    }

    // True while such lines are still reported one by one: a file of another kind altogether has nothing
    // else.
    bool stray(const LineText& line) {
        file_.lines.back().kind = LineKind::Stray;
        const std::string_view text = trim(line.text);
        const std::string_view word = text.substr(0, text.find_first_of(" \t"));
        last_stray_ = span(offset_of(word), word.size());
        return ++strays_ <= kMostStrayLines;
    }

    void report_further_strays() {
        if (strays_ > kMostStrayLines) {
            diagnostics_.add(codes::F101, last_stray_,
                             counted(strays_ - kMostStrayLines, "further line") + " up to here " +
                                 (strays_ == kMostStrayLines + 1 ? "is" : "are") + " not read",
                             "check that this is a " + std::string(to_string(file_.kind)) + " file");
        }
    }

    std::string unknown_message(std::string_view word) const {
        return backquoted(shorten(word, 40)) + " is not a directive of " +
               std::string(to_string(file_.kind)) + " files";
    }

    std::string unknown_help(std::string_view word, const DirectiveRule* rule) const {
        if (rule == nullptr) {
            const auto near = nearest(word, known_directives(file_.kind, file_.dialect));
            return near ? "did you mean " + backquoted(*near) + "?" : "";
        }
        if (file_.dialect == Dialect::Forward && rule->known == kNoKind) {
            return rule->mend.empty() ? "only Tinybird Classic knows it" : std::string(rule->mend);
        }
        return file_.dialect == Dialect::Classic ? "only Tinybird Forward knows it"
                                                 : "it belongs into another kind of file";
    }

    std::size_t offset_of(std::string_view part) const {
        return static_cast<std::size_t>(part.data() - all_.data());
    }
    Span span(std::size_t begin, std::size_t size) const {
        return {file_.source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + size)};
    }
    Span span_of_word(std::string_view word) const { return span(offset_of(word), word.size()); }

    std::string_view all_;
    Diagnostics& diagnostics_;
    Datafile file_;
    bool open_ = false; // a block is open: that of the last directive
    bool too_many_ = false;
    std::size_t swallowed_ = 0;
    std::size_t strays_ = 0;
    Span last_stray_;
};

} // namespace

Datafile parse_datafile(SourceId source, const SourceMap& sources, DatafileKind kind,
                        Diagnostics& diagnostics, Dialect dialect) {
    return DatafileParser(source, sources, diagnostics, kind, dialect).parse();
}

} // namespace birdhouse::syntax

#include "codec/datafile_formatter.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "codec/datafile_formatter_lines.hpp"
#include "codec/datafile_formatter_order.hpp"
#include "codec/datafile_formatter_units.hpp"
#include "syntax/datafile_words.hpp"
#include "syntax/schema_columns.hpp"

#include <algorithm>
#include <utility>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileKind;
using syntax::Dialect;
using syntax::Directive;
using syntax::LineKind;

namespace {

class Printer {
public:
    Printer(Formatting formatting, const FormattedSql& sql) : formatting_(formatting), sql_(sql) {}

    std::string print(FormatUnits units) {
        for (const CommentParagraph& paragraph : units.header) {
            separate();
            add(paragraph.lines);
        }
        const std::vector<OrderedUnit> ordered =
            order_units(formatting_.file, formatting_.sources, std::move(units.units), formatting_.style);
        for (std::size_t i = 0; i < ordered.size(); ++i) {
            print_unit(ordered[i], i == 0 ? nullptr : &ordered[i - 1]);
        }
        for (const CommentParagraph& paragraph : units.footer) {
            separate();
            add(paragraph.lines);
        }
        return std::move(out_);
    }

private:
    void print_unit(const OrderedUnit& ordered, const OrderedUnit* before) {
        const bool apart = before == nullptr || stands_apart(*before, ordered);
        if (apart) {
            separate();
        }
        const std::vector<CommentParagraph>& above = ordered.unit.above;
        for (const CommentParagraph& paragraph : above) {
            if (paragraph.blank_above) {
                separate();
            }
            add(paragraph.lines);
        }
        if (apart && !above.empty() && above.back().blank_below) {
            separate();
        }
        add(unit_lines(formatting_, ordered, sql_));
        for (const CommentParagraph& paragraph : ordered.unit.below) {
            add(paragraph.lines);
        }
    }

    // Is there a blank line between the two?
    bool stands_apart(const OrderedUnit& before, const OrderedUnit& unit) const {
        if (unit.group == FormatGroup::Foreign) {
            return unit.unit.blank_above;
        }
        const bool alike = before.group == unit.group;
        if (before.section == unit.section) {
            return before.group != FormatGroup::Node && (!alike || is_block_by_nature(unit.group));
        }
        const bool includes = alike && unit.group == FormatGroup::Include;
        return !includes && !follows_at_once(before, unit);
    }

    static bool is_block_by_nature(FormatGroup group) {
        using enum FormatGroup;
        return group == Description || group == Sql || group == Schema || group == Indexes ||
               group == SharedWith || group == ForwardQuery;
    }

    // `tb fmt` lets the next node follow the settings of a node.
    bool follows_at_once(const OrderedUnit& before, const OrderedUnit& unit) const {
        return formatting_.style == FormatStyle::Tb && before.group == FormatGroup::Settings &&
               unit.group == FormatGroup::Node && before.unit.below.empty() && unit.unit.above.empty();
    }

    // One blank line before what follows; none at the head of the file.
    void separate() {
        if (!out_.empty() && !out_.ends_with("\n\n")) {
            out_ += '\n';
        }
    }

    void add(const std::vector<std::string>& lines) {
        for (const std::string& line : lines) {
            out_ += line;
            out_ += '\n';
        }
    }

    Formatting formatting_;
    const FormattedSql& sql_;
    std::string out_;
};

// A line is kept where it stands when another dialect, or another kind of file, knows its word.
bool is_foreign(std::string_view line) {
    const auto split = syntax::split_words(line);
    return split && !split->words.empty() && syntax::find_directive(split->words.front()) != nullptr;
}

bool holds_unknown_words(const Datafile& file, const SourceMap& sources) {
    return std::ranges::any_of(file.lines,
                               [&](const syntax::DatafileLine& line) {
                                   return line.kind == LineKind::Stray &&
                                          !is_foreign(text_of_line(line, sources));
                               }) ||
           std::ranges::find(file.directives, nullptr, &Directive::rule) != file.directives.end();
}

// F100 is mended by formatting. What F101 and F109 refuse may be known to the other dialect.
bool stops_formatting(const Diagnostic& diagnostic) {
    const Code* code = diagnostic.code;
    return code->severity == Severity::Error && code != &codes::F100 && code != &codes::F101 &&
           code != &codes::F109;
}

// A tree, and what a reader of it would say.
struct Attempt {
    Datafile file;
    Diagnostics found;
    bool usable = false;
    bool doubtful = false; // some lines may be directives of the other dialect
};

Attempt attempt(SourceId source, const SourceMap& sources, DatafileKind kind, Dialect dialect) {
    Attempt made;
    made.file = parse_datafile(source, sources, kind, made.found, dialect);
    for (const Directive& directive : made.file.directives) {
        made.doubtful |= swallows_directives(made.file, directive, sources);
        if (!is_understood(made.file, directive)) {
            made.doubtful = true;
        } else if (directive.name == "SCHEMA") {
            parse_schema(made.file, directive, sources, made.found);
        } else if (canonical_name(directive) == "INDEXES") {
            parse_indexes(made.file, directive, sources, made.found);
        }
    }
    made.doubtful |= std::ranges::find(made.file.lines, LineKind::Stray, &syntax::DatafileLine::kind) !=
                     made.file.lines.end();
    made.usable =
        !holds_unknown_words(made.file, sources) && std::ranges::none_of(made.found.all(), stops_formatting);
    return made;
}

} // namespace

std::optional<Datafile> parse_for_formatting(SourceId source, const SourceMap& sources, DatafileKind kind,
                                             Dialect dialect, Diagnostics& diagnostics) {
    Attempt first = attempt(source, sources, kind, dialect);
    if (first.usable && !first.doubtful) {
        return std::move(first.file);
    }
    Attempt second =
        attempt(source, sources, kind, dialect == Dialect::Forward ? Dialect::Classic : Dialect::Forward);
    if (second.usable && !second.doubtful) {
        return std::move(second.file);
    }
    if (first.usable && second.usable) {
        return std::move(first.file);
    }
    // What doubtful lines say depends on the dialect, and one of the two may be able to read the file only
    // once it is formatted: then it would say something else.
    for (const Diagnostic& diagnostic : (first.usable ? second : first).found.all()) {
        if (diagnostic.code->severity == Severity::Error && diagnostic.code != &codes::F100) {
            diagnostics.add(diagnostic);
        }
    }
    return std::nullopt;
}

std::string format_datafile(const Datafile& file, const SourceMap& sources, FormatStyle style,
                            const FormattedSql& sql) {
    return Printer({file, sources, style}, sql).print(collect_units(file, sources));
}

} // namespace birdhouse::codec

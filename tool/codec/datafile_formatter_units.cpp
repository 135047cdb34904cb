#include "codec/datafile_formatter_units.hpp"

#include "base/text.hpp"

#include <utility>

namespace birdhouse::codec {

using syntax::Datafile;
using syntax::DatafileLine;
using syntax::LineKind;

namespace {

class UnitCollector {
public:
    UnitCollector(const Datafile& file, const SourceMap& sources) : file_(file), sources_(sources) {}

    FormatUnits collect() {
        while (at_ < file_.lines.size()) {
            const LineKind kind = file_.lines[at_].kind;
            if (kind == LineKind::Directive || kind == LineKind::Stray) {
                begin_unit(kind == LineKind::Directive);
            } else {
                read_gap_line(file_.lines[at_++]);
            }
        }
        close_gap();
        return std::move(out_);
    }

private:
    // A gap is what stands between two units: comments in paragraphs, and blank lines.
    void read_gap_line(const DatafileLine& line) {
        if (line.kind == LineKind::Blank) {
            blank_ = true;
            return;
        }
        if (gap_.empty() || blank_) {
            if (!gap_.empty()) {
                gap_.back().blank_below = true;
            }
            gap_.push_back({{}, blank_ || out_.units.empty(), false});
            blank_ = false;
        }
        gap_.back().lines.emplace_back(trim(text_of_line(line, sources_)));
    }

    void begin_unit(bool is_directive) {
        FormatUnit unit;
        unit.blank_above = blank_ || (!gap_.empty() && gap_.front().blank_above);
        close_gap(&unit);
        unit.first_line = static_cast<std::uint32_t>(at_);
        unit.end_line = unit.first_line + 1;
        if (is_directive) {
            unit.index = next_directive_;
            unit.directive = &file_.directives[next_directive_++];
            unit.end_line = unit.first_line + unit.directive->line_count;
            if (unit.directive->block) {
                take_indented_comments(unit.end_line);
            }
        }
        at_ = unit.end_line;
        out_.units.push_back(std::move(unit));
    }

    // Below a block an indented comment is still about the block.
    void take_indented_comments(std::uint32_t& end_line) const {
        for (std::size_t i = end_line; i < file_.lines.size(); ++i) {
            const DatafileLine& line = file_.lines[i];
            const bool indented =
                line.kind == LineKind::Comment && !text_of_line(line, sources_).starts_with('#');
            if (indented) {
                end_line = static_cast<std::uint32_t>(i) + 1;
            } else if (line.kind != LineKind::Blank) {
                return;
            }
        }
    }

    // Gives each paragraph of the gap to the unit above or to the one below it, which is null at the end.
    void close_gap(FormatUnit* below = nullptr) {
        if (!gap_.empty()) {
            gap_.back().blank_below = blank_ || below == nullptr;
        }
        blank_ = false;
        std::vector<CommentParagraph> gap = std::exchange(gap_, {});
        auto first = gap.begin();
        if (first != gap.end() && !out_.units.empty() && !first->blank_above && first->blank_below) {
            out_.units.back().below.push_back(std::move(*first++));
        }
        for (; first != gap.end(); ++first) {
            const bool about_the_file = out_.units.empty() && first->blank_below;
            if (below == nullptr) {
                out_.footer.push_back(std::move(*first));
            } else if (about_the_file) {
                out_.header.push_back(std::move(*first));
            } else {
                below->above.push_back(std::move(*first));
            }
        }
    }

    const Datafile& file_;
    const SourceMap& sources_;
    FormatUnits out_;
    std::vector<CommentParagraph> gap_;
    std::size_t at_ = 0;
    std::size_t next_directive_ = 0;
    bool blank_ = false; // the last line was blank
};

} // namespace

FormatUnits collect_units(const Datafile& file, const SourceMap& sources) {
    return UnitCollector(file, sources).collect();
}

std::span<const DatafileLine> lines_below(const Datafile& file, const FormatUnit& unit) {
    return std::span(file.lines).subspan(unit.first_line + 1, unit.end_line - unit.first_line - 1);
}

std::string_view text_of_line(const DatafileLine& line, const SourceMap& sources) {
    std::string_view text =
        sources.slice({line.span.source, line.span.begin, line.span.begin + line.content_size});
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (line.span.begin == 0 && text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    return text;
}

} // namespace birdhouse::codec

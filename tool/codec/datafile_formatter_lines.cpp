#include "codec/datafile_formatter_lines.hpp"

#include "base/text.hpp"
#include "codec/datafile_formatter_values.hpp"
#include "codec/datafile_values.hpp"

#include <optional>
#include <utility>

namespace birdhouse::codec {

using syntax::Directive;

namespace {

using Lines = std::vector<std::string>;

Lines indented(std::string_view text) {
    Lines lines;
    for (const std::string_view line : split(text, '\n')) {
        lines.push_back("    " + std::string(line));
    }
    return lines;
}

// A directive says something with one value, or with the lines of a block.
struct Saying {
    std::string value;
    Lines block;
};

class UnitWriter {
public:
    UnitWriter(const Formatting& formatting, const OrderedUnit& ordered)
        : formatting_(formatting), unit_(ordered.unit), directive_(*ordered.unit.directive),
          fixed_(ordered.fixed), known_(is_understood(formatting.file, directive_)),
          name_(known_ ? canonical_name(directive_) : std::string_view(directive_.name)) {}

    Lines write(const FormattedSql& sql) const {
        const auto found = sql.find(unit_.index);
        Saying saying = found == sql.end() ? say() : Saying{"", indented(found->second)};
        std::string line(name_);
        const bool empty_block = directive_.block && saying.value.empty();
        if (!saying.block.empty() || empty_block) {
            line += " >";
            // What the service drops behind `>` is still the author's.
            saying.value = directive_.block ? words_as_written(directive_, formatting_.sources) : "";
        }
        line += saying.value.empty() ? "" : " " + saying.value;
        if (directive_.comment.known()) {
            line += ' ';
            line += trim(formatting_.sources.slice(directive_.comment));
        }
        Lines lines = std::move(saying.block);
        lines.insert(lines.begin(), std::move(line));
        return lines;
    }

private:
    Saying say() const { return directive_.block ? say_block() : say_line(); }

    Saying say_block() const {
        const bool doubtful =
            !known_ || swallows_directives(formatting_.file, directive_, formatting_.sources);
        if (Lines entries = doubtful ? Lines() : entry_lines(); !entries.empty()) {
            return {"", std::move(entries)};
        }
        if (!doubtful && !has_comments(formatting_, unit_)) {
            if (auto value =
                    block_on_one_line(formatting_.file, directive_, formatting_.sources, formatting_.style)) {
                return {std::move(*value), {}};
            }
        }
        return {"", text_block_lines(formatting_, unit_)};
    }

    Saying say_line() const {
        // Behind a block a line that the dialect does not know would be read as its text.
        if (known_ && !fixed_) {
            if (name_ == "DESCRIPTION") {
                return {"", indented(description_text())};
            }
            if (Lines entries = entry_lines(); !entries.empty()) {
                return {"", std::move(entries)};
            }
        }
        return {canonical_value(formatting_.file, directive_, formatting_.sources, formatting_.style), {}};
    }

    std::string description_text() const {
        Diagnostics none;
        return read_description({formatting_.file, formatting_.sources, none}, directive_);
    }

    // Blocks that are lists. Nothing for others, and for lists that are better left as they are.
    Lines entry_lines() const {
        if (name_ == "SCHEMA") {
            return schema_lines(formatting_, unit_);
        }
        if (name_ == "INDEXES") {
            return index_lines(formatting_, unit_);
        }
        return name_ == "SHARED_WITH" && !has_comments(formatting_, unit_) ? shared_with_lines() : Lines();
    }

    Lines shared_with_lines() const {
        const auto names = plain_names(value_of(formatting_.file, directive_, formatting_.sources));
        return names && !names->empty() ? indented(join(*names, "\n")) : Lines();
    }

    const Formatting& formatting_;
    const FormatUnit& unit_;
    const Directive& directive_;
    bool fixed_;
    bool known_;
    std::string_view name_;
};

} // namespace

Lines unit_lines(const Formatting& formatting, const OrderedUnit& ordered, const FormattedSql& sql) {
    if (ordered.unit.directive != nullptr) {
        return UnitWriter(formatting, ordered).write(sql);
    }
    const syntax::DatafileLine& line = formatting.file.lines[ordered.unit.first_line];
    return {std::string(trim(text_of_line(line, formatting.sources)))};
}

} // namespace birdhouse::codec

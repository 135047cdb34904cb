// INDEXES: one index a line, `name expression TYPE type GRANULARITY n`, read by the service with a pattern
// rather than a grammar; its traps are reported.
#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/schema_columns.hpp"
#include "syntax/schema_text.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

constexpr std::size_t kMostErrors = 100;
constexpr std::string_view kUsage = "write name expression TYPE type GRANULARITY n";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

// What the service's pattern can read between the parentheses of a type.
bool may_stand_in_arguments(char c) {
    constexpr std::string_view kOthers = " *.,";
    return is_word(c) || kOthers.find(c) != std::string_view::npos;
}

// The place of `word` between blanks, in upper case as it must be.
std::size_t find_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool alone = at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t') && end < text.size() &&
                           (text[end] == ' ' || text[end] == '\t');
        if (alone) {
            return at;
        }
    }
    return std::string_view::npos;
}

class IndexLine {
public:
    IndexLine(std::string_view line, Span span, Diagnostics& diagnostics)
        : line_(line), span_(span), diagnostics_(diagnostics) {}

    std::optional<SchemaIndex> read() {
        std::string_view rest = body();
        if (rest.empty()) {
            return std::nullopt;
        }
        const std::string_view name = rest.substr(0, std::min(rest.find_first_of(" \t"), rest.size()));
        rest.remove_prefix(name.size());
        const std::size_t type_at = find_word(rest, "TYPE");
        if (!std::ranges::all_of(name, is_word) || type_at == std::string_view::npos ||
            trim(rest.substr(0, type_at)).empty()) {
            diagnostics_.add(codes::F152, span_of(trim(line_)), "the line does not read as an index",
                             std::string(kUsage));
            return std::nullopt;
        }
        SchemaIndex index;
        index.name = text_at(name);
        index.expression = text_at(trim(rest.substr(0, type_at)));
        read_type(trim(rest.substr(type_at + 4)), index);
        index.span = span_of(trim(line_));
        check_traps(name);
        return index;
    }

private:
    // Without a trailing comma and the optional word INDEX.
    std::string_view body() const {
        std::string_view text = trim(line_);
        if (text.ends_with(',')) {
            text = trim(text.substr(0, text.size() - 1));
        }
        const bool announced = text.starts_with("INDEX ") || text.starts_with("INDEX\t");
        return announced ? trim(text.substr(6)) : text;
    }

    void read_type(std::string_view rest, SchemaIndex& index) {
        const std::size_t at = find_word(rest, "GRANULARITY");
        index.type = text_at(trim(rest.substr(0, std::min(at, rest.size()))));
        if (at != std::string_view::npos) {
            const std::string_view number = trim(rest.substr(at + 11));
            index.granularity = text_at(number);
            if (number.empty() || !std::ranges::all_of(number, is_digit)) {
                diagnostics_.add(codes::F152, span_of(number), "the granularity is not a number",
                                 std::string(kUsage));
            }
        }
        const std::size_t open = index.type.text.find('(');
        if (open == std::string::npos) {
            return;
        }
        std::string_view arguments = std::string_view(index.type.text).substr(open + 1);
        arguments = arguments.substr(0, std::min(arguments.rfind(')'), arguments.size()));
        if (!std::ranges::all_of(arguments, may_stand_in_arguments)) {
            diagnostics_.add(codes::F153, index.type.span,
                             "the service cannot read these arguments and drops them with the granularity",
                             "use numbers and plain names as arguments");
        }
    }

    void check_traps(std::string_view name) {
        const std::string_view text = trim(line_);
        const bool loses_its_head = name.find_first_of("INDEX") == 0 && text.data() == name.data();
        if (loses_its_head) {
            diagnostics_.add(codes::F153, span_of(name),
                             "the service cuts the letters I, N, D, E, X off the head of the name",
                             "write the word INDEX before it, or begin the name with a small letter");
        }
    }

    Span span_of(std::string_view part) const {
        const auto begin = span_.begin + static_cast<std::uint32_t>(part.data() - line_.data());
        return {span_.source, begin, begin + static_cast<std::uint32_t>(part.size())};
    }
    TextAt text_at(std::string_view part) const { return {collapse_blanks(part), span_of(part)}; }

    std::string_view line_;
    Span span_;
    Diagnostics& diagnostics_;
};

} // namespace

std::vector<SchemaIndex> parse_indexes(const Datafile& file, const Directive& directive,
                                       const SourceMap& sources, Diagnostics& diagnostics) {
    std::vector<SchemaIndex> indexes;
    const auto add = [&](std::string_view line, Span span) {
        if (auto index = IndexLine(line, span, diagnostics).read()) {
            indexes.push_back(std::move(*index));
        }
    };
    if (!directive.block) {
        const SchemaText line = schema_text(file, directive, sources, diagnostics);
        add(line.text, line.span(0, line.text.size()));
        return indexes;
    }
    const std::size_t errors_before = diagnostics.errors();
    for (const Span line : content_of(file, directive)) {
        if (diagnostics.errors() - errors_before == kMostErrors) {
            break;
        }
        add(sources.slice(line), line);
    }
    return indexes;
}

} // namespace birdhouse::syntax

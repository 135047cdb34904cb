#include "base/diagnostic.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace birdhouse {

namespace {

constexpr std::size_t kLongestExcerpt = 160; // code points of a line that are shown

std::vector<Span> secrets_of(std::span<const Diagnostic> diagnostics) {
    std::vector<Span> secrets;
    for (const Diagnostic& diagnostic : diagnostics) {
        for (const Label& label : diagnostic.labels) {
            if (label.secret) {
                secrets.push_back(label.span);
            }
        }
    }
    return secrets;
}

// The line of `place` with a star for each byte of a credential.
std::string excerpt_line(Span place, std::uint32_t number, std::span<const Span> secrets,
                         const SourceMap& sources) {
    const std::string_view line = sources.line(place.source, number);
    const auto begin = static_cast<std::size_t>(line.data() - sources.text(place.source).data());
    std::string shown(line);
    for (const Span& secret : secrets) {
        const std::size_t from = std::max<std::size_t>(secret.begin, begin);
        const std::size_t to = std::min<std::size_t>(secret.end, begin + line.size());
        for (std::size_t at = from; secret.source == place.source && at < to; ++at) {
            shown[at - begin] = '*';
        }
    }
    return shown;
}

void render_excerpt(std::string& out, const Label& label, std::span<const Span> secrets,
                    const SourceMap& sources) {
    const LineColumn at = sources.locate(label.span.source, label.span.begin);
    const std::string line = excerpt_line(label.span, at.line, secrets, sources);
    const std::size_t marked = count_code_points(sources.slice(label.span));
    const std::size_t line_length = count_code_points(line);
    const std::string margin = std::to_string(at.line) + " | ";
    // Tabs and control characters would move the caret away from what it marks.
    std::string shown;
    for (const char c : line) {
        shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    std::size_t indent = at.column - 1;
    if (line_length > kLongestExcerpt) {
        // Keep the place in view: a short run before it, cut on whole code points.
        const std::size_t skip = indent > kLongestExcerpt / 2 ? indent - kLongestExcerpt / 2 : 0;
        std::size_t byte = 0;
        for (std::size_t skipped = 0; byte < shown.size(); ++byte) {
            if ((static_cast<unsigned char>(shown[byte]) & 0xC0U) != 0x80U && skipped++ == skip) {
                break;
            }
        }
        shown = shorten(std::string_view(shown).substr(byte), kLongestExcerpt);
        indent -= skip;
    }
    const std::size_t room = count_code_points(shown) > indent ? count_code_points(shown) - indent : 1;
    const std::size_t carets = std::clamp<std::size_t>(marked, 1, room);
    out += margin + shown + "\n" + std::string(margin.size() - 2, ' ') + "| " + std::string(indent, ' ') +
           std::string(carets, '^');
    if (!label.text.empty()) {
        out += " " + label.text;
    }
    out += "\n";
}

std::string render(const Diagnostic& diagnostic, std::span<const Span> secrets, const SourceMap& sources) {
    std::string out;
    if (!diagnostic.labels.empty()) {
        const Span where = diagnostic.labels.front().span;
        const LineColumn at = sources.locate(where.source, where.begin);
        out += printable(sources.path(where.source)) + ":" + std::to_string(at.line) + ":" +
               std::to_string(at.column) + ": ";
    }
    out += std::string(to_string(diagnostic.code->severity)) + "[" + std::string(diagnostic.code->id) +
           "]: " + diagnostic.message + "\n";
    for (const Label& label : diagnostic.labels) {
        if (label.span.source != diagnostic.labels.front().span.source) {
            const LineColumn at = sources.locate(label.span.source, label.span.begin);
            out += printable(sources.path(label.span.source)) + ":" + std::to_string(at.line) + ":" +
                   std::to_string(at.column) + ":\n";
        }
        render_excerpt(out, label, secrets, sources);
    }
    if (!diagnostic.help.empty()) {
        out += "  = help: " + diagnostic.help + "\n";
    }
    return out;
}

} // namespace

std::string_view to_string(Severity severity) { return severity == Severity::Error ? "error" : "warning"; }

void Diagnostics::add(Diagnostic diagnostic) {
    assert(diagnostic.code != nullptr);
    if (diagnostic.code->severity == Severity::Error) {
        ++errors_;
    }
    all_.push_back(std::move(diagnostic));
}

void Diagnostics::add(const Code& code, Span where, std::string message, std::string help,
                      std::string label) {
    Diagnostic diagnostic{&code, std::move(message), {}, std::move(help)};
    if (where.known()) {
        diagnostic.labels.push_back({where, std::move(label)});
    }
    add(std::move(diagnostic));
}

void Diagnostics::append(Diagnostics other) {
    for (Diagnostic& diagnostic : other.all_) {
        add(std::move(diagnostic));
    }
}

std::vector<Diagnostic> Diagnostics::sorted(const SourceMap& sources) const {
    std::vector<Diagnostic> out = all_;
    const auto key = [&](const Diagnostic& d) {
        const bool placed = !d.labels.empty();
        return std::make_tuple(placed ? sources.path(d.labels.front().span.source) : std::string_view(),
                               placed ? d.labels.front().span.begin : 0U, d.code->id,
                               std::string_view(d.message));
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
    return out;
}

std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources) {
    return render(diagnostic, secrets_of({&diagnostic, 1}), sources);
}

std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources) {
    const std::vector<Span> secrets = secrets_of(diagnostics.all());
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics.sorted(sources)) {
        out += render(diagnostic, secrets, sources);
    }
    return out;
}

} // namespace birdhouse

// Problems in the user's files: collected, sorted, printed at the end. A reader never stops at the first.
#pragma once

#include "base/source.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace birdhouse {

enum class Severity { Error, Warning };
std::string_view to_string(Severity severity); // "error"

// One kind of problem. Ids are a promise: never reused, one section each in docs/errors.md.
struct Code {
    std::string_view id;
    Severity severity;
    std::string_view title;
};

struct Label {
    Span span;
    std::string text;    // short: it stands right beside the marked text
    bool secret = false; // no excerpt of any problem shows the marked text: it is a credential
};

struct Diagnostic {
    const Code* code = nullptr;
    std::string message;       // makes sense alone: lower case, one line, no full stop, names in back-quotes
    std::vector<Label> labels; // the first is the place of the problem; none when it has no place
    std::string help;          // imperative, after the situation; may be empty
};

class Diagnostics {
public:
    void add(Diagnostic diagnostic);
    // The common case: one place, an optional mend.
    void add(const Code& code, Span where, std::string message, std::string help = {},
             std::string label = {});

    bool has_errors() const { return errors_ != 0; }
    std::size_t errors() const { return errors_; }
    std::size_t warnings() const { return all_.size() - errors_; }
    bool empty() const { return all_.empty(); }
    std::span<const Diagnostic> all() const { return all_; }
    // By file path, then place, then code: the same input gives the same output.
    std::vector<Diagnostic> sorted(const SourceMap& sources) const;
    void append(Diagnostics other);

private:
    std::vector<Diagnostic> all_;
    std::size_t errors_ = 0;
};

// file:line:column: severity[CODE]: message, the marked lines, the help. Ends with a line end.
std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources);
std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources);

} // namespace birdhouse

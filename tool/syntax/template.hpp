// The template language of pipes: `{{ expression }}`, `{% statement %}`, `{# comment #}` in SQL. Generation
// templates are the same language between `<<`, `<%` and `<#`, so that their output may hold the first kind.
// A template is parsed once and rendered many times; rendering never runs anything but this subset of Python.
#pragma once

#include "base/diagnostic.hpp"
#include "base/source.hpp"
#include "syntax/expression.hpp"
#include "syntax/template_error.hpp"
#include "syntax/value.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace birdhouse::syntax {

enum class TemplateDialect : std::uint8_t { Query, Generation };

struct TemplateNode;

enum class BranchKind : std::uint8_t { If, Elif, Else, For, While, Try, Except, Finally };

// One arm of a block: `if`, `elif` and `else` are three branches of one node.
struct TemplateBranch {
    BranchKind kind = BranchKind::If;
    std::uint32_t line = 1;
    Expression head; // Nothing for else, try, finally and a bare except
    std::vector<TemplateNode> body;
};

struct TemplateNode {
    enum class Kind : std::uint8_t { Text, Expression, Set, Block, Break, Continue };
    Kind kind = Kind::Text;
    bool verbatim = true;    // of a text: it stands so in the source, byte for byte
    std::uint32_t line = 1;  // of the tag's end, from 1
    std::uint32_t begin = 0; // bytes into Template::text: of a text itself, of a tag with its delimiters
    std::uint32_t end = 0;
    std::string_view text; // of a text what is written, of an expression its source
    Expression expression; // of Expression and Set
    std::vector<TemplateBranch> branches;
};

// A parameter whose first mention is Array(name, 'T'): a value given for it is a list in the whole node.
struct ListParameter {
    std::string name;
    std::string item_type;
};

struct Template {
    TemplateDialect dialect = TemplateDialect::Query;
    std::string_view text;
    Span origin; // where `text` stands in its source
    std::vector<TemplateNode> nodes;
    std::vector<std::string_view> names; // by slot, each once
    std::vector<bool> assigned;          // by slot: a local of the node, or of a comprehension
    std::vector<bool> declared;   // by slot: used outside of comprehensions; the service sees no others
    bool mentions_length = false; // the service blames a parameter called `length` for much
    bool mentions_job_timestamp = false;    // which is then filled in
    std::vector<ListParameter> lists;       // in the order of their names
    std::vector<std::string_view> reserved; // reserved names in use, once for every tag
    // Of the query dialect: a name that cannot be a parameter. The service says so before it renders
    // anything.
    std::optional<TemplateError> name_error;
    // Kept alive for the views above: the text when the template owns it, and texts that `whitespace`
    // changed.
    std::shared_ptr<const std::string> owned_text;
    std::deque<std::string> reshaped;

    Span span(std::uint32_t begin, std::uint32_t end) const {
        return {origin.source, origin.begin + begin, origin.begin + end};
    }
};

// For files: every problem that can be found without values becomes a diagnostic, names worth a warning too.
// Nullopt when the template cannot be rendered. `text` of a pipe's node starts after the `%`.
std::optional<Template> parse_template(const SourceMap& sources, Span text, TemplateDialect dialect,
                                       Diagnostics& diagnostics);

// For texts that come at run time. `name` stands for the text in messages: "... at NAME:3".
std::variant<Template, TemplateError> parse_template_text(std::string text, TemplateDialect dialect,
                                                          std::string_view name = "<string>");

// SQL of a node: the rest of the stripped text when it starts with `%`, nullopt when it is not a template.
std::optional<std::string_view> template_part(std::string_view node_text);

struct RenderInput {
    std::vector<std::pair<std::string, Value>> parameters; // JSON-typed; the last of a name counts
    std::vector<std::string> secrets; // names that exist; their values stay with the caller
    bool test_mode = false;           // absent parameters become placeholders
    std::string job_timestamp;        // for templates that mention it; empty when unknown
    std::size_t most_steps = 1'000'000;
    std::size_t longest_output = std::size_t{16} << 20U; // bytes
};

// Output from `output` on came from `source` on: byte for byte when `verbatim`, else all from that one tag.
struct SpanPiece {
    std::uint32_t output = 0;
    std::uint32_t source_begin = 0; // bytes into Template::text
    std::uint32_t source_end = 0;
    bool verbatim = true;
};

struct Rendered {
    std::string text;
    std::map<std::string, Value, std::less<>> settings; // max_threads and the like, as the template set them
    std::vector<std::string> warnings;                  // reserved names that are used as parameters
    std::vector<std::string> secrets;                   // to bind as String query parameters, in order of use
    std::vector<SpanPiece> pieces;                      // sorted by output

    // The source of the output byte `offset`.
    Span locate(const Template& tree, std::size_t offset) const;
};

using RenderResult = std::variant<Rendered, TemplateError>;

RenderResult render(const Template& tree, const RenderInput& input);

// A parameter as it is found in the text, in order; a name may come several times.
struct TemplateParameter {
    std::string name;
    std::string type;
    Value default_value;  // None when there is none
    bool in_call = false; // only the argument of a function such as column(): Tinybird's "used_in"
    bool guarded = false; // without a value this use does no harm: a condition asks for the name first
    std::vector<std::pair<std::string, Value>> keywords; // description, required, enum, ...
    Span span;
};

std::vector<TemplateParameter> extract_parameters(const Template& tree);

struct MergedParameter {
    std::string name;
    std::string type;
    Value default_value;
    std::string description;
    bool required = false;
    Values choices; // of `enum`, which the service shows and does not enforce
    Span span;      // the first place
};

// One entry a name, over all nodes of an endpoint: the last type, the latest default (one that is true before
// 0, false and an empty text), description and choices; required when no use of it can do without a value: by
// a default, by `required=False`, or by a condition.
std::vector<MergedParameter> merge_parameters(const std::vector<TemplateParameter>& found);

// Names that mean something else than a parameter in the query dialect.
bool is_reserved_name(std::string_view name);
bool is_python_builtin(std::string_view name);

} // namespace birdhouse::syntax

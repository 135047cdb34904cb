// Cuts a text into literal text and tags. Reads no Python: a tag ends at the first closing mark, even inside
// of a text literal, as in the service.
#pragma once

#include "syntax/template.hpp"

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

namespace birdhouse::syntax {

struct TagMarks {
    std::string_view expression_open, expression_close;
    std::string_view statement_open, statement_close;
    std::string_view comment_open, comment_close;
};

const TagMarks& marks_of(TemplateDialect dialect);

struct TemplatePiece {
    enum class Kind : std::uint8_t { Text, Expression, Statement, Comment };
    Kind kind = Kind::Text;
    std::uint32_t begin = 0; // the text, or the tag with its marks
    std::uint32_t end = 0;
    std::uint32_t content_begin = 0; // what the tag holds, without blanks at its ends
    std::uint32_t content_end = 0;
    std::uint32_t line = 1; // of the end
    std::string_view content(std::string_view text) const {
        return text.substr(content_begin, content_end - content_begin);
    }
};

// What is wrong with a tag; line as the service counts it.
struct PieceFault {
    std::string message; // the service's words, without the place
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t line = 1;
    std::string help;
};

struct LexedTemplate {
    std::vector<TemplatePiece> pieces; // up to the fault, if there is one
    std::optional<PieceFault> fault;
};

LexedTemplate lex_template(std::string_view text, TemplateDialect dialect);

} // namespace birdhouse::syntax

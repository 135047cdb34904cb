#include "syntax/template_lexer.hpp"

#include "syntax/value_unicode.hpp"

#include <algorithm>

namespace birdhouse::syntax {

const TagMarks& marks_of(TemplateDialect dialect) {
    static constexpr TagMarks kQuery{"{{", "}}", "{%", "%}", "{#", "#}"};
    static constexpr TagMarks kGeneration{"<<", ">>", "<%", "%>", "<#", "#>"};
    return dialect == TemplateDialect::Query ? kQuery : kGeneration;
}

namespace {

class TemplateLexer {
public:
    TemplateLexer(std::string_view text, TemplateDialect dialect)
        : text_(text), marks_(marks_of(dialect)), dialect_(dialect) {}

    LexedTemplate lex() {
        while (!lexed_.fault && at_ < text_.size()) {
            const std::size_t open = find_open(at_);
            add_text(open);
            if (open < text_.size()) {
                lex_tag(open);
            }
        }
        return std::move(lexed_);
    }

private:
    char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

    // With three and more opening marks in a row the innermost two open the tag.
    std::size_t find_open(std::size_t from) const {
        const char mark = marks_.expression_open[0];
        for (std::size_t open = text_.find(mark, from); open != std::string_view::npos;
             open = text_.find(mark, open + 1)) {
            const char next = at(open + 1);
            const bool opens = next == mark || next == '%' || next == '#';
            if (opens && !(next == mark && at(open + 2) == mark)) {
                return open;
            }
        }
        return text_.size();
    }

    void count_lines(std::size_t to) {
        line_ +=
            static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                  text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
        at_ = to;
    }

    TemplatePiece piece(TemplatePiece::Kind kind, std::size_t begin, std::size_t end) const {
        const auto first = static_cast<std::uint32_t>(begin);
        const auto last = static_cast<std::uint32_t>(end);
        return {kind, first, last, first, last, line_};
    }

    void add_text(std::size_t end) {
        std::size_t begin = at_;
        count_lines(end);
        if (swallow_line_end_) {
            begin = std::min(end, after_line_end(begin));
        }
        swallow_line_end_ = false;
        const bool tag_alone =
            dialect_ == TemplateDialect::Generation && end < text_.size() && stands_alone(end);
        if (tag_alone) {
            swallow_line_end_ = true;
            end = std::max(begin, blanks_start(end));
        }
        if (begin < end) {
            lexed_.pieces.push_back(piece(TemplatePiece::Kind::Text, begin, end));
        }
    }

    void lex_tag(std::size_t open) {
        if (at(open + 2) == '!') { // `{{!` is `{{` in the output
            lexed_.pieces.push_back(piece(TemplatePiece::Kind::Text, open, open + 2));
            at_ = open + 3;
            return;
        }
        const auto kind = kind_at(open);
        const std::size_t close = text_.find(closing(kind), open + 2);
        if (close == std::string_view::npos) {
            fail(open, open + 2, unclosed(kind), "close the tag with `" + std::string(closing(kind)) + "`");
            return;
        }
        count_lines(close + 2);
        TemplatePiece tag = piece(kind, open, close + 2);
        const std::string_view content = strip_spaces(text_.substr(open + 2, close - open - 2));
        if (content.empty() && kind != TemplatePiece::Kind::Comment) {
            fail(open, close + 2, empty(kind), "write something between the marks, or delete the tag");
            return;
        }
        tag.content_begin =
            content.empty() ? tag.begin + 2 : static_cast<std::uint32_t>(content.data() - text_.data());
        tag.content_end = tag.content_begin + static_cast<std::uint32_t>(content.size());
        lexed_.pieces.push_back(tag);
    }

    TemplatePiece::Kind kind_at(std::size_t open) const {
        return at(open + 1) == '%'   ? TemplatePiece::Kind::Statement
               : at(open + 1) == '#' ? TemplatePiece::Kind::Comment
                                     : TemplatePiece::Kind::Expression;
    }

    std::string_view closing(TemplatePiece::Kind kind) const {
        return kind == TemplatePiece::Kind::Statement ? marks_.statement_close
               : kind == TemplatePiece::Kind::Comment ? marks_.comment_close
                                                      : marks_.expression_close;
    }

    std::string unclosed(TemplatePiece::Kind kind) const {
        const std::string what = kind == TemplatePiece::Kind::Statement ? "block"
                                 : kind == TemplatePiece::Kind::Comment ? "comment"
                                                                        : "expression";
        return "Missing end " + what + " " + std::string(closing(kind));
    }

    std::string empty(TemplatePiece::Kind kind) const {
        return kind == TemplatePiece::Kind::Expression
                   ? "Empty expression"
                   : "Empty block tag (" + std::string(marks_.statement_open) + " " +
                         std::string(marks_.statement_close) + ")";
    }

    void fail(std::size_t begin, std::size_t end, std::string message, std::string help) {
        lexed_.fault = PieceFault{std::move(message), static_cast<std::uint32_t>(begin),
                                  static_cast<std::uint32_t>(end), line_, std::move(help)};
    }

    // Where the blanks before `offset` begin.
    std::size_t blanks_start(std::size_t offset) const {
        while (offset > 0 && (text_[offset - 1] == ' ' || text_[offset - 1] == '\t')) {
            --offset;
        }
        return offset;
    }

    std::size_t after_line_end(std::size_t offset) const {
        const std::size_t line_end = text_.find('\n', offset);
        return line_end == std::string_view::npos ? text_.size() : line_end + 1;
    }

    // A statement or comment with nothing but blanks around it on its line or lines: a generated file would
    // be full of empty lines if these stayed.
    bool stands_alone(std::size_t open) const {
        const auto kind = kind_at(open);
        const std::size_t close = text_.find(closing(kind), open + 2);
        if (kind == TemplatePiece::Kind::Expression || at(open + 2) == '!' ||
            close == std::string_view::npos) {
            return false;
        }
        const std::size_t before = blanks_start(open);
        const std::size_t after = std::min(text_.find_first_not_of(" \t", close + 2), text_.size());
        return (before == 0 || text_[before - 1] == '\n') &&
               (after == text_.size() || text_[after] == '\n' || text_.substr(after).starts_with("\r\n"));
    }

    std::string_view text_;
    const TagMarks& marks_;
    TemplateDialect dialect_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    bool swallow_line_end_ = false;
    LexedTemplate lexed_;
};

} // namespace

LexedTemplate lex_template(std::string_view text, TemplateDialect dialect) {
    return TemplateLexer(text, dialect).lex();
}

} // namespace birdhouse::syntax

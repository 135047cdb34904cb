// Where an expression of a SCHEMA ends: the one rule that types, defaults and codecs share.
#pragma once

#include "base/diagnostic.hpp"
#include "syntax/schema_text.hpp"

#include <cstddef>
#include <string_view>

namespace birdhouse::syntax {

enum class SchemaKeyword { None, Default, Materialized, Alias, Codec, Ttl, Null, NotNull };

struct KeywordAt {
    SchemaKeyword keyword = SchemaKeyword::None;
    std::size_t end = 0; // behind the word
};

KeywordAt keyword_at(std::string_view text, std::size_t at);
bool starts_json_path(std::string_view text, std::size_t at);
// Does a new column seem to begin here: a name, then a type? The answer is for missing commas only.
bool reads_like_a_column(std::string_view text, std::size_t at);

// Where to go on after a quote or parenthesis at `open` that nothing closes: before the comma that ends its
// line, which belongs to the list of columns, or at the end of the line.
std::size_t end_of_column_line(std::string_view text, std::size_t open);

struct ExpressionEnd {
    std::size_t end = 0;        // behind the last character that is no blank
    std::size_t next = 0;       // where reading goes on
    bool comma_missing = false; // the next column begins at `next`, without a comma before it
};

class ExpressionReader {
public:
    ExpressionReader(const SchemaText& schema, Diagnostics& diagnostics)
        : schema_(schema), diagnostics_(diagnostics) {}

    // Up to a comma, a keyword or a JSON path outside quotes and parentheses, or the end.
    ExpressionEnd read(std::size_t begin);

private:
    struct Walk;
    void skip_quoted(Walk& walk);
    bool ends_at_blank(Walk& walk);
    bool comma_in_brackets(Walk& walk);
    void step(Walk& walk);
    ExpressionEnd give_up_at_line_end(std::size_t open);

    const SchemaText& schema_;
    Diagnostics& diagnostics_;
    bool parentheses_broken_ =
        false; // one is open to the end of the schema: from then on lines end expressions
};

} // namespace birdhouse::syntax

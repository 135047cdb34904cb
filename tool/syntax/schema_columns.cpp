#include "syntax/schema_columns.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "syntax/schema_expression.hpp"
#include "syntax/schema_text.hpp"

#include <algorithm>

namespace birdhouse::syntax {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kOrder = "write name, type, json path, DEFAULT, CODEC in this order";
// A text that is no schema at all would otherwise give a diagnostic for every few bytes.
constexpr std::size_t kMostErrors = 100;
constexpr std::size_t kMostColumns = 10'000;

// How far a column has come. A JSON path may stand nearly anywhere and does not count.
enum class Progress { Name, Type, Default, Materialized, Codec };

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_line_end(char c) { return c == '\n' || c == '\r'; }

bool may_stand_in_bare_name(char c) {
    constexpr std::string_view kOthers = "._`*<>+-'";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

class SchemaParser {
public:
    SchemaParser(const SchemaText& schema, Dialect dialect, Diagnostics& diagnostics)
        : schema_(schema), text_(schema.text), dialect_(dialect), diagnostics_(diagnostics),
          expressions_(schema, diagnostics), errors_before_(diagnostics.errors()) {}

    std::vector<SchemaColumn> parse() {
        skip_blanks();
        while (at_ < text_.size() && diagnostics_.errors() - errors_before_ < kMostErrors) {
            if (text_[at_] == ',') {
                report(codes::F141, at_, at_ + 1, "a column is missing before this comma",
                       "delete the comma");
                pass_comma();
                continue;
            }
            if (columns_.size() == kMostColumns) {
                report(codes::F111, at_, at_ + 1,
                       "the SCHEMA has more than " + with_thousands(kMostColumns) + " columns",
                       "split the datasource: what begins here is not read");
                break;
            }
            read_column();
            if (at_ < text_.size() && text_[at_] == ',') {
                pass_comma();
            }
        }
        return std::move(columns_);
    }

private:
    void read_column() {
        column_ = {};
        progress_ = Progress::Name;
        begin_ = last_end_ = at_;
        if (keyword_index()) {
            return;
        }
        read_name();
        skip_blanks();
        bool more = true;
        while (more && at_ < text_.size() && text_[at_] != ',') {
            more = read_part();
            skip_blanks();
        }
        finish_column();
    }

    void read_name() {
        const std::size_t begin = at_;
        if (text_[at_] == '`' || text_[at_] == '"') {
            read_quoted_name();
            return;
        }
        while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != ',') {
            ++at_;
        }
        column_.name = {std::string(text_.substr(begin, at_ - begin)), schema_.span(begin, at_)};
        last_end_ = at_;
        const auto odd = std::ranges::find_if_not(column_.name.text, may_stand_in_bare_name);
        if (odd != column_.name.text.end()) {
            report(codes::F140, begin, at_, backquoted({&*odd, 1}) + " cannot stand in a bare column name",
                   "put the name between back-quotes");
        }
    }

    // `INDEX name expression TYPE ...` is no column.
    bool keyword_index() {
        constexpr std::string_view kIndex = "INDEX";
        const bool alone = text_.substr(at_).starts_with(kIndex) && at_ + kIndex.size() < text_.size() &&
                           is_blank(text_[at_ + kIndex.size()]);
        if (!alone) {
            return false;
        }
        report(codes::F140, at_, at_ + kIndex.size(), "an index is declared among the columns",
               "move it to a block INDEXES >");
        TextAt dropped;
        take_expression(dropped);
        return true;
    }

    void read_quoted_name() {
        const std::size_t begin = at_;
        const Quoted name = read_quoted();
        column_.name = {std::string(text_.substr(begin + 1, name.end - begin - 1)), schema_.span(begin, at_)};
        if (!name.closed) {
            report(codes::F143, begin, begin + 1, "this quote is not closed", "close it");
        } else if (text_[begin] == '"') {
            report(codes::F140, begin, at_, "a column name stands between double quotes", "use back-quotes");
        } else if (column_.name.text.empty()) {
            report(codes::F140, begin, at_, "a column name is empty", "name the column");
        } else if (dialect_ == Dialect::Forward && std::ranges::any_of(column_.name.text, is_blank)) {
            report(codes::F140, begin, at_,
                   "the column name " + backquoted(column_.name.text) + " holds a blank", "use `_` instead");
        }
    }

    struct Quoted {
        std::size_t end = 0; // of the text between the quotes
        bool closed = false;
    };

    // From a quote to the next of its kind on the line. What is not closed ends before the line's last comma.
    Quoted read_quoted() {
        std::size_t stop = at_ + 1;
        while (stop < text_.size() && text_[stop] != text_[at_] && !is_line_end(text_[stop])) {
            ++stop;
        }
        const bool closed = stop < text_.size() && text_[stop] == text_[at_];
        const std::size_t end = closed ? stop : end_of_column_line(text_, at_);
        at_ = last_end_ = closed ? stop + 1 : end;
        return {end, closed};
    }

    // False when the column ends here although no comma says so.
    bool read_part() {
        if (starts_json_path(text_, at_)) {
            return read_json_path();
        }
        const KeywordAt keyword = keyword_at(text_, at_);
        switch (keyword.keyword) {
        case SchemaKeyword::None:
            return read_type();
        case SchemaKeyword::Default:
            return read_value(keyword, Progress::Default, column_.default_expression, "DEFAULT");
        case SchemaKeyword::Codec:
            return read_value(keyword, Progress::Codec, column_.codec, "CODEC");
        case SchemaKeyword::Materialized:
            if (dialect_ == Dialect::Classic) {
                return read_value(keyword, Progress::Materialized, column_.materialized, "MATERIALIZED");
            }
            break;
        default:
            break;
        }
        return refuse(keyword);
    }

    bool read_json_path() {
        const std::size_t begin = at_;
        const Quoted quoted = read_quoted();
        constexpr std::size_t kPrefix = 6; // `json:
        if (!quoted.closed) {
            report(codes::F143, begin, begin + 1, "this quote is not closed", "close it");
        } else if (column_.json_path) {
            report(codes::F144, begin, at_, "column " + backquoted(column_.name.text) + " has two json paths",
                   "keep one");
        } else if (dialect_ == Dialect::Classic &&
                   (progress_ == Progress::Default || progress_ == Progress::Materialized)) {
            report(codes::F144, begin, at_, "a json path stands behind DEFAULT", std::string(kOrder));
        }
        column_.json_path = TextAt{std::string(text_.substr(begin + kPrefix, quoted.end - begin - kPrefix)),
                                   schema_.span(begin + kPrefix, quoted.end)};
        return true;
    }

    bool read_type() {
        const std::size_t begin = at_;
        if (progress_ != Progress::Name) {
            return unexpected_text();
        }
        if (column_.json_path && line_crossed() && reads_like_a_column(text_, at_)) {
            return comma_missing();
        }
        progress_ = Progress::Type;
        const bool goes_on = take_expression(column_.type);
        if (const auto blank = blank_in_type(begin)) {
            const std::string_view glued =
                text_.substr(*blank, std::min(text_.find_first_of("\r\n", *blank), last_end_) - *blank);
            report(codes::F141, *blank, *blank + glued.size(),
                   "a comma is missing before " + backquoted(shorten(glued, 40)),
                   "end each column with a comma");
            column_.type = text_at(begin, std::min(text_.find_last_not_of(kBlanks, *blank - 1) + 1, *blank));
        }
        return goes_on;
    }

    bool read_value(const KeywordAt& keyword, Progress part, std::optional<TextAt>& value,
                    std::string_view word) {
        const std::size_t begin = at_;
        check_order(part, word, keyword.end);
        progress_ = part;
        at_ = keyword.end;
        last_end_ = at_;
        skip_blanks();
        const bool nothing = at_ >= text_.size() || text_[at_] == ',' || starts_json_path(text_, at_) ||
                             (part == Progress::Default && is_other_keyword());
        if (nothing) {
            report(codes::F107, begin, keyword.end, backquoted(word) + " has no value",
                   "write the value behind it, or delete the word");
            return true;
        }
        value.emplace();
        const bool goes_on = take_expression(*value);
        if (part == Progress::Codec) {
            strip_codec(*value);
        }
        return goes_on;
    }

    // `DEFAULT NULL` is a value, `DEFAULT CODEC(...)` is a forgotten one.
    bool is_other_keyword() const {
        const SchemaKeyword keyword = keyword_at(text_, at_).keyword;
        return keyword != SchemaKeyword::None && keyword != SchemaKeyword::Null;
    }

    void check_order(Progress part, std::string_view word, std::size_t end) {
        if (progress_ < part && !(progress_ == Progress::Default && part == Progress::Materialized)) {
            return;
        }
        const std::string message =
            progress_ == part ? backquoted(word) + " stands twice" : backquoted(word) + " stands too late";
        report(codes::F144, at_, end, message, std::string(kOrder));
    }

    void strip_codec(TextAt& codec) {
        if (codec.text.starts_with('(') && codec.text.ends_with(')')) {
            codec.text = std::string(trim(std::string_view(codec.text).substr(1, codec.text.size() - 2)));
            return;
        }
        diagnostics_.add(codes::F144, codec.span, "the codec stands without parentheses",
                         "write CODEC(" + codec.text + ")");
    }

    bool refuse(const KeywordAt& keyword) {
        const std::size_t begin = at_;
        const std::string word(text_.substr(at_, keyword.end - at_));
        std::string help = "delete it, or compute the column in a materialized pipe";
        if (keyword.keyword == SchemaKeyword::Null) {
            help = "write Nullable(...) as the type";
        } else if (keyword.keyword == SchemaKeyword::NotNull) {
            help = "delete it: a column is not nullable unless its type says Nullable(...)";
        } else if (keyword.keyword == SchemaKeyword::Ttl) {
            help = "write ENGINE_TTL for the whole datasource";
        }
        report(codes::F145, begin, keyword.end, backquoted(word) + " is not known for columns of datasources",
               help);
        at_ = keyword.end;
        last_end_ = at_;
        skip_blanks();
        const bool has_expression =
            keyword.keyword != SchemaKeyword::Null && keyword.keyword != SchemaKeyword::NotNull;
        TextAt dropped;
        return !has_expression || at_ >= text_.size() || text_[at_] == ',' || take_expression(dropped);
    }

    // Text that nothing announces: on a new line it is the next column, else it is too much.
    bool unexpected_text() {
        if (line_crossed()) {
            return comma_missing();
        }
        const std::size_t begin = at_;
        TextAt extra;
        const bool goes_on = take_expression(extra);
        report(codes::F144, begin, last_end_, backquoted(shorten(extra.text, 40)) + " is not expected here",
               std::string(kOrder));
        return goes_on;
    }

    bool comma_missing() {
        report(codes::F141, last_end_ - 1, last_end_, "a comma is missing between two columns",
               "end each column with a comma");
        return false;
    }

    bool take_expression(TextAt& into) {
        const std::size_t begin = at_;
        const ExpressionEnd end = expressions_.read(begin);
        into = text_at(begin, end.end);
        last_end_ = end.end;
        at_ = end.next;
        return end.comma_missing ? comma_missing() : true;
    }

    // The first blank in a type outside quotes and parentheses; `Enum8 ('a' = 1)` is one type all the same.
    std::optional<std::size_t> blank_in_type(std::size_t begin) const {
        std::size_t depth = 0;
        char quote = '\0';
        for (std::size_t i = begin; i < last_end_; ++i) {
            const char c = text_[i];
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '\'' || c == '"' || c == '`') {
                quote = c;
            } else if (c == '(') {
                ++depth;
            } else if (c == ')' && depth > 0) {
                --depth;
            } else if (depth == 0 && is_blank(c)) {
                const std::size_t next = text_.find_first_not_of(kBlanks, i);
                if (text_[next] != '(') {
                    return next;
                }
            }
        }
        return std::nullopt;
    }

    void finish_column() {
        column_.span = schema_.span(begin_, last_end_);
        if (column_.type.text.empty() && !column_.default_expression && !column_.materialized) {
            diagnostics_.add(codes::F147, column_.name.span,
                             "column " + backquoted(column_.name.text) + " has no type",
                             "write the type behind the name");
        }
        columns_.push_back(std::move(column_));
    }

    void pass_comma() {
        const std::size_t comma = at_++;
        skip_blanks();
        if (at_ >= text_.size() && dialect_ == Dialect::Classic) {
            report(codes::F141, comma, comma + 1, "a comma stands behind the last column", "delete it");
        }
    }

    bool line_crossed() const {
        return std::ranges::any_of(text_.substr(last_end_, at_ - last_end_), is_line_end);
    }

    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_])) {
            ++at_;
        }
    }

    TextAt text_at(std::size_t begin, std::size_t end) const {
        return {collapse_blanks(text_.substr(begin, end - begin)), schema_.span(begin, end)};
    }

    void report(const Code& code, std::size_t begin, std::size_t end, std::string message, std::string help) {
        diagnostics_.add(code, schema_.span(begin, end), std::move(message), std::move(help));
    }

    const SchemaText& schema_;
    std::string_view text_;
    Dialect dialect_;
    Diagnostics& diagnostics_;
    ExpressionReader expressions_;
    std::size_t errors_before_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;    // of the column
    std::size_t last_end_ = 0; // of the last thing read: what lies between it and `at_` is blank
    Progress progress_ = Progress::Name;
    SchemaColumn column_;
    std::vector<SchemaColumn> columns_;
};

} // namespace

std::vector<SchemaColumn> parse_schema(const Datafile& file, const Directive& directive,
                                       const SourceMap& sources, Diagnostics& diagnostics) {
    const SchemaText schema = schema_text(file, directive, sources, diagnostics);
    return SchemaParser(schema, file.dialect, diagnostics).parse();
}

} // namespace birdhouse::syntax

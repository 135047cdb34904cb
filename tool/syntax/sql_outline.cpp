#include "syntax/sql_outline.hpp"

#include "syntax/sql_frames.hpp"
#include "syntax/sql_phrases.hpp"
#include "syntax/sql_scopes.hpp"
#include "syntax/sql_tokens.hpp"
#include "syntax/sql_words.hpp"

#include <utility>

namespace birdhouse::syntax {

namespace {

class OutlineReader {
public:
    OutlineReader(std::string_view sql, const std::vector<SqlToken>& tokens, SqlOutline& outline)
        : out_(outline), scopes_(outline), tokens_(sql, tokens) {}

    void read() {
        if (tokens_.size() == 0) {
            return problem(SqlProblemKind::Empty, {}, {});
        }
        out_.statement = {tokens_.range(0).begin, tokens_.range(tokens_.size() - 1).end};
        frames_.push_back({});
        scopes_.open_select();
        while (!stopped_ && at_ < tokens_.size()) {
            step();
        }
        if (stopped_) {
            return;
        }
        if (frames_.size() > 1) {
            return problem(SqlProblemKind::Unbalanced, std::string(1, frames_.back().opener),
                           frames_.back().opened);
        }
        scopes_.unbind(0, out_.statement.end);
        scopes_.close_select();
    }

private:
    Frame& frame() { return frames_.back(); }

    void problem(SqlProblemKind kind, std::string what, SqlRange place) {
        out_.problems.push_back({kind, std::move(what), place});
    }
    void stop(SqlProblemKind kind) {
        problem(kind, std::string(tokens_.text(at_)), tokens_.range(at_));
        stopped_ = true;
    }

    // Every step reads a token, stops, or changes a part that the next step reads a token in.
    void step() {
        const std::string_view text = tokens_.text(at_);
        if (tokens_.is(at_, SqlTokenKind::Symbol) && text.size() == 1) {
            switch (text.front()) {
            case '(':
            case '[':
            case '{':
                return open(text.front());
            case ')':
            case ']':
            case '}':
                return close(text.front());
            case ';':
                return end_statement();
            default:
                break;
            }
        }
        switch (frame().part) {
        case Part::Head:
            return head();
        case Part::With:
            return with_element();
        case Part::AfterCommonTable:
            return after_common_table();
        case Part::TableExpected:
            return table();
        case Part::AfterTable:
            return after_table();
        default:
            return expression();
        }
    }

    // Brackets.

    void open(char symbol, std::string binds = {}) {
        const Frame& outer = frame();
        if (frames_.size() >= kDeepestSql) {
            return stop(SqlProblemKind::TooDeep);
        }
        const bool query = symbol == '(' && outer.part != Part::Arguments && tokens_.starts_query(at_ + 1);
        if (outer.part == Part::Head && !query) {
            return stop(SqlProblemKind::NotReading);
        }
        const bool tables = symbol == '(' && outer.part == Part::TableExpected && !query;
        Frame inner;
        inner.kind = query ? FrameKind::Query : tables ? FrameKind::Tables : FrameKind::Group;
        inner.part = query ? Part::Head : tables ? Part::TableExpected : Part::Expressions;
        inner.opener = symbol;
        inner.opened = tokens_.range(at_);
        inner.binds = std::move(binds);
        inner.bound = scopes_.bound();
        frames_.push_back(std::move(inner));
        if (query) {
            scopes_.open_select();
        }
        ++at_;
    }

    void close(char symbol) {
        if (frames_.size() == 1 || closer_of(frame().opener) != symbol) {
            return stop(SqlProblemKind::Unbalanced);
        }
        const Frame inner = std::move(frames_.back());
        frames_.pop_back();
        scopes_.unbind(inner.bound, tokens_.range(at_).begin);
        if (inner.kind == FrameKind::Query) {
            scopes_.close_select();
        }
        ++at_;
        if (inner.binds.empty()) {
            return after_brackets(inner.kind);
        }
        scopes_.bind(inner.binds, begin_of_next());
        frame().part = Part::AfterCommonTable;
    }

    std::uint32_t begin_of_next() const {
        return at_ < tokens_.size() ? tokens_.range(at_).begin : out_.statement.end;
    }

    void after_brackets(FrameKind inner) {
        Frame& outer = frame();
        if (outer.part == Part::TableExpected || outer.part == Part::Arguments) {
            outer.part = outer.described ? Part::Expressions : Part::AfterTable;
            outer.alias_open = inner != FrameKind::Tables && !outer.described;
            scopes_.read_unnamed_table();
        } else if (outer.part == Part::Using) {
            outer.part = Part::AfterTable;
        } else if (outer.part == Part::Head) {
            outer.part = Part::Expressions;
        }
    }

    void end_statement() {
        if (frames_.size() > 1) {
            return stop(SqlProblemKind::Unbalanced);
        }
        if (at_ == 0) {
            return stop(SqlProblemKind::Empty);
        }
        out_.statement.end = tokens_.range(at_ - 1).end;
        while (tokens_.is_symbol(at_, ";")) {
            ++at_;
        }
        if (at_ < tokens_.size()) {
            stop(SqlProblemKind::SeveralStatements);
        }
    }

    // The beginning of a query.

    void head() {
        Frame& here = frame();
        if (tokens_.is_word(at_, "SELECT")) {
            here.part = Part::Expressions;
        } else if (tokens_.is_word(at_, "WITH")) {
            recursive_ = tokens_.is_word(at_ + 1, "RECURSIVE");
            at_ += recursive_ ? 1U : 0U;
            here.part = Part::With;
        } else if (tokens_.is_word(at_, "FROM")) { // FROM t SELECT a
            here.part = Part::TableExpected;
        } else if (tokens_.is_word(at_, "EXPLAIN")) {
            at_ = tokens_.end_of_explain(at_);
        } else if (tokens_.is_word(at_, "DESCRIBE") || tokens_.is_word(at_, "DESC")) {
            const bool table = tokens_.is_name(at_ + 2) || tokens_.is_symbol(at_ + 2, "(");
            at_ += tokens_.is_word(at_ + 1, "TABLE") && table ? 1U : 0U;
            here.described = true;
            here.part = Part::TableExpected;
        } else {
            return stop(SqlProblemKind::NotReading);
        }
        ++at_;
    }

    // `name AS (SELECT ...)` binds a table, which its own body does not see; all else binds a value.
    void with_element() {
        const std::size_t body = tokens_.common_table_body(at_);
        if (body == tokens_.size()) {
            frame().part = Part::WithValue;
            return expression();
        }
        std::string table = tokens_.name(at_);
        at_ = body;
        if (recursive_) {
            scopes_.bind(table, tokens_.range(at_).begin);
        }
        open('(', std::move(table));
    }

    void after_common_table() {
        const bool more = tokens_.is_symbol(at_, ",");
        frame().part = more ? Part::With : Part::Head;
        at_ += more ? 1U : 0U;
    }

    // Tables.

    void table() {
        Frame& here = frame();
        if (tokens_.is_word(at_, "LATERAL")) {
            ++at_;
            return;
        }
        here.part = here.described ? Part::Expressions : Part::AfterTable;
        here.alias_open = !here.described;
        if (tokens_.is_name(at_)) {
            return named_table();
        }
        if (tokens_.is(at_, SqlTokenKind::String)) { // the engine takes 'name' for a name here
            const std::string_view quoted = tokens_.text(at_);
            read_table(std::string(quoted.substr(1, quoted.size() - 2)), {}, tokens_.range(at_));
        } else { // a bound parameter, or what the engine will refuse
            scopes_.read_unnamed_table();
        }
        ++at_;
    }

    void named_table() {
        const std::size_t last = tokens_.end_of_table_name(at_);
        const SqlRange place{tokens_.range(at_).begin, tokens_.range(last).end};
        if (tokens_.is_symbol(last + 1, "(")) {
            out_.table_functions.push_back({tokens_.name(last), place});
            frame().part = Part::Arguments;
        } else {
            read_table(tokens_.name(last), last == at_ ? std::string() : tokens_.name(at_), place);
        }
        at_ = last + 1;
    }

    void read_table(std::string table, std::string database, SqlRange place) {
        const TableUse use = frame().described ? TableUse::Described : TableUse::Source;
        scopes_.read_table(std::move(table), std::move(database), place, use);
    }

    void after_table() {
        if (!std::exchange(frame().alias_open, false)) {
            return expression();
        }
        const bool introduced = tokens_.is_word(at_, "AS") && tokens_.is_name(at_ + 1);
        const bool bare = tokens_.is(at_, SqlTokenKind::Word) &&
                          !is_reserved_after_table(tokens_.text(at_)) && !tokens_.is_word(at_, "AS");
        if (!introduced && !bare && !tokens_.is(at_, SqlTokenKind::QuotedName)) {
            return expression();
        }
        at_ += introduced ? 1U : 0U;
        scopes_.alias(tokens_.name(at_), tokens_.range(at_));
        ++at_;
    }

    // Everything that is neither a beginning nor a table.

    void expression() {
        if (tokens_.is_symbol(at_, ",")) {
            return comma();
        }
        if (tokens_.is_qualified(at_)) {
            return qualified_name();
        }
        if (tokens_.is(at_, SqlTokenKind::Word)) {
            word();
        }
        ++at_;
    }

    void comma() {
        Frame& here = frame();
        if (here.part == Part::AfterTable || here.part == Part::JoinOn) {
            here.part = Part::TableExpected;
        } else if (here.part == Part::WithValue) {
            here.part = Part::With;
        } else if (here.part == Part::Settings) {
            setting(at_ + 1);
        }
        ++at_;
    }

    // What stands behind a dot is no keyword, whatever its letters.
    void qualified_name() {
        scopes_.qualify(tokens_.name(at_), tokens_.range(at_));
        while (tokens_.is_qualified(at_)) {
            at_ += 2;
        }
        ++at_;
    }

    // Leaves `at_` on the last token that was understood.
    void word() {
        if (tokens_.is_word(at_, "AS") && tokens_.is_name(at_ + 1)) { // an alias may be called like a keyword
            ++at_;
        } else if (tokens_.is_word(at_, "IN")) {
            member();
        } else if (tokens_.is_word(at_, "SETTINGS") && tokens_.is_symbol(at_ + 2, "=")) {
            frame().part = Part::Settings;
            setting(at_ + 1);
        } else if (tokens_.is_word(at_, "INTO") && tokens_.is_word(at_ + 1, "OUTFILE")) {
            problem(SqlProblemKind::OutputClause, "INTO OUTFILE",
                    {tokens_.range(at_).begin, tokens_.range(at_ + 1).end});
        } else if (frame().kind != FrameKind::Group) {
            clause();
        }
    }

    void setting(std::size_t index) {
        if (tokens_.is_name(index) && tokens_.is_symbol(index + 1, "=")) {
            out_.settings.push_back(
                {tokens_.name(index), std::string(tokens_.text(index + 2)), tokens_.range(index)});
        }
    }

    void clause() {
        Frame& here = frame();
        if (tokens_.is_word(at_, "FROM")) {
            here.part = tokens_.begins_tables(at_) ? Part::TableExpected : here.part;
        } else if (tokens_.is_word(at_, "INSERT") && tokens_.is_word(at_ + 1, "INTO")) {
            stop(SqlProblemKind::NotReading);
        } else if (tokens_.is_word(at_, "PARALLEL") && tokens_.is_word(at_ + 1, "WITH")) {
            stop(SqlProblemKind::SeveralStatements);
        } else if (tokens_.is_set_operator(at_)) {
            at_ += tokens_.is_word(at_ + 1, "ALL") || tokens_.is_word(at_ + 1, "DISTINCT") ? 1U : 0U;
            here.part = Part::Head;
            scopes_.close_select();
            scopes_.open_select();
        } else if (frames_.size() == 1 && tokens_.ends_statement_with_format(at_)) {
            problem(SqlProblemKind::OutputClause, "FORMAT",
                    {tokens_.range(at_).begin, tokens_.range(at_ + 1).end});
        } else if (here.part == Part::WithValue) {
            here.part = tokens_.is_word(at_, "SELECT") ? Part::Expressions : here.part;
        } else if (here.part != Part::Expressions && here.part != Part::Settings) {
            table_clause();
        }
    }

    void table_clause() {
        Frame& here = frame();
        if (tokens_.is_word(at_, "JOIN")) {
            here.part = tokens_.is_word(at_ - 1, "ARRAY") ? Part::ArrayJoin : Part::TableExpected;
        } else if (tokens_.is_word(at_, "ON")) {
            here.part = Part::JoinOn;
        } else if (tokens_.is_word(at_, "USING")) {
            here.part = Part::Using;
        } else if (ends_tables(tokens_.text(at_))) {
            here.part = Part::Expressions;
        }
    }

    // `x IN t` and, the engine being generous, `x IN (t)`.
    void member() {
        const bool wrapped = tokens_.is_symbol(at_ + 1, "(");
        const std::size_t first = at_ + (wrapped ? 2U : 1U);
        const std::size_t last = tokens_.end_of_table_name(first);
        const bool called = tokens_.is_symbol(last + 1, "(");
        if (!tokens_.is_name(first) || called || (wrapped && !tokens_.is_symbol(last + 1, ")"))) {
            return;
        }
        scopes_.read_table(tokens_.name(last), last == first ? std::string() : tokens_.name(first),
                           {tokens_.range(first).begin, tokens_.range(last).end}, TableUse::Member);
    }

    SqlOutline& out_;
    SqlScopes scopes_;
    SqlPhrases tokens_;
    std::vector<Frame> frames_;
    std::size_t at_ = 0;
    bool stopped_ = false;
    bool recursive_ = false; // the last WITH was WITH RECURSIVE
};

} // namespace

SqlOutline outline_sql(std::string_view sql) {
    SqlOutline outline;
    const std::vector<SqlToken> tokens = tokenize_sql(sql);
    if (!tokens.empty() && !tokens.back().closed) { // only the last can run to the end
        const SqlToken& open = tokens.back();
        outline.problems.push_back(
            {SqlProblemKind::Unclosed, std::string(text_of(open, sql).substr(0, 1)), {open.begin, open.end}});
        return outline;
    }
    OutlineReader(sql, tokens, outline).read();
    return outline;
}

} // namespace birdhouse::syntax

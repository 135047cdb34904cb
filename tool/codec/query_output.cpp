#include "codec/query_output.hpp"

#include "base/text.hpp"
#include "codec/sql_form.hpp"
#include "syntax/sql_scan.hpp"
#include "syntax/sql_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace birdhouse::codec {

namespace {

using syntax::SqlPiece;
using syntax::SqlTokenKind;
using Pieces = std::span<const SqlPiece>;

constexpr auto kAfterList = std::to_array<std::string_view>(
    {"FROM", "WHERE", "PREWHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH",
     "SETTINGS", "FORMAT", "INTO", "UNION", "EXCEPT", "INTERSECT"});
constexpr auto kAfterGroup =
    std::to_array<std::string_view>({"HAVING", "WITH", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "OFFSET",
                                     "FETCH", "SETTINGS", "FORMAT", "INTO", "UNION", "EXCEPT", "INTERSECT"});
constexpr auto kOrder = std::to_array<std::string_view>({"ORDER", "LIMIT", "OFFSET", "FETCH"});
constexpr auto kAfterOrder =
    std::to_array<std::string_view>({"SETTINGS", "FORMAT", "INTO", "UNION", "EXCEPT", "INTERSECT"});

bool is_word(const SqlPiece& piece, std::string_view word) {
    return piece.token.kind == SqlTokenKind::Word && syntax::same_word(piece.text, word);
}

bool is_one_of(const SqlPiece& piece, std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return is_word(piece, word); });
}

// The outermost text of a query: significant pieces, their depth counted from it.
class QueryText {
public:
    explicit QueryText(std::string_view sql) : sql_(syntax::without_outer_parentheses(sql)) {
        for (SqlPiece& piece : syntax::scan_sql(sql_)) {
            if (syntax::is_significant(piece.token)) {
                pieces_.push_back(piece);
            }
        }
    }

    std::size_t size() const { return pieces_.size(); }

    // The first piece at depth 0 from `begin` on that is one of the words; the end when there is none.
    std::size_t find(std::size_t begin, std::span<const std::string_view> words) const {
        for (std::size_t i = begin; i < pieces_.size(); ++i) {
            if (pieces_[i].depth == 0 && is_one_of(pieces_[i], words)) {
                return i;
            }
        }
        return pieces_.size();
    }

    Pieces between(std::size_t begin, std::size_t end) const {
        return Pieces(pieces_).subspan(begin, end - begin);
    }

    std::string form(Pieces pieces) const {
        if (pieces.empty()) {
            return "";
        }
        const std::size_t begin = pieces.front().token.begin;
        return sql_form(sql_.substr(begin, pieces.back().token.end - begin));
    }

    std::string name(const SqlPiece& piece) const { return syntax::name_of(piece.token, sql_); }

private:
    std::string_view sql_;
    std::vector<SqlPiece> pieces_;
};

std::vector<Pieces> split_items(Pieces list) {
    std::vector<Pieces> items;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].depth == 0 && list[i].text == ",") {
            items.push_back(list.subspan(begin, i - begin));
            begin = i + 1;
        }
    }
    items.push_back(list.subspan(begin));
    return items;
}

// `*`, `t.*`, `COLUMNS('...')`: as many columns as there are.
bool is_open_ended(Pieces item) {
    const bool is_matcher = item.size() > 1 && is_word(item[0], "COLUMNS") && item[1].text == "(";
    const auto is_star = [&](std::size_t i) {
        return item[i].text == "*" && item[i].depth == 0 && (i == 0 || item[i - 1].text == ".");
    };
    bool found = is_matcher;
    for (std::size_t i = 0; i < item.size(); ++i) {
        found = found || is_star(i);
    }
    return found;
}

bool ends_expression(const SqlPiece& piece) {
    return syntax::is_name(piece) || piece.token.kind == SqlTokenKind::Number ||
           piece.token.kind == SqlTokenKind::String || piece.text == ")" || piece.text == "]";
}

// As the engine names it: the alias, the column, else the expression as it is written.
std::string item_name(const QueryText& text, Pieces item) {
    const SqlPiece& last = item.back();
    if (!syntax::is_name(last) || last.depth != 0) {
        return text.form(item);
    }
    if (item.size() == 1) {
        return text.name(last);
    }
    const SqlPiece& before = item[item.size() - 2];
    const bool is_alias = is_word(before, "AS") || (ends_expression(before) && !is_word(last, "END") &&
                                                    !syntax::expects_expression(before.text));
    const bool is_column =
        before.text == "." && std::all_of(item.begin(), item.end(), [](const SqlPiece& piece) {
            return syntax::is_name(piece) || piece.text == ".";
        });
    return is_alias || is_column ? text.name(last) : text.form(item);
}

std::optional<std::vector<std::string>> column_names(const QueryText& text, Pieces list) {
    if (!list.empty() && is_word(list.front(), "DISTINCT")) {
        list = list.subspan(1);
    }
    if (list.empty() || is_word(list.front(), "ON") || is_word(list.front(), "TOP")) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const Pieces item : split_items(list)) {
        if (item.empty()) {
            continue; // a comma before FROM is taken by the engine
        }
        if (is_open_ended(item)) {
            return std::nullopt;
        }
        names.push_back(item_name(text, item));
    }
    return names;
}

struct Item {
    std::string name;
    Pieces expression; // without its alias
};

// `toDate(at) AS day`: what stands before the alias.
Pieces without_alias(const QueryText& text, Pieces item) {
    if (item.size() < 2 || text.form(item) == item_name(text, item) || item[item.size() - 2].text == ".") {
        return item;
    }
    return item.first(item.size() - (is_word(item[item.size() - 2], "AS") ? 2 : 1));
}

std::vector<Item> named_items(const QueryText& text, Pieces list) {
    std::vector<Item> items;
    for (const Pieces item : split_items(list)) {
        if (!item.empty()) {
            items.push_back({item_name(text, item), without_alias(text, item)});
        }
    }
    return items;
}

// The alias or the position that stands alone in GROUP BY, as its expression.
Pieces resolved(const QueryText& text, const std::vector<Item>& items, Pieces group) {
    if (group.size() != 1) {
        return group;
    }
    if (group[0].token.kind == SqlTokenKind::Number) {
        std::size_t position = 0;
        const std::string_view digits = group[0].text;
        const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), position);
        const bool is_position = failure == std::errc() && end == digits.data() + digits.size() &&
                                 position > 0 && position <= items.size();
        return is_position ? items[position - 1].expression : group;
    }
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.name == text.name(group[0]); });
    return found == items.end() ? group : found->expression;
}

// Functions that put many values into one: how coarse a grain is, they say. What only converts a value says
// nothing.
constexpr auto kRounding = std::to_array<std::string_view>(
    {"toStartOf", "toYYYYMM", "toYear", "toMonth", "toQuarter", "toMonday", "toWeek", "toDayOf", "toHour",
     "toMinute", "toLastDayOf", "toRelative", "date_trunc", "dateTrunc", "intDiv", "floor", "round"});

bool rounds(std::string_view function) {
    return function == "toDate" ||
           std::any_of(kRounding.begin(), kRounding.end(),
                       [&](std::string_view name) { return function.starts_with(name); });
}

// Its rounding functions, and what they are given: numbers, texts, the unit of an interval.
std::string shape_of(Pieces expression) {
    std::string functions;
    std::string values;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const SqlPiece& piece = expression[i];
        const bool is_call =
            syntax::is_name(piece) && i + 1 < expression.size() && expression[i + 1].text == "(";
        const bool is_literal =
            piece.token.kind == SqlTokenKind::Number || piece.token.kind == SqlTokenKind::String;
        const bool is_unit = i > 0 && piece.token.kind == SqlTokenKind::Word &&
                             expression[i - 1].token.kind == SqlTokenKind::Number;
        if (is_call && rounds(piece.text)) {
            functions += std::string(piece.text) + " ";
        } else if (is_literal || is_unit) {
            values += std::string(piece.text) + " ";
        }
    }
    return functions.empty() ? "" : functions + values;
}

void read_grain(const QueryText& text, Pieces list, Pieces group, QueryOutput& output) {
    const std::vector<Item> items = named_items(text, list);
    for (const Pieces item : split_items(group)) {
        if (item.empty()) {
            continue;
        }
        const Pieces expression = resolved(text, items, item);
        output.grain += (output.grain.empty() ? "" : ", ") + text.form(expression);
        output.grain_shape += shape_of(expression) + ", ";
    }
}

} // namespace

QueryOutput read_output(std::string_view sql) {
    static constexpr std::array<std::string_view, 1> kSelect = {"SELECT"};
    static constexpr std::array<std::string_view, 1> kGroup = {"GROUP"};
    const QueryText text(sql);
    QueryOutput output;
    const std::size_t select = text.find(0, kSelect);
    if (select == text.size()) {
        return output;
    }
    const std::size_t list_end = text.find(select + 1, kAfterList);
    output.columns = column_names(text, text.between(select + 1, list_end));
    const std::size_t group = text.find(list_end, kGroup);
    if (group + 2 <= text.size()) { // behind BY
        const Pieces grouped = text.between(group + 2, text.find(group + 2, kAfterGroup));
        output.group_by = text.form(grouped);
        read_grain(text, text.between(select + 1, list_end), grouped, output);
    }
    const std::size_t order = text.find(list_end, kOrder);
    output.order = text.form(text.between(order, text.find(order, kAfterOrder)));
    return output;
}

} // namespace birdhouse::codec

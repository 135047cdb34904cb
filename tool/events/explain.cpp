#include "events/explain.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/json_text.hpp"
#include "events/privacy.hpp"

namespace birdhouse::events {

namespace {

constexpr std::size_t kShownCharacters = 60;
constexpr std::string_view kHidden = "(hidden)";

// A text without its quotes, any other value as it is written.
std::string plain_value(std::string_view row, const RowNote& note) {
    const std::string_view written = row.substr(note.begin, note.end - note.begin);
    if (written.size() < 2 || written.front() != '"') {
        return std::string(written);
    }
    std::string text;
    append_unescaped(text, written.substr(1, written.size() - 2));
    return text;
}

std::string bounds_of(const EventColumn& column) {
    if (column.minimum && column.maximum) {
        return "between " + *column.minimum + " and " + *column.maximum;
    }
    return column.minimum ? "at least " + *column.minimum : "at most " + column.maximum.value_or("");
}

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string about_column(const EventSchema& schema, const RowNote& note, const std::string& value) {
    const EventColumn& column = schema.columns()[note.column];
    const std::string_view code = note.code->id;
    const std::string subject = (value == kHidden ? "the value" : "value " + in_quotes(value)) +
                                " on column " + in_quotes(column.name);
    if (code == codes::E010.id) {
        return "Strict type checking failed. Object does not have column " + in_quotes(column.name) +
               ", you should send a value or recreate the table with a Nullable column type. While accessing "
               "jsonpath " +
               in_quotes(column.path);
    }
    if (code == codes::E011.id) {
        return "Null value not allowed on column " + in_quotes(column.name) + " of type " + column.type;
    }
    if (code == codes::E030.id) {
        return subject + " is not one of " + join(column.allowed, ", ");
    }
    if (code == codes::E031.id) {
        return subject + " is not " + bounds_of(column);
    }
    if (code == codes::E032.id) {
        return subject + " is longer than " + counted(column.max_chars.value_or(0), "character");
    }
    if (code == codes::E033.id) {
        return subject + " does not match " + column.pattern_text;
    }
    if (code == codes::E034.id) {
        return subject + " breaks the rule " + in_quotes(note.detail);
    }
    if (code == codes::E041.id) {
        return "null on column " + in_quotes(column.name) + " is stored as its default";
    }
    if (code == codes::P001.id) {
        return subject + " looks like a credential";
    }
    if (code == codes::P002.id) {
        return subject + " is a full network address";
    }
    if (code == codes::P003.id) {
        return subject + " is longer than " + counted(schema.privacy().prompt_max_chars, "character");
    }
    return subject + " is not " + column.type;
}

std::string explain_with(const EventSchema& schema, const RowNote& note, const std::string& value) {
    if (note.column != kNoColumn) {
        return about_column(schema, note, value);
    }
    if (note.code == &codes::E042) {
        return "key " + in_quotes(value) + " stands twice: the first counts";
    }
    if (note.code == &codes::E017) {
        return "no column takes key " + in_quotes(value);
    }
    return std::string(note.detail);
}

} // namespace

std::string explain(const EventSchema& schema, std::string_view row, const RowNote& note) {
    if (note.column == kNoColumn && note.code != &codes::E017) {
        const std::size_t character = count_code_points(row.substr(0, note.begin)) + 1;
        return std::string(note.detail) + ", at character " + with_thousands(character);
    }
    return explain_with(schema, note, plain_value(row, note));
}

std::string shown_value(const EventSchema& schema, std::string_view row, const RowNote& note) {
    if (note.begin == note.end) {
        return {};
    }
    const bool of_a_person =
        note.column != kNoColumn && schema.columns()[note.column].privacy != model::Privacy::None;
    if (of_a_person) {
        return std::string(kHidden);
    }
    return shorten(printable(mask_credentials(plain_value(row, note))), kShownCharacters);
}

std::string explain_for_report(const EventSchema& schema, std::string_view row, const RowNote& note) {
    return explain_with(schema, note, shown_value(schema, row, note));
}

} // namespace birdhouse::events

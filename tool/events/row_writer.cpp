#include "events/row_writer.hpp"

#include "base/codes.hpp"
#include "base/text.hpp"
#include "events/explain.hpp"
#include "events/json_text.hpp"

namespace birdhouse::events {

namespace {

// A text without quotes, a null as none, anything else as written.
void append_raw(std::string& out, const JsonRow& row, const JsonToken& token) {
    if (token.kind == JsonKind::Null) {
        out += "null";
    } else if (token.kind == JsonKind::String) {
        out += row.slice(token);
    } else {
        append_json_string(out, row.slice(token));
    }
}

void append_errors(std::string& out, const EventSchema& schema, const JsonRow& row, const Verdict& verdict) {
    out += "{\"c__error_column\":[";
    for (const RowNote& note : verdict.reasons) {
        out += &note == verdict.reasons.data() ? "" : ",";
        append_json_string(out, note.column == kNoColumn
                                    ? std::string_view()
                                    : std::string_view(schema.columns()[note.column].name));
    }
    out += "],\"c__error\":[";
    for (const RowNote& note : verdict.reasons) {
        out += &note == verdict.reasons.data() ? "" : ",";
        append_json_string(out, explain(schema, row.text(), note));
    }
    out += ']';
}

// The columns' values as they were sent, each node of the schema once: of two equal keys the first counts.
class RawColumns {
public:
    RawColumns(std::string& out, const EventSchema& schema, const JsonRow& row)
        : out_(out), schema_(schema), row_(row), met_(schema.nodes().size(), false) {}

    void append(std::uint32_t node, std::size_t value) {
        met_[node] = true;
        for (const std::uint32_t column : schema_.nodes()[node].columns) {
            out_ += ',';
            out_ += schema_.columns()[column].output_key;
            append_raw(out_, row_, row_.token(value));
        }
        const JsonToken& object = row_.token(value);
        if (object.kind != JsonKind::Object || schema_.nodes()[node].children.empty()) {
            return;
        }
        for (std::size_t key = value + 1; key != object.next; key = row_.token(key + 1).next) {
            const std::uint32_t child = schema_.find_child(node, key_text(key));
            if (child != 0 && !met_[child]) {
                append(child, key + 1);
            }
        }
    }

private:
    std::string_view key_text(std::size_t key) {
        const JsonToken& token = row_.token(key);
        if (!token.escaped) {
            return row_.inner(token);
        }
        unescaped_.clear();
        append_unescaped(unescaped_, row_.inner(token));
        return unescaped_;
    }

    std::string& out_;
    const EventSchema& schema_;
    const JsonRow& row_;
    std::vector<bool> met_;
    std::string unescaped_;
};

// Bytes that are no text cannot stand in JSON: each becomes the character of the same number, as Latin-1
// has it, under a name of its own.
void append_original(std::string& out, std::string_view row) {
    if (!find_invalid_utf8(row)) {
        out += "\"row\":";
        append_json_string(out, row);
        return;
    }
    std::string characters;
    for (const char c : row) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            characters += c;
        } else {
            characters += static_cast<char>(0xC0U | (byte >> 6U));
            characters += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    out += "\"row_bytes\":";
    append_json_string(out, characters);
}

} // namespace

void append_quarantine_row(std::string& out, const EventSchema& schema, const JsonRow& row,
                           const Verdict& verdict, const QuarantineStamp& stamp) {
    append_errors(out, schema, row, verdict);
    out += ",\"c__import_id\":";
    append_json_string(out, stamp.import_id);
    RawColumns(out, schema, row).append(0, 0);
    out += ",\"insertion_date\":";
    append_json_string(out, stamp.insertion_date);
    out += "}\n";
}

void append_dead_letter(std::string& out, const EventSchema& schema, std::string_view row, std::uint64_t line,
                        const std::vector<RowNote>& notes) {
    out += "{\"line\":" + std::to_string(line) + ",\"errors\":[";
    for (const RowNote& note : notes) {
        out += &note == notes.data() ? "{\"code\":" : ",{\"code\":";
        append_json_string(out, note.code->id);
        if (note.column != kNoColumn) {
            out += ",\"column\":";
            append_json_string(out, schema.columns()[note.column].name);
        }
        out += ",\"text\":";
        append_json_string(out, explain(schema, row, note));
        out += '}';
    }
    out += "],";
    append_original(out, row);
    out += "}\n";
}

} // namespace birdhouse::events

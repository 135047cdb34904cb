#include "ops/tally_report.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

using Json = nlohmann::ordered_json;
using events::Sample;
using events::TallyTable;

namespace {

std::string_view column_of(const events::TallyKey& key, const events::EventSchema& schema) {
    return key.column == events::kNoColumn ? std::string_view() : schema.columns()[key.column].name;
}

} // namespace

std::string place_of(const Sample& sample) {
    return printable(sample.file) + ":" + std::to_string(sample.line) + ":" + std::to_string(sample.column);
}

void append_table(std::string& out, std::string_view title, const TallyTable& table,
                  const events::EventSchema& schema, bool with_hints) {
    if (table.empty()) {
        return;
    }
    out += "\n" + std::string(title) + ":\n";
    for (const auto& [key, entry] : table) {
        const std::string_view column = column_of(key, schema);
        out += "  " + std::string(key.code->id) + (column.empty() ? "" : " " + backquoted(column)) + ": " +
               std::string(key.code->title) + ", " + counted(entry.count, "time") + "\n";
        for (const Sample& sample : entry.samples) {
            out += "    " + place_of(sample) + ": " + printable(sample.text) + "\n";
        }
        if (with_hints) {
            out += "    = help: " + printable(one_line(fix_hint(schema, key, entry))) + "\n";
        }
    }
}

Json hint_json(const FixHint& hint) {
    const auto text = [](const std::string& side) { return side.empty() ? Json() : Json(side); };
    return {{"definition", text(hint.definition)}, {"producer", text(hint.producer)}};
}

Json table_json(const TallyTable& table, const events::EventSchema& schema, bool with_hints) {
    Json list = Json::array();
    for (const auto& [key, entry] : table) {
        Json samples = Json::array();
        for (const Sample& sample : entry.samples) {
            samples.push_back({{"file", sample.file},
                               {"line", sample.line},
                               {"column", sample.column},
                               {"text", sample.text}});
        }
        const std::string_view column = column_of(key, schema);
        list.push_back({{"code", key.code->id},
                        {"column", column.empty() ? Json() : Json(column)},
                        {"title", key.code->title},
                        {"count", entry.count},
                        {"samples", std::move(samples)}});
        if (with_hints) {
            list.back()["fix"] = hint_json(fix_hint(schema, key, entry));
        }
    }
    return list;
}

} // namespace birdhouse::ops

// Any bytes as NDJSON against a wide schema: reading, checking, writing, counting and masking must not
// crash, and what is written for the engine must be JSON.
#include "events/checker.hpp"
#include "events/reader.hpp"
#include "events/row_writer.hpp"
#include "events/tally.hpp"

#include <cstdlib>

namespace {

using namespace birdhouse;

// A column of each kind at `$.<letter>` and below `$.o`, so that short inputs reach all of them.
events::EventSchema wide_schema() {
    constexpr const char* kTypes[] = {"UInt8",
                                      "Int256",
                                      "Float32",
                                      "Decimal(9, 3)",
                                      "Bool",
                                      "String",
                                      "FixedString(3)",
                                      "UUID",
                                      "Date32",
                                      "DateTime",
                                      "DateTime64(3, 'Europe/Madrid')",
                                      "Array(Array(Nullable(UInt16)))",
                                      "Map(UInt8, String)",
                                      "JSON",
                                      "LowCardinality(Nullable(String))"};
    model::Datasource datasource;
    datasource.name = "d";
    char letter = 'a';
    for (const char* type : kTypes) {
        for (const std::string above : {"$.", "$.o."}) {
            model::Column column;
            column.name = above + letter;
            column.type = type;
            column.json_path = above + letter;
            column.default_expression = "x";
            column.max_chars = 4;
            column.range = model::ValueRange{"-3", "7"};
            column.privacy = above == "$." ? model::Privacy::Ip : model::Privacy::Prompt;
            datasource.columns.push_back(std::move(column));
        }
        ++letter;
    }
    Diagnostics problems;
    return events::EventSchema::compile(datasource, {}, {}, problems).value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const events::EventSchema schema = wide_schema();
    static events::EventChecker checker(schema);
    static events::JsonRow judge;
    events::EventReader reader(std::string_view(reinterpret_cast<const char*>(data), size), 4'096);
    events::Tally tally;
    std::string out;
    while (const std::optional<events::EventLine> line = reader.next()) {
        out.clear();
        const events::Verdict& verdict = checker.check(line->text, &out);
        tally.add(schema, line->text, {"f", line->number}, verdict);
        if (verdict.status == events::RowStatus::Quarantined) {
            events::append_quarantine_row(out, schema, checker.row(), verdict, {"i", "t"});
        }
        if (verdict.status != events::RowStatus::NotAnEvent && judge.parse(out)) {
            std::abort();
        }
        out.clear();
        events::append_dead_letter(out, schema, line->text, line->number, verdict.reasons);
        if (judge.parse(out)) {
            std::abort();
        }
    }
    return 0;
}

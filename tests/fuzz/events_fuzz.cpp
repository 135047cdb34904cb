// Any bytes as an input against a wide schema: unpacking, cutting into blocks, checking, writing, counting
// and masking must not crash; the fast way through a row, the exact way and the way through blocks must
// agree; what is written for the engine must be JSON.
#include "events/checker.hpp"
#include "events/line_blocks.hpp"
#include "events/reader.hpp"
#include "events/row_writer.hpp"
#include "events/tally.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

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
            column.max_chars = above == "$." ? std::optional<std::uint32_t>(4) : std::nullopt;
            column.pattern = letter == 'f' ? std::optional<std::string>("^[a-z]*$") : std::nullopt;
            if (above == "$.") { // below `$.o.` the usual values, which rules would keep from their fast way
                column.range = model::ValueRange{"-3", "7"};
            }
            column.privacy = above == "$." ? model::Privacy::Ip : model::Privacy::None;
            datasource.columns.push_back(std::move(column));
        }
        ++letter;
    }
    datasource.rules = {"$.a < $.o.a", "$.j >= $.o.j"};
    Diagnostics problems;
    return events::EventSchema::compile(datasource, {}, {}, problems).value();
}

bool same_notes(const std::vector<events::RowNote>& left, const std::vector<events::RowNote>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const events::RowNote& a, const events::RowNote& b) {
                          return a.code == b.code && a.column == b.column && a.begin == b.begin &&
                                 a.end == b.end;
                      });
}

bool same(const events::Verdict& left, const events::Verdict& right) {
    return left.status == right.status && same_notes(left.reasons, right.reasons) &&
           same_notes(left.broken_rules, right.broken_rules) && same_notes(left.warnings, right.warnings) &&
           left.dropped.size() == right.dropped.size();
}

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

// Unpacked if it is packed, cut into blocks: every line gets the verdict it gets alone.
void check_blocks(const events::EventSchema& schema, const std::string& input) {
    static events::EventChecker in_blocks(schema);
    static events::EventChecker alone(schema);
    std::istringstream stream(input);
    events::LineBlocks blocks(stream, 4'096);
    (void)blocks.fault();
    events::Tally tally;
    for (events::LineBlock block; blocks.next(block);) {
        in_blocks.check_lines(block.text, [&](std::string_view line, const events::Verdict* verdict) {
            if (verdict != nullptr) {
                tally.add(schema, line, {"f", 1}, *verdict);
                require(same(*verdict, alone.check(line)));
            }
        });
        (void)tally.take_part();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const events::EventSchema schema = wide_schema();
    static events::EventChecker checker(schema);
    static events::EventChecker exact(schema);
    static events::JsonRow judge;
    const std::string input(reinterpret_cast<const char*>(data), size);
    check_blocks(schema, input);
    events::EventReader reader(std::string_view(input), 4'096);
    events::Tally tally;
    std::string out;
    while (const std::optional<events::EventLine> line = reader.next()) {
        out.clear();
        const events::Verdict& verdict = checker.check(line->text);
        tally.add(schema, line->text, {"f", line->number}, verdict);
        require(same(verdict, exact.check(line->text, &out)));
        if (verdict.status == events::RowStatus::Quarantined) {
            events::append_quarantine_row(out, schema, checker.row(), verdict, {"i", "t"});
        }
        require(verdict.status == events::RowStatus::NotAnEvent || !judge.parse(out));
        out.clear();
        events::append_dead_letter(out, schema, line->text, line->number, verdict.reasons);
        require(!judge.parse(out));
    }
    return 0;
}

// JSON as it should not be, and as one would not expect it: each is told good from bad, alone and among other
// rows, and the fast way through a row comes to the verdict of the exact one.
#include "events/checker.hpp"
#include "fixture.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;
using namespace birdhouse::testing;

namespace {

const std::string kDeclaration =
    "datasource d\n"
    "column id | String | $.id | default ''\n"
    "column n | UInt16 | $.n | default 0\n"
    "column f | Float64 | $.f | default 0 | range 0..10\n"
    "column at | DateTime64(3) | $.at | default now()\n"
    "column day | Nullable(Date) | $.day\n"
    "column u | UUID | $.u | default generateUUIDv4()\n"
    "column b | Bool | $.b | default false\n"
    "column kind | LowCardinality(String) | $.kind | default 'a' | allowed a, b\n"
    "column list | Array(Int8) | $.list[:] | default []\n"
    "column words | Array(Nullable(String)) | $.words[:] | default []\n"
    "column picked | Array(String) | $.items[:].name | default []\n"
    "column map | Map(String, Decimal(9, 2)) | $.map | default map()\n"
    "column doc | JSON | $.doc | default '{}'\n"
    "column deep | Int64 | $.o.p.q | default 0\n"
    "column whole | String | $.o | default ''\n"
    "column token | String | $.token | default '' | max_chars 6 | pattern ^[a-z]*$\n"
    "---\n";

// All that a verdict says.
std::string said(const events::Verdict& verdict) {
    std::string text = std::to_string(static_cast<int>(verdict.status));
    for (const auto* notes : {&verdict.reasons, &verdict.broken_rules, &verdict.warnings}) {
        text += '|';
        for (const events::RowNote& note : *notes) {
            text += std::string(note.code->id) + ":" + std::to_string(note.column) + ":" +
                    std::to_string(note.begin) + "-" + std::to_string(note.end) + std::string(note.detail) +
                    " ";
        }
    }
    for (const events::DroppedField& field : verdict.dropped) {
        text += " dropped " + std::to_string(field.parent) + ":" + std::to_string(field.begin) + "-" +
                std::to_string(field.end);
    }
    return text;
}

class Judges {
public:
    Judges()
        : schema_(compiled(parse_event_case("torture", kDeclaration))), fast_(schema_), exact_(schema_),
          blocks_(schema_) {}

    bool is_event(const std::string& row) {
        const events::RowStatus status = fast_.check(row).status;
        agree({row});
        return status != events::RowStatus::NotAnEvent;
    }

    // The same verdicts from the fast way, the exact way (which writes), and in a block of lines.
    void agree(const std::vector<std::string>& rows) {
        std::string block;
        std::vector<std::string> expected;
        for (const std::string& row : rows) {
            std::string written;
            expected.push_back(said(fast_.check(row)));
            INFO(row);
            REQUIRE(said(exact_.check(row, &written)) == expected.back());
            block += row + "\n";
        }
        const std::size_t size = block.size();
        block.append(events::kTextPadding, '"');
        std::size_t at = 0;
        blocks_.check_lines(std::string_view(block).substr(0, size),
                            [&](std::string_view line, const events::Verdict* verdict) {
                                INFO(line);
                                REQUIRE(verdict != nullptr);
                                REQUIRE(said(*verdict) == expected.at(at++));
                            });
        REQUIRE(at == rows.size());
    }

private:
    events::EventSchema schema_;
    events::EventChecker fast_;
    events::EventChecker exact_;
    events::EventChecker blocks_;
};

std::string nested(std::size_t depth, char open, char close) {
    return "{\"x\":" + std::string(depth, open) + std::string(depth, close) + "}";
}

constexpr const char* kGoodRow =
    R"({"id":"r1","n":7,"f":0.5,"at":"2025-06-18T09:12:03.411Z","day":"2025-06-18","u":"61f0c404-5cb3-11e7-907b-a6006ad3dba0","b":true,)"
    R"("kind":"a","list":[1,-2],"words":["x",null],"items":[{"name":"y"}],"map":{"k":1.5},"doc":{"a":[1]},"o":{"p":{"q":-5}},"token":"abc"})";

} // namespace

TEST_CASE("rows that are JSON are events, however odd") {
    Judges judges;
    for (const std::string row : {"{}",
                                  " { } ",
                                  "\t{\"id\" :\r \"a\" , \"n\":\t1 }",
                                  R"({"":1})",
                                  R"({"id":""})",
                                  R"({"x":[[],{},[{}]]})",
                                  R"({"x":-0})",
                                  R"({"x":0e0})",
                                  R"({"x":1E+2})",
                                  R"({"x":1e-2})",
                                  R"({"x":123456789012345678901234567890})",
                                  R"({"x":1e99999})",
                                  R"({"x":0.1e1})",
                                  R"({"x":"\u0000"})",
                                  R"({"x":"\"\\\/\b\f\n\r\t"})",
                                  R"({"x":"\ud83d\ude00"})",
                                  R"({"x":"\uDBFF\uDFFF"})",
                                  "{\"x\":\"\xF4\x8F\xBF\xBF\"}",
                                  "{\"x\":\"\x7F\"}",
                                  R"({"x":"null"})",
                                  R"({"a":1,"a":2})",
                                  R"({"\u0069d":"escaped key"})",
                                  R"({"x":[1 , 2]})",
                                  R"({"x":[ ]})",
                                  R"({"x":"]}[{,:"})",
                                  R"({"x":"//"})",
                                  "{\"x\":\"\xE2\x80\xA8\"}",
                                  R"({"x":true,"y":false,"z":null})"}) {
        INFO(row);
        CHECK(judges.is_event(row));
    }
    CHECK(judges.is_event(kGoodRow));
    CHECK(judges.is_event(nested(127, '[', ']')));
}

TEST_CASE("rows that are not JSON are no events, however near") {
    Judges judges;
    for (const std::string row : {"[]",
                                  "[{}]",
                                  "1",
                                  "\"a\"",
                                  "null",
                                  "true",
                                  "{",
                                  "}",
                                  "{}}",
                                  "{} {}",
                                  "{},",
                                  "{}x",
                                  "x{}",
                                  "{\"x\"}",
                                  "{\"x\":}",
                                  "{\"x\":1,}",
                                  "{,}",
                                  "{\"x\":1 \"y\":2}",
                                  "{\"x\":1,,\"y\":2}",
                                  "{\"x\"::1}",
                                  "{:1}",
                                  "{1:1}",
                                  "{x:1}",
                                  "{'x':1}",
                                  "{\"x\":'a'}",
                                  "{\"x\":[1,]}",
                                  "{\"x\":[,1]}",
                                  "{\"x\":[1 2]}",
                                  "{\"x\":[1,,2]}",
                                  "{\"x\":[}",
                                  "{\"x\":[1}",
                                  "{\"x\":{]}",
                                  "{\"x\":1]",
                                  "{\"x\":\"a}",
                                  "{\"x\":\"a\\\"}",
                                  "{\"x\":\"a\\",
                                  "{\"x\":\"\\x41\"}",
                                  "{\"x\":\"\\u12\"}",
                                  "{\"x\":\"\\u123g\"}",
                                  "{\"x\":\"\\ud83d\"}",
                                  "{\"x\":\"\\ude00\\ud83d\"}",
                                  "{\"x\":\"\\ud83dx\"}",
                                  "{\"x\":\"\\U0041\"}",
                                  "{\"x\":\"\x01\"}",
                                  "{\"x\":\"\t\"}",
                                  "{\"x\":\"\xC0\xAF\"}",
                                  "{\"x\":\"\xED\xA0\x80\"}",
                                  "{\"x\":\"\xF5\x80\x80\x80\"}",
                                  "{\"x\":\"\xC3\"}",
                                  "{\"x\":\"\xFF\"}",
                                  "{\"\xFF\":1}",
                                  "{\"x\":01}",
                                  "{\"x\":-01}",
                                  "{\"x\":1.}",
                                  "{\"x\":.5}",
                                  "{\"x\":-}",
                                  "{\"x\":+1}",
                                  "{\"x\":1e}",
                                  "{\"x\":1e+}",
                                  "{\"x\":1.e1}",
                                  "{\"x\":0x1}",
                                  "{\"x\":1a}",
                                  "{\"x\":1_000}",
                                  "{\"x\":--1}",
                                  "{\"x\":NaN}",
                                  "{\"x\":Infinity}",
                                  "{\"x\":-Infinity}",
                                  "{\"x\":nul}",
                                  "{\"x\":nulll}",
                                  "{\"x\":True}",
                                  "{\"x\":tru}",
                                  "{\"x\":truefalse}",
                                  "{\"x\":1}/**/",
                                  "/**/{\"x\":1}",
                                  "{\"x\":1}#",
                                  "{\"x\":\"a\" \"b\"}",
                                  "{\"x\":\"a\"1}",
                                  "{\"x\":\"a\"true}",
                                  "{\"x\":1\"a\"}",
                                  "\xEF\xBB\xBF{}",
                                  "{\xC2\xA0}",
                                  "{\"n\":1\xC2\xA0}",
                                  "{\"n\":1\f}",
                                  "{\"n\":1\v}",
                                  "{\"id\":\"a\"\"n\":1}",
                                  "{\"id\"\"a\"}"}) {
        INFO(row);
        CHECK_FALSE(judges.is_event(row));
    }
    CHECK_FALSE(judges.is_event(nested(128, '[', ']')));
    CHECK_FALSE(judges.is_event(std::string("{\"x\":\"a\0b\"}", 11)));
    CHECK_FALSE(judges.is_event(std::string("{\"x\":\0}", 7)));
}

TEST_CASE("a million levels of nesting are refused, not followed") {
    Judges judges;
    CHECK_FALSE(judges.is_event(nested(1'000'000, '[', ']')));
    CHECK_FALSE(judges.is_event("{\"x\":" + std::string(1'000'000, '[')));
    std::string objects;
    for (int level = 0; level < 300'000; ++level) {
        objects += "{\"o\":";
    }
    CHECK_FALSE(judges.is_event(objects));
}

TEST_CASE("a broken row does not disturb its neighbours") {
    Judges judges;
    judges.agree({kGoodRow, "{\"id\":\"a", kGoodRow, "{\"id\":\"a\\\"}", kGoodRow, "{\"x\":\"\xC3", kGoodRow,
                  "{\"n\":", kGoodRow, "}", kGoodRow, "{\"x\":[", "]}", kGoodRow, "{", kGoodRow});
    // Two halves of one row are two broken rows.
    const std::string row = kGoodRow;
    for (std::size_t at = 1; at < row.size(); ++at) {
        judges.agree({row.substr(0, at), row.substr(at), row});
    }
}

TEST_CASE("the fast way and the exact way agree on rows that are damaged anywhere") {
    Judges judges;
    std::mt19937 chance(3); // NOLINT(cert-msc51-cpp): the same rows in every run
    const std::string signs = "\"\\{}[]:,. 0123456789-+eETZtfnula\xC3\xA9";
    std::vector<std::string> rows;
    for (int round = 0; round < 20'000; ++round) {
        std::string row = kGoodRow;
        for (std::uint64_t changes = 1 + chance() % 3; changes > 0; --changes) {
            const std::size_t at = chance() % row.size();
            const char sign = signs[chance() % signs.size()];
            switch (chance() % 4) {
            case 0:
                row[at] = sign;
                break;
            case 1:
                row.insert(at, 1, sign);
                break;
            case 2:
                row.erase(at, 1 + chance() % 3);
                break;
            default:
                row.insert(at, row.substr(chance() % row.size(), chance() % 40));
                break;
            }
        }
        if (row.find_first_not_of(" \t\r") != std::string::npos) {
            rows.push_back(row);
        }
        if (rows.size() == 50) {
            judges.agree(rows);
            rows.clear();
        }
    }
}

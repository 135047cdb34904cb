#include "base/hash.hpp"
#include "codec/definitions.hpp"
#include "codec/yaml_text.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace birdhouse;

namespace {

std::string render(const Diagnostics& problems, const SourceMap& sources) {
    return render_text(problems, sources);
}

// Reads back what is written; the checksum is that of the text, so it is the one thing a writer cannot know.
model::Migration read_back(const model::Migration& migration, std::string& complaints) {
    SourceMap sources;
    Diagnostics problems;
    const std::string text = codec::write_migration(migration);
    const SourceId source = sources.add("migrations/" + migration.id + ".yaml", text);
    std::optional<model::Migration> read = codec::read_migration(source, sources, problems);
    complaints = render(problems, sources);
    REQUIRE(read);
    CHECK(read->checksum == sha256(text));
    read->checksum = migration.checksum;
    return *read;
}

// Texts that YAML could take for something else, or that break a naive writer.
const std::vector<std::string> kTexts = {"plain",
                                         "two words",
                                         "1",
                                         "-1.5",
                                         "true",
                                         "no",
                                         "null",
                                         "~",
                                         "",
                                         "'quoted'",
                                         "a\"b",
                                         "a\\b",
                                         "a: b",
                                         "a #b",
                                         "#",
                                         "- a",
                                         "[a, b]",
                                         "{a}",
                                         "a,b",
                                         "é ü 漢",
                                         "tab\there",
                                         "@x",
                                         "`x`",
                                         "*x",
                                         "&x",
                                         "!x",
                                         "%x",
                                         "two\nlines",
                                         "two\n  lines\n\nmore",
                                         " leading",
                                         "trailing ",
                                         "  two\nlines",
                                         "ctrl\x01",
                                         "a\rb",
                                         "|",
                                         ">",
                                         "<<x>>",
                                         "now()",
                                         "a || b",
                                         "?",
                                         "=",
                                         "-",
                                         "0x1F",
                                         "'",
                                         "\"",
                                         "line\n",
                                         "\n",
                                         "a 'b' \"c\"",
                                         "key: |\n  text",
                                         "... dots",
                                         "---"};

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    model::Migration migration() {
        model::Migration migration;
        migration.id = "0001_random";
        migration.description = trimmed(text());
        migration.checkpoint = flip();
        const std::size_t steps = below(4);
        for (std::size_t i = 0; i < steps; ++i) {
            migration.steps.push_back({step(below(std::variant_size_v<model::StepAction>)), {}});
        }
        if (flip()) {
            migration.allow.push_back({"D101",
                                       "events." + name(),
                                       flip() ? std::optional<std::uint64_t>(below(9)) : std::nullopt,
                                       {}});
            migration.allow.push_back({"D102", name(), std::nullopt, {}});
        }
        return migration;
    }

    model::StepAction step(std::size_t kind) {
        switch (kind) {
        case 0:
            return model::CreateDatasource{datasource()};
        case 1:
            return model::DropDatasource{name()};
        case 2:
            return model::AddColumn{name(), column(0),
                                    flip() ? model::ColumnPosition{true, {}}
                                           : model::ColumnPosition{false, flip() ? name() : ""}};
        case 3:
            return model::DropColumn{name(), name()};
        case 4:
            return model::MoveColumn{name(), name(),
                                     flip() ? model::ColumnPosition{true, {}}
                                            : model::ColumnPosition{false, name()}};
        case 5:
            return model::RenameColumn{name(), name(), name()};
        case 6:
            return model::ChangeType{name(), name(), type()};
        case 7:
            return model::SetDefault{name(), name(), flip() ? std::optional(filled()) : std::nullopt};
        case 8:
            return model::SetNullable{name(), name(), flip()};
        case 9:
            return model::SetTtl{name(), flip() ? filled() : ""};
        case 10:
            return model::AddIndex{name(), index()};
        case 11:
            return model::DropIndex{name(), name()};
        case 12:
            return model::CreateMaterializedView{name(), name(), sql(), flip()};
        case 13:
            return model::DropMaterializedView{name()};
        case 14:
            return model::ChangeMaterializedView{name(), sql()};
        case 16:
            return model::RebuildDatasource{name(),
                                            flip() ? std::optional(datasource().engine) : std::nullopt,
                                            {{"a", type()}, {"b", type()}},
                                            flip() ? std::vector<model::Conversion>{{"true", filled()}}
                                                   : std::vector<model::Conversion>{}};
        default:
            return model::SetJsonPath{name(), name(),
                                      flip() ? std::optional<std::string>("$.['a b'].c[:]") : std::nullopt};
        }
    }

private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }
    bool flip() { return below(2) == 0; }
    std::string text() { return kTexts[below(kTexts.size())]; }
    // A definition's texts lose the line ends behind them, and an empty one counts as absent.
    static std::string trimmed(std::string text) {
        text.erase(text.find_last_not_of('\n') + 1);
        return text;
    }
    std::string filled() {
        const std::string text = trimmed(this->text());
        return text.empty() ? "0" : text;
    }
    std::string sql() {
        std::string text = this->text();
        text.erase(text.find_last_not_of(" \t\r\n") + 1);
        return text.empty() ? "SELECT 1\n\n  FROM events" : text;
    }
    std::string name() { return "name_" + std::to_string(below(50)); }
    std::string type() { return flip() ? "Decimal(18, 4)" : "Enum8('a' = 1, 'b, c' = 2)"; }

    model::Column column(std::size_t number) {
        model::Column column;
        column.name = "column_" + std::to_string(number);
        column.type = number % 3 == 0 ? "String" : number % 3 == 1 ? "UInt64" : type();
        column.json_path = "$." + column.name;
        if (flip()) {
            column.default_expression = filled();
        }
        if (flip()) {
            column.codec = "ZSTD(3)";
        }
        column.description = trimmed(text());
        if (flip()) {
            column.allowed = {text(), text()};
        }
        if (number % 3 == 0 && flip()) {
            column.max_chars = 10;
        }
        if (number % 3 == 1 && flip()) {
            column.range =
                model::ValueRange{flip() ? std::optional<std::string>("-5") : std::nullopt, "1.5e3"};
        }
        column.privacy = flip() ? model::Privacy::Ip : model::Privacy::None;
        return column;
    }

    model::Index index() {
        return {name(), filled(), "bloom_filter(0.01)", std::to_string(1 + below(9)), {}};
    }

    model::Datasource datasource() {
        model::Datasource datasource;
        datasource.name = name();
        datasource.description = trimmed(text());
        for (std::size_t i = 0; i <= below(4); ++i) {
            datasource.columns.push_back(column(i));
        }
        datasource.engine.kind = flip() ? "Null" : "VersionedCollapsingMergeTree";
        datasource.engine.sorting_key = flip() ? "column_0" : "tuple()";
        datasource.engine.ttl = flip() ? "" : trimmed(filled());
        datasource.engine.settings = flip() ? "" : "index_granularity = 8192, a = 'b'";
        datasource.engine.join_type = flip() ? "" : "LEFT";
        if (flip()) {
            datasource.indexes.push_back(index());
        }
        if (flip()) {
            datasource.tokens = {{filled(), model::TokenScope::Append, {}},
                                 {"b", model::TokenScope::Read, {}}};
        }
        if (flip()) {
            datasource.tags = {filled(), "b"};
        }
        if (flip()) {
            datasource.shared_with = {filled()};
        }
        datasource.forward_query = flip() ? "" : filled();
        datasource.backfill_skip = flip();
        datasource.template_file = flip() ? "" : "x.tmpl";
        return datasource;
    }

    std::mt19937 random_;
};

} // namespace

TEST_CASE("a migration that is written reads back as the same migration") {
    for (unsigned seed = 0; seed < 2'000; ++seed) {
        const model::Migration migration = Generator(seed).migration();
        std::string complaints;
        const model::Migration read = read_back(migration, complaints);
        if (!(read == migration) || !complaints.empty()) {
            FAIL("seed " << seed << "\n"
                         << codec::write_migration(migration) << complaints << "\n"
                         << codec::write_migration(read));
        }
    }
}

TEST_CASE("every kind of step is written and read back") {
    for (std::size_t kind = 0; kind < std::variant_size_v<model::StepAction>; ++kind) {
        model::Migration migration;
        migration.id = "0001_one";
        migration.steps.push_back({Generator(7).step(kind), {}});
        REQUIRE(migration.steps.front().action.index() == kind);
        std::string complaints;
        CHECK(read_back(migration, complaints) == migration);
        CHECK(complaints.empty());
    }
}

TEST_CASE("a written migration is what a person would write") {
    model::Migration migration;
    migration.id = "0002_image_columns";
    migration.description = "Image requests share llm_events.";
    model::Column kind;
    kind.name = "event_type";
    kind.type = "LowCardinality(String)";
    kind.json_path = "$.event_type";
    kind.default_expression = "'text_generation'";
    model::Column width;
    width.name = "image_width";
    width.type = "UInt16";
    width.default_expression = "0";
    migration.steps = {
        {model::AddColumn{"llm_events", kind, {}}, {}},
        {model::AddColumn{"llm_events", width, {false, "event_type"}}, {}},
        {model::CreateMaterializedView{"days_mv", "days", "SELECT 1\nFROM llm_events", true}, {}}};
    migration.allow = {{"D101", "llm_events.old", 412000, {}}};
    CHECK(codec::write_migration(migration) == R"(migration: 0002_image_columns
description: Image requests share llm_events.
steps:
  - add_column: {datasource: llm_events, name: event_type, type: LowCardinality(String), path: $.event_type, default: "'text_generation'"}
  - add_column: {datasource: llm_events, name: image_width, type: UInt16, default: 0, after: event_type}
  - create_materialized_view:
      view: days_mv
      to: days
      backfill: true
      sql: |
        SELECT 1
        FROM llm_events
allow:
  - {code: D101, column: llm_events.old, rows: 412000}
)");
}

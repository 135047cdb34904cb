#include "ops/datasource_places.hpp"
#include "ops/project.hpp"
#include "support/golden.hpp"

#include <catch2/catch.hpp>

using namespace birdhouse;
using birdhouse::testing::TemporaryFolder;
using ops::ColumnPart;

namespace {

// What stands at a place.
std::string at(const ops::OpenProject& open, Span place) {
    return place.known() ? std::string(open.sources.slice(place)) : "nowhere";
}

void check_parts(const ops::OpenProject& open) {
    INFO(render_text(open.problems, open.sources));
    const model::Datasource* events = model::find_datasource(open.project, "events");
    REQUIRE(events != nullptr);
    REQUIRE(events->columns.size() == 2);
    const model::Column& price = events->columns[1];
    CHECK(at(open, ops::place_of(price, ColumnPart::Type, open.sources)) == "Float64");
    CHECK(at(open, ops::place_of(price, ColumnPart::Default, open.sources)) == "1.5");
    CHECK(at(open, ops::place_of(price, ColumnPart::Codec, open.sources)).find("ZSTD(3)") !=
          std::string::npos);
    using model::TableEngine;
    CHECK(at(open, ops::place_of(events->engine, &TableEngine::ttl, open.sources)).find("toIntervalDay(9)") !=
          std::string::npos);
    const Span key = ops::place_of(events->engine, &TableEngine::sorting_key, open.sources);
    CHECK(at(open, key).find("id") != std::string::npos);
    CHECK(at(open, ops::narrowed(key, "price", open.sources)) == "price");
    CHECK(at(open, ops::narrowed(key, "pric", open.sources)) == at(open, key));
    // Not there: the engine itself.
    CHECK(ops::place_of(events->engine, &TableEngine::sampling_key, open.sources) ==
          events->engine.origin.span);
}

} // namespace

TEST_CASE("parts of a datasource are found in its definition") {
    const TemporaryFolder folder;
    folder.write("birdhouse.yaml", "name: shop\n");
    folder.write("datasources/events.yaml", "datasource: events\n"
                                            "columns:\n"
                                            "  - {name: id, type: String}\n"
                                            "  - name: price\n"
                                            "    default: 1.5\n"
                                            "    type: Float64\n"
                                            "    codec: ZSTD(3)\n"
                                            "engine:\n"
                                            "  kind: MergeTree\n"
                                            "  sorting_key: [id, price]\n"
                                            "  ttl: now() + toIntervalDay(9)\n");
    check_parts(ops::open_project(folder.path()));
}

TEST_CASE("parts of a datasource are found in its datafile") {
    const TemporaryFolder folder;
    folder.write("datasources/events.datasource", "SCHEMA >\n"
                                                  "    `id` String,\n"
                                                  "    `price` Float64 DEFAULT 1.5 CODEC(ZSTD(3))\n"
                                                  "\n"
                                                  "ENGINE \"MergeTree\"\n"
                                                  "ENGINE_SORTING_KEY \"id, price\"\n"
                                                  "ENGINE_TTL \"now() + toIntervalDay(9)\"\n");
    check_parts(ops::open_project(folder.path()));
}

TEST_CASE("a value made by a program has no place") {
    const SourceMap sources;
    CHECK_FALSE(ops::place_of(model::Column(), ColumnPart::Type, sources).known());
    CHECK_FALSE(ops::place_of(model::TableEngine(), &model::TableEngine::ttl, sources).known());
    CHECK_FALSE(ops::narrowed(Span(), "id", sources).known());
}

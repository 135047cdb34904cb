// docs/schemas is written by the code, so that editors and the reader know the same keys.
#include "codec/json_schema.hpp"
#include "model/migration.hpp"
#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

using namespace birdhouse;
using codec::ObjectKind;

TEST_CASE("the JSON Schemas in docs/schemas are those of the field table") {
    const std::pair<std::string, ObjectKind> schemas[] = {
        {"project", ObjectKind::Project},       {"datasource", ObjectKind::Datasource},
        {"group", ObjectKind::Group},           {"pipe", ObjectKind::Pipe},
        {"connection", ObjectKind::Connection}, {"migration", ObjectKind::Migration},
        {"contract", ObjectKind::Contract}};
    for (const auto& [name, kind] : schemas) {
        const std::filesystem::path path =
            std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "docs/schemas" / (name + ".schema.json");
        const std::string written = codec::write_json_schema(kind);
        if (std::getenv("BIRDHOUSE_ACCEPT") != nullptr) {
            std::ofstream(path, std::ios::binary) << written;
            WARN("accepted " << path.string());
            continue;
        }
        INFO(path.string());
        CHECK(written == testing::read_text(path));
    }
}

TEST_CASE("every kind of step of the model is in the field table") {
    const codec::ObjectShape& steps = codec::shape_of(ObjectKind::Step);
    REQUIRE(steps.fields.size() == std::variant_size_v<model::StepAction>);
    CHECK(codec::find_field(ObjectKind::Step, model::kind_of(model::AddColumn{})) != nullptr);
    CHECK(codec::find_field(ObjectKind::Step, model::kind_of(model::SetJsonPath{})) != nullptr);
    CHECK(codec::find_field(ObjectKind::Step, "explode") == nullptr);
}

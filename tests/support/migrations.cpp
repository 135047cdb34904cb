#include "support/migrations.hpp"

#include "ops/migration_files.hpp"
#include "ops/project.hpp"

#include <catch2/catch.hpp>

namespace birdhouse::testing {

void record_migrations(const TemporaryFolder& folder) {
    const ops::OpenProject project = ops::open_project(folder.path());
    INFO(render_text(project.problems, project.sources));
    REQUIRE(project.usable());
    folder.write("migrations/birdhouse.sum", ops::write_sum(project.migrations));
}

void write_migrations(const TemporaryFolder& folder, const std::vector<std::string>& texts) {
    constexpr std::string_view kKey = "migration: ";
    for (const std::string& text : texts) {
        REQUIRE(text.starts_with(kKey));
        const std::string name = text.substr(kKey.size(), text.find('\n') - kKey.size());
        folder.write("migrations/" + name + ".yaml", text);
    }
    record_migrations(folder);
}

void write_project(const TemporaryFolder& folder, const std::vector<std::string>& migrations) {
    folder.write("birdhouse.yaml", "name: shop\n");
    write_migrations(folder, migrations);
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace birdhouse::testing

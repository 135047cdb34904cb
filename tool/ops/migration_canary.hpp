// Canary rows: after each step of a replay, rows from the edges of the types and the project's own sample
// events go through the views that hang on the changed table, and the endpoints that read it are run. What
// ClickHouse's own guard does not see shows here, before any target does.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "model/schema.hpp"
#include "ops/migration_proof.hpp"
#include "ops/migration_scope.hpp"
#include "ops/project.hpp"
#include "target/catalog.hpp"
#include "target/channel.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace birdhouse::ops {

class Canary final : public StepWatcher {
public:
    // `schema` is what the first watched step meets; `folder` may hold fixtures/.
    Canary(target::SqlChannel& scratch, std::string database, const OpenProject& project,
           const std::filesystem::path& folder, model::Schema schema, Diagnostics& problems);
    ~Canary() override;
    Canary(const Canary&) = delete;
    Canary& operator=(const Canary&) = delete;

    // Endpoints that read nothing of the scope are left out from now on. What the others read must be there.
    TableNames keep_to(const TableNames& scope);

    Result<void> before_steps() override;
    Result<void> before_step(const PlannedStep& step) override;
    Result<void> after_step(const PlannedMigration& migration, const PlannedStep& step) override;
    Result<void> after_steps() override;

    std::size_t rows() const; // that went in

private:
    class Flight;
    std::unique_ptr<Flight> flight_;
};

} // namespace birdhouse::ops

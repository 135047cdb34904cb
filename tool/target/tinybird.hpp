// Tinybird workspaces: what both generations have in common, and how each is opened.
#pragma once

#include "target/tinybird_api.hpp"
#include "target/tinybird_journal.hpp"
#include "target/workspace.hpp"

namespace birdhouse::target {

// Reads are the same for both generations.
class TinybirdTarget : public WorkspaceTarget {
public:
    TinybirdTarget(model::TargetSettings settings, WorkspaceAccess access)
        : settings_(std::move(settings)), api_(settings_.name, std::move(access)) {}

    const std::string& name() const override { return settings_.name; }
    const std::string& host() const override { return api_.host(); }
    Result<WorkspaceIdentity> identity() override;
    Result<std::vector<WorkspaceFile>> pull() override;
    Result<std::string> query(std::string_view sql, std::string_view format) override;
    Result<std::string> endpoint(std::string_view pipe, std::string_view format,
                                 const std::vector<std::pair<std::string, std::string>>& parameters) override;

protected:
    TinybirdApi& api() { return api_; }
    const model::TargetSettings& settings() const { return settings_; }

private:
    model::TargetSettings settings_;
    TinybirdApi api_;
};

// `/v1/deploy` and `/v1/deployments`: the whole project at once, beside what is live.
class ForwardTarget final : public TinybirdTarget {
public:
    ForwardTarget(model::TargetSettings settings, WorkspaceAccess access, DeploymentJournal journal)
        : TinybirdTarget(std::move(settings), std::move(access)), journal_(std::move(journal)) {}

    std::vector<std::string> plan(const WorkspaceChange& change) const override;
    Result<WorkspaceReport> check(const WorkspaceChange& change) override;
    Result<WorkspaceReport> apply(const WorkspaceChange& change, const WorkspaceListener& listener) override;

private:
    struct Deployment;
    struct Answer;

    Result<std::vector<Deployment>> deployments();
    Result<Answer> deploy(const WorkspaceChange& change, bool only_check);
    Error in_progress(const Deployment& deployment) const;
    Result<std::optional<Deployment>> own_deployment(const std::vector<Deployment>& all,
                                                     const std::string& workspace);
    Result<void> refuse_foreign(const std::vector<Deployment>& all) const;
    Result<Deployment> wait_until_live(Deployment deployment, const WorkspaceListener& listener);
    Result<WorkspaceReport> begin(const WorkspaceChange& change, const std::string& workspace,
                                  const std::vector<Deployment>& before, const WorkspaceListener& listener);

    DeploymentJournal journal_;
};

// One call a resource: `/v0/datasources`, `/alter`, `/v0/pipes`.
class ClassicTarget final : public TinybirdTarget {
public:
    using TinybirdTarget::TinybirdTarget;

    std::vector<std::string> plan(const WorkspaceChange& change) const override;
    std::vector<std::string> notes(const WorkspaceChange& change) const override;
    Result<WorkspaceReport> check(const WorkspaceChange& change) override;
    Result<WorkspaceReport> apply(const WorkspaceChange& change, const WorkspaceListener& listener) override;
};

Result<std::unique_ptr<WorkspaceTarget>> open_tinybird(const model::TargetSettings& settings,
                                                       const std::filesystem::path& project_folder,
                                                       WorkspaceAccess access);

} // namespace birdhouse::target

#include "world.hpp"

#include "target/embedded.hpp"

#include <cstdlib>

namespace birdhouse::testing {

namespace {

class HookedChannel final : public target::SqlChannel {
public:
    HookedChannel(target::SqlChannel& inner, StatementHook& hook) : inner_(inner), hook_(hook) {}
    Result<target::QueryResult> query(std::string_view sql, std::string_view format,
                                      std::span<const target::Parameter> parameters) override {
        const std::size_t begin = sql.find_first_not_of(" \n");
        if (hook_ && begin != std::string_view::npos && !sql.substr(begin).starts_with("SELECT")) {
            hook_(inner_, sql);
        }
        return inner_.query(sql, format, parameters);
    }
    Result<std::uint64_t> insert(std::string_view sql, std::string_view format,
                                 std::string_view bytes) override {
        if (hook_) {
            hook_(inner_, std::string(sql) + " " + std::string(bytes));
        }
        return inner_.insert(sql, format, bytes);
    }

private:
    target::SqlChannel& inner_;
    StatementHook& hook_;
};

class HookedTarget final : public target::SqlTarget {
public:
    HookedTarget(std::unique_ptr<target::SqlTarget> inner, StatementHook& hook)
        : inner_(std::move(inner)), channel_(inner_->channel(), hook) {}
    const std::string& name() const override { return inner_->name(); }
    const std::string& database() const override { return inner_->database(); }
    target::SqlChannel& channel() override { return channel_; }
    bool is_exclusive() const override { return inner_->is_exclusive(); }

private:
    std::unique_ptr<target::SqlTarget> inner_;
    HookedChannel channel_;
};

engine::LibraryPlaces library_places() {
    const char* named = std::getenv("BIRDHOUSE_LIBCHDB");
    return {named == nullptr ? "" : named, std::filesystem::path(BIRDHOUSE_SOURCE_DIR) / "build" / "test"};
}

// A target of any kind keeps its tables in a folder here: what is sent to a server is planned the same way.
model::TargetSettings in_a_folder(model::TargetSettings settings) {
    settings.path = settings.path.empty() ? ".birdhouse/" + settings.name : settings.path;
    return settings;
}

} // namespace

Result<std::unique_ptr<target::SqlTarget>> HookedOpener::open(const model::TargetSettings& settings,
                                                              const std::filesystem::path& folder) {
    TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
    TRY_ASSIGN(std::unique_ptr<target::SqlTarget> inner,
               target::open_embedded(library, in_a_folder(settings), folder));
    return std::unique_ptr<target::SqlTarget>(std::make_unique<HookedTarget>(std::move(inner), hook_));
}

bool HookedOpener::exists(const model::TargetSettings& settings, const std::filesystem::path& folder) {
    return std::filesystem::exists(target::storage_folder(in_a_folder(settings), folder));
}

Result<std::unique_ptr<target::SqlChannel>> HookedOpener::open_scratch() {
    TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
    return target::open_scratch(library);
}

Result<std::shared_ptr<engine::Library>> HookedOpener::load() {
    if (!library_) {
        TRY_ASSIGN(library_, engine::Library::load(library_places()));
    }
    return library_;
}

Outcome apply(const std::filesystem::path& folder, StatementHook hook, const std::string& up_to,
              const ops::RunOptions& options) {
    World world(folder, std::move(hook));
    const ops::OpenProject project = ops::open_project(folder);
    Diagnostics problems;
    const auto report = ops::apply_migrations(project, world.session, "", up_to, {}, problems, options);
    Outcome outcome{0, "", "", render_text(problems, project.sources), {}};
    if (!report) {
        outcome.code = static_cast<int>(report.error().code);
        outcome.message = report.error().message;
        outcome.hint = report.error().hint;
    } else if (!*report) {
        outcome.code = static_cast<int>(ExitCode::Problems);
    } else {
        outcome.notes = (*report)->notes;
    }
    return outcome;
}

std::string query(const std::filesystem::path& folder, const std::string& sql) {
    World world(folder);
    const ops::OpenProject project = ops::open_project(folder);
    const auto settings = ops::choose_target(project.project.config, "");
    const auto target = world.opener.open(*settings, folder);
    if (!target) {
        return target.error().message;
    }
    const auto result = (*target)->channel().query(sql, "TSV", {});
    return result ? result->bytes : result.error().message;
}

} // namespace birdhouse::testing

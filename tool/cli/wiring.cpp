#include "cli/wiring.hpp"

#include "base/text.hpp"
#include "engine/library.hpp"
#include "target/clickhouse.hpp"
#include "target/embedded.hpp"
#include "target/tinybird.hpp"

#include <cstdint>
#include <cstdlib>

#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace birdhouse::cli {

namespace {

class Opener final : public target::TargetOpener {
public:
    Opener(const ops::Environment& environment, engine::LibraryPlaces places)
        : environment_(environment), places_(std::move(places)) {}

    Result<std::unique_ptr<target::SqlTarget>> open(const model::TargetSettings& settings,
                                                    const std::filesystem::path& project_folder) override {
        if (settings.kind == model::TargetKind::ClickHouse) {
            return target::open_clickhouse(
                settings, [this](std::string_view name) { return environment_.get(name); }, {});
        }
        if (settings.kind != model::TargetKind::Embedded) {
            return Error{
                ExitCode::Usage,
                "target " + backquoted(settings.name) +
                    " is a Tinybird workspace, whose tables no statement changes",
                "`birdhouse deploy` brings it up to date, and prints with --dry-run what it would send"};
        }
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        return target::open_embedded(library, settings, project_folder);
    }

    bool exists(const model::TargetSettings& settings, const std::filesystem::path& project_folder) override {
        return settings.kind != model::TargetKind::Embedded ||
               engine::look_at_storage(target::storage_folder(settings, project_folder)) !=
                   engine::StorageState::Missing;
    }

    Result<std::unique_ptr<target::WorkspaceTarget>>
    open_workspace(const model::TargetSettings& settings, const std::filesystem::path& project_folder,
                   target::WorkspaceAccess access) override {
        return target::open_tinybird(settings, project_folder, std::move(access));
    }

    Result<std::unique_ptr<target::SqlChannel>> open_scratch() override {
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        return target::open_scratch(library);
    }

    Result<std::unique_ptr<target::SqlChannel>> open_channel(const std::filesystem::path& storage,
                                                             target::ChannelUse use) override {
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        return target::open_channel(library, storage, use);
    }

    Result<std::string> engine_version() override {
        TRY_ASSIGN(const std::shared_ptr<engine::Library> library, load());
        return target::engine_version(library);
    }

    std::filesystem::path engine_path() const override {
        return library_ ? library_->path() : std::filesystem::path();
    }

private:
    // Half a gigabyte: loaded when the first target is opened, and once.
    Result<std::shared_ptr<engine::Library>> load() {
        if (!library_) {
            TRY_ASSIGN(library_, engine::Library::load(places_));
        }
        return library_;
    }

    const ops::Environment& environment_;
    engine::LibraryPlaces places_;
    std::shared_ptr<engine::Library> library_;
};

constexpr const char* kMemoryFolder = "/dev/shm";
// Containers often have 64 MB there, which the engine's own tables would fill.
constexpr std::uint64_t kRoom = std::uint64_t{1} << 30U;

bool is_roomy_memory(const char* folder) {
    struct statfs found = {};
    return ::statfs(folder, &found) == 0 && found.f_type == TMPFS_MAGIC &&
           std::uint64_t{found.f_bavail} * static_cast<std::uint64_t>(found.f_bsize) >= kRoom &&
           ::access(folder, W_OK | X_OK) == 0;
}

} // namespace

void keep_engine_files_in_memory(const ops::Environment& environment) {
    if (environment.get("TMPDIR").value_or("").empty() && is_roomy_memory(kMemoryFolder)) {
        ::setenv("TMPDIR", kMemoryFolder, 1);
    }
}

std::unique_ptr<target::TargetOpener> make_target_opener(const ops::Environment& environment,
                                                         const std::filesystem::path& executable) {
    return std::make_unique<Opener>(
        environment,
        engine::LibraryPlaces{environment.get("BIRDHOUSE_LIBCHDB").value_or(""), executable.parent_path()});
}

std::optional<std::string> ProcessEnvironment::get(std::string_view name) const {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path executable_path() {
    std::error_code ignored; // without /proc the library is looked for in the other places
    return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

} // namespace birdhouse::cli

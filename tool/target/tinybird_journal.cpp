#include "target/tinybird_journal.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::target {

std::optional<DeploymentRecord> DeploymentJournal::read() const {
    const Result<std::string> text = read_file(file_);
    if (!text) {
        return std::nullopt;
    }
    const nlohmann::json json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
    try {
        return DeploymentRecord{json.at("workspace").get<std::string>(), json.at("files").get<std::string>(),
                                json.at("deployment").get<std::string>(),
                                json.at("before").get<std::vector<std::string>>()};
    } catch (const nlohmann::json::exception&) {
        return std::nullopt; // cut off, or by another version
    }
}

Result<void> DeploymentJournal::write(const DeploymentRecord& record) const {
    const nlohmann::ordered_json json = {{"workspace", record.workspace},
                                         {"files", record.files},
                                         {"deployment", record.deployment},
                                         {"before", record.before}};
    TRY(write_if_changed(file_, json.dump(2) + "\n"));
    return {};
}

Result<void> DeploymentJournal::clear() const {
    std::error_code failure;
    std::filesystem::remove(file_, failure);
    if (failure) {
        return Error{ExitCode::Failed,
                     "the record of the deployment cannot be removed: " + backquoted(file_.string()) + ": " +
                         failure.message(),
                     "remove it by hand"};
    }
    return {};
}

} // namespace birdhouse::target

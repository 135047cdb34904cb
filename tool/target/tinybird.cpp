#include "target/tinybird.hpp"

#include "base/text.hpp"
#include "target/json_text.hpp"
#include "target/url_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace birdhouse::target {

namespace {

constexpr int kNotFound = 404;

// The names in a list of resources; `key` is the list's own name.
Result<std::vector<std::string>> names_in(const nlohmann::json& json, const char* key) {
    std::vector<std::string> names;
    if (!json.is_object() || !json.contains(key) || !json[key].is_array()) {
        return Error{ExitCode::Failed, "the workspace lists no `" + std::string(key) + "`",
                     "is `host:` the address of a Tinybird API?"};
    }
    for (const nlohmann::json& one : json[key]) {
        names.push_back(text_in(one, "name"));
    }
    return names;
}

// Names become files: one that could lead out of a folder is the service's fault, or somebody's trick.
bool is_plain(const std::string& name) {
    return !name.empty() &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.") == std::string::npos &&
           name.front() != '.';
}

struct Listing {
    std::string_view path;
    const char* key;
    std::string_view file_path; // `<file_path><name><extension>`
    std::string_view extension;
    std::string_view folder;
};
constexpr Listing kDatasources{"/v0/datasources", "datasources", "/v0/datasources/", ".datasource",
                               "datasources/"};
constexpr Listing kPipes{"/v1/pipes", "pipes", "/v1/pipes/", ".pipe", "pipes/"};
constexpr Listing kOldPipes{"/v0/pipes", "pipes", "/v0/pipes/", ".pipe", "pipes/"};
constexpr Listing kConnectors{"/v0/connectors", "connectors", "/v0/connectors/", ".connection",
                              "connections/"};

// The files of one kind. `may_lack`: a workspace without such a route has none.
Result<std::optional<std::vector<WorkspaceFile>>> files_of(TinybirdApi& api, const Listing& listing,
                                                           bool may_lack) {
    const Result<ApiAnswer> answer = api.get(listing.path);
    if (answer && answer->status == kNotFound && may_lack) {
        return std::optional<std::vector<WorkspaceFile>>();
    }
    TRY_ASSIGN(const nlohmann::json json, api.json(answer, "GET " + std::string(listing.path)));
    TRY_ASSIGN(const std::vector<std::string> names, names_in(json, listing.key));
    std::vector<WorkspaceFile> files;
    for (const std::string& name : names) {
        if (!is_plain(name)) {
            return Error{ExitCode::Failed,
                         "the workspace has a resource called " + backquoted(printable(shorten(name, 80))) +
                             ", which is no name of a file",
                         "rename it there"};
        }
        const std::string path =
            std::string(listing.file_path) + percent_encoded(name) + std::string(listing.extension);
        TRY_ASSIGN(ApiAnswer text, api.get(path));
        if (!text.ok()) {
            return api.refusal(text, "GET " + path);
        }
        files.push_back(
            {std::string(listing.folder) + name + std::string(listing.extension), std::move(text.body)});
    }
    return std::optional(std::move(files));
}

} // namespace

Result<WorkspaceIdentity> TinybirdTarget::identity() {
    Result<ApiAnswer> answer = api_.get("/v1/workspace");
    if (answer && answer->status == kNotFound) {
        answer = api_.get("/v0/workspace");
    }
    TRY_ASSIGN(const nlohmann::json json, api_.json(answer, "GET /v1/workspace"));
    const WorkspaceIdentity identity{text_in(json, "id"), text_in(json, "name")};
    if (identity.name.empty()) {
        return Error{ExitCode::Failed,
                     "target " + backquoted(settings_.name) + ": the workspace does not tell its name",
                     "is `host:` the address of a Tinybird API?"};
    }
    return identity;
}

Result<std::vector<WorkspaceFile>> TinybirdTarget::pull() {
    std::vector<WorkspaceFile> files;
    const auto add = [&](std::optional<std::vector<WorkspaceFile>> more) {
        if (more) {
            files.insert(files.end(), std::make_move_iterator(more->begin()),
                         std::make_move_iterator(more->end()));
        }
    };
    TRY_ASSIGN(std::optional<std::vector<WorkspaceFile>> datasources, files_of(api_, kDatasources, false));
    add(std::move(datasources));
    TRY_ASSIGN(std::optional<std::vector<WorkspaceFile>> pipes, files_of(api_, kPipes, true));
    if (!pipes) {
        TRY_ASSIGN(pipes, files_of(api_, kOldPipes, false));
    }
    add(std::move(pipes));
    TRY_ASSIGN(std::optional<std::vector<WorkspaceFile>> connections, files_of(api_, kConnectors, true));
    add(std::move(connections));
    std::sort(files.begin(), files.end(),
              [](const WorkspaceFile& a, const WorkspaceFile& b) { return a.path < b.path; });
    return files;
}

Result<std::string> TinybirdTarget::query(std::string_view sql, std::string_view format) {
    TRY_ASSIGN(ApiAnswer answer,
               api_.post_text("/v0/sql", {}, std::string(sql) + "\nFORMAT " + std::string(format)));
    if (!answer.ok()) {
        return api_.refusal(answer, "the query");
    }
    return std::move(answer.body);
}

Result<std::string>
TinybirdTarget::endpoint(std::string_view pipe, std::string_view format,
                         const std::vector<std::pair<std::string, std::string>>& parameters) {
    const std::string path = "/v0/pipes/" + percent_encoded(pipe) + "." + std::string(format);
    TRY_ASSIGN(ApiAnswer answer, api_.get(path, parameters));
    if (!answer.ok()) {
        return api_.refusal(answer, backquoted(pipe));
    }
    return std::move(answer.body);
}

Result<std::unique_ptr<WorkspaceTarget>> open_tinybird(const model::TargetSettings& settings,
                                                       const std::filesystem::path& project_folder,
                                                       WorkspaceAccess access) {
    if (settings.kind == model::TargetKind::TinybirdClassic) {
        return std::unique_ptr<WorkspaceTarget>(std::make_unique<ClassicTarget>(settings, std::move(access)));
    }
    DeploymentJournal journal(project_folder / ".birdhouse" / (settings.name + ".deployment.json"));
    return std::unique_ptr<WorkspaceTarget>(
        std::make_unique<ForwardTarget>(settings, std::move(access), std::move(journal)));
}

} // namespace birdhouse::target

#include "server/state.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json json_of(const Token& token) {
    Json scopes = Json::array();
    for (const Scope& scope : token.scopes) {
        scopes.push_back(to_string(scope));
    }
    return {{"id", token.id},
            {"name", token.name},
            {"text", token.text},
            {"description", token.description},
            {"scopes", scopes}};
}

Json json_of(const Deployment& deployment) {
    Json json = {{"id", deployment.id},
                 {"status", deployment.status},
                 {"live", deployment.live},
                 {"created_at", deployment.created_at},
                 {"updated_at", deployment.updated_at}};
    if (!deployment.errors.empty()) {
        json["errors"] = deployment.errors;
    }
    return json;
}

Json json_of(const Content& content) {
    Json files = Json::array();
    for (const Datafile& file : content.files) {
        files.push_back({{"path", file.path}, {"text", file.text}});
    }
    return files;
}

Json json_of(Workspace& workspace) {
    const std::scoped_lock lock(workspace.mutex);
    Json json = {{"id", workspace.id},
                 {"name", workspace.name},
                 {"database", workspace.live.database},
                 {"main_id", workspace.main_id},
                 {"created_at", workspace.created_at},
                 {"tokens", Json::array()},
                 {"variables", Json::object()},
                 {"deployments", Json::array()},
                 {"files", json_of(*workspace.live.content)}};
    for (const Token& token : workspace.tokens) {
        json["tokens"].push_back(json_of(token));
    }
    for (const auto& [name, variable] : workspace.variables) {
        json["variables"][name] = {{"value", variable.value},
                                   {"created_at", variable.created_at},
                                   {"updated_at", variable.updated_at}};
    }
    for (const Deployment& deployment : workspace.deployments) {
        json["deployments"].push_back(json_of(deployment));
    }
    json["paused_copies"] = workspace.paused_copies;
    if (workspace.staging) {
        json["staging"] = {{"deployment", workspace.staging->deployment},
                           {"database", workspace.staging->deployed.database},
                           {"files", json_of(*workspace.staging->deployed.content)}};
    }
    return json;
}

Token token_of(const Json& json) {
    Token token{json.at("id"), json.at("name"), json.at("text"), json.at("description"), {}};
    for (const Json& text : json.at("scopes")) {
        if (std::optional<Scope> scope = parse_scope(text.get<std::string>())) {
            token.scopes.push_back(std::move(*scope));
        }
    }
    return token;
}

// Null when its files cannot be read.
std::shared_ptr<const Content> content_of(const Json& json, const model::Config& config) {
    std::vector<Datafile> files;
    for (const Json& file : json) {
        files.push_back({file.at("path"), file.at("text")});
    }
    std::vector<FileProblem> problems;
    return read_content(std::move(files), config, problems);
}

std::shared_ptr<Workspace> workspace_of(const Json& json, const model::Config& config) {
    auto workspace = std::make_shared<Workspace>();
    workspace->id = json.at("id");
    workspace->name = json.at("name");
    workspace->live = {json.at("database"), content_of(json.at("files"), config)};
    workspace->main_id = json.at("main_id");
    workspace->created_at = json.at("created_at");
    for (const Json& token : json.at("tokens")) {
        workspace->tokens.push_back(token_of(token));
    }
    for (const auto& [name, variable] : json.at("variables").items()) {
        workspace->variables[name] = {variable.at("value"), variable.at("created_at"),
                                      variable.at("updated_at")};
    }
    for (const Json& one : json.at("deployments")) {
        workspace->deployments.push_back({one.at("id"), one.at("status"), one.at("live"),
                                          one.at("created_at"), one.at("updated_at"),
                                          one.value("errors", std::vector<std::string>())});
    }
    workspace->paused_copies = json.value("paused_copies", std::set<std::string, std::less<>>());
    bool is_whole =
        workspace->live.content != nullptr && !workspace->tokens.empty() && !workspace->deployments.empty();
    if (const auto staging = json.find("staging"); staging != json.end()) {
        workspace->staging = {staging->at("deployment"),
                              {staging->at("database"), content_of(staging->at("files"), config)}};
        is_whole = is_whole && workspace->staging->deployed.content != nullptr;
    }
    return is_whole ? workspace : nullptr;
}

} // namespace

std::string write_state(const std::vector<std::shared_ptr<Workspace>>& workspaces) {
    Json all = Json::array();
    for (const std::shared_ptr<Workspace>& workspace : workspaces) {
        all.push_back(json_of(*workspace));
    }
    const Json state = {{"version", kVersion}, {"workspaces", all}};
    return state.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::vector<std::shared_ptr<Workspace>>> read_state(std::string_view text,
                                                           const model::Config& config) {
    const Error unreadable{ExitCode::Failed, "the workspaces of this storage cannot be read",
                           "serve from another folder, or delete this one with its rows"};
    try { // the library throws where a key is missing or of another kind
        const Json state = Json::parse(text);
        if (state.at("version") != kVersion) {
            return unreadable;
        }
        std::vector<std::shared_ptr<Workspace>> workspaces;
        for (const Json& one : state.at("workspaces")) {
            std::shared_ptr<Workspace> workspace = workspace_of(one, config);
            if (workspace == nullptr) {
                return unreadable;
            }
            workspaces.push_back(std::move(workspace));
        }
        return workspaces;
    } catch (const Json::exception&) {
        return unreadable;
    }
}

} // namespace birdhouse::server

#include "server/query_request.hpp"

#include "server/staging.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace birdhouse::server {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto kOfTheProtocol = std::to_array<std::string_view>(
    {"token", "from", "cli_version", "debug", "pipeline", "playground", "release_replacements", "semver",
     "tag", "explain", "_mode", "on_demand_compute"});

// Settings of the engine that a request may give by their names.
constexpr auto kOutputSettings = std::to_array<std::string_view>({"output_format_json_quote_64bit_integers",
                                                                  "output_format_json_quote_denormals",
                                                                  "output_format_parquet_string_as_string"});

bool is_parameter(std::string_view name) {
    return !name.starts_with("__tb__") &&
           std::find(kOutputSettings.begin(), kOutputSettings.end(), name) == kOutputSettings.end() &&
           std::find(kOfTheProtocol.begin(), kOfTheProtocol.end(), name) == kOfTheProtocol.end();
}

// Values by name, in the order of their first appearance.
class Gathering {
public:
    void add(const std::string& name, syntax::Value value) {
        if (name == "q" || !is_parameter(name)) {
            return;
        }
        const auto known = std::find_if(values_.begin(), values_.end(),
                                        [&](const auto& entry) { return entry.first == name; });
        auto& values =
            known == values_.end() ? values_.emplace_back(name, syntax::Values()).second : known->second;
        values.push_back(std::move(value));
    }

    std::vector<std::pair<std::string, syntax::Value>> take() {
        std::vector<std::pair<std::string, syntax::Value>> out;
        for (auto& [name, values] : values_) {
            out.emplace_back(name,
                             values.size() == 1 ? values.front() : syntax::make_list(std::move(values)));
        }
        return out;
    }

private:
    std::vector<std::pair<std::string, syntax::Values>> values_;
};

std::string text_of(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

// Null is no value; a list stays one.
void add_json(const std::string& name, const Json& json, Gathering& gathering) {
    if (json.is_null()) {
        return;
    }
    if (!json.is_array()) {
        return gathering.add(name, syntax::make_text(text_of(json)));
    }
    syntax::Values values;
    for (const Json& one : json) {
        values.push_back(syntax::make_text(text_of(one)));
    }
    gathering.add(name, syntax::make_list(std::move(values)));
}

} // namespace

ApiResult<RequestParameters> read_parameters(const Call& call) {
    RequestParameters parameters;
    Gathering gathering;
    for (const auto& [name, value] : all_fields(call)) {
        gathering.add(name, syntax::make_text(value));
        if (name == "q") {
            parameters.sql = value;
        }
    }
    const std::string type = net::find(call.request.headers, "content-type").value_or("");
    if (type.starts_with("application/json") && !call.request.body.empty()) {
        const Json json = Json::parse(call.request.body, nullptr, false);
        if (!json.is_object()) {
            return ApiError{400, "the body is no JSON object"};
        }
        for (const auto& [name, value] : json.items()) {
            if (name == "q" && value.is_string()) {
                parameters.sql = value.get<std::string>();
            } else if (name != "format") {
                add_json(name, value, gathering);
            }
        }
    }
    parameters.values = gathering.take();
    return parameters;
}

std::map<std::string, std::string, std::less<>> secrets_of(Workspace& workspace) {
    std::map<std::string, std::string, std::less<>> secrets;
    const std::scoped_lock lock(workspace.mutex);
    for (const auto& [name, variable] : workspace.variables) {
        secrets.emplace(name, variable.value);
    }
    return secrets;
}

RouteAnswer answer_query(const Call& call, const RequestParameters& parameters,
                         const std::vector<std::pair<std::string, std::string>>& fixed, const Ask& ask) {
    const std::shared_lock gate(call.workspace->gate);
    const Deployed deployed = deployed_of(call);
    TRY_ASSIGN(const EnginePool::Lease engine, call.core.engine().lease(EngineUse::Read));
    QueryContext context{*deployed.content,
                         call.access,
                         deployed.database,
                         parameters.values,
                         {},
                         call.core.stamp().substr(0, 19),
                         *engine};
    for (const auto& [name, value] : fixed) {
        std::erase_if(context.parameters,
                      [&, &fixed_name = name](const auto& one) { return one.first == fixed_name; });
        context.parameters.emplace_back(name, syntax::make_text(value));
    }
    context.secrets = secrets_of(*call.workspace);
    for (const std::string_view name : kOutputSettings) {
        if (const std::optional<std::string> value = field(call, name); value == "1" || value == "0") {
            context.output_settings.push_back(std::string(name) + " = " + *value);
        }
    }
    TRY_ASSIGN(QueryAnswer answer, ask(context));
    return net::HttpResponse{200, std::string(answer.content_type), std::move(answer.bytes), {}};
}

} // namespace birdhouse::server

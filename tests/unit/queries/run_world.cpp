#include "unit/queries/run_world.hpp"

namespace birdhouse::testing {

std::optional<std::string> FixedEnvironment::get(std::string_view name) const {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::chrono::system_clock::time_point FixedClock::now() const {
    return std::chrono::system_clock::from_time_t(1'795'176'000);
}

Result<target::QueryResult> PlaybackTarget::query(std::string_view sql, std::string_view format,
                                                  std::span<const target::Parameter> parameters) {
    Asked question{std::string(sql), std::string(format), {}};
    for (const target::Parameter& parameter : parameters) {
        question.parameters.emplace_back(parameter.name, parameter.value);
    }
    asked.push_back(std::move(question));
    if (sql.starts_with("SET ")) {
        return target::QueryResult{};
    }
    if (sql.find("system.tables") != std::string_view::npos) {
        return target::QueryResult{tables, 0, 0, 0};
    }
    return answer;
}

Result<std::uint64_t> PlaybackTarget::insert(std::string_view, std::string_view, std::string_view) {
    return Error{ExitCode::Failed, "a run inserts nothing", {}};
}

Result<std::unique_ptr<target::SqlTarget>> NoTargets::open(const model::TargetSettings&,
                                                           const std::filesystem::path&) {
    return Error{ExitCode::Failed, "no target in this test", {}};
}

bool NoTargets::exists(const model::TargetSettings&, const std::filesystem::path&) { return false; }

Result<std::unique_ptr<target::SqlChannel>> NoTargets::open_scratch() {
    return Error{ExitCode::Failed, "no engine in this test", {}};
}

Result<std::string> NoTargets::engine_version() {
    return Error{ExitCode::Failed, "no engine in this test", {}};
}

ops::RunRequest ask(std::string pipe, std::vector<std::pair<std::string, std::string>> parameters,
                    std::string node, ops::RunFormat format) {
    ops::RunRequest request;
    request.pipe = std::move(pipe);
    request.node = std::move(node);
    request.parameters = ops::group_texts(parameters);
    request.format = format;
    return request;
}

} // namespace birdhouse::testing

// The report of `pipe bump` as text for people and JSON for programs.
#include "base/text.hpp"
#include "ops/pipe_bump.hpp"

#include <nlohmann/json.hpp>

namespace birdhouse::ops {

namespace {

using Json = nlohmann::ordered_json;

std::string line_of(std::string_view verb, const BumpedFile& file, const model::PipeVersion& version) {
    return std::string(verb) + ": " + printable(file.path) + ": version " + std::to_string(version.number) +
           ", published as " + backquoted(published_name(version));
}

Json file_of(const BumpedFile& file, const model::PipeVersion& version) {
    return {{"path", file.path}, {"version", version.number}, {"published", published_name(version)}};
}

} // namespace

std::string render_text(const BumpPlan& plan) {
    const std::string date = format_date(plan.deprecated);
    const std::string next = backquoted("birdhouse pipe record " + published_name(plan.new_version));
    return line_of("kept", plan.kept, plan.old_version) + ", not to go before " + date + "\n" +
           line_of("begun", plan.begun, plan.new_version) + "\n" + "dated: " + printable(plan.contract.path) +
           "\nchange " + printable(plan.begun.path) + " as you like, then promise it: " + next + "\n";
}

std::string render_json(const BumpPlan& plan) {
    const Json json = {{"pipe", plan.old_version.name},
                       {"kept", file_of(plan.kept, plan.old_version)},
                       {"begun", file_of(plan.begun, plan.new_version)},
                       {"contract", plan.contract.path},
                       {"deprecated", format_date(plan.deprecated)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace birdhouse::ops

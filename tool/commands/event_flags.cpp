#include "commands/event_flags.hpp"

#include "base/text.hpp"
#include "commands/reporting.hpp"
#include "ops/ignores.hpp"
#include "ops/lone_datasource.hpp"

#include <charconv>
#include <filesystem>

namespace birdhouse::commands {

namespace {

Result<ops::OpenProject> open_for(const std::string& datasource, const ops::Session& session) {
    if (ops::names_datasource_file(datasource)) {
        std::error_code ignored; // what cannot be looked at is not there for us
        if (!std::filesystem::is_regular_file(datasource, ignored)) {
            return Error{ExitCode::Usage, "there is no file " + backquoted(printable(datasource)),
                         "name a datasource of the project, or a file that declares one"};
        }
        return ops::open_datasource_file(datasource, session.environment);
    }
    const std::optional<std::filesystem::path> folder = ops::find_project(session.folder);
    if (!folder) {
        return Error{ExitCode::Usage, "no birdhouse.yaml here or in a folder above, and no datafiles here",
                     "go to a project's folder, or name a file: `visits.datasource`"};
    }
    return ops::open_project(*folder, ops::datafile_options(session.environment));
}

} // namespace

Result<std::optional<events::EventSchema>> open_event_schema(const std::string& datasource, bool strict,
                                                             ops::Session& session) {
    TRY_ASSIGN(ops::OpenProject open, open_for(datasource, session));
    Diagnostics problems = ops::without_ignored(open.problems, open.sources);
    model::Project& project = open.project;
    if (strict) {
        project.config.ingestion = model::strict_ingestion();
    }
    std::optional<events::EventSchema> schema;
    if (open.usable()) {
        const bool alone = ops::names_datasource_file(datasource) && !project.datasources.empty();
        const std::string& name = alone ? project.datasources.front().name : datasource;
        TRY_ASSIGN(schema, ops::compile_events(project, name, problems));
    }
    report_problems(problems, open.sources, session);
    return schema;
}

Result<double> read_share(std::string_view flag, std::string_view text) {
    constexpr double kHundred = 100;
    std::string_view digits = text;
    digits.remove_suffix(digits.ends_with('%') ? 1 : 0);
    double percent = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), percent);
    const bool whole = failure == std::errc() && end == digits.data() + digits.size();
    if (!text.empty() && (!whole || !(percent >= 0 && percent <= kHundred))) {
        return Error{ExitCode::Usage,
                     std::string(flag) + " is " + backquoted(printable(text)) + ", which is no share of rows",
                     "write a percentage: `" + std::string(flag) + " 0.1%`"};
    }
    return percent / kHundred;
}

} // namespace birdhouse::commands
